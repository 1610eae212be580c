// The tests of one file without Vitest's runner: they can be run one by one, as often as there are
// mutants.

import { expect, vi } from 'vitest'

export interface Case {
  name: string
  run(): unknown
}

type Body = (...row: never[]) => unknown

/** Collects tests. The file imports `api` from Vitest. */
export class Suite {
  readonly cases: Case[] = []
  #path: string[] = []
  readonly #after: (() => unknown)[] = []

  readonly api = (() => {
    const test = this.#each((name, body, row) => {
      const path = [...this.#path, name].join(' > ')
      this.cases.push({ name: path, run: () => this.#run(() => body(...row)) })
    })
    const describe = this.#each((name, body, row) => {
      this.#path.push(name)
      body(...row)
      this.#path.pop()
    })
    const afterEach = (job: () => unknown) => void this.#after.push(job)
    return { test, it: test, describe, expect, vi, afterAll: () => undefined, afterEach }
  })()

  async #run(body: () => unknown): Promise<void> {
    try {
      await body()
    } finally {
      for (const job of this.#after) await job()
    }
  }

  #each(take: (name: string, body: Body, row: never[]) => void) {
    // Options may come before the body.
    const one = (name: string, ...rest: unknown[]) => take(name, rest.at(-1) as Body, [])
    const each =
      (rows: readonly unknown[]) =>
      (name: string, ...rest: unknown[]) => {
        rows.forEach((row, index) => {
          take(
            `${name} ${index}`,
            rest.at(-1) as Body,
            (Array.isArray(row) ? row : [row]) as never[],
          )
        })
      }
    const when = (wanted: boolean) => (wanted ? one : () => undefined)
    // A test that is known to fail says nothing about a mutant.
    const fails = Object.assign(() => undefined, { each: () => () => undefined })
    return Object.assign(one, {
      each,
      fails,
      runIf: when,
      skipIf: (unwanted: boolean) => when(!unwanted),
    })
  }
}
