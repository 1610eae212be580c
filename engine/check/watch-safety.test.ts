import { describe, expect, test, vi } from 'vitest'
import type { WatchCreateRequest, WatchEvent, WatchResponse } from '../base/rpc'
import { NO_LEASE } from '../base/rpc'
import type { EventBody, TraceEvent } from '../base/trace'
import { levelOf } from '../base/trace'
import { Client } from '../client/client'
import { DEFAULT_CONFIG } from '../sim/command'
import { Simulation } from '../sim/simulation'
import { Checker } from './checker'
import { WatchSafety } from './watch-safety'

const header = (revision: number) =>
  ({ cluster_id: '1', member_id: '1', revision, raft_term: 2 }) as WatchResponse['header']

/** A run given event by event, with one watch of `a` by client w. */
class GivenRun {
  readonly found: string[] = []
  readonly #safety = new WatchSafety((_property, _members, text) => this.found.push(text))
  readonly #events: WatchEvent[] = []
  #id = 0

  /** `before` lists the revisions where `a` is put before the watch is created. */
  constructor(request: Partial<WatchCreateRequest> = {}, revision = 1, before: number[] = []) {
    for (const each of before) this.put('a', each)
    this.ask(request)
    this.reply({ created: true }, revision)
  }

  ask(request: Partial<WatchCreateRequest> = {}): void {
    this.#see({
      type: 'request-sent',
      client: 'w',
      member: 'm1',
      rpc: 1,
      request: { type: 'WatchCreate', key: 'a', ...request },
    })
  }

  put(key: string, revision: number, value = `${revision}`): void {
    const kv = {
      key,
      value,
      create_revision: revision,
      mod_revision: revision,
      version: 1,
      lease: NO_LEASE,
    }
    this.#events[revision] = { type: 'PUT', kv }
    this.#see({ type: 'key-put', member: 'm1', kv, detachedFrom: NO_LEASE })
  }

  delete(key: string, revision: number): void {
    const kv = {
      key,
      value: '',
      create_revision: 0,
      mod_revision: revision,
      version: 0,
      lease: NO_LEASE,
    }
    this.#events[revision] = { type: 'DELETE', kv }
    this.#see({ type: 'key-deleted', member: 'm1', key, revision, lease: NO_LEASE, end: 'deleted' })
  }

  deliver(...revisions: number[]): void {
    this.reply({ events: revisions.map((revision) => this.#events[revision]!) }, revisions.at(-1)!)
  }

  reply(more: Partial<WatchResponse>, revision: number): void {
    const none = {
      created: false,
      canceled: false,
      compact_revision: 0,
      cancel_reason: '',
      fragment: false,
      events: [],
    }
    const reply = {
      type: 'Watch',
      header: header(revision),
      watch_id: 0,
      ...none,
      ...more,
    } as const
    this.#see({ type: 'reply-received', client: 'w', member: 'm1', rpc: 1, reply })
  }

  #see(body: EventBody): void {
    this.#safety.see({
      ...body,
      id: ++this.#id,
      at: this.#id,
      causes: [],
      level: levelOf(body.type),
    })
  }
}

describe("a subscriber's events", () => {
  test('are all changes of its range, once and in order', () => {
    const run = new GivenRun({ range_end: 'c' })
    run.put('a', 2)
    run.put('x', 3)
    run.delete('b', 4)
    run.put('a', 5)
    run.deliver(2)
    run.deliver(4, 5)
    expect(run.found).toEqual([])
    run.deliver(5)
    expect(run.found).toEqual(['the watch of w on a receives PUT a at revision 5 again'])
  })
  test('may begin with the change at the creation revision, if the watch is resumed before its first change', () => {
    const resumed = (again: boolean): string[] => {
      const run = new GivenRun({}, 2, [2])
      if (again) run.ask({ start_revision: 2 })
      run.put('a', 3)
      run.deliver(2, 3)
      run.deliver(3)
      return run.found
    }
    expect(resumed(true)).toEqual(['the watch of w on a receives PUT a at revision 3 again'])
    expect(resumed(false)).toContain('the watch of w on a receives PUT a at revision 2 again')
  })
  test('have no gap, not even over a resumption', () => {
    const run = new GivenRun()
    for (const revision of [2, 3, 4]) run.put('a', revision)
    run.deliver(2)
    run.ask({ start_revision: 4 })
    run.reply({ created: true }, 4)
    run.deliver(4)
    expect(run.found).toEqual([
      'the watch of w on a receives PUT a at revision 4 before PUT a at revision 3',
    ])
  })
  test('begin at the start revision', () => {
    const run = new GivenRun({ start_revision: 2 }, 9)
    run.put('a', 2)
    run.put('a', 3)
    run.deliver(3)
    expect(run.found).toHaveLength(1)
    const late = new GivenRun({}, 3)
    late.put('a', 4)
    late.deliver(4)
    expect(late.found).toEqual([])
  })
  test('leave out filtered types, and join fragments', () => {
    const run = new GivenRun({ filters: ['NODELETE'] })
    run.put('a', 2)
    run.delete('a', 3)
    run.put('a', 4)
    run.reply({ fragment: true, events: [] }, 4)
    run.deliver(2, 4)
    expect(run.found).toEqual([])
  })
  test('come from the next stream if a break cut off the rest of a response', () => {
    const run = new GivenRun()
    run.put('a', 2)
    const event = {
      type: 'PUT',
      kv: {
        key: 'a',
        value: '2',
        create_revision: 2,
        mod_revision: 2,
        version: 1,
        lease: NO_LEASE,
      },
    } as const
    run.reply({ fragment: true, events: [event] }, 2)
    run.ask({ start_revision: 2 })
    run.reply({ created: true }, 2)
    run.deliver(2)
    expect(run.found).toEqual([])
  })
  test('have the value that was put, and belong to real changes', () => {
    const run = new GivenRun()
    run.put('a', 2)
    const kv = {
      key: 'a',
      value: 'x',
      create_revision: 2,
      mod_revision: 2,
      version: 1,
      lease: NO_LEASE,
    }
    run.reply({ events: [{ type: 'PUT', kv }] }, 2)
    run.reply({ events: [{ type: 'PUT', kv: { ...kv, mod_revision: 7 } }] }, 7)
    expect(run.found).toEqual([
      'the watch of w on a receives PUT a at revision 2 with another value',
      'the watch of w on a receives PUT a at revision 7, which never happened',
    ])
  })
  test('end with a cancellation', () => {
    const run = new GivenRun()
    run.put('a', 2)
    run.reply({ canceled: true, compact_revision: 3 }, 4)
    run.put('a', 5)
    run.deliver(5)
    expect(run.found).toEqual([])
  })
})

test('a watch whose event never arrives is found some time after all faults have ended', () => {
  // A bug: the client drops the event.
  const step = Client.prototype.step
  vi.spyOn(Client.prototype, 'step').mockImplementation(function (
    this: Client,
    input,
    now,
    trace,
    cause,
  ) {
    const isNews =
      input.type === 'reply' && input.reply.type === 'Watch' && input.reply.events.length > 0
    return isNews ? [] : step.call(this, input, now, trace, cause)
  })
  const checker = new Checker()
  const see = (event: TraceEvent): void => {
    if (
      event.type !== 'reply-received' ||
      event.reply.type !== 'Watch' ||
      event.reply.events.length === 0
    )
      checker.see(event)
  }
  const sim = new Simulation({ ...DEFAULT_CONFIG, etcd: '3.6' }, 1, see)
  const advance = (to: number): void => {
    for (; sim.nextAt() <= to; checker.check(sim)) sim.step()
    sim.advance(to)
  }
  sim.submit({
    type: 'program',
    client: 'w',
    program: [{ op: 'watch', request: { type: 'WatchCreate', key: 'k' } }],
  })
  advance(1000)
  sim.submit({ type: 'request', client: 'a', request: { type: 'Put', key: 'k', value: '1' } })
  advance(200_000)
  checker.checkAll(sim)
  vi.restoreAllMocks()
  expect(checker.violations.map(({ property, text }) => [property, text])).toEqual([
    [
      'no watch has a gap',
      'the watch of w on k never received PUT k at revision 2, made at 1.001 s',
    ],
  ])
})
