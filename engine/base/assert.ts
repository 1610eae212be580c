/** Stops the run on an impossible state. `message` should name the IDs involved. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(message)
}

/**
 * The default case of a switch over a union. It does not compile while a variant is missing, and
 * throws on unknown values in unchecked data.
 */
export function unreachable(x: never): never {
  throw new Error(`unreachable: ${JSON.stringify(x)}`)
}
