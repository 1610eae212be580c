// Public reports about clients of etcd, played on the engine: what the report tells, or what the real etcd did when it was tried, happens here too.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { TraceEvent } from '../base/trace'
import { checkRecording } from '../replay/check-recording'
import { parseScenario, runScenario } from '../scenario/scenario'

const FOLDER = join(import.meta.dirname, 'recordings/reports')
/** Milliseconds by which a time may differ from that of a real etcd, and one with a back-off before it. */
const EXACT_MS = 300
const ABOUT_MS = 2500

function eventsOf(name: string): readonly TraceEvent[] {
  const { events, recording } = runScenario(parseScenario(readFileSync(join(FOLDER, `${name}.txt`), 'utf8')))
  expect(checkRecording(recording, events.at(-1)!.at).violations).toEqual([])
  return events
}

const near = (at: number | undefined, wanted: number, byMs = EXACT_MS): void => {
  expect(Math.abs((at ?? Number.POSITIVE_INFINITY) - wanted), `${at} ms is about ${wanted} ms`).toBeLessThanOrEqual(byMs)
}

/** When lines with these words were printed. */
function printed(events: readonly TraceEvent[], words: string): number[] {
  return events.flatMap((event) => (event.type === 'console-output' && event.text.includes(words) ? [event.at] : []))
}

const putsOf = (events: readonly TraceEvent[], key: string): number[] =>
  events.flatMap((event) => (event.type === 'key-put' && event.kv.key === key ? [event.at] : []))

const deletionsOf = (events: readonly TraceEvent[], key: string): number[] =>
  events.flatMap((event) => (event.type === 'key-deleted' && event.key === key ? [event.at] : []))

const reports: Record<string, (events: readonly TraceEvent[]) => void> = {
  'healthy-client-loses-its-key': (events) => {
    const [gone] = deletionsOf(events, 'foob')
    const lost = events.find((event) => event.type === 'lease-believed-lost' && event.client.startsWith('b'))
    near(lost?.at, 7540)
    expect(gone).toBeGreaterThan(lost!.at)
    expect(printed(events, 'fooa').filter((at) => at > 17_000)).toEqual([])
  },
  'silent-member': (events) => {
    near(events.find(({ type }) => type === 'lease-believed-lost')?.at, 21_000)
    near(deletionsOf(events, '/session/querynode')[0], 23_050)
  },
  'never-registers-again': (events) => {
    expect(putsOf(events, '/services/a')).toHaveLength(1)
    expect(deletionsOf(events, '/services/a')).toHaveLength(1)
  },
  'registers-again': (events) => {
    const [, again, ...more] = putsOf(events, '/services/a')
    expect(again).toBeGreaterThan(40_000)
    expect(more).toEqual([])
    expect(deletionsOf(events, '/services/a')).toHaveLength(1)
  },
  'registers-again-after-a-restart': (events) => {
    const again = putsOf(events, '/services/a').at(-1)!
    near(again, 22_500, ABOUT_MS)
    expect(deletionsOf(events, '/services/a').filter((at) => at > again)).toEqual([])
  },
  'one-call-over-a-cut': (events) => {
    near(events.find(({ type }) => type === 'lease-granted')?.at, 7000)
    near(putsOf(events, 'k')[0], 7000)
  },
  'grant-over-a-cut': (events) => {
    near(printed(events, 'granted with TTL(20s)')[0], 3020)
    expect(printed(events, 'found 1 leases')).toHaveLength(1)
  },
  'watch-over-a-cut': (events) => {
    const news = ['1', '2', '3', '4'].flatMap((value) => printed(events, `PUT\nk\n${value}\n`))
    expect(news).toHaveLength(4)
    near(news[1], 4020)
    expect(news[2]).toBeGreaterThan(10_000)
  },
  'watch-over-a-restart': (events) => {
    const news = ['1', '3', '4'].flatMap((value) => printed(events, `PUT\nk\n${value}\n`))
    expect(news).toHaveLength(3)
    near(news[1], 10_020)
  },
}

/** What the engine does otherwise. The list must shrink. */
const notYet: ReadonlySet<string> = new Set(['registers-again-after-a-restart'])

for (const [name, holds] of Object.entries(reports)) {
  const run = notYet.has(name) ? test.fails : test
  run(name, () => holds(eventsOf(name)))
}

test('every report has its test', () => {
  const names = readdirSync(FOLDER).map((file) => file.replace('.txt', ''))
  expect(Object.keys(reports).sort()).toEqual(names.sort())
})
