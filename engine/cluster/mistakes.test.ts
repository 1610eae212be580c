// Mistakes of a test, above all in plain JavaScript, end at once with a sentence.

import { describe, expect, test } from 'vitest'
import { Cluster, Code, Election, Mutex, Session } from '../index'

/** The values of plain JavaScript, which TypeScript would refuse. */
// biome-ignore lint/suspicious/noExplicitAny: no type is checked in plain JavaScript
const wrong = (value: unknown): any => value

describe('time', () => {
  test.each([
    ['a promise', async () => false],
    ['undefined', () => undefined],
    ['a value of type object', () => ({})],
  ])('a predicate that returns %s is refused', (got, predicate) => {
    const etcd = new Cluster()
    const words = `expected a predicate that returns true or false, got ${got}`
    expect(() => etcd.until(wrong(predicate))).toThrow(new RegExp(`^until: ${words}`))
    expect(() => etcd.advanceTo(wrong(predicate))).toThrow(new RegExp(`^advanceTo: ${words}`))
    expect(etcd.until(() => true)).toBe(undefined)
  })

  test('a span of more than 30 days is refused', () => {
    const etcd = new Cluster()
    const words = 'expected at most 30 days (2592000000 ms), got 1000000000000'
    expect(() => etcd.advance(1e12)).toThrow(words)
    expect(() => etcd.advanceTo('lease-expired', 1e12)).toThrow(words)
    expect(() => etcd.until(() => false, 1e12)).toThrow(words)
    expect(() => new Cluster({ timeoutMs: 1e12 })).toThrow(`timeoutMs: ${words}`)
    expect(etcd.now).toBe(0)
  })

  test('a timeout below 0 is refused', () => {
    const words = 'timeoutMs: expected whole milliseconds from 0 on, got -1'
    expect(() => new Cluster({ timeoutMs: -1 })).toThrow(words)
    expect(() => new Cluster().client('a', { timeoutMs: -1 })).toThrow(words)
  })
})

test('a client keeps its member', () => {
  const etcd = new Cluster({ members: 3 })
  expect(etcd.client('q', { member: 'm1' }).member).toBe('m1')
  expect(() => etcd.client('q', { member: 'm2' })).toThrow(
    'client q calls m1, and cannot call m2 as well: give another client another name',
  )
  expect(etcd.client('q').member).toBe('m1')
  expect(() => etcd.client('you', { member: 'm2' })).toThrow('client you calls the first member')
})

const PUT = { type: 'Put', key: 'a' }
const CRASH = { type: 'crash', member: 'm1' }

describe('values', () => {
  test.each<[string, (etcd: Cluster) => unknown]>([
    ['Put.value: expected text (got 1)', (etcd) => etcd.put('a', wrong(1))],
    ['Put.key: expected text (got 1)', (etcd) => etcd.put(wrong(1), 'a')],
    ['get: expected a text as key', (etcd) => etcd.get(wrong(undefined))],
    ['true or false as prefix', (etcd) => etcd.delete('a', { prefix: wrong('yes') })],
    ['Put.vale: this field is not known', (etcd) => etcd.call(wrong({ ...PUT, vale: '' }))],
    ['fault.membr: this field is not known', (etcd) => etcd.fault(wrong({ ...CRASH, membr: '' }))],
    ['Range.limit: expected a whole number', (etcd) => etcd.get('a', { limit: 1.5 })],
  ])('%s', (message, call) => {
    const etcd = new Cluster()
    expect(() => call(etcd)).toThrow(TypeError)
    expect(() => call(etcd)).toThrow(message)
    expect(etcd.toJSON().commands).toEqual([])
  })

  test('a value that is too long has the error of gRPC', () => {
    const value = 'x'.repeat(5 * 1024 * 1024)
    expect(() => new Cluster().put('a', value)).toThrow('grpc: received message larger than max')
  })
})

describe('options', () => {
  const known = 'there are lease, prev_kv, ignore_value and ignore_lease'
  test.each<[string, (etcd: Cluster) => unknown]>([
    ['get: there is no option prefx; there are prefix', (e) => e.get('a', wrong({ prefx: true }))],
    ['get: there is no option key', (e) => e.get('a', wrong({ key: 'b' }))],
    ['delete: there is no option prefx', (e) => e.delete('a', wrong({ prefx: true }))],
    ['watch: there is no option revision', (e) => e.watch('a', wrong({ revision: 1 }))],
    [`put: there is no option leese; ${known}`, (e) => e.put('a', '1', wrong({ leese: 1 }))],
    ['put: expected options as an object', (e) => e.put('a', '1', wrong('00000000000000ff'))],
    ['grant: there is no option id; there is ID', (e) => e.grant(5, wrong({ id: 1 }))],
    ['timeToLive: there is no option key', (e) => e.timeToLive(e.grant(5).ID, wrong({ key: 1 }))],
    ['client: there is no option membr', (e) => e.client('a', wrong({ membr: 'm1' }))],
    ['call: there is no option ms', (e) => e.call({ type: 'Status' }, wrong({ ms: 1 }))],
    ['Session: there is no option TTL', (e) => new Session(e.client('a'), wrong({ TTL: 5 }))],
  ])('%s', (message, call) => {
    const etcd = new Cluster()
    expect(() => call(etcd)).toThrow(TypeError)
    expect(() => call(etcd)).toThrow(message)
  })
})

describe('a lease ID', () => {
  const methods: [string, (etcd: Cluster, lease: string) => unknown][] = [
    ['grant', (etcd, ID) => etcd.grant(5, { ID })],
    ['revoke', (etcd, lease) => etcd.revoke(lease)],
    ['timeToLive', (etcd, lease) => etcd.timeToLive(lease)],
    ['keepAliveOnce', (etcd, lease) => etcd.keepAliveOnce(lease)],
    ['keepAlive', (etcd, lease) => etcd.keepAlive(lease)],
    ['put', (etcd, lease) => etcd.put('a', '1', { lease })],
    ['peekLease', (etcd, lease) => etcd.peekLease(lease)],
    ['Session', (etcd, lease) => new Session(etcd.client('a'), { lease })],
  ]
  test.each(methods)('of %s has 16 hex digits', (method, call) => {
    const etcd = new Cluster()
    const expected = `${method}: expected a lease ID of 16 lower-case hex digits, got`
    for (const [lease, got] of [
      ['xyz', '"xyz"'],
      ['', '""'],
      ['00000000000000FF', '"00000000000000FF"'],
      [255, 'a value of type number: leaseId(255) is one'],
      [255n, 'a value of type bigint: leaseId(255) is one'],
      [null, 'null'],
    ]) {
      expect(() => call(etcd, wrong(lease))).toThrow(TypeError)
      expect(() => call(etcd, wrong(lease))).toThrow(`${expected} ${got}`)
    }
  })
})

test('a fault on a client that has made no call says when it joins', () => {
  const etcd = new Cluster()
  const worker = etcd.client('worker')
  const words = 'client worker has made no call yet: a client joins the run with its first call'
  for (const fault of ['pause worker', 'crash worker', 'clock worker 120', 'delay worker-m1 5'])
    expect(() => etcd.fault(fault)).toThrow(words)
  expect(() => etcd.partition(['worker'], ['m1'])).toThrow(words)
  expect(() => etcd.pause('nobody')).toThrow('there is no client nobody')
  worker.get('a')
  etcd.pause('worker')
  expect(() => etcd.crash('m9')).toThrow('there is no member m9')
})

describe('a wait that ends by its deadline', () => {
  const alone = "client b knows only m1 (down); with clientEndpoints: 'all' it switches"
  const wait = (etcd: Cluster, act: (session: Session) => void): unknown => {
    const session = new Session(etcd.client('b'))
    etcd.client('a').put('k', 'v')
    try {
      act(session)
    } catch (error) {
      return error
    }
  }

  test.each<[string, (session: Session) => { wait(ms?: number): void }]>([
    ['lock', (session) => new Mutex(session, '/job').startLock()],
    ['campaign', (session) => new Election(session, '/job').startCampaign('b')],
  ])('of a %s shows the last events, and that no known member runs', (_, start) => {
    const etcd = new Cluster({ members: 3 })
    new Mutex(new Session(etcd.client('holder', { member: 'm2' })), '/job').lock()
    const error = wait(etcd, (session) => {
      const turn = start(session)
      etcd.advance(50)
      etcd.crash('m1')
      turn.wait(30_000)
    })
    expect(error).toMatchObject({
      code: Code.DeadlineExceeded,
      details: 'context deadline exceeded',
      message: expect.stringMatching(
        /^context deadline exceeded after 30 virtual seconds; .+; the last events:\n(.+\n){7}.+$/,
      ),
    })
    expect(error).toMatchObject({ message: expect.stringContaining(alone) })
  })

  test('says nothing of members that run', () => {
    const error = wait(new Cluster({ members: 3 }), (session) => {
      const name = '/job'
      new Mutex(new Session(session.client), name).lock()
      new Mutex(session, name).lock(1000)
    })
    expect(error).toMatchObject({
      message: expect.stringMatching(
        /^context deadline exceeded after 1 virtual seconds; the last events:\n/,
      ),
    })
  })

  test('is a call, and a call whose connection breaks says it too', () => {
    const etcd = new Cluster({ members: 3 })
    const worker = etcd.client('b')
    worker.get('a')
    etcd.crash('m1')
    expect(() => worker.put('a', '1')).toThrow(`transport is closing; ${alone}`)
    expect(() => worker.get('a')).toThrow(alone)
    const reply = worker.try({ type: 'Range', key: 'a' })
    expect(reply).toMatchObject({ type: 'error', message: 'context deadline exceeded' })
  })

  test('names all members if all are down, and the option that binds a client to one', () => {
    const etcd = new Cluster({ members: 3, clientEndpoints: 'all' })
    const bound = etcd.client('bound', { member: 'm2' })
    etcd.crash('m2')
    expect(() => bound.get('a')).toThrow(
      'client bound knows only m2 (down); with the option member left out it switches',
    )
    etcd.crash('m1')
    etcd.pause('m3')
    expect(() => etcd.get('a')).toThrow(
      /client you knows only m1 \(down\), m2 \(down\), m3 \(paused\); the last events/,
    )
  })
})
