/**
 * Stops the run where something that cannot happen has happened. `message` should carry the ids of
 * what is involved.
 */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(message)
}

/**
 * The end of a switch over a union: does not compile while a variant is missing, and throws where
 * unchecked data brings an unknown one.
 */
export function unreachable(x: never): never {
  throw new Error(`unreachable: ${JSON.stringify(x)}`)
}
