// The sentences of the form for the reader's own lock. The engine gives the verdicts; the page only
// writes the sentences.

import type { LockVerdict, LockWay, MyLock } from '../../engine/worker/protocol'
import { clockText } from '../draw/figures'

export interface Sentence {
  /** The most important sentence. */
  main: string
  rest: string
  bad: boolean
}

/** The time when the lock failed, in one sentence, and the reasons. */
export function verdictWords(verdict: LockVerdict): Sentence {
  const { outcome, at, holder } = verdict
  const who = `client ${holder?.client ?? 'a'}`
  switch (outcome) {
    case 'two may write':
      return {
        main: `Two clients may write from ${seconds(at)} on.`,
        rest: joined(leaseEnds(verdict, who), lateWrite(verdict)),
        bad: true,
      }
    case 'two inside':
      return {
        main: `Two clients are inside from ${seconds(at)} on, but only one writes.`,
        rest: joined(leaseEnds(verdict, who), lateWrite(verdict), leaves(verdict, who)),
        bad: false,
      }
    case 'lost':
      return {
        main: `${capital(who)} loses its lock at ${seconds(at)} and is still inside.`,
        rest: joined(noticed(verdict, who), lateWrite(verdict), leaves(verdict, who)),
        bad: true,
      }
    case 'safe':
      return safe(verdict, who)
  }
}

function safe({ at, holder, left, leaseEnd }: LockVerdict, who: string): Sentence {
  if (holder === null)
    return {
      main: `No client gets the lock before ${seconds(at)}.`,
      rest: 'The run ends there.',
      bad: false,
    }
  if (left !== null) {
    const end = leaseEnd === null ? '' : `, before its lease ends at ${seconds(leaseEnd.at)}`
    return {
      main: `Nothing goes wrong: ${who} leaves at ${seconds(left)}${end}.`,
      rest: 'It writes nothing without its lock.',
      bad: false,
    }
  }
  return {
    main: `Nothing goes wrong: ${who} still has its lock at ${seconds(at)}.`,
    rest: 'All that follows from these settings has happened by then.',
    bad: false,
  }
}

function leaseEnds({ leaseEnd, wokeAt }: LockVerdict, who: string): string {
  if (leaseEnd === null) return ''
  const woke =
    wokeAt !== null && wokeAt > leaseEnd.at ? ` ${capital(who)} goes on at ${seconds(wokeAt)}.` : ''
  return `The lease of ${who} ends at ${seconds(leaseEnd.at)}.${woke}`
}

function lateWrite({ late }: LockVerdict): string {
  if (late === null) return ''
  if (!late.taken)
    return `The storage refuses its write at ${seconds(late.at)}: token ${late.token} is lower than ${late.highest}.`
  return `The storage takes its write at ${seconds(late.at)}${late.token === null ? '' : ` with token ${late.token}`}.`
}

function noticed({ noticed: at, leaseEnd }: LockVerdict, who: string): string {
  if (at === null) return `${capital(who)} does not learn of it.`
  return at < (leaseEnd?.at ?? 0)
    ? `Its own clock told it at ${seconds(at)}, but its program does not look.`
    : `It learns of it at ${seconds(at)}.`
}

function leaves({ left, late }: LockVerdict, who: string): string {
  return left === null || late !== null
    ? ''
    : `${capital(who)} leaves at ${seconds(left)} without a write.`
}

/** One change of the settings, as a noun. */
export function wayTitle({ change }: Pick<LockWay, 'change'>): string {
  if (change.checkTokens !== undefined) return 'The storage checks tokens'
  if (change.looks !== undefined) return 'The program looks at its lease before it writes'
  if (change.ttlSeconds !== undefined) return `A TTL of ${change.ttlSeconds} s`
  if (change.stallMs !== undefined) return `A stall of ${change.stallMs / 1000} s`
  return change.leader === 'stays' ? 'A leader that stays' : 'A new leader'
}

/** The result of the change. */
export function wayDetail({ change, verdict, does }: LockWay): string {
  const { outcome, at, late, left, leaseEnd } = verdict
  if (does === 'prevents' && change.checkTokens)
    return late === null ? 'No late write is taken.' : lateWrite(verdict)
  if (does === 'prevents' && change.looks)
    return left === null
      ? 'No late write is sent.'
      : `It leaves at ${seconds(left)}. A stall after the look would still do harm.`
  if (does === 'prevents') return 'The holder’s lease lives as long as the holder.'
  if (change.leader === 'crashes' && leaseEnd !== null)
    return `It starts the TTL again, but the lease still ends at ${seconds(leaseEnd.at)}.`
  if (late?.taken === true && outcome === 'lost')
    return 'The late write comes before another client has shown a higher token.'
  if (outcome === 'lost') return `The lock is lost at ${seconds(at)} all the same.`
  return outcome === 'safe'
    ? 'Nothing goes wrong.'
    : `Two clients are inside from ${seconds(at)} on.`
}

/**
 * The other TTL that the comparison offers: the tried TTL, or else twice the TTL. If twice is more
 * than `most`, half of the TTL.
 */
export function otherTtl(lock: MyLock, ways: readonly LockWay[], most: number): number {
  const tried = ways.find(({ change }) => change.ttlSeconds !== undefined)?.change.ttlSeconds
  const double = lock.ttlSeconds * 2
  return tried ?? (double <= most ? double : Math.floor(lock.ttlSeconds / 2))
}

function joined(...sentences: string[]): string {
  return sentences.filter((sentence) => sentence !== '').join(' ')
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function seconds(ms: number): string {
  return `${clockText(ms)} s`
}
