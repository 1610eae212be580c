import { expect, test } from 'vitest'
import type { ClientView, ConsoleEntry, LeaseRow } from '../../engine/worker/protocol'
import { clientsOnStage, columnTitles, leasesInOrder, rangeText } from './stage-cast'

const client = (id: string, change: Partial<ClientView> = {}): ClientView => ({
  id,
  kind: 'program',
  member: 'm1',
  instructions: ['session 10'],
  line: 0,
  sessions: [],
  state: 'up',
  since: 0,
  clockPercent: 100,
  clockAhead: { at: 0, ahead: 0 },
  library: 'clientv3',
  program: null,
  ...change,
})
const terminal = client('t1', { kind: 'terminal', instructions: [] })

test('a client without program, lease or session is not on the stage, nor a terminal that has run nothing', () => {
  const idle = client('w0', { instructions: [] })
  expect(clientsOnStage([client('svc'), idle, terminal], [])).toEqual([client('svc')])
  const crashed = client('w1', { instructions: [], state: 'down' })
  expect(clientsOnStage([idle, crashed], [])).toEqual([crashed])
  expect(clientsOnStage([terminal], [{ terminal: 't1' } as ConsoleEntry])).toEqual([terminal])
})

test('headings name the clients, as far as the names fit', () => {
  const titles = (ids: string[]) =>
    columnTitles(
      ids.map((id) => client(id)),
      3,
      false,
      false,
    )[0]
  expect(titles(['svc'])).toBe('What svc believes')
  expect(titles(['a', 'b'])).toBe('What a and b believe')
  expect(titles(['a', 'b', 'c', 'd'])).toBe('What the clients believe')
  expect(columnTitles([terminal], 5, false, false)).toEqual([
    'What the terminal knows',
    'How five members agree',
    'What is true',
  ])
  expect(columnTitles([terminal], 5, true, false)).toEqual([
    'Terminals know',
    'Members agree',
    'What is true',
  ])
})

test('leases keep the order of their grants, for any remaining times', () => {
  const rows = ['L10', 'L2', 'L1'].map((name) => ({ id: name, name }) as LeaseRow)
  expect(leasesInOrder(rows).map(({ name }) => name)).toEqual(['L1', 'L2', 'L10'])
})

test('many names are their first and their last', () => {
  expect([['w0'], ['w0', 'w1', 'w9']].map(rangeText)).toEqual(['w0', 'w0–w9'])
})
