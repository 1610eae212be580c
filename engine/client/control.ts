// A debugger's control of a client that runs a program in its text form, and the console's words
// for it.

/** The control of a client. A held client begins no line by itself; messages still reach it. */
export type Control =
  | { type: 'hold' }
  | { type: 'release' }
  /** Runs one line, at once or at its next turn, and holds. */
  | { type: 'step' }
  /** Runs until that line is next (it counts from 1), and holds there. */
  | { type: 'run-to'; line: number }

const CLIENT = /^[A-Za-z_][\w-]*$/

/**
 * `hold a`, `release a`, `step a`, `run a to 9`. Null for other words; a sentence for a wrong use
 * of these words.
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
  // Reserved: `run until …` may get a meaning later.
  if (word !== 'run' || rest[0] !== 'to') return null
  const good = CLIENT.test(client) && rest.length === 2 && /^[1-9]\d{0,3}$/.test(rest[1]!)
  return good
    ? { client, control: { type: 'run-to', line: Number(rest[1]) } }
    : 'run takes a client and a line, such as: run a to 9'
}

/** The words of a control. */
export function controlText(client: string, control: Control): string {
  return control.type === 'run-to'
    ? `run ${client} to ${control.line}`
    : `${control.type} ${client}`
}
