// A debugger's hand on a client that runs a program in its text form, and the words that the
// console has for it.

/**
 * How a client is driven. One that is held does no line of its own accord; what arrives for it
 * still arrives.
 */
export type Control =
  | { type: 'hold' }
  | { type: 'release' }
  /** One line, at once or as soon as its turn comes, and holds. */
  | { type: 'step' }
  /** Goes on until that line is next (it counts from 1), and holds there. */
  | { type: 'run-to'; line: number }

const CLIENT = /^[A-Za-z_][\w-]*$/

/**
 * `hold a`, `release a`, `step a`, `run a to 9`. Null for words that are none of these; a sentence
 * for one that is used wrongly.
 */
export function readControl(
  words: readonly string[],
): { client: string; control: Control } | string | null {
  const [word = '', client = '', ...rest] = words
  if (word === 'hold' || word === 'release' || word === 'step') {
    return CLIENT.test(client) && rest.length === 0
      ? { client, control: { type: word } }
      : `${word} takes one client, such as: ${word} a`
  }
  // `run until …` may come to mean something else.
  if (word !== 'run' || rest[0] !== 'to') return null
  const good = CLIENT.test(client) && rest.length === 2 && /^[1-9]\d{0,3}$/.test(rest[1]!)
  return good
    ? { client, control: { type: 'run-to', line: Number(rest[1]) } }
    : 'run takes a client and a line, such as: run a to 9'
}

/** The same words back. */
export function controlText(client: string, control: Control): string {
  return control.type === 'run-to'
    ? `run ${client} to ${control.line}`
    : `${control.type} ${client}`
}
