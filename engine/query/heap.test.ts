import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Timeline } from '../replay/timeline'
import { parseScenario, runScenario } from '../scenario/scenario'
import type { HeapMove, HeapNode, HeapView } from './heap'
import { HEAP_SHOWN, HeapFeed } from './heap'
import { Ledger } from './ledger'

const story = (name: string): string =>
  readFileSync(join(import.meta.dirname, `../scenario/catalogue/${name}.txt`), 'utf8')

class Watched {
  readonly timeline: Timeline
  readonly feed = new HeapFeed()
  readonly ledger = new Ledger()
  constructor(file: string) {
    this.timeline = new Timeline(runScenario(parseScenario(file)).recording)
  }
  view(feed = this.feed, lease: string | null = null): HeapView {
    const { sim, trace, lastEvent: last } = this.timeline
    this.ledger.follow(trace)
    return feed.view(trace, { sim, ledger: this.ledger, last }, lease)
  }
  at(seconds: number): HeapView {
    this.timeline.seek({ at: seconds * 1000 })
    return this.view()
  }
}

const names = (nodes: readonly HeapNode[]): string => nodes.map(({ name }) => name).join(' ')

/** Each state follows from the previous state by its step, as far as both places are drawn. */
function expectSteps({ steps, states }: HeapMove): void {
  expect(states.length).toBe(steps.length + 1)
  for (const [i, step] of steps.entries()) {
    const [before, after] = [
      states[i]!.map(({ name }) => name),
      states[i + 1]!.map(({ name }) => name),
    ]
    if (step.type === 'leaves') {
      if (before.length < HEAP_SHOWN) expect([...after, step.name]).toEqual(before)
      continue
    }
    const { parent, child, up, down } = step
    if (child < HEAP_SHOWN) expect([before[parent], before[child]]).toEqual([down, up])
    if (parent < HEAP_SHOWN) before[parent] = up
    if (child < HEAP_SHOWN) before[child] = down
    expect(after).toEqual(before)
  }
}

// Forty leases, of which many end: entries of revoked leases leave at the root.
const MANY = `config etcd=3.6 seed=2
${Array.from({ length: 40 }, (_, i) => `$ etcdctl lease grant ${2 + ((i * 7) % 23)}`).join('\n')}
until 1
$ etcdctl lease revoke $L3
$ etcdctl lease revoke $L7
until 30
`

describe('the view', () => {
  test.each([
    ['many leases', MANY],
    ['a renewal', story('inside-sift')],
    ['a new leader', story('beat-3-leader-dies')],
  ])('of %s: the steps of each operation lead to the current heap', (_, file) => {
    const watched = new Watched(file)
    const seen = new Set<string>()
    for (
      let steps = 0;
      steps < 600 && watched.timeline.now < 30_000 && watched.timeline.step();
      steps++
    ) {
      const { last, nodes, size } = watched.view()
      expect(nodes.length).toBe(Math.min(size, HEAP_SHOWN))
      if (last === null) continue
      expectSteps(last)
      expect(last.states.at(-1)).toEqual(nodes)
      seen.add(last.type)
    }
    if (file === MANY) expect(seen).toEqual(new Set(['push', 'update', 'pop']))
  })

  test('is the same at a time, whichever way the cursor comes from', () => {
    const watched = new Watched(MANY)
    watched.timeline.advance(30_000)
    const [late, early] = [watched.at(9), watched.at(3)]
    expect(late).not.toEqual(early)
    expect(watched.at(9)).toEqual(late)
    expect(watched.view(new HeapFeed())).toEqual(late)
  })

  test('has the keys of the requested lease, else of the lease at the root', () => {
    const watched = new Watched(story('inside-keys'))
    const { lease } = watched.at(2)
    expect(lease).toMatchObject({ name: 'L1', index: 0, keys: ['/svc/1', '/svc/4'], keyCount: 2 })
    const other = watched.timeline.sim.members[0]!.lessor.leases()[1]!.id
    expect(watched.view(undefined, other).lease).toMatchObject({
      name: 'L2',
      index: 1,
      keys: ['/svc/2'],
    })
    expect(watched.view(undefined, 'ffff').lease).toEqual(lease)
  })

  test('keeps the entry of a revoked lease until a pass finds it at the root', () => {
    const watched = new Watched(story('inside-keys'))
    const at = watched.at(3.1)
    expect([names(at.nodes), at.nodes[0]!.state, at.size, at.gone]).toEqual(['L1 L2', 'gone', 2, 1])
    expect(watched.at(3.4)).toMatchObject({
      size: 1,
      gone: 0,
      last: { type: 'pop', name: 'L1' },
      pass: { looked: 2, due: 0 },
    })
  })

  test('is ordered by a set wall clock before etcd 3.5, also in a view that starts later', () => {
    const run = (etcd: string) => `config etcd=${etcd} seed=1
$ etcdctl lease grant 10
$ etcdctl lease grant 12
until 1
wall-clock m1 5
$ etcdctl lease keep-alive --once $L1
until 2
`
    expect(['3.4', '3.5'].map((etcd) => names(new Watched(run(etcd)).at(2).nodes))).toEqual([
      'L2 L1',
      'L1 L2',
    ])
  })

  test('has no heap while no member counts', () => {
    const watched = new Watched(story('beat-3-leader-dies'))
    expect(watched.at(10.2)).toMatchObject({
      member: null,
      size: 0,
      nodes: [],
      last: null,
      pass: null,
      nextPassAt: null,
    })
    expect(watched.at(12)).toMatchObject({ member: 'm3', size: 1 })
  })
})
