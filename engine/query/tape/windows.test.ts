// The timeline of a lease within a time is the whole run's timeline, cut to that time. Also the
// instants when a lease is counted from its full TTL again.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ClientId } from '../../base/trace'
import { Timeline } from '../../replay/timeline'
import { parseScenario, runScenario } from '../../scenario/scenario'
import { DEFAULT_CONFIG } from '../../sim/command'
import type { Lifetime } from './lifetimes'
import { TapeLedger } from './tape-ledger'

const FOLDER = join(import.meta.dirname, '../../scenario/catalogue')
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'))
/** Windows of a run, of different lengths. */
const WINDOWS = 24

interface Stretch {
  from: number
  to: number
  says: string
}

/** How to read a window of a thing, and the times of its changes. */
interface Read {
  what: string
  setAt: readonly number[]
  read: (from: number, to: number) => Stretch[]
}

const cut = (stretches: readonly Stretch[], from: number, to: number): Stretch[] =>
  stretches
    .filter((stretch) => stretch.to > from && stretch.from < to)
    .map((stretch) => ({
      ...stretch,
      from: Math.max(from, stretch.from),
      to: Math.min(to, stretch.to),
    }))

const threes = (teeth: readonly number[]): Stretch[] =>
  teeth.flatMap((from, i) =>
    i % 3 === 0 ? [{ from, to: teeth[i + 1]!, says: `until ${teeth[i + 2]}` }] : [],
  )

describe.each(names)('%s', (name) => {
  const { recording } = runScenario(parseScenario(readFileSync(join(FOLDER, name), 'utf8')))
  const timeline = new Timeline(recording)
  timeline.advance(Math.min(120_000, (recording.commands.at(-1)?.at ?? 0) + 10_000))
  const ledger = new TapeLedger()
  ledger.follow(timeline.trace)
  const { leases, beliefs } = ledger.lanes
  const lifetimes = leases.tracks as readonly Lifetime[]

  test('a window has the part of the whole in it, and nothing outside', () => {
    const end = timeline.now
    const reads = lifetimes.flatMap((life): Read[] => [
      {
        what: `spans of ${life.label}`,
        setAt: life.setAt,
        read: (from, to) =>
          leases
            .spansOf(life, from, to)
            .map(({ kind, ...span }) => ({ from: span.from, to: span.to, says: kind })),
      },
      {
        what: `teeth of ${life.label}`,
        setAt: life.setAt,
        read: (from, to) => threes(leases.teethOf(life, from, to)),
      },
      ...beliefs.beliefsIn(life.lease).map((belief) => ({
        what: `beliefs of ${belief.client} in ${life.label}`,
        setAt: belief.setAt,
        read: (from: number, to: number) => threes(beliefs.teethOf(belief, from, to)),
      })),
    ])
    for (const { what, setAt, read } of reads) {
      const whole = read(0, end)
      for (let i = 0; i < WINDOWS; i++) {
        const from = Math.floor((end * i) / WINDOWS)
        const to = Math.min(end, from + Math.floor(end / (1 + (i % 5))))
        const window = read(from, to)
        expect({ what, from, to, has: cut(window, from, to) }).toEqual({
          what,
          from,
          to,
          has: cut(whole, from, to),
        })
        // The last value set before the window holds at its beginning. Earlier values, and values
        // after the window, are not read.
        const setBy = (time: number) => setAt.findLast((at) => at <= time) ?? time
        const outside = window.filter(
          (stretch) => setBy(stretch.from) < setBy(from) || setBy(stretch.from) > to,
        )
        expect({ what, from, to, outside }).toEqual({ what, from, to, outside: [] })
      }
    }
  })

  test('a lease counts down from each event that set its deadline to the next one, or to its end', () => {
    for (const life of lifetimes) {
      const told = threes(leases.teethOf(life, 0, timeline.now))
      const counted = life.setAt.flatMap((from, i): Stretch[] => {
        const deadline = life.deadlines[i]!
        const to = Math.min(life.setAt[i + 1] ?? life.to, life.to, deadline)
        return deadline !== Number.POSITIVE_INFINITY && from < to && from <= timeline.now
          ? [{ from, to, says: `until ${deadline}` }]
          : []
      })
      expect({ lease: life.label, told }).toEqual({ lease: life.label, told: counted })
    }
  })

  test('each span of a row begins and ends with an event', () => {
    const times = new Set([...timeline.trace.map(({ at }) => at), Number.POSITIVE_INFINITY])
    const { beliefs: _, ...lanes } = ledger.lanes
    for (const [lane, { tracks }] of Object.entries(lanes)) {
      for (const { id, from, to, spans } of tracks) {
        const odd = [{ from, to }, ...spans].filter(
          (each) => !(times.has(each.from) && times.has(each.to) && each.from <= each.to),
        )
        expect({ lane, id, odd }).toEqual({ lane, id, odd: [] })
      }
    }
  })

  test('a lease is counted from its full TTL again where its deadline changes without a renewal', () => {
    for (const life of lifetimes) {
      const anew = life.marks.filter(({ kind }) => kind === 'recounted').map(({ event }) => event)
      const renewals = new Set(
        life.marks
          .filter(({ kind }) => kind === 'granted' || kind === 'renewed')
          .map(({ event }) => event),
      )
      const changes = life.setBy.filter(
        (event, i) =>
          !renewals.has(event) &&
          life.deadlines[i] !== Number.POSITIVE_INFINITY &&
          life.deadlines[i] !== life.deadlines[i - 1],
      )
      expect({ lease: life.label, anew }).toEqual({ lease: life.label, anew: changes })
    }
  })
})

test('a process of etcdctl that stayed has believed in its lease; a process that only waited for its answer has not', () => {
  const timeline = new Timeline({ leasescope: 1, seed: 1, config: DEFAULT_CONFIG, commands: [] })
  timeline.submit({ type: 'console', terminal: 't1', text: 'etcdctl lock job', mode: 'strict' })
  timeline.advance(2000)
  timeline.submit({ type: 'interrupt', terminal: 't1' })
  timeline.advance(4000)
  timeline.submit({
    type: 'console',
    terminal: 't2',
    text: 'etcdctl lease grant 60',
    mode: 'strict',
  })
  timeline.advance(6000)
  const ledger = new TapeLedger()
  ledger.follow(timeline.trace)
  const [locked, granted] = ledger.lanes.leases.tracks as readonly Lifetime[]
  const believed = (life: Lifetime): [ClientId, boolean][] =>
    ledger.lanes.beliefs
      .beliefsIn(life.lease)
      .map(({ client, from, to }) => [client, to > from && to < timeline.now])
  expect(believed(locked!)).toEqual([[expect.stringContaining('t1#1'), true]])
  expect(believed(granted!)).toEqual([])
})
