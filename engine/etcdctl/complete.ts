// Completion at the cursor, from the same table that the parser uses.

import { utf8 } from '../base/bytes'
import type { EtcdVersion } from '../base/etcd-versions'
import { findCommand } from './flags'
import type { Argument, Command, Flag } from './grammar'
import { commandsOf, flagsOf, helpFlag } from './grammar'
import { etcdctlOf } from './versions'
import { quoteWord } from './words'

export interface Candidate {
  /** The replacement of the text from `from` to `to`. */
  text: string
  help: string
}

export interface Completion {
  from: number
  to: number
  candidates: Candidate[]
}

/** Names that the page knows and the grammar does not. IDs as etcdctl prints them. */
export interface Known {
  /** The modelled version; default 3.4. */
  etcd?: EtcdVersion
  leases?: readonly string[]
  keys?: readonly string[]
  members?: readonly string[]
  endpoints?: readonly string[]
}

const SHELL: readonly Candidate[] = [
  { text: 'etcdctl', help: 'A simple command line client for etcd3.' },
  { text: 'sleep', help: 'Waits for virtual seconds' },
  { text: 'wait', help: 'Ends the commands in the background' },
  { text: 'kill', help: 'Sends a signal to a command in the background' },
  { text: 'echo', help: 'Prints its arguments' },
]

/** Candidates for the word that ends at `cursor`, in the grammar's order; none inside quotes. */
export function completion(line: string, cursor: number, known: Known = {}): Completion {
  const head = line.slice(0, cursor)
  const from = head.search(/[^\s;&|]*$/)
  const begun = head.slice(from)
  const before = head.slice(0, from)
  const inQuotes = /^(?:[^'"\\]|\\[\s\S]|'[^']*'|"(?:[^"\\]|\\[\s\S])*")*$/.exec(head) === null
  const words = (before.split(/[;&|\n]/).at(-1) ?? '').split(/\s+/).filter((word) => word !== '')
  while (words[0] !== undefined && /^(\w+=.*|[A-Za-z_][\w-]*:)$/.test(words[0])) words.shift()
  const found = inQuotes ? [] : candidates(words, begun, known)
  const fitting = found.filter(
    (candidate) => candidate.text.startsWith(begun) && candidate.text !== begun,
  )
  return { from, to: cursor, candidates: fitting }
}

function candidates(words: readonly string[], begun: string, known: Known): Candidate[] {
  const [program, ...rest] = words
  if (program === undefined) return [...SHELL]
  const root = commandsOf(etcdctlOf(known.etcd ?? '3.4'))
  const isCommand = (root.commands ?? []).some(({ name }) => name === program)
  if (!isCommand && !/(^|\/)etcdctl$/.test(program)) return []
  const argv = (isCommand ? words : rest).map(utf8)
  const found = findCommand(root, argv)
  if (!found.ok) return []
  const { path } = found
  const command = path.at(-1)!
  const flags = [...flagsOf(path), helpFlag(command)]

  const [, name, equals] = /^--([\w-]+)(=)/.exec(begun) ?? []
  if (equals !== undefined) {
    const flag = flags.find((each) => each.name === name)
    return flag === undefined
      ? []
      : valuesOf(flag, known).map((value) => ({
          text: `--${name}=${value.text}`,
          help: value.help,
        }))
  }
  const awaiting = flagAwaitingValue(argv, flags)
  if (awaiting !== undefined) return valuesOf(awaiting, known)
  if (begun.startsWith('-')) return flags.map(flagCandidate)
  if (command.commands !== undefined)
    return command.commands.filter(isModelled).map(({ name: text, help }) => ({ text, help }))
  if (command.name === 'help')
    return (root.commands ?? []).map(({ name, help }) => ({ text: name, help }))
  return argumentCandidates(command, positionals(found.rest, flags), known)
}

/** False for a group in which the version has no modelled command; it is not offered. */
function isModelled({ modelled, commands }: Command): boolean {
  return modelled && (commands?.some(isModelled) ?? true)
}

function flagCandidate({ name, type, help }: Flag): Candidate {
  return { text: type === 'bool' ? `--${name}` : `--${name}=`, help }
}

function flagAwaitingValue(argv: readonly string[], flags: readonly Flag[]): Flag | undefined {
  const last = argv.at(-1)
  if (last === undefined || !last.startsWith('-') || last.includes('=')) return undefined
  const flag = flags.find(
    ({ name, shorthand }) =>
      last === `--${name}` || (shorthand !== undefined && last === `-${shorthand}`),
  )
  return flag === undefined || flag.type === 'bool' ? undefined : flag
}

function valuesOf(flag: Flag, known: Known): Candidate[] {
  if (flag.name === 'lease') return argumentValues('lease', known)
  if (flag.name === 'endpoints')
    return (known.endpoints ?? []).map((endpoint) => ({ text: endpoint, help: flag.help }))
  return (flag.values ?? []).map((value) => ({ text: value, help: flag.help }))
}

/** The number of positional words. */
function positionals(words: readonly string[], flags: readonly Flag[]): number {
  let count = 0
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (!word.startsWith('-')) count++
    else if (flagAwaitingValue([word], flags) !== undefined) i++
  }
  return count
}

function argumentCandidates(command: Command, position: number, known: Known): Candidate[] {
  const argument = command.args[position]
  return argument === undefined ? [] : argumentValues(argument, known)
}

function argumentValues(argument: Argument, known: Known): Candidate[] {
  switch (argument) {
    case 'lease':
      return (known.leases ?? []).map((id) => ({ text: id, help: 'lease' }))
    case 'key':
    case 'end':
      return (known.keys ?? []).map((key) => ({ text: quoteWord(key), help: key }))
    case 'member':
      return (known.members ?? []).map((id) => ({ text: id, help: 'member' }))
    default:
      return []
  }
}
