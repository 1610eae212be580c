/**
 * Parses seconds in a person's notation (`9.284`, `9,284`, `9.284 s`) to virtual ms. Null for other
 * text.
 */
export function readSeconds(text: string): number | null {
  const [, number] = /^\s*(\d{1,9}(?:[.,]\d*)?|[.,]\d+)\s*s?\s*$/.exec(text) ?? []
  return number === undefined ? null : Math.round(Number(number.replace(',', '.')) * 1000)
}
