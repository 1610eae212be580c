// Seeded randomness as data: the whole state of a generator is four numbers, saved with the run.
// With one generator for everything, an added draw in one place would shift all later draws, and
// recordings would change with each version. So each purpose has its own stream, made from the seed
// and the purpose's name.
//
// The generator is Chris Doty-Humphrey's sfc32 (PractRand). It uses only 32-bit additions, shifts
// and exclusive ors, so every browser draws the same numbers.

import { assert } from './assert'

/** Four 32-bit integers. */
export type RandomState = readonly [number, number, number, number]

const WORDS = 0x1_0000_0000
/** Draws discarded at the start, so that similar seeds have independent streams. */
const WARM_UP = 12

/** A stream of draws, determined by a seed and a name. */
export class Random {
  #a = 0
  #b = 0
  #c = 0
  #counter = 1

  /** `seed` is any safe integer. */
  constructor(seed: number, stream: string) {
    assert(Number.isSafeInteger(seed), `random: seed is not a safe integer: ${seed}`)
    const name = `${seed}/${stream}`
    this.#a = mix(name, 0x243f6a88)
    this.#b = mix(name, 0x85a308d3)
    this.#c = mix(name, 0x13198a2e)
    for (let i = 0; i < WARM_UP; i++) this.#next()
  }

  static load(state: RandomState): Random {
    const random = new Random(0, '')
    random.#a = state[0] | 0
    random.#b = state[1] | 0
    random.#c = state[2] | 0
    random.#counter = state[3] | 0
    return random
  }

  /** A uniform integer from 0 to n-1; `n` is an integer from 1 to 2^32. */
  below(n: number): number {
    assert(Number.isInteger(n) && n >= 1 && n <= WORDS, `random: cannot draw below ${n}`)
    // The last, incomplete run of n values is discarded; otherwise small results would be more
    // frequent.
    const limit = WORDS - (WORDS % n)
    let drawn = this.#next()
    while (drawn >= limit) drawn = this.#next()
    return drawn % n
  }

  save(): RandomState {
    return [this.#a, this.#b, this.#c, this.#counter]
  }

  #next(): number {
    const drawn = (this.#a + this.#b + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + drawn) | 0
    return drawn >>> 0
  }
}

/** FNV-1a over the 16-bit characters from a given start, with the last steps of murmur3. */
function mix(name: string, start: number): number {
  let h = start | 0
  for (let i = 0; i < name.length; i++) {
    const unit = name.charCodeAt(i)
    h = Math.imul(h ^ (unit & 0xff), 0x01000193)
    h = Math.imul(h ^ (unit >>> 8), 0x01000193)
  }
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
