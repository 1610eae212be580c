// What can go wrong in a run, and its words. The words are read by read-fault.ts, so that a page
// which only writes them does without their reader.

import type { MemberName } from '../base/trace'

/** One link, both ways unless it is said otherwise. */
export interface Link {
  from: string
  to: string
  oneWay?: true
}

/**
 * What a link does to what it carries: milliseconds more and up to so many more by the dice;
 * messages in a hundred that are lost, doubled, overtaken.
 */
export type Dial = 'delay' | 'jitter' | 'loss' | 'duplicate' | 'reorder'

/** What is done to members, links and clients. What does not exist is refused (fault-check.ts). */
export type Fault =
  /** Killed: what was not on its disk is gone. */
  | { type: 'crash'; member: MemberName }
  /** Asked to end (SIGTERM): a leader first hands its leadership over. */
  | { type: 'stop'; member: MemberName }
  | { type: 'restart'; member: MemberName }
  /** Frozen (SIGSTOP): time passes it by until it is resumed. */
  | { type: 'pause'; member: MemberName }
  | { type: 'resume'; member: MemberName }
  /** From its next write on its disk takes so many milliseconds; 0 for none. */
  | { type: 'disk'; member: MemberName; ms: number }
  /**
   * A member's clock, by which it counts leases down, ticks and waits, runs at so many percent from
   * now on: 10–1000, 100 is true.
   */
  | { type: 'member-clock'; member: MemberName; percent: number }
  /**
   * Its wall clock, the one that tells the date, is put forward or back by so many seconds; time
   * that passes is not measured by it.
   */
  | { type: 'wall-clock'; member: MemberName; seconds: number }
  /** Who is in different groups cannot reach each other; who is in none reaches everybody. */
  | { type: 'partition'; groups: string[][] }
  /** What the ones say does not reach the others; what those say still does. */
  | { type: 'cut'; from: string[]; to: string[] }
  /** Turns a dial of a link; without one, of all. */
  | { type: 'link'; link: Link | null; dial: Dial; value: number }
  /**
   * One message in flight, by its number: it is there now, it will not arrive, it comes so many
   * milliseconds later. One that is not in flight is none.
   */
  | { type: 'message'; message: number; fate: 'deliver' | 'drop' }
  | { type: 'message'; message: number; fate: 'delay'; ms: number }
  /** The connections of a client break (RST), and both ends learn of it. */
  | { type: 'reset'; client: string }
  /** The walls fall, and the links' dials stand again as the run began. */
  | { type: 'heal' }
  /**
   * A client's program and its console's processes: paused as by a long collection of garbage or a
   * closed lid, killed. Only a program is started again, from its first line.
   */
  | { type: 'pause-client' | 'resume-client' | 'crash-client' | 'restart-client'; client: string }
  /** A client's clock runs at so many percent from now on: 10–1000, 100 is true. */
  | { type: 'clock'; client: string; percent: number }
  /**
   * A client's clock on the wall is set so many milliseconds ahead, or back where negative; a day
   * at most.
   */
  | { type: 'set-clock'; client: string; ms: number }

export const LONGEST_DELAY_MS = 60_000
/** Seconds: the most that a wall clock is put forward or back at once. */
export const LONGEST_STEP_S = 86_400

/** A fault in the words that read-fault.ts reads. */
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

/** Whether a dial counts of a hundred messages. */
export function inPercent(dial: Dial): boolean {
  return dial !== 'delay' && dial !== 'jitter'
}
