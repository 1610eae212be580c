// The same run with one change: a setting, the seed, a TTL, a program, or the library of clients.
// The commands and their times stay, so that every difference comes from the change.

import { assert } from '../base/assert'
import type { Library } from '../base/libraries'
import { DEFAULT_LIBRARY, LIBRARY_NAMES } from '../base/libraries'
import type { Instruction } from '../client/process/instructions'
import type { Command, Config } from '../sim/command'
import type { Recording } from '../sim/recording'

export interface Change {
  seed?: number
  config?: Partial<Config>
  /**
   * Every grant of `from` seconds becomes a grant of `to` seconds: in console lines, programs,
   * scripts and calls.
   */
  ttl?: { from: number; to: number }
  /** The program with the text `from` becomes the text `to` in the clients named. */
  program?: { clients: string[]; from: string; to: string }
  /** The programs of the clients named use that library. */
  library?: { clients: string[]; to: Library }
}

/**
 * The recording with the change. A TTL that no command grants is refused. A program that no client
 * starts is refused too.
 */
export function varied(
  recording: Recording,
  { seed, config, ttl, program, library }: Change,
): Recording {
  const changed: Recording = {
    ...recording,
    commands: program === undefined ? recording.commands : withProgram(recording.commands, program),
    seed: seed ?? recording.seed,
    config:
      library === undefined
        ? { ...recording.config, ...config }
        : withLibrary({ ...recording.config, ...config }, library),
  }
  if (ttl === undefined) return changed
  let found = 0
  const count = (): number => {
    found++
    return ttl.to
  }
  const commands = changed.commands.map((command) => ({
    ...withTtl(command, ttl.from, count),
    at: command.at,
    ...after(command.after),
  }))
  assert(found > 0, `no command of this run grants a lease of ${ttl.from} s`)
  return { ...changed, commands }
}

function withProgram(
  commands: Recording['commands'],
  { clients, from, to }: NonNullable<Change['program']>,
): Recording['commands'] {
  let found = 0
  const changed = commands.map((command) => {
    if (command.type !== 'script' || command.source !== from || !clients.includes(command.client))
      return command
    found++
    return { ...command, source: to }
  })
  assert(found > 0, `${clients.join(', ')} starts no such program in this run`)
  return changed
}

/**
 * A client without an entry has clientv3. A configuration that names no other library has no such
 * field.
 */
function withLibrary(
  { libraries, ...config }: Config,
  { clients, to }: NonNullable<Change['library']>,
): Config {
  const set = Object.entries(libraries ?? {}).filter(([client]) => !clients.includes(client))
  if (to !== DEFAULT_LIBRARY) for (const client of new Set(clients)) set.push([client, to])
  return set.length === 0
    ? config
    : { ...config, libraries: Object.fromEntries(set.sort(([a], [b]) => (a < b ? -1 : 1))) }
}

/** Whether two recordings play the same run: switches that are off count as left out. */
export function isSameRun(a: Recording, b: Recording): boolean {
  return spelled(a) === spelled(b)
}

function spelled({ seed, config, commands }: Recording): string {
  const set = Object.entries(config).filter(([, value]) => value !== undefined && value !== false)
  return JSON.stringify([seed, set.sort(([a], [b]) => (a < b ? -1 : 1)), commands])
}

/** The change as the name of a branch. */
export function describeChange({ seed, config = {}, ttl, program, library }: Change): string {
  const parts = [
    ...(program === undefined ? [] : [`program of ${program.clients.join(', ')}`]),
    ...(library === undefined
      ? []
      : [`${library.clients.join(', ')} with ${LIBRARY_NAMES[library.to]}`]),
    ...(ttl === undefined ? [] : [`TTL ${ttl.to} s`]),
    ...(seed === undefined ? [] : [`seed ${seed}`]),
    ...Object.entries(config).map(([name, value]) =>
      `${WORDS[name] ?? name} ${words(value)}${name.endsWith('Ms') ? ' ms' : ''}`.trim(),
    ),
  ]
  return parts.length === 0 ? 'the same again' : parts.join(', ')
}

const WORDS: Record<string, string> = {
  latencyMs: 'latency',
  peerLatencyMs: 'peer latency',
  etcd: 'etcd',
  checkTokens: 'tokens checked:',
  clientEndpoints: 'endpoints:',
  checkpoint: 'checkpoints:',
  differences: '',
}

function words(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    const set = Object.entries(value).map(([name, on]) => `${name} ${on ? 'on' : 'off'}`)
    return set.length === 0
      ? 'of the version'
      : set.length > 1
        ? `${set.length} differences`
        : set.join()
  }
  return value === true ? 'yes' : value === false ? 'no' : String(value)
}

function after(steps: number | undefined): { after?: number } {
  return steps === undefined ? {} : { after: steps }
}

/** The TTLs that a run's commands ask for, ascending, without repetition. */
export function ttlsOf({ commands }: Recording): number[] {
  const found = new Set<number>()
  const note = (seconds: number): number => {
    found.add(seconds)
    return seconds
  }
  for (const command of commands) withTtl(command, null, note)
  return [...found].sort((a, b) => a - b)
}

/** The command with its TTLs replaced: those of `from` seconds, or every one where that is null. */
function withTtl(command: Command, from: number | null, to: (seconds: number) => number): Command {
  const swap = (seconds: number): number =>
    from === null || seconds === from ? to(seconds) : seconds
  switch (command.type) {
    case 'console':
      return {
        ...command,
        text: command.text
          .split('\n')
          .map((line) => inLine(line, swap))
          .join('\n'),
      }
    case 'program':
      return {
        ...command,
        program: command.program.map((instruction) => inInstruction(instruction, swap)),
      }
    case 'script':
      return {
        ...command,
        source: command.source
          .split('\n')
          .map((line) => inScript(line, swap))
          .join('\n'),
      }
    case 'request':
      return command.request.type === 'LeaseGrant'
        ? { ...command, request: { ...command.request, TTL: swap(command.request.TTL) } }
        : command
    default:
      return command
  }
}

function inInstruction(instruction: Instruction, swap: (seconds: number) => number): Instruction {
  if ('ttlSeconds' in instruction)
    return { ...instruction, ttlSeconds: swap(instruction.ttlSeconds) }
  if (instruction.op === 'call' && instruction.request.type === 'LeaseGrant')
    return {
      ...instruction,
      request: { ...instruction.request, TTL: swap(instruction.request.TTL) },
    }
  return instruction
}

/** `etcdctl lease grant 10`, `etcdctl lock --ttl=10 …`. */
function inLine(line: string, swap: (seconds: number) => number): string {
  return line
    .replace(
      /(\blease\s+grant\s+(?:--\s+)?)(\d+)\b/,
      (_, before: string, seconds: string) => `${before}${swap(Number(seconds))}`,
    )
    .replace(
      /(--ttl[=\s])(\d+)\b/,
      (_, before: string, seconds: string) => `${before}${swap(Number(seconds))}`,
    )
}

/** `lease = grant 10`, `ttl=10` and the like in a program's text. */
function inScript(line: string, swap: (seconds: number) => number): string {
  return line.replace(
    /(\b(?:grant|session|ttl)[\s=]+)(\d+)\b/,
    (_, before: string, seconds: string) => `${before}${swap(Number(seconds))}`,
  )
}
