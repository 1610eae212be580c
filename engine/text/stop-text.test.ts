import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Stop } from '../sim/stops'
import { drawn } from './draw'
import { StopLines } from './stop-lines'
import { stopText } from './stop-text'

/** The stops in some lines, as the reader of scenarios finds them. */
function read(lines: readonly string[]): Stop[] {
  const stops: Stop[] = []
  let open: StopLines | null = null
  for (const line of lines.map((each) => each.trim())) {
    if (open?.take(line, 'here')) continue
    if (open !== null) stops.push(open.end())
    open = StopLines.begins(line) ? new StopLines(line.slice('stop '.length), 'here') : null
  }
  return open === null ? stops : [...stops, open.end()]
}

test('every stop of the catalogue reads back the same', () => {
  const folder = join(import.meta.dirname, '../scenario/catalogue')
  const files = readdirSync(folder).map((name) =>
    readFileSync(join(folder, name), 'utf8').split('\n'),
  )
  const stops = files.flatMap((lines) => read(drawn(lines.slice(0, lines.indexOf('----')), 0)))
  expect(stops.length).toBeGreaterThan(50)
  expect(read(stops.flatMap(stopText))).toEqual(stops)
})

// One line of each form.
const CONDITIONS = [
  'leader crashes',
  'm2 leads',
  'leader elected',
  'no leader',
  'L12 expired',
  'key /svc/a created',
  'b enters /job',
  'a leaves /job',
  'two inside /job',
  'a gives up L1',
  'a told L2 gone',
  'heartbeat off',
  'takes from-a',
  'refuses from-b',
  'stale write taken',
  'console exit',
  'member promoted',
  'console prints TTL(2s)',
  'happens grants L1',
  'partition',
  'heal',
  'checkpoint',
  'snapshot',
  'pass',
  'fewest wheel at 100000',
  'most scan at 10',
]
const MARKS = [
  'any lease ends',
  'lease at root',
  'any key deleted',
  'any client pauses',
  'any client enters /job',
  'any member leads',
]
const MEASURES = [
  'left L1',
  'swaps L2',
  'looked',
  'keys L3',
  'revision',
  'count L1 renewed until L1 ends',
]

test.each([
  ['stop at 5', 'say Half a lease: {left L1} s.', 'note Wait for hands.'],
  [
    'stop at 0.05 +59.9',
    'ask choose which of the two ends first?',
    'L1 / L2',
    'mark L1 ends => L1 ; by 30 => L2',
    'so L1 => It was not renewed.',
    'so Both lived.',
  ],
  [
    'stop on fault',
    'ask when When does the key go?',
    'mark key /a deleted',
    'so At {now} s.',
    'hint Read the row.',
    'hint Add the TTL.',
  ],
  [
    'stop at 0.3',
    'goal Make the storage take the late write of a.',
    'part a pauses => a is frozen',
    'part takes from-a => a writes late',
    'may pause a ; resume a ; heartbeat b off ; delay m1-m2 50',
    'solve 0.5 pause a',
    'solve 9 resume a',
    'hint Late means: after L1 has ended.',
  ],
  ['stop at 2', 'say Look.', 'show storage, rows leases beliefs locks'],
  ['stop at 2', 'note For the teacher.', 'show why'],
  ['stop on fault', 'show rows leader keys heartbeats terminals faults rules'],
  ['stop at 1', 'ask what-next What comes first?', 'so That one was sent first.'],
  ...CONDITIONS.map((words) => [`stop when ${words}`]),
  ...MARKS.map((words) => ['stop at 1', 'ask which Which is first?', `mark ${words}`]),
  ...MEASURES.map((words) => ['stop at 1', 'ask how-much How many?', `mark ${words}`]),
])('lines read back the same: %s', (...lines) => {
  expect(read(lines).flatMap(stopText)).toEqual(lines)
})
