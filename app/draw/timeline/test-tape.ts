// Timelines for the drawing tests: rows with few numbers, in the worker's format.

import type { LaneName, MarkKind, SpanKind, Tape, TapeRow } from '../../../engine/worker/protocol'
import type { Colours, Fonts, Pen } from './pen'
import { COLOURS } from './pen'
import { LANES } from './placed'
import { TRUE_AXIS } from './scale'

type Lanes = { [lane in LaneName]?: TapeRow[] }

export function tapeOf(lanes: Lanes, change: Partial<Tape> = {}): Tape {
  return {
    spacing: 'true',
    from: 0,
    to: 100_000,
    axis: TRUE_AXIS,
    place: 0,
    lanes: LANES.map((lane) => ({
      lane,
      total: lanes[lane]?.length ?? 0,
      from: 0,
      rows: lanes[lane] ?? [],
    })),
    many: false,
    live: lanes.leases?.length ?? 0,
    load: null,
    chosen: null,
    ...change,
  }
}

export function row(id: string, change: Partial<TapeRow> = {}): TapeRow {
  return { id, label: id, group: null, from: 0, spans: [], marks: [], lease: null, ...change }
}

export function spans(
  kind: SpanKind,
  ...list: [from: number, to: number, text?: string][]
): TapeRow['spans'][number] {
  const texts = list.map(([, , text]) => text ?? '')
  return {
    kind,
    at: Float64Array.from(list.flatMap(([from, to], i) => [from, to, i + 1])),
    texts: texts.some(Boolean) ? texts : [],
  }
}

export function marks(
  kind: MarkKind,
  ...list: [at: number, text?: string][]
): TapeRow['marks'][number] {
  const texts = list.map(([, text]) => text ?? '')
  return {
    kind,
    at: Float64Array.from(list.flatMap(([at], i) => [at, i + 1, 1])),
    texts: texts.some(Boolean) ? texts : [],
  }
}

/** A lease of ten seconds, renewed at 3.5 s; its client learned that a little later. */
export function lease(id: string, change: Partial<TapeRow> = {}): TapeRow {
  return row(id, {
    spans: [spans('live', [20, 13_500])],
    marks: [marks('granted', [20]), marks('renewed', [3500])],
    from: 20,
    lease: {
      ttlSeconds: 10,
      ended: null,
      key: '/svc/a',
      client: 'svc',
      teeth: Float64Array.of(20, 3500, 10_020, 3500, 13_500, 13_500),
      beliefs: [
        {
          client: 'svc',
          teeth: Float64Array.of(50, 3530, 10_050, 3530, Number.POSITIVE_INFINITY, 13_530),
          wrong: new Float64Array(),
        },
      ],
    },
    ...change,
  })
}

export const colours = Object.fromEntries(COLOURS.map((name) => [name, name])) as Colours
export const fonts: Fonts = { label: 'label', strong: 'strong', number: 'number', mono: 'mono' }
/** Seven pixels a character. */
export const measure = (text: string): number => text.length * 7

/** A pen that records its calls. */
export function writingPen(): { pen: Pen; said: string[] } {
  const said: string[] = []
  const state: Record<string, unknown> = {}
  const pen = new Proxy(state, {
    get: (_, name: string) =>
      name in state
        ? state[name]
        : (...of: unknown[]) => {
            said.push(
              `${name} ${of.map((each) => (typeof each === 'number' ? Math.round(each * 10) / 10 : each)).join(' ')}`,
            )
          },
    set: (_, name: string, value: unknown) => {
      state[name] = value
      said.push(`${name} = ${String(value)}`)
      return true
    },
  }) as unknown as Pen
  return { pen, said }
}
