// The faults of a run, and their console words. read-fault.ts parses the words, so a page that only
// writes them does not load the parser.

import type { MemberName } from '../base/trace'

/** One link, in both directions unless stated. */
export interface Link {
  from: string
  to: string
  oneWay?: true
}

/**
 * A setting of a link: extra milliseconds, random extra milliseconds up to a limit, or the
 * percentage of messages that are lost, doubled or overtaken.
 */
export type Dial = 'delay' | 'jitter' | 'loss' | 'duplicate' | 'reorder'

/** Faults of members, links and clients. Faults for unknown names are refused (fault-check.ts). */
export type Fault =
  /** Killed: data that is not on disk is lost. */
  | { type: 'crash'; member: MemberName }
  /** Stopped (SIGTERM): a leader first transfers its leadership. */
  | { type: 'stop'; member: MemberName }
  | { type: 'restart'; member: MemberName }
  /** Frozen (SIGSTOP): time passes until the member is resumed. */
  | { type: 'pause'; member: MemberName }
  | { type: 'resume'; member: MemberName }
  /** From the next write on, each disk write takes this many milliseconds; 0 for none. */
  | { type: 'disk'; member: MemberName; ms: number }
  /**
   * The member's clock, for leases, ticks and waits, runs at this rate in percent from now on:
   * 10–1000, 100 is true.
   */
  | { type: 'member-clock'; member: MemberName; percent: number }
  /**
   * The member's wall clock is set forward or back by these seconds. Time spans do not depend on
   * it.
   */
  | { type: 'wall-clock'; member: MemberName; seconds: number }
  /** Members of different groups cannot reach each other. Members of no group reach all others. */
  | { type: 'partition'; groups: string[][] }
  /** Messages in this direction do not arrive; messages in the other direction do. */
  | { type: 'cut'; from: string[]; to: string[] }
  /** Changes a setting of a link; null changes all links. */
  | { type: 'link'; link: Link | null; dial: Dial; value: number }
  /**
   * One message in flight, by its number: it arrives now, never, or this many milliseconds later.
   * Unknown messages are refused.
   */
  | { type: 'message'; message: number; fate: 'deliver' | 'drop' }
  | { type: 'message'; message: number; fate: 'delay'; ms: number }
  /** The connections of a client break (RST), and both ends notice. */
  | { type: 'reset'; client: string }
  /** All cuts end, and all links return to the configuration. */
  | { type: 'heal' }
  /**
   * A client's program and its console's processes: paused, as by a long garbage collection or a
   * closed lid, or killed. Only a program can be restarted, from its first line.
   */
  | { type: 'pause-client' | 'resume-client' | 'crash-client' | 'restart-client'; client: string }
  /** A client's clock runs at this rate in percent from now on: 10–1000, 100 is true. */
  | { type: 'clock'; client: string; percent: number }
  /**
   * A client's wall clock is set forward by these milliseconds, or back if negative; at most a day.
   */
  | { type: 'set-clock'; client: string; ms: number }

export const LONGEST_DELAY_MS = 60_000
/** The maximum of seconds that a wall clock is set forward or back at once. */
export const LONGEST_STEP_S = 86_400

/** A fault in the words that read-fault.ts parses. */
export function faultText(fault: Fault): string {
  switch (fault.type) {
    case 'heal':
      return 'heal'
    case 'reset':
      return `reset ${fault.client}`
    case 'clock':
      return `clock ${fault.client} ${fault.percent}`
    case 'set-clock':
      return `clock ${fault.client} ${spanText(fault.ms)}`
    case 'disk':
      return `disk ${fault.member} ${fault.ms}`
    case 'member-clock':
      return `clock ${fault.member} ${fault.percent}`
    case 'wall-clock':
      return `wall-clock ${fault.member} ${fault.seconds}`
    case 'partition':
      return `partition ${fault.groups.map((group) => group.join(',')).join(' ')}`
    case 'cut':
      return `partition ${fault.from.join(',')} to ${fault.to.join(',')}`
    case 'link':
      return `${dialWord(fault.dial)} ${linkText(fault.link)} ${fault.value}${inPercent(fault.dial) ? '%' : ''}`
    case 'message':
      return `${fault.fate} ${fault.message}${fault.fate === 'delay' ? ` ${fault.ms}` : ''}`
    default:
      return 'client' in fault
        ? `${fault.type.replace('-client', '')} ${fault.client}`
        : `${fault.type} ${fault.member}`
  }
}

function spanText(ms: number): string {
  const span = Math.abs(ms)
  return `${ms < 0 ? '-' : '+'}${span % 1000 === 0 ? `${span / 1000}s` : `${span}ms`}`
}

/** `m1-m2`, `m1 to m2`, `all`. */
export function linkText(link: Link | null): string {
  return link === null
    ? 'all'
    : link.oneWay
      ? `${link.from} to ${link.to}`
      : `${link.from}-${link.to}`
}

function dialWord(dial: Dial): string {
  return dial === 'loss' ? 'drop' : dial
}

/** Whether a setting is a percentage of messages. */
export function inPercent(dial: Dial): boolean {
  return dial !== 'delay' && dial !== 'jitter'
}
