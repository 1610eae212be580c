/**
 * An incremental hash of text: the same text gives the same digits on every platform. It serves
 * fingerprints and does not resist an adversary.
 */
export class Digest {
  // Two lanes shaped like FNV-1a, with different starts and multipliers. Each takes 16-bit
  // characters.
  #a = 0x811c9dc5 | 0
  #b = 0x9e3779b9 | 0

  /**
   * Adds text. Only the whole text counts: 'ab' then 'c' equals 'abc', so add separators between
   * the parts.
   */
  add(text: string): this {
    let a = this.#a
    let b = this.#b
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      a = Math.imul(a ^ unit, 0x01000193)
      // FNV's low bits never depend on its high bits; the rotation mixes them.
      b = Math.imul(b ^ unit, 0x85ebca6b)
      b = (b << 13) | (b >>> 19)
    }
    this.#a = a
    this.#b = b
    return this
  }

  /** Sixteen hex digits of all text so far. */
  hex(): string {
    const a = finished(this.#a ^ Math.imul(this.#b, 0x27d4eb2f))
    const b = finished(this.#b ^ Math.imul(a, 0x165667b1))
    return digits(a) + digits(b)
  }
}

/** The hash of a text as sixteen hex digits. */
export function hash(text: string): string {
  return new Digest().add(text).hex()
}

/** The last steps of murmur3: every bit of the input affects every bit of the output. */
function finished(x: number): number {
  let h = x
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

function digits(x: number): string {
  return (x >>> 0).toString(16).padStart(8, '0')
}
