/** A stretch of work that can be repeated. */
export interface Batch {
  /** Done before each run, and not counted. */
  before?(): void
  /** Returns how many operations it did. */
  run(): number
  /** Equal for all contenders, if they did the same work. */
  check: number
}
