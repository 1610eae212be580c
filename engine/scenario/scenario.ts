// A scenario is a story in a text file: prose, commands, and the exact trace. The same files are
// tests, demos and documentation.
//
//   # When does a key go without its heartbeat?       the title, a question
//   # A client keeps a lease alive, then stops.       one sentence, which does not tell the ending
//   shelf leases                               its place in the library: leases, cluster, locks,
//                                              fencing, opening, field
//   source https://…                           the report behind the story; the page links to it
//   draw TTL OFF = 10 5 | 6 3                  other numbers for {TTL} and {OFF}, one row at a time
//                                              (draw.ts); the trace has the first row
//   config seed=1 latencyMs=30 expiryPhaseMs=200
//   show lease key
//   svc session ttl=10 key=/svc/a value=up     a client with a lease, a heartbeat and a key
//   until 5                                    virtual seconds from the start
//   svc heartbeat off
//   crash m1                                   and restart, pause, resume, stop, disk, clock,
//                                              wall-clock, of any member, also one that an etcd
//                                              line starts; partition m1,svc m2,m3; heal;
//                                              move-leader m2
//   program take                               a program in its text form, until `end`
//                                              (client/program/parse.ts); its lines may be indented
//     lease = grant 10
//   end
//   a dials keepalive-time=10 keepalive-timeout=6   pings keep its connections alive; seconds
//   a uses jetcd                               the library of its programs (base/libraries.ts);
//                                              clientv3 without this line
//   a runs take                                starts it in a client; crash a, pause a, clock a 120
//                                              are faults, as for members
//   happens two at once                        an event must contain these words; never … : no
//                                              event may
//   mode guided                                the console's mode from here on; strict without it
//   $ etcdctl lease grant 10                   a console line; consecutive lines are pasted
//                                              together
//   until 20
//   start 4.5                                  the time when the page opens, before its first
//                                              stop; 0 without this line
//   stop when heartbeat off +1                 a stop of the story, with its texts and question
//                                              (text/stop-lines.ts); the run does not depend on it
//     ask when The heartbeat is off. When does the key go?
//     mark key /svc/a deleted
//   ----
//      0.030 m1   lease …6c01 granted for 10 s, due at 10.030
//
// Lines of prose begin with #. A file with an unknown line is refused with its place. A fault for a
// member or a client that does not exist at that time is refused when the file is played.

import { assert, unreachable } from '../base/assert'
import { utf8 } from '../base/bytes'
import { ETCD_VERSIONS } from '../base/etcd-versions'
import { LIBRARIES } from '../base/libraries'
import type { Request } from '../base/rpc'
import type { EventType, TraceEvent } from '../base/trace'
import type { Instructions } from '../client/process/instructions'
import { parseProgram } from '../client/program/parse'
import { DIFFERENCES } from '../member/versions'
import type { Fault } from '../network/fault'
import { readFault } from '../network/read-fault'
import type { Command, Config, ConsoleMode } from '../sim/command'
import { DEFAULT_CONFIG } from '../sim/command'
import type { Recording } from '../sim/recording'
import { newRecording } from '../sim/recording'
import { Simulation } from '../sim/simulation'
import type { Stop } from '../sim/stops'
import { MOST_STOPS } from '../sim/stops'
import { traceLine } from '../text/describe'
import { drawn } from '../text/draw'
import { LeaseNames } from '../text/names'
import { StopLines } from '../text/stop-lines'

type Step =
  | { type: 'program'; client: string; program: Instructions }
  | { type: 'heartbeat'; client: string; on: boolean }
  | { type: 'script'; client: string; source: string }
  | { type: 'dial'; client: string; keepAliveTimeMs: number; keepAliveTimeoutMs: number }
  | { type: 'console'; text: string; mode: ConsoleMode }
  | { type: 'interrupt' }
  | { type: 'fault'; fault: Fault; place: string }
  | { type: 'move-leader'; to: string }
  | { type: 'request'; client: string; member: string; request: Request }
  | { type: 'until'; at: number }
  | { type: 'until-quiet' }

/** The shelves of the library. */
export const SHELVES = ['leases', 'cluster', 'locks', 'fencing', 'opening', 'field'] as const
export type Shelf = (typeof SHELVES)[number]

export interface Scenario {
  /** The lines of prose at the head: the first, and the others joined. Empty without any. */
  title: string
  sentence: string
  shelf: Shelf | null
  /** The address of the report behind the story. */
  source: string | null
  /** The virtual ms when the page opens the story. */
  start: number
  stops: Stop[]
  seed: number
  config: Config
  /** The groups of events in the trace. */
  show: ReadonlySet<Group>
  steps: Step[]
  expected: string[]
  /** Words that an event must contain, or that no event may contain. */
  claims: { words: string; never: boolean }[]
}

/** Groups of events that a trace may omit. `lease` is shown by default. */
type Group =
  | 'member'
  | 'write'
  | 'lease'
  | 'fault'
  | 'role'
  | 'key'
  | 'message'
  | 'client'
  | 'console'
  | 'command'
  | 'machinery'

const GROUPS: Record<Group, (event: TraceEvent) => boolean> = {
  lease: ({ level }) => level === 'lease',
  fault: ({ level }) => level === 'fault',
  role: ({ type }) => type === 'role-changed',
  key: ({ type }) =>
    type === 'key-put' ||
    type === 'key-deleted' ||
    type === 'compacted' ||
    type === 'request-refused' ||
    type === 'watch-created',
  message: ({ type }) => type === 'request-sent' || type === 'reply-received',
  client: ({ type }) => CLIENT_EVENTS.has(type),
  member: ({ type }) => MEMBER_EVENTS.has(type),
  write: ({ type }) => type === 'write-taken' || type === 'write-bounced',
  console: ({ type }) =>
    type === 'console-line' || type === 'console-output' || type === 'console-exit',
  command: ({ type }) => type === 'command',
  machinery: ({ level }) => level === 'machinery',
}
const MEMBER_EVENTS: ReadonlySet<EventType> = new Set([
  'cluster-changed',
  'member-named',
  'join-waits',
  'snapshot-restored',
])
const CLIENT_EVENTS: ReadonlySet<EventType> = new Set([
  'program-line',
  'program-ended',
  'context-ended',
  'heartbeat-started',
  'heartbeat-stopped',
  'section-entered',
  'section-left',
])

/**
 * Reads a scenario file. An unknown line is refused with its number.
 *
 * @example
 * const lines = ['# What becomes of it?', '$ etcdctl lease grant 10', 'until 20', '----', '']
 * expect(parseScenario(lines.join('\n')).title).toBe('What becomes of it?')
 * expect(() => parseScenario('burn m1\n----\n')).toThrow('line 1')
 */
export function parseScenario(file: string, numbers = 0): Scenario {
  const lines = file.split('\n')
  const bar = lines.indexOf('----')
  const scenario: Draft = {
    ...readHead(lines),
    shelf: null,
    source: null,
    start: 0,
    stops: [],
    seed: 1,
    config: { ...DEFAULT_CONFIG },
    show: new Set<Group>(['lease']),
    steps: [],
    expected: [],
    claims: [],
    mode: 'strict',
    programs: new Map(),
    open: null,
    stop: null,
    members: [],
  }
  const script = drawn(bar < 0 ? lines : lines.slice(0, bar), numbers)
  scenario.members = [...MEMBERS, ...script.flatMap(startedBy)]
  for (const [i, line] of script.entries()) readLine(scenario, line.trim(), `line ${i + 1}`)
  assert(scenario.open === null, `the program ${scenario.open?.name} has no end`)
  endStop(scenario)
  assert(
    scenario.stops.length <= MOST_STOPS,
    `at most ${MOST_STOPS} stops (got ${scenario.stops.length})`,
  )
  if (bar >= 0) scenario.expected = lines.slice(bar + 1).filter((line) => line.trim() !== '')
  return scenario
}

type Draft = { -readonly [K in keyof Scenario]: Scenario[K] } & {
  mode: ConsoleMode
  programs: Map<string, string>
  /** Allowed member names: the initial members, and those that start later. */
  members: string[]
  /** The program that is being read. */
  open: { name: string; lines: string[] } | null
  /** The stop that is being read. */
  stop: StopLines | null
}

/** The prose at the head, up to the first other line. */
function readHead(lines: readonly string[]): Pick<Scenario, 'title' | 'sentence'> {
  const end = lines.findIndex((line) => !line.startsWith('#'))
  const [title = '', ...prose] = lines
    .slice(0, end < 0 ? lines.length : end)
    .map((line) => line.slice(1).trim())
  return { title, sentence: prose.filter(Boolean).join(' ') }
}

function endStop(scenario: Draft): void {
  if (scenario.stop !== null) scenario.stops.push(scenario.stop.end())
  scenario.stop = null
}

function readLine(scenario: Draft, line: string, place: string): void {
  if (scenario.open !== null) return readProgramLine(scenario, scenario.open, line, place)
  const words = line.split(/\s+/)
  const [first = '', second = ''] = words
  if (first === '' || first.startsWith('#') || scenario.stop?.take(line, place)) return
  endStop(scenario)
  if (StopLines.begins(line)) {
    scenario.stop = new StopLines(line.slice('stop '.length), place)
    return
  }
  const fault = readFault(words, scenario.members)
  assert(typeof fault !== 'string', `${place}: ${fault}`)
  if (fault !== null) scenario.steps.push({ type: 'fault', fault, place })
  else if (first === 'config') configure(scenario, words.slice(1), place)
  else if (first === 'mode') scenario.mode = oneOf(second, ['strict', 'guided'], place)
  else if (first === 'show')
    scenario.show = new Set(
      words.slice(1).map((name) => oneOf(name, Object.keys(GROUPS) as Group[], place)),
    )
  else if (first === '$') {
    const text = line.slice(1).trim()
    const last = scenario.steps.at(-1)
    if (last?.type === 'console' && last.mode === scenario.mode) last.text += `\n${text}`
    else scenario.steps.push({ type: 'console', text, mode: scenario.mode })
  } else if (first === 'shelf') scenario.shelf = oneOf(second, SHELVES, place)
  else if (first === 'source') scenario.source = address(second, place)
  else if (first === 'start') scenario.start = Math.round(number(second, place) * 1000)
  else if (first === 'program') scenario.open = { name: second, lines: [] }
  else if (first === 'happens' || first === 'never')
    scenario.claims.push({ words: line.slice(first.length).trim(), never: first === 'never' })
  else if (second === 'dials')
    scenario.steps.push({ type: 'dial', client: first, ...readDial(words.slice(2), place) })
  else if (second === 'uses') {
    const library = oneOf(words[2] ?? '', LIBRARIES, place)
    scenario.config.libraries = { ...scenario.config.libraries, [first]: library }
  } else if (second === 'runs') {
    const source = scenario.programs.get(words[2] ?? '')
    assert(source !== undefined, `${place}: there is no program ${words[2]}`)
    scenario.steps.push({ type: 'script', client: first, source })
  } else if (first === 'interrupt') scenario.steps.push({ type: 'interrupt' })
  else if (first === 'move-leader')
    scenario.steps.push({ type: 'move-leader', to: memberName(second, scenario, place) })
  else if (second === 'asks') {
    const request = askedRequest(words.slice(3), place)
    scenario.steps.push({
      type: 'request',
      client: first,
      member: memberName(words[2] ?? '', scenario, place),
      request,
    })
  } else if (first === 'until' && second === 'quiet') scenario.steps.push({ type: 'until-quiet' })
  else if (first === 'until')
    scenario.steps.push({ type: 'until', at: Math.round(number(second, place) * 1000) })
  else if (second === 'heartbeat') {
    scenario.steps.push({
      type: 'heartbeat',
      client: first,
      on: oneOf(words[2] ?? '', ['on', 'off'], place) === 'on',
    })
  } else {
    assert(second === 'session', `${place}: unknown line "${line}"`)
    scenario.steps.push({
      type: 'program',
      client: first,
      program: sessionProgram(pairs(words.slice(2), place), place),
    })
  }
}

function readProgramLine(
  scenario: Draft,
  open: { name: string; lines: string[] },
  line: string,
  place: string,
): void {
  if (line !== 'end') {
    open.lines.push(line)
    return
  }
  const source = open.lines.join('\n')
  const [fault] = parseProgram(source).faults
  assert(fault === undefined, `${place}: ${open.name}, line ${fault?.line}: ${fault?.message}`)
  scenario.programs.set(open.name, source)
  scenario.open = null
}

/** A played scenario. */
export interface PlayedScenario {
  recording: Recording
  events: readonly TraceEvent[]
}

/**
 * Plays a scenario and returns its trace, line by line, and the recording of the run.
 *
 * @example
 * const lines = ['show lease', '$ etcdctl lease grant 10', 'until 20', '----', '']
 * const { trace } = runScenario(parseScenario(lines.join('\n')))
 * expect(trace[1]).toContain('grants L1 for 10 s')
 */
export function runScenario(scenario: Scenario): PlayedScenario & { trace: string[] } {
  const { recording, events } = playScenario(scenario)
  const shown = events.filter((event) => [...scenario.show].some((group) => GROUPS[group](event)))
  const names = LeaseNames.of(events)
  return { trace: shown.flatMap((event) => traceLine(event, names).split('\n')), recording, events }
}

/**
 * Plays a scenario and returns the recording of the run and its events. Throws for a fault whose
 * member or client does not exist at that time.
 */
export function playScenario(scenario: Scenario): PlayedScenario {
  const { seed, config, stops } = scenario
  const events: TraceEvent[] = []
  const sim = new Simulation(config, seed, (event) => events.push(event))
  const story = stops.length === 0 ? {} : { stops }
  const recording: Recording = { ...newRecording(seed, config), ...story }
  for (const step of scenario.steps) {
    const command = commandOf(step, sim)
    if (command !== null) {
      // Every earlier step has processed all due entries: no entry is left at this time.
      recording.commands.push({ ...command, at: sim.now })
      const refused = sim.submit(command)
      assert(
        refused === null || step.type !== 'fault',
        `${step.type === 'fault' ? step.place : ''}: ${refused?.message}`,
      )
    }
    if (step.type === 'until') sim.advance(step.at)
    if (step.type === 'until-quiet') {
      for (let steps = 0; sim.isBusy(TERMINAL); steps++)
        assert(steps < QUIET_LIMIT && sim.step(), 'the terminal never becomes idle')
      sim.advance(sim.now)
    }
  }
  return { recording, events }
}

const TERMINAL = 't1'
const MEMBERS = ['m1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7']
/** The maximum of steps that "until quiet" takes. */
const QUIET_LIMIT = 100_000

function commandOf(step: Step, sim: Simulation): Command | null {
  switch (step.type) {
    case 'program':
      return { type: 'program', client: step.client, program: step.program }
    case 'dial':
      return { ...step }
    case 'script':
      return { type: 'script', client: step.client, source: step.source }
    case 'console':
      return { type: 'console', terminal: TERMINAL, text: step.text, mode: step.mode }
    case 'interrupt':
      return { type: 'interrupt', terminal: TERMINAL }
    case 'fault':
      return { type: 'fault', fault: step.fault }
    case 'move-leader': {
      const leader = sim.servers.find(
        ({ member, state }) => state === 'up' && member.consensus.isLeader,
      )?.member
      const target = sim.members.find(({ options }) => options.name === step.to)
      assert(
        leader !== undefined && target !== undefined,
        `there is no leader, or no member for the transfer: ${step.to}`,
      )
      return {
        type: 'request',
        client: 'operator',
        request: { type: 'MoveLeader', targetID: target.options.ID },
        member: leader.options.name,
      }
    }
    case 'request':
      return { type: 'request', client: step.client, request: step.request, member: step.member }
    case 'heartbeat': {
      const client = sim.clients.find(({ id }) => id === step.client)
      const lease = client?.beliefs.at(-1)?.lease
      assert(lease !== undefined, `${step.client} knows no lease yet`)
      return { type: 'heartbeat', client: step.client, lease, on: step.on }
    }
    case 'until':
    case 'until-quiet':
      return null
    default:
      return unreachable(step)
  }
}

function sessionProgram(options: Map<string, string>, place: string): Instructions {
  const key = options.get('key')
  const requireLeader = options.get('require-leader') === 'yes'
  return [
    {
      op: 'session',
      ttlSeconds: number(options.get('ttl') ?? '', place),
      as: 'lease',
      ...(requireLeader ? { requireLeader } : {}),
    },
    ...(key === undefined
      ? []
      : [
          {
            op: 'put' as const,
            key: utf8(key),
            value: utf8(options.get('value') ?? ''),
            lease: '$lease' as const,
          },
        ]),
  ]
}

/** `put KEY VALUE`, `get KEY`, `list`: a single request of a client to one member. */
function askedRequest([verb = '', key = '', value = '']: string[], place: string): Request {
  switch (verb) {
    case 'put':
      return { type: 'Put', key: utf8(key), value: utf8(value) }
    case 'get':
      return { type: 'Range', key: utf8(key) }
    case 'local-get':
      return { type: 'Range', key: utf8(key), serializable: true }
    case 'list':
      return { type: 'LeaseLeases' }
    default:
      throw new Error(`${place}: expected put, get, local-get or list, not "${verb}"`)
  }
}

function memberName(text: string, { members }: Draft, place: string): string {
  assert(
    members.includes(text),
    `${place}: expected a member, m1 to m7 or one that an etcd line starts, not "${text}"`,
  )
  return text
}

/** The name of the member that a console line starts. */
function startedBy(line: string): string[] {
  const [, name] = /^\s*\$\s*etcd\s(?:.*\s)?--?name[= ]\s*(\S+)/.exec(line) ?? []
  return name === undefined ? [] : [name]
}

function configure(
  scenario: { seed: number; config: Config },
  words: string[],
  place: string,
): void {
  for (const [name, value] of pairs(words, place)) {
    if (name === 'seed') scenario.seed = number(value, place)
    else if (name === 'checkTokens')
      scenario.config.checkTokens = oneOf(value, ['on', 'off'], place) === 'on'
    else if (name === 'boot') scenario.config.boot = oneOf(value, ['elected', 'cold'], place)
    else if (name === 'etcd') scenario.config.etcd = oneOf(value, ETCD_VERSIONS, place)
    else if (name === 'endpoints')
      scenario.config.clientEndpoints = oneOf(value, ['first', 'all'], place)
    else if (name === 'checkpoint')
      scenario.config.checkpoint = oneOf(value, ['off', 'on', 'persist'], place)
    else if (
      name === 'checkpointIntervalMs' ||
      name === 'members' ||
      name === 'peerLatencyMs' ||
      name === 'diskMs' ||
      name === 'snapshotCount' ||
      name === 'catchUpEntries' ||
      name === 'latencyMs' ||
      name === 'expiryPhaseMs' ||
      name === 'electionMs' ||
      name === 'heartbeatMs'
    )
      scenario.config[name] = number(value, place)
    else if (DIFFERENCES.some((row) => row === name)) {
      const row = oneOf(name, DIFFERENCES, place)
      scenario.config.differences = {
        ...scenario.config.differences,
        [row]: oneOf(value, ['yes', 'no'], place) === 'yes',
      }
    } else throw new Error(`${place}: no such setting: ${name}`)
  }
}

function pairs(words: string[], place: string): Map<string, string> {
  return new Map(
    words.map((word) => {
      const at = word.indexOf('=')
      assert(at > 0, `${place}: expected name=value, not "${word}"`)
      return [word.slice(0, at), word.slice(at + 1)]
    }),
  )
}

function readDial(
  words: readonly string[],
  place: string,
): { keepAliveTimeMs: number; keepAliveTimeoutMs: number } {
  const dials = new Map(words.map((word) => word.split('=') as [string, string]))
  const [time, timeout] = ['keepalive-time', 'keepalive-timeout'].map((name) =>
    Math.round(number(dials.get(name) ?? '', place) * 1000),
  )
  return { keepAliveTimeMs: time!, keepAliveTimeoutMs: timeout! }
}

function address(text: string, place: string): string {
  assert(/^https:\/\/\S+$/.test(text), `${place}: expected an address, https://…, not "${text}"`)
  return text
}

function number(text: string, place: string): number {
  const value = Number(text)
  assert(text !== '' && Number.isFinite(value), `${place}: expected a number, not "${text}"`)
  return value
}

function oneOf<T extends string>(text: string, choices: readonly T[], place: string): T {
  const found = choices.find((choice) => choice === text)
  assert(found !== undefined, `${place}: expected one of ${choices.join(', ')}, not "${text}"`)
  return found
}
