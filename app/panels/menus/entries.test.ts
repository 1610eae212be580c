import { expect, test } from 'vitest'
import { emptyRun, type RunState } from '../../store/run'
import { clientEntries, whatIfClients } from './client-entries'
import { type Entry, firstValues, isStep, type Values, type World } from './entry'
import { grants, whatIfLoad } from './load-entries'
import { memberEntries, whatIfMembers } from './member-entries'
import { linkEntries, messageEntries, whatIfNetwork } from './network-entries'

type Member = RunState['members'][number]
type Client = RunState['clients'][number]

const member = (number: number, change: Partial<Member> = {}): Member => ({
  id: `a${number}`,
  name: `m${number}`,
  role: number === 1 ? 'leader' : 'follower',
  status: 'voter',
  paused: false,
  lead: 'm1',
  silentSince: null,
  electsBetween: [1000, 2000],
  reaches: 3,
  leaderSince: null,
  term: 2,
  revision: 1,
  raftIndex: 1,
  applied: 1,
  lastIndex: 1,
  log: [],
  diskMs: 0,
  clockPercent: 100,
  wallSeconds: 0,
  stopping: false,
  ownLeases: [],
  leases: 0,
  keys: 0,
  primary: number === 1,
  nextPassAt: 0,
  clientUrl: `http://127.0.0.1:${number === 1 ? '' : number}2379`,
  peerUrl: `http://127.0.0.1:${number === 1 ? '' : number}2380`,
  ...change,
})
const client = (id: string, change: Partial<Client> = {}): Client => ({
  id,
  kind: 'program',
  member: 'm1',
  instructions: [],
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
const world = (change: Partial<World> = {}): World => ({
  ...emptyRun,
  members: [member(1), member(2), member(3)],
  clients: [client('svc')],
  ...change,
})
const named = (entries: readonly Entry[], word: string): Entry => {
  const entry = entries.find((each) => each.word === word)
  if (entry === undefined)
    throw new Error(`no entry “${word}” among: ${entries.map((each) => each.word).join(', ')}`)
  return entry
}
/** The console lines of a step's entry. */
const linesOf = ({ does }: Entry, values: Values = {}): string[] => {
  if (!isStep(does)) throw new Error('not a step')
  return does.gestures({ ...firstValues(does), ...values }).map(({ line }) => line)
}

test('the leader crashes, ends and hands over by its name; without a leader these say why not', () => {
  const entries = whatIfMembers(world())
  expect(named(entries, 'The leader crashes')).toMatchObject({ line: 'crash m1', off: null })
  expect(named(entries, 'The leader is asked to end').line).toBe('stop m1')
  expect(linesOf(named(entries, 'The leader hands over…'), { to: 'm3' })).toEqual([
    'etcdctl move-leader a3',
  ])
  const none = whatIfMembers(world({ members: [member(1, { role: 'down' }), member(2)] }))
  for (const word of ['The leader crashes', 'The leader is asked to end', 'The leader hands over…'])
    expect(named(none, word).off).toBe('No member leads now')
  expect(named(whatIfMembers(world({ members: [member(1)] })), 'The leader hands over…').off).toBe(
    'No other voter runs',
  )
})

test('a choice of member offers those that run, followers first; numbers out of bounds do nothing', () => {
  const entries = whatIfMembers(
    world({ members: [member(1), member(2), member(3, { role: 'down' })] }),
  )
  const freezes = named(entries, 'A member freezes…')
  expect(freezes.line).toBe('pause m2')
  expect(linesOf(freezes, { who: 'm3' })).toEqual([])
  const disk = named(entries, 'A disk is slow…')
  expect(linesOf(disk, { who: 'm2', value: '800' })).toEqual(['disk m2 800'])
  for (const value of ['', '-1', '1.5', '60001']) expect(linesOf(disk, { value })).toEqual([])
  expect(linesOf(named(entries, 'A wall clock is set…'), { value: '0' })).toEqual([])
  expect(named(entries, 'm3 starts again').line).toBe('restart m3')
})

test('a member that was added can start, and a learner can be promoted', () => {
  const added = member(4, { status: 'unstarted-learner', role: 'down', clientUrl: '' })
  expect(named(whatIfMembers(world({ members: [member(1), added] })), 'm4 starts').line).toContain(
    'etcd --name m4',
  )
  const learner = member(4, { status: 'learner' })
  expect(
    named(whatIfMembers(world({ members: [member(1), learner] })), 'm4 is promoted').line,
  ).toBe('etcdctl member promote a4')
  expect(
    linesOf(named(whatIfMembers(world()), 'A member is added…'), { how: 'With a vote' })[0],
  ).toMatch(/member add m4 --peer-urls=\S+$/)
})

test('a member’s own menu follows its state', () => {
  const words = (change: Partial<Member>) =>
    memberEntries('m2', world({ members: [member(1), member(2, change), member(3)] }))
      .flat()
      .map(({ word }) => word)
  expect(words({})).toEqual(
    expect.arrayContaining(['Crash', 'Ask to end', 'Freeze', 'Cut off', 'Remove from the cluster']),
  )
  expect(words({ role: 'down' })).toContain('m2 starts again')
  expect(words({ role: 'down' })).not.toContain('Crash')
  expect(words({ paused: true })).toEqual(expect.arrayContaining(['m2 goes on', 'Crash']))
  expect(words({ paused: true })).not.toContain('Freeze')
  expect(words({ diskMs: 200 })).toContain('Disk without delay')
  expect(words({ role: 'leader' })).toContain('Hand over…')
  expect(memberEntries('m9', world())).toEqual([])
})

test('one client has entries of its own, several have a choice, a terminal has none', () => {
  const one = whatIfClients(world())
  expect(one?.name).toBe('svc')
  expect(one?.entries.map(({ line }) => line)).toEqual(
    expect.arrayContaining(['pause svc', 'crash svc', 'clock svc 120', 'clock svc +3s']),
  )
  const several = whatIfClients(
    world({
      clients: [client('a', { state: 'paused' }), client('b'), client('t1', { kind: 'terminal' })],
    }),
  )
  expect(named(several?.entries ?? [], 'A client stalls…').line).toBe('pause b')
  expect(named(several?.entries ?? [], 'a goes on').line).toBe('resume a')
  expect(linesOf(named(several?.entries ?? [], 'A client dies…'), { who: 't1' })).toEqual([])
  expect(whatIfClients(world({ clients: [client('t1', { kind: 'terminal' })] }))).toBeNull()
})

test('a heartbeat that beats can stop, and one that stopped can start; a lost lease has none', () => {
  const belief = (heartbeat: boolean, lost = false): Client['sessions'][number] => ({
    lease: 'f1',
    name: 'L1',
    ttlSeconds: 10,
    until: null,
    heartbeat,
    heartbeatAt: null,
    unansweredSince: null,
    connected: true,
    lost,
    lostHow: lost ? 'told' : null,
    lastAnswerAt: null,
    givesUpAt: null,
    holds: false,
    truth: { deadline: null, goneAt: null },
  })
  const words = (sessions: Client['sessions']) =>
    clientEntries('svc', world({ clients: [client('svc', { sessions })] }))
      .flat()
      .map(({ word }) => word)
  expect(words([belief(true)])).toContain('Heartbeat stops')
  expect(words([belief(false)])).toContain('Heartbeat starts')
  expect(words([belief(true, true)]).join()).not.toContain('Heartbeat')
})

test('a client with a program can be held, stepped and run to one of its lines', () => {
  const program: NonNullable<Client['program']> = {
    source: 'lease = grant 5\nsleep 1s\nstop\n',
    line: 2,
    waitsFor: 'sleep',
    vars: [],
    held: false,
    ready: true,
    until: null,
    ended: null,
    section: null,
    sectionSince: null,
  }
  const [, , entries = []] = clientEntries('a', world({ clients: [client('a', { program })] }))
  expect(entries.map(({ word }) => word)).toEqual([
    'Hold',
    'Step one line',
    'Run to line…',
    'Show its program',
  ])
  expect(linesOf(named(entries, 'Run to line…'))).toEqual(['run a to 2'])
  expect(linesOf(named(entries, 'Run to line…'), { line: '4' })).toEqual([])
  const [, , ended = []] = clientEntries(
    'a',
    world({
      clients: [
        client('a', { program: { ...program, line: null, ended: { failed: false, why: '' } } }),
      ],
    }),
  )
  expect(named(ended, 'Step one line').off).toBe('Its program has ended')
})

test('the network is cut as a class would, in one direction, and healed only where something is wrong', () => {
  const entries = whatIfNetwork(world())
  expect(named(entries, 'The network is cut…').line).toBe('partition m1 m2,m3')
  expect(linesOf(named(entries, 'One direction is cut…'), { from: 'm2', to: 'svc' })).toEqual([
    'partition m2 to svc',
  ])
  expect(linesOf(named(entries, 'One direction is cut…'), { from: 'm2', to: 'm2' })).toEqual([])
  expect(named(entries, 'All links are good again').off).toBe('All links are good')
  expect(
    named(whatIfNetwork(world({ partition: [['m1'], ['m2', 'm3']] })), 'All links are good again')
      .off,
  ).toBeNull()
})

test('a link’s menu turns the dials of that link', () => {
  const entries = linkEntries('m1', 'm2', world()).flat()
  expect(entries.map(({ line }) => line).slice(0, 5)).toEqual([
    'delay m1-m2 50',
    'jitter m1-m2 50',
    'drop m1-m2 10%',
    'duplicate m1-m2 10%',
    'reorder m1-m2 10%',
  ])
  expect(named(entries, 'Nothing from m2 reaches m1').line).toBe('partition m2 to m1')
  expect(linkEntries('a', 'storage', world()).flat()[0]?.line).toBe('partition a to storage')
})

test('a message in flight arrives now, is lost or is held; one that has arrived has no menu', () => {
  const message: RunState['messages'][number] = {
    id: 17,
    from: 'svc',
    to: 'm1',
    kind: 'request',
    label: 'Put',
    bad: false,
    sent: 0,
    due: 30,
    machinery: false,
    doomed: false,
    held: false,
  }
  const flying = world({ messages: [message] })
  expect(
    messageEntries(17, flying)
      .flat()
      .map(({ line }) => line),
  ).toEqual(['deliver 17', 'drop 17', 'delay 17 500'])
  expect(messageEntries(18, flying)).toEqual([])
  expect(named(whatIfNetwork(flying), 'A message in flight…').off).toBeNull()
  expect(named(whatIfNetwork(world()), 'A message in flight…').off).toBe('No message is in flight')
})

test('many leases are shared out among terminals', () => {
  expect(grants(100, 60)).toHaveLength(1)
  const thousand = grants(1000, 60)
  expect(thousand.map(({ command }) => command.type === 'console' && command.terminal)).toEqual(
    Array.from({ length: 10 }, (_, i) => `t${i + 2}`),
  )
  const lines = thousand.flatMap(({ command }) =>
    command.type === 'console' ? command.text.split('\n') : [],
  )
  expect(lines).toHaveLength(1000)
  expect(new Set(lines)).toEqual(new Set(['etcdctl lease grant 60']))
})

test('a run is replayed once there is something to replay', () => {
  expect(named(whatIfLoad(world()), 'Replay with other numbers…').off).toBe(
    'Nothing has been played yet',
  )
  expect(named(whatIfLoad(world({ end: 5 })), 'Replay with other numbers…').off).toBeNull()
})

test('a client offers the run with another library once time has passed, and a terminal does not', () => {
  const word = 'Replay with another library…'
  const played = world({ end: 5000, clients: [client('a'), client('t1', { kind: 'terminal' })] })
  expect(named(clientEntries('a', played).flat(), word)).toMatchObject({
    off: null,
    does: { libraryOf: ['a'] },
  })
  expect(
    clientEntries('t1', played)
      .flat()
      .some((entry) => entry.word === word),
  ).toBe(false)
  expect(named(clientEntries('a', { ...played, end: 0 }).flat(), word).off).not.toBeNull()
  const two = whatIfClients(world({ clients: [client('a'), client('b')] }))
  expect(named(two?.entries ?? [], word).does).toEqual({ libraryOf: ['a', 'b'] })
})
