// Placeholders in exchanges (form.ts): IDs that differ between clusters, and very long values.

import { decimal, goHex, unsignedDecimal } from '../../base/int64'
import type { LeaseId, MemberId } from '../../base/rpc'

/** Answers shorten runs of one character from this length on. */
const LONG_RUN = /(.)\1{999,}/gs
const REPEATED = /\{(.)\*(\d+)\}/gs

export class Placeholders {
  /** IDs in the exchange itself are not replaced. */
  readonly #named: string
  /** The placeholder of an ID, by its digits. */
  readonly #words = new Map<string, string>()
  /** The digits of a placeholder. */
  readonly #digits = new Map<string, string>()
  #leases = 0

  /** `named`: the text of the exchange's steps. */
  constructor(named: string) {
    this.#named = named
  }

  /** Names a member by its first name; later names are ignored. */
  member(id: MemberId, name: string): void {
    if (this.#words.has(id)) return
    this.#add(`{${name}}`, unsignedDecimal(id))
    this.#words.set(id, `{${name}}`)
  }

  /** A lease was granted: its ID gets the next number unless the exchange contains it. */
  granted(id: LeaseId): void {
    const digits = decimal(id)
    if (this.#words.has(digits) || new RegExp(`(?<![\\d-])${digits}(?!\\d)`).test(this.#named))
      return
    const number = ++this.#leases
    this.#add(`{l${number}}`, digits)
    this.#add(`{L${number}}`, goHex(id))
  }

  /** A request with its placeholders replaced. Unknown placeholders stay. */
  read<T>(request: T): T {
    return mapStrings(request, (text) =>
      text
        .replace(REPEATED, (_, letter: string, times: string) => letter.repeat(Number(times)))
        .replace(/\{\w+\}/g, (word) => this.#digits.get(word) ?? word),
    ) as T
  }

  /** An answer with placeholders. */
  write<T>(answer: T): T {
    return mapStrings(answer, (text) => {
      let written = text
      for (const [digits, word] of this.#words) written = written.replaceAll(digits, word)
      return written.replace(LONG_RUN, (run, letter: string) => `{${letter}*${run.length}}`)
    }) as T
  }

  #add(word: string, digits: string): void {
    this.#words.set(digits, word)
    this.#digits.set(word, digits)
  }
}

function mapStrings(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value)
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, map))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, mapStrings(item, map)]),
  )
}
