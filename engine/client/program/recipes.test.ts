// The recipes that claim to be etcd's own, line by line. Each call of the program is the call that
// the machine of the concurrency package would make, given the same answers. The results are those
// recorded from a real etcd's Lock and Election services.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { utf8 } from '../../base/bytes'
import { goHex } from '../../base/int64'
import type { LeaseId, Reply, Request } from '../../base/rpc'
import type { TraceEvent } from '../../base/trace'
import { Election } from '../../concurrency/election'
import type { ConcurrencyOutput } from '../../concurrency/key'
import { Mutex } from '../../concurrency/mutex'
import { Timeline } from '../../replay/timeline'
import type { Config } from '../../sim/command'
import { DEFAULT_CONFIG } from '../../sim/command'
import { Simulation } from '../../sim/simulation'

const recipe = (name: string): string =>
  readFileSync(join(import.meta.dirname, `../recipes/${name}.txt`), 'utf8')

interface Exchange {
  request: Request
  replies: Reply[]
}

/**
 * The requests of each client to the store and their answers, by client, in order. Requests that
 * keep and end its lease are left out.
 */
function exchanges(timeline: Timeline): Map<string, Exchange[]> {
  const calls = new Map<string, Exchange>()
  const found = new Map<string, Exchange[]>()
  for (const event of timeline.trace) {
    if (event.type !== 'request-sent' && event.type !== 'reply-received') continue
    const id = `${event.client} ${event.rpc}`
    if (event.type === 'reply-received') calls.get(id)?.replies.push(event.reply)
    else if (!event.request.type.startsWith('Lease')) {
      const call = { request: event.request, replies: [] }
      calls.set(id, call)
      found.set(event.client, [...(found.get(event.client) ?? []), call])
    }
  }
  return found
}

function leasesOf(timeline: Timeline): Map<string, LeaseId> {
  const leases = new Map<string, LeaseId>()
  for (const event of timeline.trace)
    if (event.type === 'reply-received' && event.reply.type === 'LeaseGrant')
      leases.set(event.client, event.reply.ID)
  return leases
}

interface Machine {
  next(last: Reply): ConcurrencyOutput[]
}

/** The requests of the machine, given the program's answers to the same requests. */
function askedBy(
  machine: Machine,
  first: ConcurrencyOutput[],
  calls: readonly Exchange[],
): Request[] {
  const asked: Request[] = []
  let outputs = first
  for (const { replies } of calls) {
    const output = outputs.find(({ type }) => type === 'call' || type === 'watch')
    if (output === undefined || !('request' in output)) break
    asked.push(output.request)
    outputs = []
    for (const reply of replies) if (outputs.length === 0) outputs = machine.next(reply)
  }
  return asked
}

function play(
  source: string,
  clients: readonly string[],
  until: number,
  gapMs = 37,
  of: Partial<Config> = {},
): Timeline {
  const config: Config = { ...DEFAULT_CONFIG, latencyMs: 20, expiryPhaseMs: 200, ...of }
  const timeline = new Timeline({ leasescope: 1, seed: 1, config, commands: [] })
  for (const [i, client] of clients.entries()) {
    timeline.advance(i * gapMs)
    timeline.submit({ type: 'script', client, source })
  }
  timeline.advance(until)
  return timeline
}

const CLIENTS = ['a', 'b', 'c', 'd']

describe('sends the requests of the machine', () => {
  test.each([
    ['mutex', false],
    ['mutex-3.5', true],
  ] as const)('%s', (name, checksSession) => {
    const timeline = play(recipe(name), CLIENTS, 30_000)
    const leases = leasesOf(timeline)
    const all = exchanges(timeline)
    expect(all.size).toBe(CLIENTS.length)
    for (const [client, calls] of all) {
      const machine = new Mutex('/job', leases.get(client)!, {
        checksSession,
        refusesReleased: false,
      })
      const unlocks = calls.findIndex(({ request }) => request.type === 'DeleteRange')
      const asked = askedBy(machine, machine.lock(), calls.slice(0, unlocks))
      expect(calls.slice(0, unlocks).map(({ request }) => request)).toEqual(asked)
      expect(machine.isHeld).toBe(true)
      expect(calls.slice(unlocks).map(({ request }) => request)).toEqual(
        askedBy(machine, machine.unlock(), calls.slice(unlocks)),
      )
    }
    // A waiter waits only for the key in front of its own.
    expect(
      [...all.values()].map(
        (calls) => calls.filter(({ request }) => request.type === 'WatchCreate').length,
      ),
    ).toEqual([0, 1, 1, 1])
  })

  test('try-lock', () => {
    const timeline = play(recipe('try-lock'), CLIENTS, 30_000)
    const leases = leasesOf(timeline)
    for (const [client, calls] of exchanges(timeline)) {
      const machine = new Mutex('/job', leases.get(client)!)
      const asked = calls.map(({ request }) => request)
      const isFirst = client === 'a'
      expect(asked).toEqual([
        ...askedBy(machine, machine.tryLock(), isFirst ? calls.slice(0, 1) : calls),
        ...(isFirst ? askedBy(machine, machine.unlock(), calls.slice(1)) : []),
      ])
    }
  })

  test('election', () => {
    const timeline = play(recipe('election'), CLIENTS, 30_000)
    const leases = leasesOf(timeline)
    for (const [client, calls] of exchanges(timeline)) {
      const machine = new Election('/leader', leases.get(client)!)
      const [campaign, proclaim, resign] = [
        calls.slice(0, -2),
        calls.slice(-2, -1),
        calls.slice(-1),
      ]
      const requests = (of: readonly Exchange[]): Request[] => of.map(({ request }) => request)
      expect(requests(campaign)).toEqual(askedBy(machine, machine.campaign(utf8(client)), campaign))
      expect(machine.isLeader).toBe(true)
      expect(requests(proclaim)).toEqual(
        askedBy(machine, machine.proclaim(utf8(`${client}-is-ready`)), proclaim),
      )
      expect(requests(resign)).toEqual(askedBy(machine, machine.resign(), resign))
    }
  })
})

// The recordings ----------------------------------------------------------------------------------

interface Recorded {
  steps: { call?: string; start?: string; finish?: string; response?: unknown }[]
  events: {
    type?: string
    kv: { key: string; mod_revision: number; create_revision?: number; value?: string }
  }[]
}

const recorded = (name: string): Recorded =>
  JSON.parse(
    readFileSync(join(import.meta.dirname, `../../test/recordings/api/3.4/${name}.json`), 'utf8'),
  ) as Recorded

/** Every change of a queue: the key as its number in the queue, its fate, and the revision. */
function recordedQueue({ events }: Recorded, name: string): string[] {
  const keys: string[] = []
  return events.map(({ type, kv: { key, mod_revision } }) => {
    expect(key.startsWith(`${name}/`)).toBe(true)
    if (!keys.includes(key)) keys.push(key)
    return `${type === 'DELETE' ? 'gone' : 'put'} ${keys.indexOf(key)} at ${mod_revision}`
  })
}

function playedQueue(
  trace: readonly TraceEvent[],
  name: string,
  leases: readonly LeaseId[],
): string[] {
  const keys = leases.map((lease) => `${name}/${lease.replace(/^0+/, '')}`)
  return trace.flatMap((event) => {
    if (event.type === 'key-put')
      return [`put ${keys.indexOf(event.kv.key)} at ${event.kv.mod_revision}`]
    return event.type === 'key-deleted'
      ? [`gone ${keys.indexOf(event.key)} at ${event.revision}`]
      : []
  })
}

const entries = (trace: readonly TraceEvent[]): string[] =>
  trace.flatMap((event) => (event.type === 'section-entered' ? [event.client] : []))

describe('makes the keys and revisions, and serves in the order, of the recording of a real etcd', () => {
  test('Mutex, as Lock and Unlock: two waiters are served in order', () => {
    const timeline = play(recipe('mutex').replaceAll('/job', 'L'), ['a', 'b', 'c'], 2500)
    const leases = [...leasesOf(timeline).values()]
    expect(entries(timeline.trace)).toEqual(['a', 'b', 'c'])
    expect(playedQueue(timeline.trace, 'L', leases)).toEqual(
      recordedQueue(recorded('timed-lock-unlock'), 'L'),
    )
  })

  test('Mutex: the waiter gets the lock when the holder’s lease expires', () => {
    const timeline = play(
      recipe('mutex').replaceAll('/job', 'locks/r').replace('grant 5', 'grant 3'),
      ['a', 'b'],
      500,
    )
    timeline.submit({ type: 'fault', fault: { type: 'crash-client', client: 'a' } })
    timeline.stepUntil(
      ({ type, id }) => type === 'section-entered' && id > 1 && timeline.now > 1000,
      10_000,
    )
    expect(entries(timeline.trace)).toEqual(['a', 'b'])
    const leases = [...leasesOf(timeline).values()]
    expect(playedQueue(timeline.trace, 'locks/r', leases)).toEqual(
      recordedQueue(recorded('timed-lock-handoff-on-expiry'), 'locks/r'),
    )
  })

  test('Election, as Campaign: the second is elected when the leader’s lease goes', () => {
    // The recorded leader neither proclaimed nor resigned.
    const source = recipe('election')
      .split('\n')
      .filter((line) => !line.startsWith('told') && !line.startsWith('delete'))
      .join('\n')
      .replaceAll('/leader', 'E')
    const timeline = play(source, ['one', 'two'], 3500)
    expect(entries(timeline.trace)).toEqual(['one', 'two'])
    const leases = [...leasesOf(timeline).values()]
    expect(playedQueue(timeline.trace, 'E', leases)).toEqual(
      recordedQueue(recorded('timed-election'), 'E'),
    )
    const values = timeline.trace.flatMap((event) =>
      event.type === 'key-put' ? [event.kv.value] : [],
    )
    expect(values).toEqual(
      recorded('timed-election').events.flatMap(({ type, kv }) =>
        type === 'DELETE' ? [] : [kv.value],
      ),
    )
  })
})

// These are the recordings with Lock and Election calls that programs can make. found-timed-001 and
// found-timed-005 have one Lock each among puts. No client waits for it or unlocks it, so the case
// above covers them. Programs cannot make calls without a name, key or leader, which etcd refuses,
// or with an invented leader's proof. The conformance test plays those calls.
test('locks and elections as instructions do what the services of a real etcd were recorded to do, dead waiter and all', () => {
  const first = `l1 = grant 600
    l2 = grant 600
    token = lock L with l1
    again = lock L with l1
    none = lock "" with l2
    unlock ""
    lead = campaign E v with l1
    same = campaign E v with l1
    anew = campaign E w with l1
    proclaim E x
    sleep 1s
    resign E
    sleep 2s
    unlock L
    put E/$l2 "by hand"
    taken = campaign E "by hand" with l2
    taken = campaign E anew with l2`
  const second =
    'l3 = grant 600\nlead = campaign E two with l3\ntoken = lock L with l3\nenter L\nsleep 9s'
  const timeline = play(first, ['a'], 1000)
  timeline.submit({ type: 'script', client: 'c', source: second })
  timeline.advance(2600)
  const leases = timeline.trace.flatMap((event) =>
    event.type === 'reply-received' && event.reply.type === 'LeaseGrant' ? [event.reply.ID] : [],
  )
  timeline.submit({
    type: 'request',
    client: 'operator',
    request: { type: 'LeaseRevoke', ID: leases[2]! },
  })
  timeline.advance(6000)
  const { events } = recorded('found-lock-and-election')
  const shown = (kind: 'put' | 'gone', key: string, revision: number, value: string): string =>
    `${kind} ${key} at ${revision} ${value}`
  const named = (key: string): string =>
    leases.reduce((text, lease, i) => text.replace(goHex(lease), ['-1', 'b', 'c'][i]!), key)
  const made = timeline.trace.flatMap((event) => {
    if (event.type === 'key-put')
      return [shown('put', named(event.kv.key), event.kv.mod_revision, event.kv.value)]
    return event.type === 'key-deleted' ? [shown('gone', named(event.key), event.revision, '')] : []
  })
  expect(made).toEqual(
    events.map(({ type, kv: { key, mod_revision, value = '' } }) =>
      shown(type === 'DELETE' ? 'gone' : 'put', key, mod_revision, value),
    ),
  )
  // The waiter without a lease learns that it has the lock. The revisions that each client learns
  // are the recorded ones.
  expect(entries(timeline.trace)).toEqual(['c'])
  const vars = (client: string) =>
    Object.fromEntries(timeline.sim.clients.find(({ id }) => id === client)!.program!.runner!.vars)
  expect(vars('a')).toMatchObject({
    token: '2',
    again: '2',
    none: '3',
    lead: '5',
    same: '5',
    anew: '5',
    taken: '13',
  })
  expect(vars('c')).toMatchObject({ lead: '8', token: '10' })
})

describe('a machine as one instruction', () => {
  const varsOf = (timeline: Timeline, client: string): Record<string, string> =>
    Object.fromEntries(timeline.sim.clients.find(({ id }) => id === client)!.program!.runner!.vars)

  test('trylock: a client that is not first gets nothing, goes on, and leaves no key behind', () => {
    const source =
      'lease = grant 5\ntoken = trylock /job with lease\nif not token goto over\nenter /job\nsleep 1s\nleave\nunlock /job\nover:'
    const timeline = play(source, ['a', 'b'], 3000)
    expect(entries(timeline.trace)).toEqual(['a'])
    expect([varsOf(timeline, 'a').token, varsOf(timeline, 'b').token]).toEqual(['2', undefined])
    expect(playedQueue(timeline.trace, '/job', [...leasesOf(timeline).values()])).toEqual([
      'put 0 at 2',
      'put 1 at 3',
      'gone 1 at 4',
      'gone 0 at 5',
    ])
  })

  test('campaign, proclaim, resign: as the lines of the recipe', () => {
    const source = `lease = grant 5
      keep lease
      lead = campaign /leader $me with lease
      enter /leader
      proclaim /leader $me-is-ready
      sleep 2s
      leave
      resign /leader
      revoke lease`
    const [one, lines] = [play(source, CLIENTS, 30_000), play(recipe('election'), CLIENTS, 30_000)]
    const asked = (timeline: Timeline): Request[][] =>
      [...exchanges(timeline).values()].map((calls) => calls.map(({ request }) => request))
    expect(entries(one.trace)).toEqual(CLIENTS)
    expect(asked(one)).toEqual(asked(lines))
    expect(varsOf(one, 'a')).toMatchObject({
      lead: '2',
      'lead.create': '2',
      'lead.key': `/leader/${leasesOf(one).get('a')}`,
    })
  })

  test.each([
    ['unlock /job', 'it has no lock /job'],
    ['resign /e', 'it stands for no election /e'],
    ['proclaim /e v', 'it stands for no election /e'],
  ])('%s before its request ends the program', (source, why) => {
    const timeline = play(source, ['a'], 100)
    expect(timeline.sim.clients[0]!.program!.runner!.ended).toEqual({ failed: true, why })
  })

  test.each([
    [{ etcd: '3.4' }, ['a', 'c', 'b']],
    [{ etcd: '3.5' }, ['a', 'c']],
    [{ etcd: '3.4', differences: { mutexChecksSession: true } }, ['a', 'c']],
  ] as const)(
    'lock by a waiter whose lease ends in the queue behaves as in the version: %j',
    (of, served) => {
      const source =
        'lease = grant 5\nkeep lease\ntoken = lock /job with lease\nenter /job\nsleep 6s\nleave\nunlock /job'
      const timeline = play(source, ['a', 'b', 'c'], 500, 37, of)
      timeline.submit({ type: 'fault', fault: { type: 'pause-client', client: 'b' } })
      timeline.advance(6600)
      timeline.submit({ type: 'fault', fault: { type: 'resume-client', client: 'b' } })
      timeline.advance(9000)
      expect(entries(timeline.trace)).toEqual(served)
      const { ended } = timeline.sim.clients.find(({ id }) => id === 'b')!.program!.runner!
      expect(ended).toEqual(
        served.length === 3 ? null : { failed: true, why: 'mutex: session is expired' },
      )
    },
  )

  test('is saved with the program: an election continues after loading', () => {
    const source =
      'lease = grant 5\nlead = campaign /e v with lease\nsleep 100ms\nproclaim /e w\nresign /e'
    const timeline = play(source, ['a', 'b'], 150)
    const copy = Simulation.load(JSON.parse(JSON.stringify(timeline.sim.save())), () => undefined)
    copy.advance(3000)
    timeline.advance(3000)
    expect(copy.fingerprint()).toBe(timeline.sim.fingerprint())
    expect(copy.clients.map(({ program }) => program!.runner!.ended)).toEqual(
      Array(2).fill({ failed: false, why: 'the last line is done' }),
    )
  })
})

test('an observer of an election gets each leader and its proclaimed values', () => {
  const timeline = play(recipe('observe'), ['o'], 0)
  for (const client of ['a', 'b'])
    timeline.submit({ type: 'script', client, source: recipe('election') })
  const told: string[] = []
  for (let at = 0; at < 9000; at += 10) {
    timeline.advance(at)
    const { runner } = timeline.sim.clients.find(({ id }) => id === 'o')!.program!
    for (const name of ['leader', 'key']) {
      const value = runner?.vars.find(([known]) => known === name)?.[1]
      if (value !== undefined && !told.includes(value)) told.push(value)
    }
  }
  expect(told).toEqual(['a', 'a-is-ready', 'b', 'b-is-ready'])
})

test('an observer continues after loading, behind its last change', () => {
  const timeline = play('again:\nled = observe /leader\ngoto again', ['o'], 100)
  timeline.submit({ type: 'script', client: 'a', source: recipe('election') })
  timeline.advance(1000)
  const copy = Simulation.load(JSON.parse(JSON.stringify(timeline.sim.save())), () => undefined)
  for (const sim of [copy, timeline]) sim.advance(1500)
  expect(copy.clients.find(({ id }) => id === 'o')!.program!.runner!.vars).toContainEqual([
    'led',
    'a-is-ready',
  ])
  timeline.submit({ type: 'script', client: 'b', source: recipe('election') })
  copy.submit({ type: 'script', client: 'b', source: recipe('election') })
  for (const sim of [copy, timeline]) sim.advance(4000)
  expect(copy.clients.find(({ id }) => id === 'o')!.program!.runner!.vars).toContainEqual([
    'led',
    'b-is-ready',
  ])
  expect(copy.fingerprint()).toBe(timeline.sim.fingerprint())
})

test('observe as one instruction gets the answers of the Observe service, however slowly it asks', () => {
  const source =
    'again:\nled = observe /leader or goto again\nput /told/$led $led.key\nsleep 700ms\ngoto again'
  const timeline = play('observe-by-service', [], 0)
  timeline.submit({
    type: 'request',
    client: 'service',
    request: { type: 'Observe', name: '/leader' },
  })
  timeline.submit({ type: 'script', client: 'o', source })
  timeline.advance(1000)
  for (const client of ['a', 'b', 'c'])
    timeline.submit({ type: 'script', client, source: recipe('election') })
  timeline.advance(20_000)
  const service = timeline.trace.flatMap((event) =>
    event.type === 'reply-sent' && event.reply.type === 'Leader'
      ? [`${event.reply.kv.value} ${event.reply.kv.key}`]
      : [],
  )
  const told = timeline.trace.flatMap((event) =>
    event.type === 'key-put' && event.kv.key.startsWith('/told/')
      ? [`${event.kv.key.slice('/told/'.length)} ${event.kv.value}`]
      : [],
  )
  expect(service).toHaveLength(6)
  expect(told).toEqual(service)
  // There is no leader yet: it sends one request, and watches for the first leader.
  const asked = exchanges(timeline)
    .get('o')!
    .map(({ request }) => request.type)
  expect(asked.slice(0, 2)).toEqual(['Range', 'WatchCreate'])
})
