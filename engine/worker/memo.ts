/**
 * Remembers the key of the last result, so that a result is made again only for another key. The
 * parts of a key are compared one by one, as `Object.is` does.
 */
export class Memo<Key extends readonly unknown[]> {
  #key: Key | null = null

  /** The last key; null before the first one, and after `forget`. */
  get key(): Key | null {
    return this.#key
  }

  /** Whether the key equals the last one. */
  is(...key: Key): boolean {
    const known = this.#key
    return known?.length === key.length && key.every((part, i) => Object.is(part, known[i]))
  }

  /** Whether the key differs from the last one. It then becomes the last one. */
  isNew(...key: Key): boolean {
    if (this.is(...key)) return false
    this.#key = key
    return true
  }

  /** The next key is new in any case. */
  forget(): void {
    this.#key = null
  }
}
