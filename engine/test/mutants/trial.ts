// Finds the tests that reach each mutant, and whether one of them fails when the mutant is chosen.

import type { Load } from './bundle'
import type { Case } from './suite'

export interface Verdict {
  outcome: 'killed' | 'survived' | 'not reached'
  stage?: string
  /** The test that failed. */
  by?: string
}

export interface Stage {
  name: string
  has(file: string): boolean
  /** Slower files are left out. */
  mostMs?: number
}

/** The results of a file without a mutant. */
interface Measured {
  ms: number
  steps: number
  /** Mutants that are reached while the file is loaded: all its tests run. */
  atLoad: Set<number>
  /** The mutants that each test reaches; null for a test that fails without a mutant. */
  reached: (Set<number> | null)[]
}

/** A mutant may take this multiple of the sound engine's steps, plus the second number. */
const STEPS_TIMES = 10
const STEPS_MORE = 1_000_000
/** For a promise that never settles. */
const MOST_MS = 120_000

export class Trial {
  #measured = new Map<string, Measured>()
  tests = 0
  ms = 0

  constructor(
    private readonly load: Load,
    private readonly files: readonly string[],
  ) {}

  /** Runs all tests without a mutant. Returns those that fail. */
  async measure(): Promise<string[]> {
    const failures: string[] = []
    for (const file of this.files) {
      let seen = new Set<number>()
      let steps = 0
      const began = process.cpuUsage().user
      const hooks = { chosen: (id: number) => !seen.add(id), step: () => void steps++ }
      const { cases } = this.load(file, hooks)
      const atLoad = seen
      const reached: Measured['reached'] = []
      for (const one of cases) {
        seen = new Set()
        const failure = await failureOf(one)
        if (failure !== undefined) failures.push(`${file}: ${one.name}: ${failure}`)
        reached.push(failure === undefined ? seen : null)
      }
      const ms = (process.cpuUsage().user - began) / 1000
      this.#measured.set(file, { ms, steps, atLoad, reached })
      this.tests += cases.length
      this.ms += ms
    }
    return failures
  }

  async run(id: number, stages: readonly Stage[]): Promise<Verdict> {
    let outcome: Verdict['outcome'] = 'not reached'
    for (const { name, has, mostMs = Number.POSITIVE_INFINITY } of stages) {
      const files = this.files.filter(
        (file) => has(file) && this.#reaches(file, id) && this.#measured.get(file)!.ms <= mostMs,
      )
      files.sort((a, b) => this.#measured.get(a)!.ms - this.#measured.get(b)!.ms)
      for (const file of files) {
        outcome = 'survived'
        const by = await this.#killer(file, id)
        if (by !== undefined) return { outcome: 'killed', stage: name, by: `${file}: ${by}` }
      }
    }
    return { outcome }
  }

  #reaches(file: string, id: number): boolean {
    const { atLoad, reached } = this.#measured.get(file)!
    return atLoad.has(id) || reached.some((test) => test?.has(id))
  }

  async #killer(file: string, id: number): Promise<string | undefined> {
    const { atLoad, reached, steps } = this.#measured.get(file)!
    let rest = steps * STEPS_TIMES + STEPS_MORE
    const step = () => {
      if (rest-- <= 0) throw new Error('an endless loop')
    }
    let cases: Case[]
    try {
      ;({ cases } = this.load(file, { chosen: (other) => other === id, step }))
    } catch {
      return 'while it was loaded'
    }
    if (cases.length !== reached.length) return 'another number of tests'
    for (const [index, one] of cases.entries()) {
      const sound = reached[index] ?? null
      // Code that runs while a file is loaded is judged by tests without own code.
      if (sound === null || !(atLoad.has(id) || sound.has(id))) continue
      if ((await failureOf(one)) !== undefined) return one.name
    }
    return undefined
  }
}

async function failureOf({ run }: Case): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no end')), MOST_MS)
  })
  try {
    await Promise.race([run(), tooLong])
    return undefined
  } catch (error) {
    return String(error).split('\n')[0]!
  } finally {
    clearTimeout(timer)
  }
}
