import { describe, expect, test } from 'vitest'
import { Timeline } from '../replay/timeline'
import type { Command } from '../sim/command'
import { DEFAULT_CONFIG } from '../sim/command'
import { compare } from './compare'
import { Ledger } from './ledger'
import { why } from './why'

function story(): Timeline {
  const timeline = new Timeline({
    leasescope: 1,
    seed: 1,
    config: { ...DEFAULT_CONFIG, latencyMs: 30 },
    commands: [
      {
        type: 'program',
        client: 'svc',
        program: [
          { op: 'session', ttlSeconds: 10, as: 'lease' },
          { op: 'put', key: '/svc/a', value: 'up', lease: '$lease' },
        ],
        at: 0,
      },
    ],
  })
  timeline.advance(5000)
  return timeline
}

function chain(timeline: Timeline, type: string): string[] {
  const event = timeline.trace.findLast((each) => each.type === type)!
  return why(timeline.trace, event.id)!.reasons.map(({ depth, missing, line }) => `${' '.repeat(depth)}${missing ?? line!.text}`)
}

describe('why', () => {
  test('a key goes with its lease because a heartbeat was stopped', () => {
    const timeline = story()
    const [{ lease } = { lease: '' }] = timeline.sim.clients[0]!.beliefs
    timeline.submit({ type: 'heartbeat', client: 'svc', lease, on: false } as Command)
    timeline.advance(20_000)
    expect(chain(timeline, 'key-deleted')).toEqual([
      'm1 key /svc/a is deleted by lease …6c01 (expired) at revision 3',
      ' m1 lease …6c01 is revoked (expired): 1 key deleted at revision 3',
      '  m1 lease …6c01 has expired (it was due at 13.597): proposes its revoke',
      '   no renewal came after 3.597 s',
      '    svc stops keeping lease …6c01 alive',
      '     > svc stops its heartbeat for lease 6a6c9bf08e006c01',
    ])
  })
  test('a key goes with its lease because the network parted its client, and what was lost is counted', () => {
    const timeline = story()
    timeline.submit({ type: 'fault', fault: { type: 'partition', groups: [['svc'], ['m1']] } })
    timeline.advance(25_000)
    const lines = chain(timeline, 'key-deleted')
    expect(lines[3]).toMatch(/no renewal came after 3.597 s \(\d+ keep-alives were lost\)/)
    expect(lines.join('\n')).toContain('the network falls apart')
    expect(lines.join('\n')).toMatch(/svc to m1 is lost/)
  })
  test('a key is there because a program puts it, without the machinery between', () => {
    const lines = chain(story(), 'key-put')
    expect(lines[0]).toContain('is created')
    expect(lines.at(-1)).toMatch(/^ +> svc/)
    expect(lines.length).toBeLessThan(8)
  })
  test('an event that is not there has no reasons', () => {
    expect(why([], 1)).toBeNull()
  })
})

describe('compare', () => {
  const scene = (timeline: Timeline) => {
    const ledger = new Ledger()
    ledger.follow(timeline.trace)
    return { sim: timeline.sim, ledger, last: timeline.lastEvent }
  }
  test('two futures part at the first thing that happens in one alone, and differ in what it did', () => {
    const here = story()
    const there = here.fork()
    there.submit({ type: 'console', terminal: 't1', text: 'etcdctl put a 1\netcdctl lease grant 60', mode: 'strict' })
    for (const timeline of [here, there]) timeline.advance(8000)
    const view = compare(scene(here), scene(there), { id: 2, name: 'other' })
    expect(view.parting?.there?.text).toContain('etcdctl put a 1')
    expect(view.keys[0]).toEqual({ what: 'a', here: null, there: '1', same: false })
    expect(view.keys[1]).toMatchObject({ what: '/svc/a', same: true })
    expect(view.leases.map(({ same, here: x, there: y }) => [same, x?.ttlSeconds, y?.ttlSeconds])).toEqual([
      [false, undefined, 60],
      [true, 10, 10],
    ])
  })
  test('a fork in which nothing was done has not parted', () => {
    const here = story()
    const view = compare(scene(here), scene(here.fork()), { id: 2, name: 'other' })
    expect(view.parting).toBeNull()
    expect(view.leases.every(({ same }) => same)).toBe(true)
  })
})
