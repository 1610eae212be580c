// Validates data from outside: a recording from a file or a link, a command from the page. A
// refusal names the place and the expected value. Sizes are limited before the details are read. An
// unknown field is an error, as a missing one is: a recording that means more than it says would
// not repeat.

import * as v from 'valibot'
import { ETCD_VERSIONS } from '../base/etcd-versions'
import { LIBRARIES } from '../base/libraries'
import { parseProgram } from '../client/program/parse'
import { DIFFERENCES } from '../member/versions'
import { LONGEST_DELAY_MS, LONGEST_STEP_S } from '../network/fault'
import type { Command } from '../sim/command'
import type { Recording } from '../sim/recording'
import { RECORDING_VERSION } from '../sim/recording'
import type { Stop } from '../sim/stops'
import { MOST_STOPS } from '../sim/stops'
import { LONGEST_ACTION, MOST_SAVED_ACTIONS } from './actions'
import type { SavedRunTree } from './saved-run-tree'
import type { SharedRun } from './shared-form'
import { requestSchema, watchCreateSchema } from './valid-request'
import {
  bytes,
  flag,
  LONGEST_NAME,
  leaseId,
  leaseRef,
  longText,
  name,
  wholeNumber,
} from './valid-scalars'
import { answersSchema, anyStopsSchema, stopsSchema } from './valid-stops'
import type { Change } from './vary'
import { LAB_PANES, PANELS, SPACINGS, TABS, TIMELINES } from './view'

/**
 * The most commands of a recording, lines of a program, and branches. The limits are far above any
 * lesson and far below what slows the page.
 */
const MOST_COMMANDS = 100_000
const MOST_LINES = 1000
const MOST_BRANCHES = 1000
/** A day more than the longest TTL that etcd grants, in milliseconds. */
const LATEST_MS = 9_000_000_000_000 + 86_400_000

/** Milliseconds, a day at most. */
const pingMs = wholeNumber(0, 86_400_000)
const ttl = wholeNumber(-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
const milliseconds = wholeNumber(0, LATEST_MS)
const machinery = v.picklist(['ticks', 'members'])
const variable = v.pipe(v.string('a name'), v.regex(/^[A-Za-z_]\w*$/, 'a variable name'))
const instruction = v.variant('op', [
  v.strictObject({
    op: v.literal('call'),
    request: requestSchema,
    timeoutMs: v.optional(milliseconds),
    endpoint: v.optional(name),
    carryOn: flag,
  }),
  v.strictObject({ op: v.literal('session'), ttlSeconds: ttl, as: variable, requireLeader: flag }),
  v.strictObject({ op: v.literal('grant'), ttlSeconds: ttl, as: variable }),
  v.strictObject({ op: v.literal('put'), key: bytes, value: bytes, lease: v.optional(leaseRef) }),
  v.strictObject({ op: v.picklist(['get', 'delete']), key: bytes }),
  v.strictObject({ op: v.picklist(['revoke', 'keep-alive']), lease: leaseRef }),
  v.strictObject({ op: v.literal('heartbeat'), lease: leaseRef, on: v.boolean('true or false') }),
  v.strictObject({ op: v.literal('watch'), request: watchCreateSchema }),
  v.strictObject({ op: v.literal('sleep'), ms: milliseconds }),
  v.strictObject({
    op: v.literal('lock'),
    name: bytes,
    ttlSeconds: ttl,
    release: v.boolean('true or false'),
  }),
  v.strictObject({ op: v.literal('campaign'), name: bytes, value: bytes, ttlSeconds: ttl }),
  v.strictObject({ op: v.literal('observe'), name: bytes, ttlSeconds: ttl }),
])

/** A member that joins during the run has the name that its `etcd` line gives it. */
const member = v.pipe(
  v.string('a member'),
  v.maxLength(LONGEST_NAME, `at most ${LONGEST_NAME} characters`),
  v.regex(/^[^\s,]+$/, 'a member: m1, m2 …'),
)
const group = v.pipe(v.array(name), v.maxLength(32))
const link = v.nullable(
  v.strictObject({ from: name, to: name, oneWay: v.optional(v.literal(true)) }),
)
const dial = v.picklist(['delay', 'jitter', 'loss', 'duplicate', 'reorder'])
const messageId = wholeNumber(1, Number.MAX_SAFE_INTEGER)
const fault = v.variant('type', [
  v.strictObject({ type: v.picklist(['crash', 'restart', 'pause', 'resume']), member }),
  v.strictObject({ type: v.literal('partition'), groups: v.pipe(v.array(group), v.maxLength(16)) }),
  v.strictObject({ type: v.literal('heal') }),
  v.strictObject({ type: v.literal('reset'), client: name }),
  v.strictObject({ type: v.literal('stop'), member }),
  v.strictObject({ type: v.literal('disk'), member, ms: wholeNumber(0, LONGEST_DELAY_MS) }),
  v.strictObject({ type: v.literal('member-clock'), member, percent: wholeNumber(10, 1000) }),
  v.strictObject({
    type: v.literal('wall-clock'),
    member,
    seconds: v.pipe(
      wholeNumber(-LONGEST_STEP_S, LONGEST_STEP_S),
      v.notValue(0, 'a number of seconds other than 0'),
    ),
  }),
  v.strictObject({ type: v.literal('cut'), from: group, to: group }),
  v.pipe(
    v.strictObject({
      type: v.literal('link'),
      link,
      dial,
      value: wholeNumber(0, LONGEST_DELAY_MS),
    }),
    v.forward(
      v.check(
        (fault) => fault.value <= 100 || fault.dial === 'delay' || fault.dial === 'jitter',
        'at most 100 percent',
      ),
      ['value'],
    ),
  ),
  v.variant('fate', [
    v.strictObject({
      type: v.literal('message'),
      message: messageId,
      fate: v.picklist(['deliver', 'drop']),
    }),
    v.strictObject({
      type: v.literal('message'),
      message: messageId,
      fate: v.literal('delay'),
      ms: wholeNumber(1, LONGEST_DELAY_MS),
    }),
  ]),
  v.strictObject({
    type: v.picklist(['pause-client', 'resume-client', 'crash-client', 'restart-client']),
    client: name,
  }),
  v.strictObject({ type: v.literal('clock'), client: name, percent: wholeNumber(10, 1000) }),
  v.strictObject({
    type: v.literal('set-clock'),
    client: name,
    ms: wholeNumber(-LONGEST_STEP_S * 1000, LONGEST_STEP_S * 1000),
  }),
])

const source = v.pipe(
  v.string('a program'),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return
    const [mistake] = parseProgram(dataset.value).faults
    if (mistake)
      addIssue({
        message: `a program without mistakes (line ${mistake.line}, column ${mistake.column}: ${mistake.message})`,
      })
  }),
)
const control = v.variant('type', [
  v.strictObject({ type: v.picklist(['hold', 'release', 'step']) }),
  v.strictObject({ type: v.literal('run-to'), line: wholeNumber(1, 10_000) }),
])

const commands = {
  console: {
    type: v.literal('console'),
    terminal: name,
    text: longText,
    mode: v.picklist(['strict', 'guided']),
  },
  interrupt: {
    type: v.literal('interrupt'),
    terminal: name,
    job: v.optional(wholeNumber(1, Number.MAX_SAFE_INTEGER)),
  },
  program: {
    type: v.literal('program'),
    client: name,
    program: v.pipe(v.array(instruction), v.maxLength(MOST_LINES, `at most ${MOST_LINES} lines`)),
  },
  script: { type: v.literal('script'), client: name, source },
  dial: {
    type: v.literal('dial'),
    client: name,
    keepAliveTimeMs: pingMs,
    keepAliveTimeoutMs: pingMs,
  },
  control: { type: v.literal('control'), client: name, control },
  request: {
    type: v.literal('request'),
    client: name,
    request: requestSchema,
    member: v.optional(member),
  },
  cancel: {
    type: v.literal('cancel'),
    client: name,
    rpc: wholeNumber(1, Number.MAX_SAFE_INTEGER),
  },
  'open-stream': {
    type: v.literal('open-stream'),
    client: name,
    stream: name,
    call: v.picklist(['Watch', 'LeaseKeepAlive', 'Observe']),
    member: v.optional(member),
    requiresLeader: flag,
  },
  'send-on-stream': {
    type: v.literal('send-on-stream'),
    client: name,
    stream: name,
    request: requestSchema,
  },
  'close-stream': { type: v.literal('close-stream'), client: name, stream: name },
  fault: { type: v.literal('fault'), fault },
  heartbeat: {
    type: v.literal('heartbeat'),
    client: name,
    lease: leaseId,
    on: v.boolean('true or false'),
  },
  take: {
    type: v.literal('take'),
    move: wholeNumber(1, Number.MAX_SAFE_INTEGER),
    machinery: v.optional(machinery),
  },
  idle: { type: v.literal('idle'), until: milliseconds, machinery, news: flag },
} as const
/** Steps of one instant. */
const steps = wholeNumber(0, Number.MAX_SAFE_INTEGER)
const place = { at: milliseconds, after: v.optional(steps) }

const command = v.variant('type', [
  v.strictObject(commands.console),
  v.strictObject(commands.interrupt),
  v.strictObject(commands.program),
  v.strictObject(commands.request),
  v.strictObject(commands.heartbeat),
  v.strictObject(commands.fault),
  v.strictObject(commands.take),
  v.strictObject(commands.idle),
  v.strictObject(commands.script),
  v.strictObject(commands.control),
  v.strictObject(commands.dial),
  v.strictObject(commands.cancel),
  v.strictObject(commands['open-stream']),
  v.strictObject(commands['send-on-stream']),
  v.strictObject(commands['close-stream']),
])

const config = v.strictObject({
  members: v.picklist([1, 3, 5, 7], '1, 3, 5 or 7'),
  etcd: v.picklist(ETCD_VERSIONS),
  heartbeatMs: wholeNumber(10, 10_000),
  electionMs: wholeNumber(50, 50_000),
  expiryPhaseMs: v.optional(wholeNumber(0, 499)),
  boot: v.picklist(['elected', 'cold']),
  latencyMs: wholeNumber(0, 60_000),
  peerLatencyMs: v.optional(wholeNumber(0, 60_000)),
  jitterMs: v.optional(wholeNumber(0, 60_000)),
  lossPercent: v.optional(wholeNumber(0, 100)),
  duplicatePercent: v.optional(wholeNumber(0, 100)),
  reorderPercent: v.optional(wholeNumber(0, 100)),
  diskMs: v.optional(wholeNumber(0, 60_000)),
  clientEndpoints: v.optional(v.picklist(['first', 'all'])),
  checkpoint: v.optional(v.picklist(['off', 'on', 'persist'])),
  checkpointIntervalMs: v.optional(wholeNumber(1000, LATEST_MS)),
  snapshotCount: v.optional(wholeNumber(1, 1_000_000)),
  catchUpEntries: v.optional(wholeNumber(0, 1_000_000)),
  differences: v.optional(v.strictObject(v.entriesFromList(DIFFERENCES, flag))),
  libraries: v.optional(v.record(name, v.picklist(LIBRARIES))),
  checkTokens: flag,
})

/** A rule of etcd for the whole configuration (embed/config.go: Validate). */
const wholeConfig = v.pipe(
  config,
  v.forward(
    v.check(
      ({ electionMs, heartbeatMs }) => electionMs >= 5 * heartbeatMs,
      'at least 5 times heartbeatMs',
    ),
    ['electionMs'],
  ),
)

/**
 * The version of the engine that made the run. Any version is read: this engine plays the run, and
 * the page says that it may differ.
 */
const engine = v.optional(
  v.pipe(v.string('a version'), v.regex(/^\d{1,4}\.\d{1,4}(\.\d{1,4})?$/, 'a version, as 0.2')),
)

const recording = v.strictObject({
  leasescope: v.literal(RECORDING_VERSION, `version ${RECORDING_VERSION}`),
  engine,
  seed: wholeNumber(0, Number.MAX_SAFE_INTEGER),
  config: wholeConfig,
  commands: v.pipe(
    v.array(
      v.variant('type', [
        v.strictObject({ ...commands.console, ...place }),
        v.strictObject({ ...commands.interrupt, ...place }),
        v.strictObject({ ...commands.program, ...place }),
        v.strictObject({ ...commands.request, ...place }),
        v.strictObject({ ...commands.heartbeat, ...place }),
        v.strictObject({ ...commands.fault, ...place }),
        v.strictObject({ ...commands.take, ...place }),
        v.strictObject({ ...commands.idle, ...place }),
        v.strictObject({ ...commands.script, ...place }),
        v.strictObject({ ...commands.control, ...place }),
        v.strictObject({ ...commands.dial, ...place }),
        v.strictObject({ ...commands.cancel, ...place }),
        v.strictObject({ ...commands['open-stream'], ...place }),
        v.strictObject({ ...commands['send-on-stream'], ...place }),
        v.strictObject({ ...commands['close-stream'], ...place }),
      ]),
    ),
    v.maxLength(MOST_COMMANDS, `at most ${MOST_COMMANDS} commands`),
    v.check(
      (list) => list.every(({ at }, i) => i === 0 || list[i - 1]!.at <= at),
      'commands in the order of their times',
    ),
  ),
  stops: v.optional(stopsSchema),
})

const branch = v.strictObject({
  id: wholeNumber(1, Number.MAX_SAFE_INTEGER),
  name,
  parent: v.nullable(wholeNumber(1, Number.MAX_SAFE_INTEGER)),
  shared: wholeNumber(0, MOST_COMMANDS),
  forkAt: milliseconds,
  seed: recording.entries.seed,
  config: wholeConfig,
  commands: recording.entries.commands,
  end: milliseconds,
})
const keptBranch = v.strictObject({
  ...branch.entries,
  deleted: v.optional(flag),
  provisional: v.optional(flag),
})
const branchId = branch.entries.id
const position = v.strictObject({
  branch: branchId,
  step: wholeNumber(0, Number.MAX_SAFE_INTEGER),
  at: milliseconds,
})
const actionText = v.pipe(
  v.string('text'),
  v.maxLength(LONGEST_ACTION, `at most ${LONGEST_ACTION} characters`),
)
const branchName = v.pipe(
  v.string('a name'),
  v.maxLength(LONGEST_ACTION, `at most ${LONGEST_ACTION} characters`),
)
const action = v.variant('type', [
  v.strictObject({ type: v.literal('moved'), text: actionText, before: position, after: position }),
  v.strictObject({ type: v.literal('deleted'), text: actionText, branch: branchId }),
  v.strictObject({
    type: v.literal('renamed'),
    text: actionText,
    branch: branchId,
    from: branchName,
    to: branchName,
  }),
  v.strictObject({
    type: v.literal('stops'),
    text: actionText,
    at: wholeNumber(0, MOST_STOPS),
    before: anyStopsSchema,
    after: anyStopsSchema,
  }),
])
const actions = v.strictObject({
  list: v.pipe(
    v.array(action),
    v.maxLength(MOST_SAVED_ACTIONS, `at most ${MOST_SAVED_ACTIONS} actions`),
  ),
  done: wholeNumber(0, MOST_SAVED_ACTIONS),
})
const tree = v.strictObject({
  engine,
  branches: v.pipe(
    v.array(keptBranch),
    v.minLength(1, 'at least one branch'),
    v.maxLength(MOST_BRANCHES, `at most ${MOST_BRANCHES} branches`),
  ),
  current: wholeNumber(1, Number.MAX_SAFE_INTEGER),
  cursor: milliseconds,
  after: v.optional(steps),
  stops: v.optional(stopsSchema),
  answers: v.optional(answersSchema),
  deeds: v.optional(actions),
})
const change = v.strictObject({
  seed: v.optional(recording.entries.seed),
  config: v.optional(v.partial(config)),
  ttl: v.optional(v.strictObject({ from: ttl, to: ttl })),
  program: v.optional(
    v.strictObject({
      clients: v.pipe(v.array(name), v.minLength(1, 'at least one client')),
      from: source,
      to: source,
    }),
  ),
  library: v.optional(
    v.strictObject({
      clients: v.pipe(v.array(name), v.minLength(1, 'at least one client')),
      to: v.picklist(LIBRARIES),
    }),
  ),
})

/** Virtual ms that a run from outside is played to when it is opened: thirty days. */
export const LATEST_CURSOR_MS = 30 * 86_400_000
const cursor = wholeNumber(0, LATEST_CURSOR_MS)
/** The view of the page that is saved with a run (view.ts). */
export const viewSchema = v.strictObject({
  panel: v.optional(v.picklist(PANELS)),
  timeline: v.optional(v.picklist(TIMELINES)),
  tab: v.optional(v.picklist(TABS)),
  lab: v.optional(v.picklist(LAB_PANES)),
  spacing: v.optional(v.picklist(SPACINGS)),
  story: v.optional(
    v.pipe(v.string('the name of a story'), v.regex(/^[\w.-]{1,60}$/, 'the name of a story')),
  ),
  compare: v.optional(wholeNumber(1, Number.MAX_SAFE_INTEGER)),
})
const shared = v.strictObject({
  ...recording.entries,
  cursor: v.optional(cursor),
  after: v.optional(steps),
  answers: v.optional(answersSchema),
  branch: v.optional(tree.entries.current),
  branches: v.optional(
    v.pipe(
      v.array(v.strictObject({ ...branch.entries, end: cursor })),
      v.minLength(1, 'at least one branch'),
      v.maxLength(MOST_BRANCHES, `at most ${MOST_BRANCHES} branches`),
    ),
  ),
  view: v.optional(viewSchema),
  check: v.optional(v.pipe(v.string('16 hex digits'), v.regex(/^[0-9a-f]{16}$/, '16 hex digits'))),
})

export type Valid<T> = { ok: true; value: T } | { ok: false; reason: string }

/**
 * Reads a recording from outside; the reason names the field (`commands.3.at`) and the expected
 * value.
 */
export function validRecording(input: unknown): Valid<Recording> {
  return validated<Recording>(recording, input)
}

/**
 * Reads a run with its branches from outside, likewise. `RunTree.load` checks that they fit
 * together.
 */
export function validRunTree(input: unknown): Valid<SavedRunTree> {
  return validated<SavedRunTree>(tree, input)
}

/**
 * Reads a shared run from a file or a link, likewise. shared-run.ts checks that its parts fit
 * together.
 */
export function validSharedRun(input: unknown): Valid<SharedRun> {
  return validated<SharedRun>(shared, input)
}

/** Reads a change for playing a recording again, likewise. */
export function validChange(input: unknown): Valid<Change> {
  return validated<Change>(change, input)
}

/** Reads the stops of a story from outside, likewise; the list may be empty. */
export function validStops(input: unknown): Valid<Stop[]> {
  return validated<Stop[]>(anyStopsSchema, input)
}

/** Reads a command from outside, likewise. */
export function validCommand(input: unknown): Valid<Command> {
  return validated<Command>(command, input)
}

function validated<T>(schema: v.GenericSchema, input: unknown): Valid<T> {
  const result = v.safeParse(schema, input, { abortEarly: true })
  // The schemas above match the types. valibot's optional fields also allow an explicit undefined,
  // which JSON cannot carry.
  if (result.success) return { ok: true, value: result.output as T }
  const [issue] = result.issues
  // A field may have the empty name.
  return {
    ok: false,
    reason: `${v.getDotPath(issue)?.replace(/^$/, '""') ?? 'the run'}: ${problemOf(issue)}`,
  }
}

/**
 * The expected value and the given value. Without words of its own, an issue of valibot names both
 * in code, such as `"elected"`.
 */
function problemOf(issue: v.BaseIssue<unknown>): string {
  if (issue.type === 'strict_object' && issue.expected === 'never') return 'this field is not known'
  if (issue.type === 'strict_object' && issue.received === 'undefined')
    return 'this field is missing'
  if (issue.expected === null) return `expected ${issue.message}`
  const got = issue.received.length > 80 ? `${issue.received.slice(0, 80)}…` : issue.received
  return `expected ${issue.message.startsWith('Invalid ') ? issue.expected : issue.message} (got ${got})`
}
