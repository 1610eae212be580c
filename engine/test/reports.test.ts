// Public reports about clients of etcd, played on the engine: the reported behaviour, or that of a
// real etcd where it was tried, happens here too.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { TraceEvent } from '../base/trace'
import { runScript } from '../cli/run'
import { labView } from '../query/lab'
import { Ledger } from '../query/ledger'
import { checkRecording } from '../replay/check-recording'
import { Timeline } from '../replay/timeline'
import { parseScenario, playScenario } from '../scenario/scenario'
import type { Config } from '../sim/command'
import type { Outcome } from './reports'
import { REPORTS } from './reports'
import { timesOf } from './times'

const FOLDER = join(import.meta.dirname, 'recordings/reports')
/** The tolerance in milliseconds against a real etcd, and with a back-off before. */
const EXACT_MS = 300
const ABOUT_MS = 2500
/** A report without a version holds in each of these. */
const VERSIONS = ['3.4', '3.6'] as const

const read = (file: string): string => readFileSync(join(FOLDER, file), 'utf8')

function eventsOf(name: string, etcd?: Config['etcd']): readonly TraceEvent[] {
  const scenario = parseScenario(read(`${name}.txt`))
  if (etcd !== undefined) scenario.config.etcd = etcd
  const { events, recording } = playScenario(scenario)
  expect(checkRecording(recording, events.at(-1)!.at).violations).toEqual([])
  return events
}

const near = (at: number | undefined, wanted: number, byMs = EXACT_MS): void => {
  expect(
    Math.abs((at ?? Number.POSITIVE_INFINITY) - wanted),
    `${at} ms is about ${wanted} ms`,
  ).toBeLessThanOrEqual(byMs)
}

/** The times at which lines with these words were printed. */
function printed(events: readonly TraceEvent[], words: string): number[] {
  return events.flatMap((event) =>
    event.type === 'console-output' && event.text.includes(words) ? [event.at] : [],
  )
}

const putsOf = (events: readonly TraceEvent[], key: string): number[] =>
  events.flatMap((event) => (event.type === 'key-put' && event.kv.key === key ? [event.at] : []))

const deletionsOf = (events: readonly TraceEvent[], key: string): number[] =>
  events.flatMap((event) => (event.type === 'key-deleted' && event.key === key ? [event.at] : []))

const reports: Record<string, (events: readonly TraceEvent[]) => void> = {
  'healthy-client-loses-its-key': (events) => {
    const [gone] = deletionsOf(events, 'foob')
    const lost = events.find(
      (event) => event.type === 'lease-believed-lost' && event.client.startsWith('b'),
    )
    near(lost?.at, 7540)
    expect(gone).toBeGreaterThan(lost!.at)
    expect(printed(events, 'fooa').filter((at) => at > 17_000)).toEqual([])
  },
  'silent-member': (events) => {
    near(events.find(({ type }) => type === 'lease-believed-lost')?.at, 20_000)
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
    // A real client was answered 16.1 s after its member was killed, with 12 s down. gRPC tries 9.3
    // and 15.8 s after the end.
    near(again, 10_000 + 16_100, ABOUT_MS)
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

for (const [name, agrees] of Object.entries(reports)) test(name, () => agrees(eventsOf(name)))

/** Each time at which the condition holds, in order. */
function holds(
  events: readonly TraceEvent[],
  [condition, seconds, within = EXACT_MS / 1000]: Outcome,
): void {
  const times = timesOf(events, condition).map((at) => at / 1000)
  const rounded = times.map((at, i) =>
    Math.abs(at - (seconds[i] ?? Number.POSITIVE_INFINITY)) <= within ? seconds[i] : at,
  )
  expect(rounded, condition).toEqual(seconds)
}

describe.each(VERSIONS)('as etcd %s', (etcd) => {
  test.each(Object.entries(REPORTS))('%s', (name, outcomes) => {
    const events = eventsOf(name, etcd)
    for (const outcome of outcomes) holds(events, outcome)
  })
})

test.each(['3.5', '3.7'] as const)('zombie-candidate, in etcd %s too', (etcd) => {
  for (const outcome of REPORTS['zombie-candidate']!)
    holds(eventsOf('zombie-candidate', etcd), outcome)
})

describe.each(VERSIONS)('scripts, as etcd %s', (etcd) => {
  const ran = (name: string, members = 1) =>
    runScript(read(`${name}.sh`), { seed: 1, members, guided: false, etcd }).map(
      ({ line, stdout, stderr, exit }) => ({
        line: line.replace(/^etcdctl (--endpoints=\S+ )?/, ''),
        text: (stdout + stderr).trim(),
        exit,
      }),
    )
  const answerTo = (lines: ReturnType<typeof ran>, begin: string) =>
    lines.find(({ line }) => line.startsWith(begin))

  test('too-slow-by-hand: an ID that was copied too slowly belongs to a lease that is gone', () => {
    const lines = ran('too-slow-by-hand')
    expect(answerTo(lines, 'put')).toMatchObject({
      text: 'Error: etcdserver: requested lease not found',
      exit: 1,
    })
    expect(answerTo(lines, 'lease list')).toMatchObject({ text: 'found 0 leases', exit: 0 })
    expect(answerTo(lines, 'lease timetolive')).toMatchObject({
      text: expect.stringMatching(/^lease [0-9a-f]{16} already expired$/),
      exit: 0,
    })
    expect(answerTo(lines, 'lease keep-alive')?.text).toMatch(
      /^lease [0-9a-f]{16} expired or revoked\.$/,
    )
  })
  test('success-on-failure: keep-alive and timetolive of an unknown lease exit with 0', () => {
    const exits = ran('success-on-failure').flatMap(({ line, exit }) =>
      line.startsWith('lease') ? [exit] : [],
    )
    expect(exits.slice(0, 2)).toEqual([0, 0])
    expect(exits.slice(2).every((exit) => exit !== 0)).toBe(true)
  })
  test('member-without-leader: serializable reads are answered', () => {
    const lines = ran('member-without-leader', 3)
    const reads = lines.filter(({ line }) => line.startsWith('get'))
    expect(reads.map(({ text }) => text)).toEqual([
      'Error: context deadline exceeded',
      '/service/db/leader\ndb-1',
    ])
    expect(answerTo(lines, 'lease keep-alive')?.text).toBe('Error: etcdserver: no leader')
    expect(answerTo(lines, 'lease timetolive')?.text).toBe('Error: etcdserver: no leader')
    expect(answerTo(lines, 'lease list')?.text).toMatch(/^found 1 leases\n/)
    expect(answerTo(lines, 'put x')?.text).toBe('Error: context deadline exceeded')
    expect(answerTo(lines, 'endpoint health')).toMatchObject({
      text: expect.stringContaining('32379 is unhealthy'),
      exit: 1,
    })
  })
})

test('the page warns of two libraries that do not exclude each other under one name', () => {
  const { recording } = playScenario(parseScenario(read('node-lock-and-etcdctl-lock.txt')))
  const timeline = new Timeline(recording)
  timeline.advance(2000)
  const ledger = new Ledger()
  ledger.follow(timeline.trace)
  const { locks } = labView({ sim: timeline.sim, ledger, last: timeline.lastEvent })
  expect(locks.find(({ name }) => name === 'mylock2')?.schemes.map(({ keys }) => keys)).toEqual([
    'plain',
    'queue',
  ])
})

test('every report has its source and its test', () => {
  const here = readFileSync(import.meta.filename, 'utf8')
  const files = readdirSync(FOLDER)
  const names = files.map((file) => file.replace(/\.(txt|sh)$/, ''))
  const told = { ...reports, ...REPORTS }
  expect(names.filter((name) => !(name in told) && !here.includes(`ran('${name}'`))).toEqual([])
  expect(Object.keys(told).filter((name) => !names.includes(name))).toEqual([])
  for (const file of files)
    expect(read(file).split('\n')[1], file).toMatch(/^# (https:\/\/\S+(, |$)|seen with )/)
})
