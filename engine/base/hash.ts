/**
 * A hash of text that grows with what is added: the same text gives the same digits everywhere. For
 * fingerprints, not against an adversary.
 */
export class Digest {
  // Two lanes of FNV-1a's shape with different starts and multipliers; each takes in 16-bit
  // characters.
  #a = 0x811c9dc5 | 0
  #b = 0x9e3779b9 | 0

  /**
   * Adds text. Only the whole counts: 'ab' then 'c' is 'abc', so put separators between what must
   * not run together.
   */
  add(text: string): this {
    let a = this.#a
    let b = this.#b
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      a = Math.imul(a ^ unit, 0x01000193)
      // FNV's low bits never see its high ones; the rotation brings them round.
      b = Math.imul(b ^ unit, 0x85ebca6b)
      b = (b << 13) | (b >>> 19)
    }
    this.#a = a
    this.#b = b
    return this
  }

  /** Sixteen hex digits of all that was added so far. */
  hex(): string {
    const a = finished(this.#a ^ Math.imul(this.#b, 0x27d4eb2f))
    const b = finished(this.#b ^ Math.imul(a, 0x165667b1))
    return digits(a) + digits(b)
  }
}

/** Sixteen hex digits that stand for the text. */
export function hash(text: string): string {
  return new Digest().add(text).hex()
}

/** murmur3's last steps: every bit of the input reaches every bit of the output. */
function finished(x: number): number {
  let h = x
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

function digits(x: number): string {
  return (x >>> 0).toString(16).padStart(8, '0')
}
