// The plain form of a link: a run of a few commands that a person can read, and change in the
// address bar.
//
//   #r1?seed=42&members=3&etcd=3.6&latency=30&at=12.4&$@0.5=etcdctl+lease+grant+10&fault@3=crash+m1
//
//   seed=42                       from which chance is drawn; 1 where absent
//   members= boot= …              the configuration, where it is not the usual one (SETTINGS)
//   etcd=3.6                      the version that is modelled; 3.4 where absent, as in links from
//                                 before it was always written
//   engine=0.2                    what made the link (sim/engine-version.ts)
//   at=12.4                       the cursor; tab= lab= spacing= what is shown
//   config={"jitterMs":5}         settings that have no word, as a recording has them
//   WHAT@SECONDS=VALUE            a command; @SECONDS+N comes N steps into that instant
//     $@  $t2@                    a line in the guided console, of terminal t1 or the one named
//     strict@  strict.t2@         the same, taken as etcdctl takes it
//     stop@3=t1                   Ctrl-C in a terminal; t1:4 stops its job 4
//     fault@3=crash+m1            in the console's fault words
//     beat@3=svc+ID  rest@3=svc+ID  a client's heartbeat for a lease begins, ends
//     client.a@0=TEXT             a client starts that program
//     call.a@1={"type":"Put",…}   a client makes that call
//     json@3={"type":…}           any other command, as a recording has it
//
// A run with stops goes in the other form. Values are percent-encoded, with + for a blank. The
// reader skips nothing: an unknown field is refused with its place.

import type { LeaseId } from '../base/rpc'
import { faultText } from '../network/fault'
import { readFault } from '../network/read-fault'
import type { Command, Config } from '../sim/command'
import { DEFAULT_CONFIG } from '../sim/command'
import type { RecordedCommand } from '../sim/recording'
import { RECORDING_VERSION } from '../sim/recording'
import { deepPlace } from './depth'
import type { SharedRun } from './shared-form'

type Plain = { ok: true; value: unknown } | { ok: false; reason: string }

/** Limits of a link that a person can still read: commands, and characters. */
const MOST_COMMANDS = 10
const LONGEST = 1500
/** Limits of a link that is read at all: characters, and fields. */
const LONGEST_READ = 100_000
const MOST_FIELDS = 1000

/** The word for each setting that a plain link can carry. */
const SETTINGS: Partial<Record<keyof Config, string>> = {
  members: 'members',
  etcd: 'etcd',
  boot: 'boot',
  heartbeatMs: 'heartbeat',
  electionMs: 'election',
  latencyMs: 'latency',
  peerLatencyMs: 'peer-latency',
  diskMs: 'disk',
  expiryPhaseMs: 'phase',
  checkpoint: 'checkpoint',
  checkpointIntervalMs: 'checkpoint-interval',
}
const VIEW = ['panel', 'timeline', 'spacing', 'tab', 'lab'] as const
const TERMINAL = 't1'
const NAME = /^[A-Za-z_][\w-]*$/

/** How long a plain link may be: commands, and characters. */
interface Limits {
  mostCommands: number
  longest: number
  /** Whether settings without a word may be written as JSON. */
  anySetting?: boolean
}

/** `seed=…&…`, the text after `#r1?`; null for a run that needs the other form. */
export function plainLink(
  run: SharedRun,
  { mostCommands, longest, anySetting = false }: Limits = {
    mostCommands: MOST_COMMANDS,
    longest: LONGEST,
  },
): string | null {
  if (run.branches !== undefined || run.stops !== undefined || run.commands.length > mostCommands)
    return null
  const config = run.config as unknown as Record<string, unknown>
  const usual = DEFAULT_CONFIG as unknown as Record<string, unknown>
  const fields = [`seed=${run.seed}`]
  const wordless: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(config)) {
    const word = SETTINGS[field as keyof Config]
    // A link outlives the version that a new run has.
    if (value === usual[field] && field !== 'etcd') continue
    if (word === undefined && !anySetting) return null
    if (word === undefined) wordless[field] = value
    else fields.push(`${word}=${encode(String(value))}`)
  }
  if (Object.keys(wordless).length > 0) fields.push(`config=${encode(JSON.stringify(wordless))}`)
  // A plain link cannot leave out a field that the usual configuration has.
  if (Object.keys(usual).some((field) => !(field in config))) return null
  if (run.engine !== undefined) fields.push(`engine=${run.engine}`)
  if (run.cursor !== undefined) fields.push(`at=${run.cursor / 1000}`)
  for (const word of VIEW) {
    const value = run.view?.[word]
    if (value !== undefined) fields.push(`${word}=${value}`)
  }
  try {
    for (const command of run.commands) fields.push(commandField(command))
  } catch {
    // Half a surrogate pair has no percent encoding.
    return null
  }
  const link = fields.join('&')
  return link.length > longest ? null : link
}

function commandField(recorded: RecordedCommand): string {
  const { at, after, ...command } = recorded
  const place = `@${at / 1000}${after === undefined ? '' : `+${after}`}`
  const { what, value } = commandWords(command as Command)
  // A command that its words do not restore exactly goes as JSON.
  const same =
    what !== 'json' &&
    /^[\w.$-]+$/.test(what) &&
    stable(readCommand(what, value)) === stable(command)
  return same
    ? `${what}${place}=${encode(value)}`
    : `json${place}=${encode(JSON.stringify(command))}`
}

function commandWords(command: Command): { what: string; value: string } {
  switch (command.type) {
    case 'console': {
      const { terminal } = command
      const what =
        command.mode === 'strict'
          ? terminal === TERMINAL
            ? 'strict'
            : `strict.${terminal}`
          : terminal === TERMINAL
            ? '$'
            : `$${terminal}`
      return { what, value: command.text }
    }
    case 'interrupt':
      return {
        what: 'stop',
        value: command.job === undefined ? command.terminal : `${command.terminal}:${command.job}`,
      }
    case 'fault':
      return { what: 'fault', value: faultText(command.fault) }
    case 'heartbeat':
      return { what: command.on ? 'beat' : 'rest', value: `${command.client} ${command.lease}` }
    case 'script':
      return { what: `client.${command.client}`, value: command.source }
    case 'request':
      return command.member === undefined
        ? { what: `call.${command.client}`, value: JSON.stringify(command.request) }
        : { what: 'json', value: '' }
    default:
      return { what: 'json', value: '' }
  }
}

/** A command from its words; null for words that mean none. */
function readCommand(what: string, value: string): unknown {
  if (what === 'strict') return { type: 'console', terminal: TERMINAL, text: value, mode: 'strict' }
  if (what.startsWith('strict.'))
    return { type: 'console', terminal: what.slice(7), text: value, mode: 'strict' }
  if (what.startsWith('$'))
    return { type: 'console', terminal: what.slice(1) || TERMINAL, text: value, mode: 'guided' }
  if (what.startsWith('client.')) return { type: 'script', client: what.slice(7), source: value }
  if (what === 'stop') {
    const [terminal = '', job, ...more] = value.split(':')
    if (!NAME.test(terminal) || more.length > 0 || (job !== undefined && !/^\d{1,9}$/.test(job)))
      return null
    return { type: 'interrupt', terminal, ...(job === undefined ? {} : { job: Number(job) }) }
  }
  if (what === 'beat' || what === 'rest') {
    const [client = '', lease = '', ...more] = value.split(' ')
    return more.length > 0
      ? null
      : { type: 'heartbeat', client, lease: lease as LeaseId, on: what === 'beat' }
  }
  if (what === 'fault') {
    const members = Array.from({ length: 9 }, (_, i) => `m${i + 1}`)
    const fault = readFault(value.split(' '), members)
    return fault === null || typeof fault === 'string' ? null : { type: 'fault', fault }
  }
  const json = what === 'json' || what.startsWith('call.') ? readObject(value) : null
  if (json === null) return null
  if (what !== 'json') return { type: 'request', client: what.slice('call.'.length), request: json }
  return 'at' in json || 'after' in json ? null : json
}

/** The object that a text is as JSON; null for anything else. */
function readObject(text: string): object | null {
  if (deepPlace(text) !== null) return null
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null
  } catch {
    return null
  }
}

/** The run in a plain link, before it is validated; the reason names the field. */
export function readPlainLink(text: string): Plain {
  if (text.length > LONGEST_READ)
    return refuse('the link', `at most ${LONGEST_READ} characters (got ${text.length})`)
  const fields = text.split('&')
  if (fields.length > MOST_FIELDS) return refuse('the link', `at most ${MOST_FIELDS} fields`)
  const config: Record<string, unknown> = { ...DEFAULT_CONFIG }
  const commands: unknown[] = []
  const view: Record<string, string> = {}
  const seen = new Set<string>()
  let seed = 1
  let wordless: object = {}
  let engine: string | null = null
  let cursor: number | null = null
  for (const [i, field] of fields.entries()) {
    const place = `field ${i + 1} (${field.length > 40 ? `${field.slice(0, 40)}…` : field})`
    const equals = field.indexOf('=')
    if (equals <= 0) return refuse(place, 'a name, = and a value')
    const [name, value] = [decode(field.slice(0, equals)), decode(field.slice(equals + 1))]
    if (name === null || value === null)
      return refuse(place, 'two hex digits after each percent sign')
    const sign = name.lastIndexOf('@')
    if (sign >= 0) {
      const when = /^(\d{1,10}(?:\.\d{1,3})?)(?:[+ ](\d{1,9}))?$/.exec(name.slice(sign + 1))
      if (when === null)
        return refuse(place, 'a time in seconds after the @, with at most three decimals')
      const command = readCommand(name.slice(0, sign), value)
      if (command === null)
        return refuse(
          place,
          'a command ($@, strict@, stop@, fault@, beat@, rest@, client.NAME@, call.NAME@ or json@) with its value',
        )
      commands.push({
        ...(command as object),
        at: milliseconds(when[1]!),
        ...(when[2] === undefined ? {} : { after: Number(when[2]) }),
      })
      continue
    }
    if (seen.has(name)) return refuse(place, 'this field only once')
    seen.add(name)
    const setting = Object.entries(SETTINGS).find(([, word]) => word === name)?.[0]
    if (name === 'seed') {
      if (!/^\d{1,16}$/.test(value)) return refuse(place, 'a whole number')
      seed = Number(value)
    } else if (name === 'engine') engine = value
    else if (name === 'config') {
      const settings = readObject(value)
      if (settings === null || Object.keys(settings).some((each) => each in SETTINGS))
        return refuse(place, 'settings without a word of their own, as an object in JSON')
      wordless = settings
    } else if (name === 'at') {
      if (!/^\d{1,10}(\.\d{1,3})?$/.test(value))
        return refuse(place, 'a time in seconds, with at most three decimals')
      cursor = milliseconds(value)
    } else if (setting !== undefined) {
      const worded = setting === 'etcd' || setting === 'boot' || setting === 'checkpoint'
      if (!worded && !/^\d{1,15}$/.test(value)) return refuse(place, 'a whole number')
      config[setting] = worded ? value : Number(value)
    } else if ((VIEW as readonly string[]).includes(name)) view[name] = value
    else
      return refuse(
        place,
        `one of seed, at, engine, config, ${Object.values(SETTINGS).join(', ')}, ${VIEW.join(', ')}, or a command, @ and its time`,
      )
  }
  const value = {
    leasescope: RECORDING_VERSION,
    ...(engine === null ? {} : { engine }),
    seed,
    config: { ...config, ...wordless },
    commands,
    ...(cursor === null ? {} : { cursor }),
    ...(Object.keys(view).length > 0 ? { view } : {}),
  }
  return { ok: true, value }
}

function milliseconds(seconds: string): number {
  return Math.round(Number(seconds) * 1000)
}

function refuse(place: string, expected: string): Plain {
  return { ok: false, reason: `${place}: expected ${expected}` }
}

/**
 * Characters that people read stay. Characters that end a field, or that programs take for the end
 * of an address, are encoded.
 */
function encode(value: string): string {
  return encodeURIComponent(value)
    .replace(/%(2F|3A|24|3D|2C|3B|40)/g, (escaped) => decodeURIComponent(escaped))
    .replace(/%20/g, '+')
    .replace(/['()]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

function decode(value: string): string | null {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '))
  } catch {
    return null
  }
}

/** Equal for equal commands, whatever the order of their fields. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
