// The locks of node etcd3 and python-etcd3, as programs that run: their requests, and which other
// locks they exclude. The requests and times are derived from the libraries' sources, which each
// test names.

import { expect, test } from 'vitest'
import type { TraceEvent } from '../../base/trace'
import { checkRecording } from '../../replay/check-recording'
import { parseScenario, playScenario } from '../../scenario/scenario'
import { fingerprint } from '../../sim/fingerprint'
import { Simulation } from '../../sim/simulation'
import { timesOf } from '../../test/times'

/** One member with links of 1 ms. Programs by client; the later ones start 100 ms later each. */
function played(programs: Record<string, string>, then = 'until 60'): readonly TraceEvent[] {
  const texts = Object.entries(programs).flatMap(([client, text]) => [
    `program of-${client}`,
    ...text.split(' / '),
    'end',
  ])
  const starts = Object.keys(programs).flatMap((client, i) => [
    `until ${i / 10}`,
    `${client} runs of-${client}`,
  ])
  const uses = ['config seed=1', 'n uses node-etcd3', 'm uses node-etcd3', 'p uses none']
  const scenario = [...uses, ...texts, ...starts, then].join('\n')
  const { events, recording } = playScenario(parseScenario(scenario))
  expect(checkRecording(recording, events.at(-1)!.at).violations).toEqual([])
  return events
}

const askedBy = (events: readonly TraceEvent[], client: string): string[] =>
  events.flatMap((event) =>
    event.type === 'request-sent' && event.client === client ? [event.request.type] : [],
  )
const sentBy = (events: readonly TraceEvent[], client: string, type: string) =>
  events.flatMap((event) =>
    event.type === 'request-sent' && event.client === client && event.request.type === type
      ? [event.request]
      : [],
  )
const putsBy = (events: readonly TraceEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'key-put' ? [event.kv.key] : []))

const GO = 'lease = grant 5 / keep lease / lock /job with lease / enter /job / sleep 3s / leave'
const NODE = 'won = node lock /job / if not won goto no / enter /job / sleep 3s / leave / no:'
const PYTHON = 'won = python lock /job / if not won goto no / enter /job / sleep 3s / leave / no:'
const together = (one: string, two: string): number =>
  timesOf(played({ n: one, p: two }), 'two inside /job').length

// microsoft/etcd3 1.1.2, lib/lock.js: acquire; lib/builder.js: ComparatorBuilder.
test('node: one grant, one transaction on the plain key with an empty value, one revoke', () => {
  const events = played({ n: 'won = node lock /job / write $won.key / node unlock /job' })
  expect(askedBy(events, 'n').filter((type) => type !== 'LeaseKeepAlive')).toEqual([
    'LeaseGrant',
    'Txn',
    'LeaseRevoke',
  ])
  expect(sentBy(events, 'n', 'LeaseGrant')).toMatchObject([{ TTL: 30 }])
  const [txn] = sentBy(events, 'n', 'Txn')
  expect(txn).toMatchObject({
    compare: [{ key: '/job', target: 'CREATE', result: 'EQUAL', create_revision: 0 }],
    success: [{ type: 'Put', key: '/job', value: '' }],
  })
  expect(txn).not.toHaveProperty('failure')
  expect(timesOf(events, 'takes /job')).toHaveLength(1)
})

// lib/lock.js: acquire releases before it throws EtcdLockFailedError.
test('node: if another client has the key, it revokes its lease and does not wait', () => {
  const events = played({ n: NODE, m: NODE })
  expect(timesOf(events, 'n enters /job')).toHaveLength(1)
  expect(timesOf(events, 'm enters /job')).toEqual([])
  expect(askedBy(events, 'm').filter((type) => type !== 'LeaseKeepAlive')).toEqual([
    'LeaseGrant',
    'Txn',
    'LeaseRevoke',
  ])
  // It never waited: grant, transaction and revoke took 2 ms each.
  expect(timesOf(events, 'L2 ends')[0]).toBeLessThan(120)
})

// lib/lease.js: the constructor keeps the lease alive, until revoke() or release().
test('node: the lease of a lock is kept alive, also after its program ends', () => {
  const events = played({ n: 'won = node lock /job ttl 3 / enter /job' })
  expect(timesOf(events, 'L1 ends')).toEqual([])
  expect(sentBy(events, 'n', 'LeaseKeepAlive').length).toBeGreaterThan(50)
})

// lib/lock.js: options() are those of the transaction; an error of it does not release.
test('node: a failed transaction leaves the lease, kept alive', () => {
  const late = played({ n: 'won = node lock /job ttl 3 within 3ms or goto no / no: / sleep 1s' })
  expect(askedBy(late, 'n')).not.toContain('LeaseRevoke')
  expect(timesOf(late, 'L1 ends')).toEqual([])
})

// lib/lease.js: revoke() swallows EtcdLeaseInvalidError.
test('node: an unlock after the lease is gone is no error', () => {
  const events = played(
    { n: 'won = node lock /job ttl 3 / sleep 20s / node unlock /job / write done' },
    'until 1\npause n\nuntil 19\nresume n\nuntil 60',
  )
  expect(timesOf(events, 'takes done')).toHaveLength(1)
})

// kragniz/python-etcd3 etcd3/locks.py at 015840e: _acquire, release.
test('python: one grant, one transaction on the plain key, released by its value; the lease stays', () => {
  const events = played({ p: 'won = python lock /locks/toot / gone = python unlock /locks/toot' })
  expect(askedBy(events, 'p')).toEqual(['LeaseGrant', 'Txn', 'Txn'])
  expect(sentBy(events, 'p', 'LeaseGrant')).toMatchObject([{ TTL: 60 }])
  const [take, release] = sentBy(events, 'p', 'Txn')
  const value =
    'success' in take! && take.success![0]!.type === 'Put' ? take.success![0]!.value : ''
  expect(value).not.toBe('')
  expect(take).toMatchObject({
    compare: [{ key: '/locks/toot', target: 'CREATE', create_revision: 0 }],
    failure: [{ type: 'Range', key: '/locks/toot' }],
  })
  expect(release).toMatchObject({
    compare: [{ key: '/locks/toot', target: 'VALUE', result: 'EQUAL', value }],
    success: [{ type: 'DeleteRange', key: '/locks/toot' }],
  })
  expect(timesOf(events, 'L1 ends')).toEqual([])
})

// etcd3/locks.py: wait, the loop of tenacity.
test('python: a waiter gets the lock when the key is deleted, with a new lease for each attempt', () => {
  const events = played({ n: NODE.replace('leave', 'leave / node unlock /job'), p: PYTHON })
  expect(askedBy(events, 'p').slice(0, 5)).toEqual([
    'LeaseGrant',
    'Txn',
    'WatchCreate',
    'LeaseGrant',
    'Txn',
  ])
  expect(sentBy(events, 'p', 'WatchCreate')).toEqual([{ type: 'WatchCreate', key: '/job' }])
  const [left] = timesOf(events, 'n leaves /job')
  expect(timesOf(events, 'p enters /job')[0]).toBeGreaterThan(left!)
  expect(timesOf(events, 'two inside /job')).toEqual([])
  expect(askedBy(events, 'p')).not.toContain('LeaseRevoke')
})

test('python: a put wakes the waiter too, and costs another lease', () => {
  const holder = 'won = node lock /job / sleep 2s / put /job x / sleep 20s'
  const events = played({ n: holder, p: 'won = python lock /job / write won-$won' })
  expect(sentBy(events, 'p', 'LeaseGrant')).toHaveLength(3)
})

// etcd3/locks.py: stop_after_delay(10), and watch_once with the time that is left.
test('python: after 10 s it tries once more and gives up', () => {
  const holder = 'won = node lock /job / sleep 50s'
  const events = played({ n: holder, p: 'won = python lock /job / write won-$won' })
  expect(askedBy(events, 'p')).toEqual(['LeaseGrant', 'Txn', 'WatchCreate', 'LeaseGrant', 'Txn'])
  // Begun at 0.101; the last attempt at 10.101 takes 4 ms, the next line 1 ms.
  expect(timesOf(events, 'takes won-')).toHaveLength(1)
  expect(Math.round(timesOf(events, 'takes won-')[0]! / 10)).toBe(1011)
  const once = played({ n: holder, p: 'won = python lock /job within 0s / write won-$won' })
  expect(askedBy(once, 'p')).toEqual(['LeaseGrant', 'Txn'])
})

// etcd3/client.py: watch_once starts where the store is when the watch is made.
test('python: a deletion between its transaction and its watch is missed', () => {
  // p's transaction is answered at 0.105, its watch is made at 0.106 and begins at 0.107.
  const holder = 'won = node lock /job / sleep 99ms / delete /job / sleep 50s'
  const wins = Array.from({ length: 12 }, (_, i) => {
    const events = played({ n: holder.replace('99ms', `${93 + i}ms`), p: PYTHON })
    return timesOf(events, 'p enters /job')[0]!
  })
  expect(wins.some((at) => at > 10_000)).toBe(true)
  expect(wins.some((at) => at < 200)).toBe(true)
})

test('python: nothing renews the lease, and refresh() is one renewal', () => {
  const lost = played({ p: 'won = python lock /job ttl 5 / sleep 20s' })
  expect(timesOf(lost, 'L1 ends')).toHaveLength(1)
  const renewed = played({
    p: 'won = python lock /job ttl 5 / sleep 4s / renew won.lease / sleep 9s',
  })
  expect(timesOf(renewed, 'L1 ends')[0]).toBeGreaterThan(9000)
  // Its late unlock leaves the key of the next owner alone.
  const late = played({
    p: 'won = python lock /job ttl 5 / sleep 20s / gone = python unlock /job / write gone-$gone',
    q: 'sleep 8s / won = python lock /job / sleep 40s',
  })
  expect(timesOf(late, 'key /job deleted')).toHaveLength(1)
  expect(timesOf(late, 'takes gone-')).toHaveLength(1)
})

// clientv3's concurrency/key.go and mutex.go put a key below the name.
test('neither lock excludes a Mutex of Go, nor the other way round', () => {
  expect(together(GO, NODE)).toBe(1)
  expect(together(NODE, GO)).toBe(1)
  expect(together(GO, PYTHON)).toBe(1)
  expect(together(PYTHON, GO)).toBe(1)
})

test('with one key they exclude each other; with their default names they do not', () => {
  expect(together(NODE, PYTHON)).toBe(0)
  expect(together(PYTHON, NODE)).toBe(0)
  expect(together(PYTHON, PYTHON)).toBe(0)
  // python-etcd3 puts /locks/ before the name.
  expect(together(NODE, PYTHON.replace('lock /job', 'lock /locks/job'))).toBe(1)
})

// jetcd LockImpl.java at 2fac4da: the server's Lock service, which runs Go's Mutex.
test('the server’s Lock service and Go’s Mutex exclude each other, and neither excludes node’s lock', () => {
  const jetcd = GO.replace('lock /job', 'held = server lock /job')
  expect(together(GO, jetcd)).toBe(0)
  expect(together(jetcd, GO)).toBe(0)
  expect(together(jetcd, NODE)).toBe(1)
})

test('the words: a TTL of the library, a lease in a part, and mistakes with their place', () => {
  const events = played({ n: 'won = node lock /job ttl 7 / put /x $won.lease / drop won.lease' })
  expect(putsBy(events)).toEqual(['/job', '/x'])
  const wrong = (line: string): void => {
    expect(() => parseScenario(`program p\n${line}\nend`)).toThrow()
  }
  wrong('won = node unlock /job')
  wrong('node lock')
  wrong('python lock /job ttl soon')
  wrong('python lock /job with lease')
})

// etcd3/watch.py at 184d0b9: _run hands the error of a broken stream to each callback, and
// etcd3/locks.py treats it as an event. add_callback raises the error of a watch not made.
test('python: a broken stream wakes its waiter, which grants another lease', () => {
  const holder = 'won = node lock /job / sleep 50s'
  const waiter = 'won = python lock /job / write won-$won'
  const events = played({ n: holder, p: waiter }, 'until 2\nreset p\nuntil 60')
  expect(askedBy(events, 'p').filter((type) => type === 'LeaseGrant')).toHaveLength(3)
  expect(timesOf(events, 'takes won-')).toHaveLength(1)
  // Its program continues with nothing where it has no line for the error.
  const down = played({ n: holder, p: waiter }, 'until 2\ncrash m1\nuntil 60')
  expect(timesOf(down, 'takes won-')).toEqual([])
  expect(down.find((event) => event.type === 'program-ended')).toMatchObject({ failed: true })
})

// The same: a wait by hand ends with the error, while clientv3 opens another stream.
test('a wait of python ends with the error of its stream, and a wait of Go continues', () => {
  const wait = 'get /x / wait /x changed or goto broken / stop / broken: / write broken'
  const events = (client: string) =>
    played({ [client]: wait }, `until 2\nreset ${client}\nuntil 3\n$ etcdctl put /x 1\nuntil 9`)
  expect(timesOf(events('p'), 'takes broken')).toHaveLength(1)
  expect(timesOf(events('g'), 'takes broken')).toEqual([])
})

test('a run with locks of every library is saved and loaded at each step', () => {
  const { recording } = playScenario(
    parseScenario(
      [
        'config seed=1',
        'n uses node-etcd3',
        'p uses none',
        ...['n', 'p'].flatMap((client) => [
          `program of-${client}`,
          ...(client === 'n' ? NODE : PYTHON).replace('leave', 'leave / again:').split(' / '),
          client === 'n' ? 'node unlock /job' : 'python unlock /job',
          'end',
        ]),
        'n runs of-n',
        'until 0.5',
        'p runs of-p',
        'until 1',
        'reset n',
        'until 2',
        'reset p',
        'until 30',
      ].join('\n'),
    ),
  )
  const sim = new Simulation(recording.config, recording.seed, () => undefined)
  let copy = Simulation.load(JSON.parse(JSON.stringify(sim.save())), () => undefined)
  let next = 0
  for (let at = 0; at <= 12_000; at += 100) {
    for (; next < recording.commands.length && recording.commands[next]!.at <= at; next++) {
      const { at: when, ...command } = recording.commands[next]!
      for (const each of [sim, copy]) {
        each.advance(when)
        each.submit(command)
      }
    }
    sim.advance(at)
    copy.advance(at)
    expect(fingerprint(copy.save())).toBe(fingerprint(sim.save()))
    copy = Simulation.load(JSON.parse(JSON.stringify(copy.save())), () => undefined)
  }
})
