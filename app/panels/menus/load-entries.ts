// What if… with many leases, or with other numbers.

import { consoleLines, type Gesture } from '../../commands/gestures'
import { canReplay } from '../../commands/replay'
import { amount, type Entry, numberIn, type Step, stepEntry, type World } from './entry'

/**
 * The grants of one terminal. More grants are divided among several terminals, so that they take no
 * longer.
 */
const PER_TERMINAL = 100
const COUNTS = [100, 1000]

const fields = [
  {
    name: 'count',
    label: 'Leases',
    options: COUNTS.map((count) => ({ value: String(count), word: String(count) })),
  },
  amount('ttl', 'TTL', 's', 60, 1, 86_400),
]

const manyLeases: Step = {
  fields,
  gestures(values) {
    const count = COUNTS.find((each) => String(each) === values.count)
    const ttl = numberIn({ fields }, 'ttl', values)
    return count === undefined || ttl === null ? [] : grants(count, ttl)
  },
  note: () => 'Each terminal grants 100 leases, one after the other. No client keeps them alive.',
}

/** The grants, by as few terminals as possible with at most a hundred each: t2, t3, … */
export function grants(count: number, ttlSeconds: number): Gesture[] {
  const line = `etcdctl lease grant ${ttlSeconds}`
  return Array.from({ length: Math.ceil(count / PER_TERMINAL) }, (_, i) => {
    const lines = Math.min(PER_TERMINAL, count - i * PER_TERMINAL)
    const { command } = consoleLines(Array(lines).fill(line).join('\n'), 'strict')
    return {
      command: { ...command, terminal: `t${i + 2}` } as Gesture['command'],
      line: `${line}   # ${count} times`,
    }
  })
}

export function whatIfLoad({ story, end }: World): Entry[] {
  return [
    stepEntry('many', 'Many leases…', manyLeases),
    {
      icon: 'lock',
      word: 'My lock…',
      line: '',
      off: null,
      does: (commands) => commands.openForm('lock'),
    },
    {
      icon: 'clock',
      word: 'What TTL should I take?…',
      line: '',
      off: null,
      does: (commands) => commands.openForm('ttl'),
    },
    {
      icon: 'program',
      word: 'A lock recipe, or a program…',
      line: '',
      off: null,
      does: (commands) => commands.show('program'),
    },
    {
      icon: 'flag',
      word: 'Stop here: say or ask something…',
      line: 'S',
      off: null,
      does: (commands) => commands.stopHere(),
    },
    {
      icon: 'replay',
      word: 'Replay with other numbers…',
      line: '',
      off: canReplay(story, end) ? null : 'Nothing has been played yet',
      does: 'replay',
    },
  ]
}
