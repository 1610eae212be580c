// A program's knowledge of the store's changes: the start of its next watch, and the changes that
// it has seen.

import type { Bytes, KeyValue } from '../../base/rpc'

export interface SavedNews {
  /** The revision of the last answer: a watch begins after it. */
  revision: number
  /** The keys changed by this revision that a wait has reported; empty where all of it is known. */
  told: Bytes[]
}

export class News {
  #revision: number
  #told: Bytes[]

  constructor(saved: SavedNews = { revision: 0, told: [] }) {
    this.#revision = saved.revision
    this.#told = [...saved.told]
  }

  get revision(): number {
    return this.#revision
  }

  /** Whether the revision may have changed other keys that the program does not know of. */
  get isPartly(): boolean {
    return this.#told.length > 0
  }

  /** All changes up to that revision are known. */
  read(revision: number): void {
    this.#revision = revision
    this.#told = []
  }

  isNews({ key, mod_revision }: KeyValue): boolean {
    return mod_revision > this.#revision || !this.#told.includes(key)
  }

  /** One change was reported. */
  markReported({ key, mod_revision }: KeyValue): void {
    if (mod_revision !== this.#revision) this.read(mod_revision)
    this.#told.push(key)
  }

  save(): SavedNews {
    return { revision: this.#revision, told: [...this.#told] }
  }
}
