// What a program knows of the store's changes: where its next watch begins, and which changes it
// was told of.

import type { Bytes, KeyValue } from '../../base/rpc'

export interface SavedNews {
  /** Of the last answer: what a watch begins after. */
  revision: number
  /**
   * Of the keys that this revision changed, those that a wait has told of; none where all of it is
   * known.
   */
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

  /** Whether the revision may have changed other keys of which nothing is known. */
  get isPartly(): boolean {
    return this.#told.length > 0
  }

  /** All up to that revision is known. */
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
