// Validates the messages to the worker. An unknown message, or one with wrong fields, is refused
// with a sentence; the run does not change.

import * as v from 'valibot'
import { ETCD_VERSIONS } from '../base/etcd-versions'
import { LANE_NAMES } from '../query/tape/rows'
import {
  validChange,
  validCommand,
  validRecording,
  validRunTree,
  validStops,
  viewSchema,
} from '../replay/validate'
import { LONGEST_WORDS } from '../sim/stops'
import { LEADER_TROUBLES } from '../text/my-lock'
import type { ToWorker } from './protocol'

const finite = v.pipe(v.number('a number'), v.finite('a number'))
const flag = v.boolean('true or false')
const window = {
  from: v.pipe(finite, v.integer()),
  count: v.pipe(finite, v.integer(), v.minValue(0), v.maxValue(10_000)),
}

const place = v.pipe(finite, v.minValue(-1e15), v.maxValue(1e15))
const tape = v.object({
  spacing: v.picklist(['true', 'event']),
  from: place,
  to: place,
  widthPx: v.pipe(finite, v.integer(), v.minValue(1), v.maxValue(10_000)),
  lanes: v.pipe(
    v.array(
      v.object({
        lane: v.picklist(LANE_NAMES),
        from: v.pipe(finite, v.integer(), v.minValue(0)),
        count: v.pipe(finite, v.integer(), v.minValue(0), v.maxValue(200)),
      }),
    ),
    v.maxLength(20),
  ),
  chosen: v.nullable(v.pipe(v.string(), v.maxLength(100))),
})

/** The limits are checked where the run is made. */
const lock = v.object({
  ttlSeconds: finite,
  stallMs: finite,
  stallFromMs: finite,
  leader: v.picklist(LEADER_TROUBLES),
  leaderAtMs: finite,
  roundTripMs: finite,
  etcd: v.picklist(ETCD_VERSIONS),
  checkTokens: flag,
  looks: flag,
})

const needs = v.object({
  ttlSeconds: finite,
  roundTripMs: finite,
  keepAliveMs: v.nullable(finite),
  pauseMs: finite,
  electionMs: finite,
  clients: finite,
  etcd: v.picklist(ETCD_VERSIONS),
})

const plain = v.variant('type', [
  v.object({
    type: v.literal('open-scenario'),
    file: v.pipe(v.string('a scenario file'), v.maxLength(1_000_000)),
    numbers: v.optional(v.pipe(finite, v.integer(), v.minValue(0))),
  }),
  v.object({ type: v.literal('advance'), wallMs: finite }),
  v.object({
    type: v.literal('pace'),
    playing: flag,
    speed: v.optional(finite),
    stopOn: v.optional(v.picklist(['lease-end', 'lease-event'])),
    slow: v.optional(flag),
  }),
  v.object({ type: v.literal('speed'), speed: finite }),
  v.object({
    type: v.literal('step'),
    to: v.picklist(['event', 'lease', 'fault', 'move', 'difference']),
    back: flag,
  }),
  v.object({ type: v.literal('step-stop'), back: flag }),
  v.object({ type: v.literal('seek-stop'), stop: v.pipe(finite, v.integer(), v.minValue(0)) }),
  v.object({ type: v.literal('seek'), at: v.pipe(finite, v.maxValue(Number.MAX_SAFE_INTEGER)) }),
  v.object({ type: v.literal('seek-event'), id: finite }),
  v.object({
    type: v.literal('interest'),
    interest: v.object({
      leases: v.object({
        ...window,
        sort: v.picklist(['remaining', 'id', 'granted']),
        around: v.optional(v.pipe(finite, v.integer())),
      }),
      keys: v.object(window),
      log: v.object({
        from: v.union([window.from, v.literal('tail')]),
        count: window.count,
        only: v.optional(v.literal('lease')),
      }),
      spacetime: v.optional(
        v.object({ columns: v.pipe(finite, v.integer(), v.minValue(2)), all: v.optional(flag) }),
      ),
      lab: v.optional(flag),
      cells: v.optional(flag),
      lecture: v.optional(flag),
      stops: v.optional(v.picklist(['read', 'write'])),
      moves: v.optional(v.picklist(['ticks', 'members'])),
      tape: v.optional(tape),
      heap: v.optional(v.object({ lease: v.nullable(v.pipe(v.string(), v.maxLength(100))) })),
      growth: v.optional(flag),
    }),
  }),
  v.object({
    type: v.literal('branch'),
    op: v.variant('type', [
      v.object({ type: v.picklist(['switch', 'delete']), id: finite }),
      v.object({
        type: v.literal('rename'),
        id: finite,
        name: v.pipe(v.string('a name'), v.maxLength(200)),
      }),
    ]),
  }),
  v.object({ type: v.literal('why'), event: v.nullable(finite) }),
  v.object({ type: v.literal('compare'), with: v.nullable(finite) }),
  v.object({
    type: v.picklist(['undo', 'redo', 'export-tree', 'show-solution', 'try', 'end-try']),
  }),
  v.object({ type: v.literal('step-client'), client: v.pipe(v.string(), v.maxLength(64)) }),
  v.object({
    type: v.literal('answer'),
    stop: v.pipe(finite, v.integer()),
    answer: v.nullable(v.union([finite, v.pipe(v.string(), v.maxLength(LONGEST_WORDS))])),
  }),
  v.object({ type: v.literal('leave-out'), stop: v.pipe(finite, v.integer()) }),
  v.object({ type: v.literal('export') }),
  v.object({ type: v.literal('picture'), name: v.string('a name'), file: v.string('text') }),
  v.object({ type: v.literal('figure-ttl'), needs }),
  v.object({
    type: v.literal('try-lock'),
    lock,
    file: v.optional(v.pipe(v.string('text'), v.maxLength(1_000_000))),
  }),
  v.object({
    type: v.literal('open-shared'),
    text: v.string('text'),
    form: v.picklist(['json', 'plain']),
  }),
  v.object({
    type: v.literal('share'),
    form: v.picklist(['link', 'file', 'trace', 'etcdctl']),
    view: viewSchema,
  }),
])

const withCommand = v.object({ command: v.unknown(), hold: v.optional(flag) })
const withRecording = v.object({
  recording: v.unknown(),
  at: v.pipe(finite, v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER)),
})

export type Accepted = { ok: true; message: ToWorker } | { ok: false; reason: string }

/** A valid message, or the reason for its refusal. */
export function accept(data: unknown): Accepted {
  const type = typeof data === 'object' && data !== null && 'type' in data ? String(data.type) : ''
  if (type === 'command') {
    const outer = v.safeParse(withCommand, data)
    if (!outer.success) return refuse(type, outer.issues[0].message)
    const command = validCommand(outer.output.command)
    if (!command.ok) return refuse(type, command.reason)
    return {
      ok: true,
      message: {
        type,
        command: command.value,
        ...(outer.output.hold === undefined ? {} : { hold: outer.output.hold }),
      },
    }
  }
  if (type === 'open') {
    const outer = v.safeParse(withRecording, data)
    if (!outer.success) return refuse(type, outer.issues[0].message)
    const recording = validRecording(outer.output.recording)
    return recording.ok
      ? { ok: true, message: { type, recording: recording.value, at: outer.output.at } }
      : refuse(type, recording.reason)
  }
  if (type === 'open-tree') {
    const tree = validRunTree((data as { tree?: unknown }).tree)
    return tree.ok ? { ok: true, message: { type, tree: tree.value } } : refuse(type, tree.reason)
  }
  if (type === 'stops') {
    const stops = validStops((data as { stops?: unknown }).stops)
    return stops.ok
      ? { ok: true, message: { type, stops: stops.value } }
      : refuse(type, stops.reason)
  }
  if (type === 'vary') {
    const { change, beside = false } = data as { change?: unknown; beside?: unknown }
    const valid = validChange(change)
    if (!valid.ok) return refuse(type, valid.reason)
    return {
      ok: true,
      message: {
        type,
        change: valid.value,
        ...(beside === true || beside === 'stay' ? { beside } : {}),
      },
    }
  }
  const result = v.safeParse(plain, data, { abortEarly: true })
  if (result.success) return { ok: true, message: result.output as ToWorker }
  const [issue] = result.issues
  return refuse(type, `${v.getDotPath(issue) ?? 'type'}: ${issue.message}`)
}

function refuse(type: string, reason: string): Accepted {
  return { ok: false, reason: type === '' ? 'a message without a type' : `${type}: ${reason}` }
}
