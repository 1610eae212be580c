/**
 * Remembers of what something was made last, so that it is made again only for another key. The
 * parts of a key are compared one by one, as `Object.is` does.
 */
export class Memo<Key extends readonly unknown[]> {
  #key: Key | null = null

  /** The key of last time; null where there was none, and after `forget`. */
  get key(): Key | null {
    return this.#key
  }

  /** Whether the key is the one of last time. */
  is(...key: Key): boolean {
    const known = this.#key
    return known?.length === key.length && key.every((part, i) => Object.is(part, known[i]))
  }

  /** Whether the key is another than last time. It is the one of last time from now on. */
  isNew(...key: Key): boolean {
    if (this.is(...key)) return false
    this.#key = key
    return true
  }

  /** The next key is new, whatever it is. */
  forget(): void {
    this.#key = null
  }
}
