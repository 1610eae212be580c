/** The list of existing names, to end a sentence that refuses a name: `there are m1, m2 and m3`. */
export function existing(names: readonly string[]): string {
  const last = names.at(-1)
  if (last === undefined) return 'none exists yet'
  return names.length === 1
    ? `there is ${last}`
    : `there are ${names.slice(0, -1).join(', ')} and ${last}`
}

/** The sentence for a member that does not exist. */
export function noMember(name: string, members: readonly string[]): string {
  return `there is no member ${name}; ${existing(members)}`
}
