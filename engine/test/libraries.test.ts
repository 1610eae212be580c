// How each client library keeps leases alive and gives them up. The times are calculated from the
// library's source, named at each test, and not from the engine.

import { expect, test } from 'vitest'
import { errors } from '../base/errors'
import type { Library } from '../base/libraries'
import { LIBRARIES } from '../base/libraries'
import type { TraceEvent } from '../base/trace'
import { clientViews } from '../query/clients'
import { Ledger } from '../query/ledger'
import type { ClientView } from '../query/rows'
import { checkRecording } from '../replay/check-recording'
import { Timeline } from '../replay/timeline'
import { validRecording } from '../replay/validate'
import { parseScenario, playScenario } from '../scenario/scenario'
import { fingerprint } from '../sim/fingerprint'
import type { Recording } from '../sim/recording'
import { Simulation } from '../sim/simulation'
import { timesOf } from './times'

/**
 * One member with links of 1 ms. The client is granted its lease at 0.002 and receives the first
 * renewal at 0.004.
 */
function played(
  library: Library,
  script: string,
): { events: readonly TraceEvent[]; recording: Recording } {
  return playScenario(parseScenario(`config seed=1\nsvc uses ${library}\n${script}`))
}

/** The client as the page shows it. */
function viewAt(recording: Recording, at: number): ClientView {
  const timeline = new Timeline(recording)
  timeline.seek({ at })
  const ledger = new Ledger()
  ledger.follow(timeline.trace)
  return clientViews({ sim: timeline.sim, ledger, last: timeline.lastEvent })[0]!
}

const SESSION = 'svc session ttl=6'
const first = (events: readonly TraceEvent[], condition: string): number | undefined =>
  timesOf(events, condition)[0]
/** Libraries that renew by themselves, and so notice silence. */
const KEEPING = LIBRARIES.filter((library) => library !== 'none')
/** When the client sent a keep-alive. */
const asked = (events: readonly TraceEvent[]): number[] =>
  events.flatMap((event) =>
    event.type === 'request-sent' && event.request.type === 'LeaseKeepAlive' ? [event.at] : [],
  )

// etcd client/v3/lease.go at v3.6.5: sendKeepAliveLoop, deadlineLoop.
test('clientv3 renews after a third of the TTL, and checks for silence once a second', () => {
  const { events } = played('clientv3', `${SESSION}\nuntil 7\npause m1\nuntil 30`)
  expect(asked(events).slice(0, 4)).toEqual([2, 2 + 4 * 501, 2 + 8 * 501, 2 + 12 * 501])
  // The last answer is of 6.016 s: 12.016 s is past at the turn of 12.014 + 1.001 s.
  expect(first(events, 'svc gives up L1')).toBe(2 + 13 * 1001)
})

// etcd etcdctl/ctlv3/ctl.go at v3.6.5: --dial-timeout 2s, --keepalive-time 2s, --keepalive-timeout
// 6s.
test('etcdctl waits 3 s for the first answer, and its pings find a silent member', () => {
  const first3 = played('etcdctl', `${SESSION}\nuntil 0.002\npause m1\nuntil 30`)
  expect(first(first3.events, 'svc gives up L1')).toBe(2 + 3 * 1001)
  const pinging = played(
    'etcdctl',
    'config members=3 endpoints=all\nsvc session ttl=60\nuntil 1\npause m1\nuntil 60',
  )
  const plain = played(
    'clientv3',
    'config members=3 endpoints=all\nsvc session ttl=60\nuntil 1\npause m1\nuntil 60',
  )
  const broken = ({ events }: typeof plain): number =>
    events.filter(({ type }) => type === 'connection-broken').length
  expect([broken(pinging) > 0, broken(plain) > 0]).toEqual([true, false])
})

// etcd-io/jetcd jetcd-core/src/main/java/io/etcd/jetcd/impl/LeaseImpl.java at 05f92e0:
// writeHandler, handleResponse, DeadLine.
test('jetcd checks every 500 ms for renewals due after a third of the TTL, and every second for silence', () => {
  const { events } = played('jetcd', `${SESSION}\nuntil 7\npause m1\nuntil 30`)
  // The answer of 0.004 is due again at 2.004, after the turn of 2.002.
  expect(asked(events).slice(0, 3)).toEqual([2, 2502, 5002])
  // Without an answer it sends a request at every turn.
  expect(asked(events).slice(3, 6)).toEqual([7502, 8002, 8502])
  // The last answer is of 5.004: 11.004 is past at the turn of 11.002 + 1 s.
  expect(first(events, 'svc gives up L1')).toBe(12_002)
  // onCompleted, and never again.
  expect(asked(events).filter((at) => at > 12_002)).toEqual([])
})

// ClientBuilder.java at 94788f6: keepaliveTimeout is 10 s unless it is set, and LeaseImpl takes it
// for the first answer.
test('jetcd waits 10 s for the first answer', () => {
  const { events } = played('jetcd', `svc session ttl=60\nuntil 0.002\npause m1\nuntil 30`)
  expect(first(events, 'svc gives up L1')).toBe(11_002)
})

// LeaseImpl.java at 05f92e0: handleException.
test('jetcd opens a broken stream again after half a second', () => {
  const { events } = played('jetcd', 'svc session ttl=60\nuntil 5\nreset svc\nuntil 21')
  const broken = events.find(({ type }) => type === 'connection-broken')!.at
  expect(asked(events)).toHaveLength(2)
  expect((asked(events)[1]! - broken - 500) % 500).toBe(0)
})

// LeaseImpl.java at 05f92e0: System.currentTimeMillis().
test('a changed wall clock ends the keep-alive of jetcd or stops it, and clientv3 does not notice', () => {
  const set = (library: Library, seconds: number): readonly TraceEvent[] =>
    played(
      library,
      `svc session ttl=10\nuntil 6\nclock svc ${seconds > 0 ? '+' : ''}${seconds}s\nuntil 60`,
    ).events
  expect(first(set('jetcd', 11), 'svc gives up L1')).toBe(6002)
  // 3.504 + 10 s is over at 13.504 by the clock, that is at 8.504.
  expect(first(set('jetcd', 5), 'svc gives up L1')).toBeUndefined()
  expect(asked(set('jetcd', 5)).slice(0, 4)).toEqual([2, 3502, 6002, 9502])
  expect(asked(set('jetcd', -8)).slice(0, 3)).toEqual([2, 3502, 15_002])
  expect(first(set('jetcd', -8), 'L1 ends')).toBeLessThan(14_100)
  for (const seconds of [11, -60])
    expect(asked(set('clientv3', seconds))).toEqual(asked(set('clientv3', 1)))
})

test('a keep-alive that a changed clock stops is not a breach after a heal', () => {
  const { recording } = played(
    'jetcd',
    'svc session ttl=10\nuntil 2\npartition svc m1\nuntil 3\nheal\nuntil 60\nclock svc -200s\nuntil 400',
  )
  expect(checkRecording(recording, 400_000).violations).toEqual([])
})

test('the text says that a changed clock ended it, and its cause is the clock', () => {
  const { events } = played('jetcd', 'svc session ttl=10\nuntil 6\nclock svc +20s\nuntil 9')
  const lost = events.find((event) => event.type === 'lease-believed-lost')!
  expect(lost).toMatchObject({ why: 'clock-set' })
  expect(lost.causes.map((id) => events[id - 1]!.type)).toEqual(['clock-set'])
})

// The npm package etcd3 1.1.2, lib/lease.js: keepalive, handleKeepaliveError.
test('node etcd3 renews by its own timer, opens another stream after a TTL of silence, and gives up after two TTLs', () => {
  const { events } = played('node-etcd3', `${SESSION}\nuntil 7\npause m1\nuntil 30`)
  // The last answer is of 6.004. The stream ends at 12.004; the next one at 12.104 ends at 18.104,
  // and at 18.204 more than 12 s are over.
  expect(asked(events)).toEqual([2, 2002, 4002, 6002, 8002, 10_002, 12_002, 12_104, 14_104, 16_104])
  expect(first(events, 'svc gives up L1')).toBe(18_204)
})

// The same: every error but "lease not found" opens another stream 100 ms later.
test('node etcd3 opens a broken stream again after 100 ms', () => {
  const { events } = played('node-etcd3', 'svc session ttl=60\nuntil 5\nreset svc\nuntil 21')
  const broken = events.find(({ type }) => type === 'connection-broken')!.at
  expect(asked(events)[1]).toBe(broken + 100)
})

// The same: lastKeepAlive is Date.now(), and is read only when a stream is opened.
test('a changed clock ends node etcd3 only if its stream breaks, and a clock set back makes it give up later', () => {
  const after = (seconds: number, then: string): readonly TraceEvent[] =>
    played(
      'node-etcd3',
      `${SESSION}\nuntil 7\nclock svc ${seconds > 0 ? '+' : ''}${seconds}s\n${then}\nuntil 60`,
    ).events
  expect(first(after(20, 'until 7.5'), 'svc gives up L1')).toBeUndefined()
  const broken = after(20, 'reset svc')
  expect(first(broken, 'svc gives up L1')).toBe(7100)
  expect(broken.find((event) => event.type === 'lease-believed-lost')).toMatchObject({
    why: 'clock-set',
  })
  // Two TTLs and 20 s after the last answer is 38.004. Streams are opened each 6.1 s from 12.104
  // on.
  expect(first(after(-20, 'pause m1'), 'svc gives up L1')).toBe(12_104 + 5 * 6100)
})

// etcd3 1.1.2, lib/lease.js: keepalive opens a stream for each Lease, and a debounce of its own TTL
// ends it.
test('node etcd3: each lease has its own stream, and only the silent one moves to another member', () => {
  const { events } = played(
    'node-etcd3',
    [
      'config members=3 endpoints=all',
      'program p',
      'short = grant 3',
      'keep short',
      'long = grant 60',
      'keep long',
      'end',
      'svc runs p',
      'until 1',
      'pause m1',
      'until 30',
    ].join('\n'),
  )
  const rpcs = events.flatMap((event) =>
    event.type === 'request-sent' && event.request.type === 'LeaseKeepAlive'
      ? [{ lease: event.request.ID, rpc: event.rpc, member: event.member }]
      : [],
  )
  const of = (lease: string): typeof rpcs => rpcs.filter((sent) => sent.lease === lease)
  const [short, long] = [...new Set(rpcs.map(({ lease }) => lease))]
  expect(new Set(of(short!).map(({ rpc }) => rpc)).size).toBe(2)
  expect(of(short!).at(-1)!.member).not.toBe('m1')
  expect(timesOf(events, 'L1 ends')).toEqual([])
  // It has not been silent for its 60 s yet.
  expect(new Set(of(long!).map(({ rpc, member }) => `${rpc} ${member}`)).size).toBe(1)
  expect(of(long!)[0]!.member).toBe('m1')
})

/** A program with one line that sends a request while its only member is down. */
function askedWhileDown(library: Library, line: string, then = 'until 60'): readonly TraceEvent[] {
  return played(
    library,
    [
      'program p',
      'get /warm',
      'sleep 2s',
      line,
      'write done',
      'stop',
      'failed:',
      'write failed',
      'end',
      'svc runs p',
      'until 1',
      'crash m1',
      then,
    ].join('\n'),
  ).events
}

// grpc-js 1.8.20, build/src/load-balancing-call.js; grpc/grpc doc/wait-for-ready.md.
test('a call while the only member is down: node and python fail at once, clientv3 and jetcd wait', () => {
  for (const library of LIBRARIES) {
    const events = askedWhileDown(library, 'get /a or goto failed', 'until 5\nrestart m1\nuntil 60')
    const fails = library === 'node-etcd3' || library === 'none'
    expect([library, first(events, 'takes failed') !== undefined]).toEqual([library, fails])
    expect(first(events, `takes ${fails ? 'failed' : 'done'}`)! < 5000).toBe(fails)
  }
})

// etcd3 1.1.2, lib/connection-pool.js: exec; cockatiel 3.1.1, dist/RetryPolicy.js: maxAttempts 3.
test('node etcd3 makes each call four times, also a put; python-etcd3 repeats none', () => {
  const attempts = (library: Library, line: string): number =>
    askedWhileDown(library, `${line} or goto failed`).filter(
      (event) =>
        event.type === 'reply-received' &&
        event.at > 2000 &&
        event.reply.type === 'error' &&
        event.reply.message === errors.NoConnection.message,
    ).length
  expect(attempts('node-etcd3', 'put /a 1')).toBe(4)
  expect(attempts('none', 'put /a 1')).toBe(1)
  expect(attempts('none', 'get /a')).toBe(1)
  expect(attempts('clientv3', 'get /a')).toBe(0)
})

/** The times of a call whose connection breaks during each attempt. */
function resets(library: Library, line: string): number[] {
  const resetAt = [1020, 1540, 2560, 4700]
  const { events } = played(
    library,
    [
      'config latencyMs=20',
      'program p',
      'sleep 1s',
      `${line} or goto failed`,
      'failed:',
      'end',
      'svc runs p',
      ...resetAt.flatMap((at) => [`until ${at / 1000}`, 'reset svc']),
      'until 20',
    ].join('\n'),
  )
  return events.flatMap((event) =>
    event.type === 'request-sent' && event.at > 1000 ? [event.at] : [],
  )
}

// ClientBuilder.java at 94788f6: retryDelay 500, retryMaxDelay 2500; Failsafe's
// RetryPolicyBuilder.java at 0430b39: DEFAULT_MAX_RETRIES 2; KVImpl.java at 05f92e0.
test('jetcd repeats a read after 500 ms and 1 s, then it fails; a put is made once', () => {
  expect(resets('jetcd', 'get /a')).toEqual([1001, 1020 + 500, 1540 + 1000])
  expect(resets('jetcd', 'put /a 1')).toHaveLength(1)
  expect(resets('node-etcd3', 'put /a 1').length).toBeGreaterThan(1)
  // client/v3 v3.6.5 retry.go: isSafeRetryMutableRPC.
  expect(resets('clientv3', 'put /a 1')).toHaveLength(1)
  expect(resets('none', 'get /a')).toHaveLength(1)
})

// lib/lease.js: handleKeepaliveError, and keepalive's check for two TTLs with each new stream.
test('node etcd3: a member that is down ends each stream at once, so it gives up soon after two TTLs', () => {
  const { events } = played('node-etcd3', `${SESSION}\nuntil 5\ncrash m1\nuntil 60`)
  // The last answer is of 4.004.
  const at = first(events, 'svc gives up L1')!
  expect(at).toBeGreaterThan(16_004)
  expect(at).toBeLessThan(18_000)
})

// kragniz/python-etcd3 etcd3/client.py at 00285be: refresh_lease; etcdv3/etcd-client
// src/rpc/lease.rs at 09485fd: neither has a timer.
test('without a keep-alive no component renews or notices, and the client counts from its last answer', () => {
  const { events, recording } = played(
    'none',
    'svc session ttl=6\nuntil 3\nsvc heartbeat on\nuntil 20',
  )
  expect(asked(events)).toEqual([])
  expect(
    events.filter(({ type }) => type === 'heartbeat-started' || type === 'lease-believed-lost'),
  ).toEqual([])
  expect(timesOf(events, 'L1 ends')).toHaveLength(1)
  expect(viewAt(recording, 3000).sessions).toMatchObject([
    { until: 6002, heartbeat: false, holds: true, givesUpAt: null },
  ])
  expect(viewAt(recording, 9000).sessions).toMatchObject([
    { until: 6002, lost: false, holds: false },
  ])
})

test('without a keep-alive, a single renewal by the program counts, and no session ends a wait', () => {
  const program = (...lines: string[]): string =>
    ['program p', ...lines, 'end', 'svc runs p', 'until 20'].join('\n')
  const renewed = played(
    'none',
    program('lease = grant 6', 'keep lease', 'sleep 4s', 'renew lease', 'sleep 4s'),
  )
  expect(asked(renewed.events)).toHaveLength(1)
  expect(viewAt(renewed.recording, 8000).sessions[0]).toMatchObject({
    holds: true,
    until: expect.toSatisfy((at: number) => at > 10_000 && at < 10_200),
  })
  const waits = played(
    'none',
    program(
      'lease = grant 6',
      'keep lease',
      'lead = campaign /job $me while lease',
      'enter /job',
      'leave',
    ),
  )
  expect(waits.events.find(({ type }) => type === 'context-ended')).toBeUndefined()
  expect(waits.events.find((event) => event.type === 'program-ended')).toMatchObject({
    failed: false,
  })
})

// LeaseImpl.java at 05f92e0: handleResponse drops an answer for a lease that it has removed.
test('an answer that comes after a lease was given up does not restore the lease', () => {
  const { events, recording } = played(
    'jetcd',
    'svc session ttl=10\nuntil 6\nclock svc +20s\nuntil 9',
  )
  const answers = events
    .filter((event) => event.type === 'reply-received' && event.reply.type === 'LeaseKeepAlive')
    .map(({ at }) => at)
  expect(answers.at(-1)).toBe(6004)
  expect(viewAt(recording, 9000).sessions).toMatchObject([
    { lost: true, lostHow: 'given-up', givesUpAt: null },
  ])
})

test.each(KEEPING)(
  '%s: an answer that says "the lease is gone" does not change why it was given up',
  (library) => {
    const { recording } = played(
      library,
      `${SESSION}\nuntil 7\npause m1\nuntil 30\nresume m1\nuntil 32`,
    )
    expect(viewAt(recording, 32_000).sessions).toMatchObject([{ lost: true, lostHow: 'given-up' }])
  },
)

test.each(KEEPING)(
  '%s: a client shows its library and when it gives up; it does so then',
  (library) => {
    const { recording, events } = played(library, `${SESSION}\nuntil 7\npause m1\nuntil 30`)
    expect(viewAt(recording, 8000)).toMatchObject({
      library,
      sessions: [{ givesUpAt: first(events, 'svc gives up L1') }],
    })
  },
)

test.each(LIBRARIES)(
  '%s: a run is saved and loaded at every step, and read back from its file',
  (library) => {
    const { recording, events } = played(
      library,
      `${SESSION}\nuntil 3\nclock svc +1s\nuntil 4\npause m1\nuntil 30`,
    )
    expect(validRecording(JSON.parse(JSON.stringify(recording)))).toEqual({
      ok: true,
      value: recording,
    })
    expect(recording.config.libraries).toEqual({ svc: library })
    const sim = new Simulation(recording.config, recording.seed, () => undefined)
    const trace: TraceEvent[] = []
    let copy = Simulation.load(JSON.parse(JSON.stringify(sim.save())), (event) => trace.push(event))
    for (const { at, ...command } of recording.commands) {
      sim.advance(at)
      copy.advance(at)
      copy = Simulation.load(JSON.parse(JSON.stringify(copy.save())), (event) => trace.push(event))
      sim.submit(command)
      copy.submit(command)
    }
    for (let at = 4000; at <= 30_000; at += 250) {
      sim.advance(at)
      copy.advance(at)
      expect(fingerprint(copy.save())).toBe(fingerprint(sim.save()))
      copy = Simulation.load(JSON.parse(JSON.stringify(copy.save())), (event) => trace.push(event))
    }
    expect(timesOf(trace, 'svc gives up L1')).toEqual(timesOf(events, 'svc gives up L1'))
  },
)

test('an unknown library is refused with its place', () => {
  const { recording } = played('jetcd', 'until 1')
  const wrong = { ...recording, config: { ...recording.config, libraries: { svc: 'pigeon' } } }
  expect(validRecording(JSON.parse(JSON.stringify(wrong)))).toMatchObject({
    ok: false,
    reason: expect.stringMatching(/^config\.libraries\.svc: /),
  })
  expect(() => parseScenario('svc uses pigeon')).toThrow('line 1: expected one of clientv3')
})
