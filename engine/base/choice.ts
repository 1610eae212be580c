import { assert } from './assert'

/**
 * A point where the order or the outcome is free. A seeded generator (base/random.ts), a script, or
 * an enumeration of all outcomes makes the choice.
 */
export interface Choice {
  /** An integer from 0 to n-1; `n` is a positive integer. */
  below(n: number): number
}

/**
 * Returns `picks`, one after another. Throws when the picks run out, or when a pick is not below
 * its n.
 */
export function scripted(picks: readonly number[]): Choice {
  let asked = 0
  return {
    below(n) {
      assert(
        asked < picks.length,
        `choice: the script has ${picks.length} picks, and the run needs one more`,
      )
      const pick = picks[asked]!
      assert(
        Number.isInteger(pick) && pick >= 0 && pick < n,
        `choice: pick ${asked} of the script is ${pick}, not an integer below ${n}`,
      )
      asked++
      return pick
    },
  }
}

/**
 * Runs `run` once for every combination of outcomes, depth first, and returns the number of runs.
 * The choices of `run` may depend only on earlier outcomes; otherwise this throws.
 */
export function enumerate(run: (choice: Choice) => void): number {
  const picks: number[] = []
  const widths: number[] = []
  for (let runs = 1; ; runs++) {
    let asked = 0
    run({
      below(n) {
        assert(Number.isInteger(n) && n >= 1, `choice: cannot choose below ${n}`)
        if (asked === picks.length) {
          picks.push(0)
          widths.push(n)
        }
        assert(
          widths[asked] === n,
          `choice: choice ${asked} was among ${widths[asked]} before and is among ${n} now: the run is not repeatable`,
        )
        return picks[asked++]!
      },
    })
    assert(
      asked === picks.length,
      `choice: ${picks.length} choices before, ${asked} now: the run is not repeatable`,
    )
    while (picks.length > 0 && picks.at(-1)! + 1 === widths.at(-1)) {
      picks.pop()
      widths.pop()
    }
    if (picks.length === 0) return runs
    picks[picks.length - 1]!++
  }
}
