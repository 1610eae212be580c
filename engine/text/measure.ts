// The measures of the questions "which" and "how much", in their text form: `any lease ends`,
// `lease at root`, `any client enters /job`, `left L1`, `swaps L2`, `looked`, `count L1 renewed
// until L1 ends`.

import { assert } from '../base/assert'
import type { Doing, Measure } from '../sim/stops'
import { CLIENT_VERBS, KEY_VERBS, LEASE_VERBS, PROCESS_VERBS } from '../sim/stops'
import { readCondition } from './condition'

const OF_A_LEASE = LEASE_VERBS.filter((verb) => verb !== 'due')
const OF_A_MEMBER = ['leads', ...PROCESS_VERBS] as const

/** Reads an event of any lease, key, client or member. Other words are refused with the place. */
export function readDoing(text: string, place: string): Doing {
  const words = text.trim().replace(/\s+/g, ' ')
  if (words === 'lease at root') return { of: 'lease', does: 'root' }
  const [, of, verb = '', section] =
    /^any (lease|key|client|member) (\S+)(?: (\S+))?$/.exec(words) ?? []
  const one = <T extends string>(list: readonly T[]): T => {
    const found = section === undefined ? list.find((each) => each === verb) : undefined
    assert(found !== undefined, `${place}: expected any ${of} ${list.join('|')}, not "${words}"`)
    return found
  }
  switch (of) {
    case 'lease':
      return { of, does: one(OF_A_LEASE) }
    case 'key':
      return { of, does: one(KEY_VERBS) }
    case 'member':
      return { of, does: one(OF_A_MEMBER) }
    case 'client':
      if ((verb === 'enters' || verb === 'leaves') && section !== undefined)
        return { of, does: verb, section }
      return { of, does: one(CLIENT_VERBS) }
    default:
      throw new Error(
        `${place}: expected any lease|key|client|member and a verb, such as any lease ends, not "${words}"`,
      )
  }
}

/** Reads a number of the run. Other words are refused with the place. */
export function readMeasure(text: string, place: string): Measure {
  const words = text.trim().replace(/\s+/g, ' ')
  if (words === 'revision' || words === 'looked') return { type: words }
  const [, type, lease] = /^(left|keys|swaps) L([1-9]\d{0,3})$/.exec(words) ?? []
  if (type === 'left' || type === 'keys' || type === 'swaps') return { type, lease: Number(lease) }
  const [, what, until] = /^count (.+) until (.+)$/.exec(words) ?? []
  assert(
    what !== undefined && until !== undefined,
    `${place}: expected left L1, keys L1, swaps L1, looked, revision or count CONDITION until CONDITION, not "${words}"`,
  )
  return { type: 'count', what: readCondition(what, place), until: readCondition(until, place) }
}
