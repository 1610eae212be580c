// The console's words for faults: `crash m1`, `partition m1,svc m2,m3`, `heal`.

import type { MemberName } from '../base/trace'
import { existing, noMember } from './exists'
import type { Fault, Link } from './fault'
import { inPercent, LONGEST_DELAY_MS, LONGEST_STEP_S } from './fault'

const CLIENT = /^[A-Za-z_][\w-]*$/
const MEMBER = /^m\d/

const OF_A_PROCESS = ['crash', 'restart', 'pause', 'resume'] as const
/** The console's word for each setting, and its maximum. */
const DIALS = {
  delay: 'delay',
  jitter: 'jitter',
  drop: 'loss',
  duplicate: 'duplicate',
  reorder: 'reorder',
} as const

/** The console's words for faults, with their usage. */
export const FAULT_WORDS = [
  'crash m1',
  'stop m1',
  'restart m1',
  'pause m1',
  'resume m1',
  'disk m1 200',
  'clock a 120',
  'clock a +3s',
  'clock m1 150',
  'wall-clock m1 -3600',
  'partition m1,m2 m3',
  'partition m1 to m2',
  'delay m1-m2 50',
  'jitter m1-m2 50',
  'drop m1-m2 10%',
  'duplicate m1-m2 10%',
  'reorder m1-m2 10%',
  'delay 17 500',
  'drop 17',
  'deliver 17',
  'reset a',
  'heal',
] as const

/**
 * Parses a fault in the console's words: `crash m1`, `partition m1,svc m2,m3`, `heal`. Null for
 * other words; a sentence for wrong usage. A link is `m1-m2`, one way `m1 to m2`, and `all` or
 * nothing for all links.
 */
export function readFault(
  words: readonly string[],
  members: readonly MemberName[],
): Fault | string | null {
  const [word = '', ...args] = words
  switch (word) {
    case 'reset': {
      const [client = ''] = args
      const isOne = args.length === 1 && CLIENT.test(client) && !MEMBER.test(client)
      return isOne ? { type: 'reset', client } : 'reset takes one client, such as: reset a'
    }
    case 'heal':
      return args.length === 0 ? { type: 'heal' } : 'heal takes no arguments'
    case 'clock': {
      const [who = '', rate = ''] = args
      const set = readSpan(rate)
      if (args.length === 2 && set !== undefined && CLIENT.test(who)) {
        if (within(Math.abs(set), 1, LONGEST_STEP_S * 1000) && !MEMBER.test(who))
          return { type: 'set-clock', client: who, ms: set }
        return 'clock sets the clock of a client, by at most a day: clock a +3s. For a member: wall-clock m1 3'
      }
      const percent = percentOf(rate)
      if (args.length !== 2 || !CLIENT.test(who) || !within(percent, 10, 1000))
        return 'clock takes a client or a member and a percentage (clock a 120), or a client and a time (clock a +3s)'
      if (members.includes(who)) return { type: 'member-clock', member: who, percent }
      return MEMBER.test(who) ? noMember(who, members) : { type: 'clock', client: who, percent }
    }
    case 'wall-clock': {
      const [member = '', text = ''] = args
      const seconds = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN
      if (args.length !== 2 || seconds === 0 || !within(seconds, -LONGEST_STEP_S, LONGEST_STEP_S))
        return 'wall-clock takes a member and seconds, such as: wall-clock m1 -3600'
      return members.includes(member)
        ? { type: 'wall-clock', member, seconds }
        : noMember(member, members)
    }
    case 'disk': {
      const [member = '', ms = ''] = args
      if (args.length !== 2 || !within(numberOf(ms), 0, LONGEST_DELAY_MS))
        return 'disk takes a member and milliseconds, such as: disk m1 200'
      return members.includes(member)
        ? { type: 'disk', member, ms: Number(ms) }
        : noMember(member, members)
    }
    case 'stop': {
      const [member = ''] = args
      if (args.length !== 1) return 'stop takes one member, such as: stop m1'
      return members.includes(member) ? { type: 'stop', member } : noMember(member, members)
    }
    case 'partition':
      return readPartition(args)
    case 'deliver': {
      const message = numberOf(args[0] ?? '')
      return args.length === 1 && message > 0
        ? { type: 'message', message, fate: 'deliver' }
        : 'deliver takes a message in flight, such as: deliver 17'
    }
    case 'delay':
    case 'jitter':
    case 'drop':
    case 'duplicate':
    case 'reorder':
      return readMessage(word, args) ?? readDial(word, args, members)
    default:
  }
  const type = OF_A_PROCESS.find((known) => known === word)
  if (type === undefined) return null
  const [member] = args
  if (member === undefined || args.length > 1)
    return `${type} takes one member or client, such as: ${type} m1`
  if (members.includes(member)) return { type, member }
  return CLIENT.test(member) && !MEMBER.test(member)
    ? { type: `${type}-client`, client: member }
    : noMember(member, members)
}

/** `+3s`, `-1500ms` in milliseconds; undefined for another text. */
function readSpan(word: string): number | undefined {
  const [, sign, number, unit] = /^([+-])(\d{1,9})(ms|s)$/.exec(word) ?? []
  return number === undefined ? undefined : Number(`${sign}${number}`) * (unit === 's' ? 1000 : 1)
}

function readPartition(args: readonly string[]): Fault | string {
  const names = (group: string): string[] => group.split(',').filter((name) => name !== '')
  if (args[1] === 'to' && args.length === 3)
    return { type: 'cut', from: names(args[0]!), to: names(args[2]!) }
  if (args.length < 2) return 'partition takes two groups or more, such as: partition m1,m2 m3'
  return { type: 'partition', groups: args.map(names) }
}

/** `drop 17` and `delay 17 500` concern one message; undefined for link settings. */
function readMessage(word: string, args: readonly string[]): Fault | undefined {
  const [message, ms] = args.map(numberOf)
  if (message === undefined || !(message > 0)) return undefined
  if (word === 'drop' && args.length === 1) return { type: 'message', message, fate: 'drop' }
  return word === 'delay' && args.length === 2 && within(ms, 1, LONGEST_DELAY_MS)
    ? { type: 'message', message, fate: 'delay', ms: ms! }
    : undefined
}

function readDial(
  word: keyof typeof DIALS,
  args: readonly string[],
  members: readonly MemberName[],
): Fault | string {
  const dial = DIALS[word]
  const usage = `${word} takes a link and ${inPercent(dial) ? 'a percentage' : 'milliseconds'}, such as: ${word} m1-m2 ${inPercent(dial) ? '10%' : '50'}`
  // The amount may come first.
  const amount = args.findIndex((arg) => /^\d+%?$/.test(arg))
  const value = Number(args[amount]?.replace('%', ''))
  if (
    amount < 0 ||
    !within(value, 0, inPercent(dial) ? 100 : LONGEST_DELAY_MS) ||
    (args[amount]!.endsWith('%') && !inPercent(dial))
  )
    return usage
  // In message commands a bare number is the message's number.
  if (inPercent(dial) && !args[amount]!.endsWith('%')) return usage
  const link = readLink(
    args.filter((_, i) => i !== amount),
    members,
  )
  return link === undefined
    ? usage
    : typeof link === 'string'
      ? link
      : { type: 'link', link, dial, value }
}

/** Undefined for a word that is not a link; a sentence for an impossible link. */
function readLink(
  words: readonly string[],
  members: readonly MemberName[],
): Link | null | string | undefined {
  if (words.length === 0 || (words.length === 1 && words[0] === 'all')) return null
  const link =
    words.length === 3 && words[1] === 'to'
      ? { from: words[0]!, to: words[2]!, oneWay: true as const }
      : bothWays(words, members)
  if (link === undefined) return undefined
  if (![link.from, link.to].every((name) => CLIENT.test(name))) return undefined
  const unknown = [link.from, link.to].find((name) => MEMBER.test(name) && !members.includes(name))
  if (unknown !== undefined) return noMember(unknown, members)
  return [link.from, link.to].some((name) => members.includes(name))
    ? link
    : `a link needs a member at one end; ${existing(members)}`
}

/** A client's name may contain a dash; a member's name may not. */
function bothWays(
  [word = '', ...more]: readonly string[],
  members: readonly MemberName[],
): Link | undefined {
  if (more.length > 0) return undefined
  const [first = '', ...rest] = word.split('-')
  if (rest.length > 0 && members.includes(first)) return { from: first, to: rest.join('-') }
  const parts = word.split('-')
  const last = parts.pop()!
  return parts.length > 0 ? { from: parts.join('-'), to: last } : undefined
}

/** `150`, `150%` or, below ten, a factor: `1.5`. */
function percentOf(word: string): number {
  const text = word.replace(/%$/, '')
  if (!/^\d+(\.\d+)?$/.test(text)) return Number.NaN
  return word.endsWith('%') || Number(text) >= 10
    ? Number(text)
    : Math.round(Number(text) * 10_000) / 100
}

function numberOf(word: string): number {
  return /^\d+$/.test(word) ? Number(word) : Number.NaN
}

function within(value: number | undefined, least: number, most: number): boolean {
  return value !== undefined && Number.isInteger(value) && value >= least && value <= most
}
