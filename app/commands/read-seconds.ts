/**
 * Seconds as a person types them (`9.284`, `9,284`, `9.284 s`), in virtual ms; null for anything
 * else.
 */
export function readSeconds(text: string): number | null {
  const [, number] = /^\s*(\d{1,9}(?:[.,]\d*)?|[.,]\d+)\s*s?\s*$/.exec(text) ?? []
  return number === undefined ? null : Math.round(Number(number.replace(',', '.')) * 1000)
}
