// A condition in its text form, as in scenarios: `b enters /job`, `L1 renewed`, `key /svc/a
// deleted`.

import { assert } from '../base/assert'
import { utf8 } from '../base/bytes'
import { GROWTH, STRUCTURES } from '../lease/structures/names'
import type { Condition } from '../sim/stops'
import { KEY_VERBS, LEASE_VERBS, LONGEST_WORDS, MEMBER_CHANGES, PROCESS_VERBS } from '../sim/stops'

interface Form {
  /** Its form in error messages. */
  form: string
  pattern: RegExp
  read(parts: string[]): Condition
}

const NAME = '((?!L\\d)[A-Za-z_][\\w.-]*)'
const LEASE = 'L([1-9]\\d{0,3})'

function form(shape: string, pattern: string, read: Form['read']): Form {
  return { form: shape, pattern: new RegExp(`^${pattern}$`), read }
}

/** A form without parts. */
function plain(words: string, condition: Condition): Form {
  return form(words, words, () => condition)
}

/** The verb of a form, which its pattern has found in the list. */
function verbOf<T extends string>(list: readonly T[], word: string | undefined): T {
  const found = list.find((verb) => verb === word)
  assert(found !== undefined, `expected ${list.join(', ')}`)
  return found
}

const FORMS: readonly Form[] = [
  plain('no leader', { type: 'no-leader' }),
  plain('leader elected', { type: 'leads', who: null }),
  plain('stale write taken', { type: 'stale-write' }),
  plain('console exit', { type: 'console-exit' }),
  ...(['pass', 'partition', 'heal', 'fault', 'checkpoint', 'snapshot'] as const).map((type) =>
    plain(type, { type }),
  ),
  form('heartbeat on|off', 'heartbeat (on|off)', ([on]) => ({
    type: 'heartbeat',
    on: on === 'on',
  })),
  form(`L1 ${LEASE_VERBS.join('|')}`, `${LEASE} (${LEASE_VERBS.join('|')})`, ([lease, does]) => ({
    type: 'lease',
    lease: Number(lease),
    does: verbOf(LEASE_VERBS, does),
  })),
  form(
    `key KEY ${KEY_VERBS.join('|')}`,
    `key (\\S+) (${KEY_VERBS.join('|')})`,
    ([key = '', does]) => ({
      type: 'key',
      key: utf8(key),
      does: verbOf(KEY_VERBS, does),
    }),
  ),
  form('takes VALUE', 'takes (\\S+)', ([value = '']) => ({ type: 'write', value, taken: true })),
  form('refuses VALUE', 'refuses (\\S+)', ([value = '']) => ({
    type: 'write',
    value,
    taken: false,
  })),
  form('two inside SECTION', 'two inside (\\S+)', ([section = '']) => ({
    type: 'two-inside',
    section,
  })),
  form(
    `member ${MEMBER_CHANGES.join('|')}`,
    `member (${MEMBER_CHANGES.join('|')})`,
    ([change]) => ({
      type: 'member',
      change: verbOf(MEMBER_CHANGES, change),
    }),
  ),
  form(
    `fewest|most ${STRUCTURES.join('|')} at ${GROWTH.join('|')}`,
    `(fewest|most) (${STRUCTURES.join('|')}) at (${GROWTH.join('|')})`,
    (parts) => ({
      type: 'counted',
      which: parts[0] === 'most' ? 'most' : 'fewest',
      structure: verbOf(STRUCTURES, parts[1]),
      leases: GROWTH.find((leases) => String(leases) === parts[2])!,
    }),
  ),
  form('console prints WORDS', 'console prints (.+)', ([words = '']) => ({
    type: 'prints',
    words,
  })),
  form('happens WORDS', 'happens (.+)', ([words = '']) => ({ type: 'happens', words })),
  form('CLIENT enters SECTION', `${NAME} enters (\\S+)`, ([client = '', section = '']) => ({
    type: 'enters',
    client,
    section,
  })),
  form('CLIENT leaves SECTION', `${NAME} leaves (\\S+)`, ([client = '', section = '']) => ({
    type: 'leaves',
    client,
    section,
  })),
  form('CLIENT gives up L1', `${NAME} gives up ${LEASE}`, ([client = '', lease]) => ({
    type: 'gives-up',
    client,
    lease: Number(lease),
  })),
  form('CLIENT told L1 gone', `${NAME} told ${LEASE} gone`, ([client = '', lease]) => ({
    type: 'told-gone',
    client,
    lease: Number(lease),
  })),
  form('MEMBER leads', `${NAME} leads`, ([who = '']) => ({ type: 'leads', who })),
  form(
    `NAME|leader ${PROCESS_VERBS.join('|')}`,
    `${NAME} (${PROCESS_VERBS.join('|')})`,
    ([who = '', does]) => ({
      type: 'process',
      who,
      does: verbOf(PROCESS_VERBS, does),
    }),
  ),
]

/**
 * Reads a condition. An invalid one is refused with the place and the forms that begin with the
 * same word.
 */
export function readCondition(text: string, place: string): Condition {
  const words = text.trim().replace(/\s+/g, ' ')
  assert(
    words.length <= LONGEST_WORDS,
    `${place}: a condition has at most ${LONGEST_WORDS} characters`,
  )
  for (const { pattern, read } of FORMS) {
    const parts = pattern.exec(words)
    if (parts !== null) return read(parts.slice(1))
  }
  const [first = ''] = words.split(' ')
  const head = /^L\d/.test(first) ? 'L1' : first
  const alike = FORMS.filter((known) => known.form.split(' ')[0] === head)
  const expected = (alike.length > 0 ? alike : FORMS).map((known) => known.form).join(', ')
  throw new Error(`${place}: expected ${expected}, not "${words}"`)
}
