import { expect, test } from 'vitest'
import { utf8 } from '../base/bytes'
import type { LeaseId } from '../base/rpc'
import { Timeline } from '../replay/timeline'
import type { Command } from '../sim/command'
import { DEFAULT_CONFIG } from '../sim/command'
import { traceText } from '../text/describe'
import { LeaseNames } from '../text/names'
import { tapeOf } from './lanes'
import { Ledger } from './ledger'
import { movesView } from './moves'
import type { Scene } from './scene'
import { spacetime } from './spacetime'
import { LANE_NAMES } from './tape/rows'
import { TapeLedger } from './tape/tape-ledger'
import { keyRows, leaseRows, logLine } from './views'
import { why } from './why'

const client = 'c\u200bd'
const lease = '0000000000000abc' as LeaseId
const program =
  'lease = grant 30\nkeep lease\ntoken = lock /j\u202eb with lease\nenter /j\u202eb\nok = write v\u2066z with token token\nsleep 60s'

const commands: readonly Command[] = [
  { type: 'request', client, request: { type: 'LeaseGrant', TTL: 60, ID: lease } },
  {
    type: 'request',
    client,
    request: { type: 'Put', key: utf8('\u202eabc'), value: utf8('\u2066y'), lease },
  },
  { type: 'request', client, request: { type: 'Put', key: 'k\xff', value: utf8('z\u200bw\nv') } },
  { type: 'request', client, request: { type: 'Put', key: 'C:\\new', value: '' } },
  { type: 'request', client, request: { type: 'WatchCreate', key: utf8('\u202eabc') } },
  { type: 'script', client: 's\u2067x', source: program },
  {
    type: 'console',
    terminal: 't\u202e1',
    text: "etcdctl get '' --from-key # \u2066",
    mode: 'strict',
  },
  { type: 'fault', fault: { type: 'pause-client', client } },
  { type: 'request', client: 'd\ufeff', request: { type: 'LeaseRevoke', ID: lease } },
]

function played(): Timeline {
  const timeline = new Timeline({
    leasescope: 1,
    seed: 1,
    config: { ...DEFAULT_CONFIG, latencyMs: 30 },
    commands: [],
  })
  for (const command of commands) {
    timeline.submit(command)
    timeline.advance(timeline.now + 500)
  }
  timeline.submit({
    type: 'request',
    client,
    request: { type: 'Put', key: utf8('\u202elate'), value: '' },
  })
  timeline.submit({ type: 'script', client: 's2', source: 'put k v\u2066' })
  return timeline
}

function sceneOf(timeline: Timeline): Scene {
  const ledger = new Ledger()
  ledger.follow(timeline.trace)
  return { sim: timeline.sim, ledger, last: timeline.lastEvent }
}

const hidden = /[\p{C}\p{Zl}\p{Zp}]|\p{Default_Ignorable_Code_Point}/u

function expectSeen(texts: readonly string[]): void {
  expect(texts.filter((text) => hidden.test(text))).toEqual([])
}

const timeline = played()
const scene = sceneOf(timeline)
const names = LeaseNames.of(timeline.trace)

test('no line of a trace and of the log has an invisible character', () => {
  expectSeen(traceText(timeline.trace).split('\n'))
  const lines = timeline.trace.map((event) => logLine(event, names))
  // The output of a command has its own lines.
  expectSeen(
    lines.map(({ type, text }) => (type === 'console-output' ? text.replaceAll('\n', ' ') : text)),
  )
  const texts = lines.map(({ text }) => text)
  expect(texts).toContain('m1 creates key \\u202eabc at revision 2, attached to L1')
  expect(texts).toContain('m1 creates key k\\xff at revision 3')
  expect(texts).toContain('storage takes v\\u2066z from s\\u2067x with token 5')
})

test('no question and no reason has an invisible character', () => {
  const views = timeline.trace.map(({ id }) => why(timeline.trace, id, names)!)
  expectSeen(views.map(({ title }) => title))
  expectSeen(views.flatMap(({ reasons }) => reasons.map(({ missing }) => missing ?? '')))
  expect(views.map(({ title }) => title)).toContain('Why is \\u202eabc deleted?')
})

test('no card of a move has an invisible character', () => {
  const cards = movesView(scene, 'members').groups.flatMap((group) => group.cards)
  expectSeen(cards.map(({ text }) => text))
  expect(cards.map(({ text }) => text)).toEqual(
    expect.arrayContaining(['Put \\u202elate', 'line 1: put k v\\u2066']),
  )
})

test('no label of the timeline has an invisible character, and a row’s ID is the true name', () => {
  const ledger = new TapeLedger()
  ledger.follow(timeline.trace)
  const lanes = LANE_NAMES.map((lane) => ({ lane, from: 0, count: 50 }))
  const tape = tapeOf(
    ledger,
    { spacing: 'true', from: 0, to: timeline.now, widthPx: 1000, lanes, chosen: null },
    timeline.now,
    [],
  )
  const rows = tape.lanes.flatMap((lane) => lane.rows)
  expectSeen(
    rows.flatMap(({ label, spans, marks }) => [
      label,
      ...spans.flatMap(({ texts }) => texts),
      ...marks.flatMap(({ texts }) => texts),
    ]),
  )
  const keys = tape.lanes.find(({ lane }) => lane === 'keys')?.rows ?? []
  expect(keys.map(({ id, label }) => [id, label])).toEqual([
    ['\u202eabc', '\\u202eabc'],
    ['k\udcff', 'k\\xff'],
    ['C:\\new', 'C:\\\\new'],
  ])
})

test('no text of the space-time diagram has an invisible character', () => {
  const { notes, spans, messages } = spacetime(scene, { columns: 200, all: true })
  expectSeen([
    ...notes.flatMap(({ label, text }) => [label, text]),
    ...spans.map(({ text }) => text),
    ...messages.map(({ text }) => text),
  ])
  expect(notes.map(({ label }) => label)).toContain('puts \\u202eabc')
})

test('rows have the true keys and values, byte by byte', () => {
  const { rows } = keyRows(scene, { from: 0, count: 20 })
  expect(rows.find(({ key }) => key === 'k\udcff')?.value).toBe('z\u200bw\nv')
  expect(rows.find(({ key }) => key === '\u202eabc')?.value).toBe('\u2066y')
  expect(
    leaseRows(scene, { from: 0, count: 20, sort: 'id' }).rows.flatMap(({ keys }) => keys),
  ).toContain('\u202eabc')
})
