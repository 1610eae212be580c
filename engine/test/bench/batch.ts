/** A piece of work that can be repeated. */
export interface Batch {
  /** Runs before each measured run, and is not counted. */
  before?(): void
  /** Returns the number of operations. */
  run(): number
  /** Equal for all contenders that did the same work. */
  check: number
}
