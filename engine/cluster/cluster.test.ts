import { describe, expect, test } from 'vitest'
import { Cluster, Code, Mutex, Session } from '../index'
import { openSharedRun, readSharedRun } from '../replay/shared-run'
import { traceText } from '../text/describe'

/** The lines of the run that a link or a file opens, as far as the cluster had come. */
function replayed(etcd: Cluster, text: string, form: 'plain' | 'json'): string[] {
  const read = readSharedRun(text, form)
  if (!read.ok) throw new Error(read.reason)
  const { timeline } = openSharedRun(read.value)
  expect(timeline.now).toBe(etcd.now)
  // Of the last instant, the page also shows what the cluster has not come to.
  const beyond = timeline.trace.slice(etcd.events.length)
  expect(beyond.filter(({ at }) => at !== etcd.now)).toEqual([])
  return traceText(timeline.trace.slice(0, etcd.events.length)).split('\n').slice(0, -1)
}

const throughLink = (etcd: Cluster) =>
  replayed(etcd, etcd.toLink('http://example.org/x/#old').split('#r1?')[1]!, 'plain')
const throughFile = (etcd: Cluster) => replayed(etcd, JSON.stringify(etcd), 'json')

describe('the run of a test opens on the page as it was', () => {
  test('with leases, keys and a watch', () => {
    const etcd = new Cluster({ seed: 7, etcd: '3.5' })
    const watch = etcd.watch('jobs/', { prefix: true })
    const { ID } = etcd.grant(5)
    etcd.put('jobs/köln', 'grün & <b>', { lease: ID })
    etcd.advanceTo('lease-revoked')
    etcd.advance(1)
    watch.close()
    expect(etcd.toLink('http://example.org/x/#old')).toMatch(
      /^http:\/\/example\.org\/x\/#r1\?seed=7/,
    )
    expect(throughLink(etcd)).toEqual(etcd.trace({ all: true }))
  })

  test('with a lock that changes hands, clients that are killed, and a member that is cut off', () => {
    const etcd = new Cluster({ members: 3, clientEndpoints: 'all' })
    const [a, b] = ['a', 'b'].map((name) => new Session(etcd.client(name), { ttl: 5 }))
    const first = new Mutex(a!, '/job')
    const second = new Mutex(b!, '/job')
    first.lock()
    const turn = second.startLock()
    etcd.partition(['m1'], ['m2', 'm3'])
    etcd.advance(500)
    etcd.crash('a')
    etcd.heal()
    turn.wait()
    expect(second.isOwner).toBe(true)
    expect(throughFile(etcd)).toEqual(etcd.trace({ all: true }))
    expect(throughLink(etcd)).toEqual(etcd.trace({ all: true }))
  })

  test('also in the middle of an instant', () => {
    const etcd = new Cluster({ latencyMs: 0 })
    for (let i = 0; i < 5; i++) etcd.put(`key ${i}`, 'v')
    expect(etcd.now).toBe(0)
    expect(throughLink(etcd)).toEqual(etcd.trace({ all: true }))
  })

  test('a run that is too long for a link is refused, and a file takes it', () => {
    const etcd = new Cluster()
    for (let i = 0; i < 200; i++) etcd.put('a', `${i}`)
    expect(() => etcd.toLink()).toThrow(
      'a run of 200 commands is too long for a link: write JSON.stringify(cluster) to a file, ' +
        'and open it with: npx leasescope open FILE.json',
    )
    expect(throughFile(etcd)).toEqual(etcd.trace({ all: true }))
  })
})

describe('calls', () => {
  test('keys and values are text, in requests, answers, watches and locks', () => {
    const etcd = new Cluster()
    const watch = etcd.watch('städte/', { prefix: true })
    etcd.put('städte/köln', 'grün')
    etcd.advance(10)
    expect(etcd.get('städte/', { prefix: true }).kvs[0]).toMatchObject({
      key: 'städte/köln',
      value: 'grün',
    })
    expect(watch.events[0]?.kv.value).toBe('grün')
    expect(etcd.peek('städte/köln')?.value).toBe('grün')
    const mutex = new Mutex(new Session(etcd.client('a')), 'schloß')
    mutex.lock()
    expect(mutex.key).toMatch(/^schloß\//)
    expect(etcd.get('', { prefix: true }).count).toBe(2)
  })

  test('a call without an answer ends at its deadline, and is cancelled at the member', () => {
    const etcd = new Cluster()
    etcd.pause('m1')
    const stuck = () => etcd.put('a', '1')
    expect(stuck).toThrow(expect.objectContaining({ code: Code.DeadlineExceeded }))
    expect(etcd.now).toBe(120_000)
    expect(etcd.trace().join('\n')).toContain('you cancels its call 1')
  })

  test('a watch that is closed is closed at the member too', () => {
    const etcd = new Cluster()
    const watch = etcd.watch('a')
    watch.close()
    watch.close()
    etcd.advance(10)
    const closed = etcd.events.filter(({ type }) => type === 'stream-closed')
    expect(closed).toMatchObject([{ client: 'you', member: 'm1' }])
    etcd.put('a', '1')
    etcd.advance(1000)
    expect(watch.events).toEqual([])
  })

  test('a client that is paused or down cannot call', () => {
    const etcd = new Cluster()
    const worker = etcd.client('worker')
    worker.get('a')
    etcd.pause('worker')
    expect(() => worker.get('a')).toThrow('client worker is paused: it cannot call')
    expect(() => worker.keepAlive('00000000000000ff')).toThrow('client worker is paused')
    etcd.resume('worker')
    expect(worker.get('a').count).toBe(0)
    etcd.crash('worker')
    expect(() => worker.get('a')).toThrow('client worker is down: it cannot call')
    etcd.restart('worker')
    expect(worker.get('a').count).toBe(0)
  })

  test('a watch continues at another member and misses no event', () => {
    const etcd = new Cluster({ members: 3, clientEndpoints: 'all' })
    const worker = etcd.client('worker')
    const watch = worker.watch('a')
    etcd.put('a', '1')
    etcd.crash('m1')
    etcd.until(() => etcd.leader !== null && etcd.leader !== 'm1')
    etcd.put('a', '2')
    etcd.advance(5000)
    expect(watch.events.map(({ kv }) => kv.value)).toEqual(['1', '2'])
    expect(watch.error).toBe(null)
  })

  test('a watch that the member ends says why', () => {
    const etcd = new Cluster()
    for (const value of ['1', '2', '3']) etcd.put('a', value)
    etcd.call({ type: 'Compact', revision: 3 })
    const watch = etcd.watch('a', { start_revision: 1 })
    etcd.advance(1000)
    expect(watch.error).toMatchObject({
      code: Code.OutOfRange,
      message: 'etcdserver: mvcc: required revision has been compacted',
    })
  })

  test('a TTL that is not a whole number is refused, and the cluster works on', () => {
    const etcd = new Cluster()
    for (const ttl of [Number.NaN, 1.5, Number.POSITIVE_INFINITY])
      expect(() => etcd.grant(ttl)).toThrow('TTL: expected whole seconds')
    expect(etcd.grant(10).TTL).toBe(10)
  })

  test('the error for an unknown name lists the known ones', () => {
    const etcd = new Cluster({ members: 3 })
    expect(() => etcd.client('worker', { member: 'm4' })).toThrow('there are m1, m2, m3')
    expect(() => etcd.client('m2')).toThrow('a client is not named as a member')
    expect(() => etcd.client('x y')).toThrow('a client is named by letters, digits, - and _')
    expect(() => etcd.crash('m4')).toThrow('m4')
    expect(() => etcd.pause('nobody')).toThrow('there is no client nobody')
    expect(() => etcd.fault('burn m1')).toThrow('no fault is called "burn m1"')
  })
})

test('a setting that is not valid is refused with its name', () => {
  expect(() => new Cluster({ members: 2 })).toThrow('config.members: expected 1, 3, 5 or 7')
  expect(() => new Cluster({ lossPercent: 101 })).toThrow('config.lossPercent')
  expect(() => new Cluster({ seed: -1 })).toThrow('seed')
})

describe('time', () => {
  test('advanceTo finds the events of one step one after the other', () => {
    const etcd = new Cluster()
    const { ID } = etcd.grant(10)
    etcd.put('a', '1', { lease: ID })
    const { at } = etcd.advanceTo({ type: 'lease-expired', lease: ID })
    expect(etcd.advanceTo('lease-revoked')).toMatchObject({ at, end: 'expired' })
    expect(etcd.advanceTo((event) => event.type === 'key-deleted').at).toBe(at)
    expect(() => etcd.advanceTo('lease-expired', 60_000)).toThrow(
      /^no lease-expired after 60 virtual seconds; the last events:\n(.+\n)*.*m1 +deletes key a/,
    )
  })

  test('the predicate of until runs after each step and may not act; an error shows the last events', () => {
    const etcd = new Cluster()
    const { ID } = etcd.grant(10)
    etcd.put('a', '1', { lease: ID })
    etcd.until(() => etcd.peek('a') === undefined)
    expect(etcd.now).toBe(etcd.events.find(({ type }) => type === 'key-deleted')?.at)
    expect(() => etcd.until(() => false, 1000)).toThrow(
      'the predicate is still false after 1 virtual seconds; the last events:',
    )
    expect(() => etcd.until(() => etcd.get('a').count === 0)).toThrow(
      'until: the predicate may not act on the cluster; read with peek and events',
    )
    expect(etcd.get('a').count).toBe(0)
  })

  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('%d ms cannot pass', (ms) => {
    expect(() => new Cluster().advance(ms)).toThrow(
      `expected whole milliseconds from 0 on, got ${ms}`,
    )
    expect(() => new Cluster({ timeoutMs: ms }).get('a')).toThrow(RangeError)
  })
})

describe('sessions and locks', () => {
  test('an owner that was paused still believes that it holds the lock', () => {
    const etcd = new Cluster()
    const a = new Mutex(new Session(etcd.client('a'), { ttl: 5 }), '/job')
    const b = new Mutex(new Session(etcd.client('b'), { ttl: 5 }), '/job')
    a.lock()
    etcd.pause('a')
    b.lock()
    etcd.resume('a')
    expect([a.isOwner, b.isOwner]).toEqual([true, true])
    expect(a.revision).toBeLessThan(b.revision)
    etcd.until(() => a.session.isDone)
  })

  test('at its deadline a waiter leaves the queue', () => {
    const etcd = new Cluster()
    const a = new Mutex(new Session(etcd.client('a')), '/job')
    const b = new Mutex(new Session(etcd.client('b')), '/job')
    a.lock()
    expect(() => b.lock(3000)).toThrow('context deadline exceeded')
    expect(etcd.get('/job/', { prefix: true }).count).toBe(1)
    expect(() => b.tryLock()).toThrow('mutex: Locked by another session')
    const turn = b.startLock()
    expect(() => b.unlock()).toThrow("client b waits for this session's last call")
    turn.cancel()
    expect(turn.error).toMatchObject({ code: Code.Canceled })
    a.unlock()
    b.tryLock()
    expect(b.isOwner).toBe(true)
  })

  test('a waiter whose lease ended: 3.4 says that it holds, 3.5 that its session is expired', () => {
    const outcome = (version: '3.4' | '3.5') => {
      const etcd = new Cluster({ etcd: version })
      const a = new Mutex(new Session(etcd.client('a')), '/job')
      const b = new Mutex(new Session(etcd.client('b'), { ttl: 5 }), '/job')
      a.lock()
      const turn = b.startLock()
      etcd.advance(10)
      etcd.revoke(b.session.lease)
      a.unlock()
      etcd.until(() => turn.isOver)
      return turn.error?.message ?? 'held'
    }
    expect(outcome('3.4')).toBe('held')
    expect(outcome('3.5')).toBe('mutex: session is expired')
  })

  test('a crash ends the waits of a client, and its sessions cannot be used', () => {
    const etcd = new Cluster()
    const a = new Mutex(new Session(etcd.client('a')), '/job')
    const session = new Session(etcd.client('b'), { ttl: 5 })
    const b = new Mutex(session, '/job')
    a.lock()
    const turn = b.startLock()
    etcd.advance(10)
    etcd.crash('b')
    expect(() => turn.wait()).toThrow('client crashed')
    etcd.restart('b')
    expect(() => b.lock()).toThrow('client b has crashed: it needs a new session')
    etcd.crash('a')
    expect(a.isOwner).toBe(false)
    new Mutex(new Session(etcd.client('b')), '/job').lock()
  })

  test('closing a session deletes its keys at once', () => {
    const etcd = new Cluster()
    const session = new Session(etcd.client('a'))
    new Mutex(session, '/job').lock()
    session.close()
    expect(session.isDone).toBe(true)
    expect(etcd.peekLease(session.lease)).toBe(undefined)
    expect(etcd.get('/job/', { prefix: true }).count).toBe(0)
  })
})
