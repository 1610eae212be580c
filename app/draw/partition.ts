/** Whether a partition separates two names. A name outside all groups reaches every other name. */
export function isCut(
  groups: readonly (readonly string[])[] | null,
  a: string,
  b: string,
): boolean {
  if (groups === null) return false
  const [own, other] = [a, b].map((name) => groups.findIndex((group) => group.includes(name)))
  return own !== other && own !== -1 && other !== -1
}
