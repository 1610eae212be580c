// The belief of a client about a lease, in words. A sentence that claims knowledge names an answer.
// A frozen process has no beliefs; it continues unaware of the pause.

import type { Belief, ClientView, ConsoleEntry, MemberView } from '../../engine/worker/protocol'
import { clockText } from './figures'

/**
 * `waiting`: no lease yet. `holds`: by its own clock. `over`: the TTL is up by its own clock.
 * `acts`: the client acts as a holder, but its lease has ended. `frozen`: its process is paused,
 * and its lease lives. `told`, `gave-up`: the client considers the lease lost. `down`: its process
 * is down.
 */
export type BeliefState =
  | 'waiting'
  | 'holds'
  | 'over'
  | 'acts'
  | 'frozen'
  | 'told'
  | 'gave-up'
  | 'down'

type Holder = Pick<ClientView, 'state' | 'since' | 'program'>

export function beliefState(belief: Belief, { state, program }: Holder, now: number): BeliefState {
  const gone = belief.truth.goneAt !== null && belief.truth.goneAt <= now
  const inside = program?.section != null
  if (state === 'down') return 'down'
  if (belief.lost) return gone && inside ? 'acts' : belief.lostHow === 'told' ? 'told' : 'gave-up'
  if (belief.until === null) return 'waiting'
  if (state === 'paused')
    return gone && (belief.holds || inside) ? 'acts' : belief.holds || inside ? 'frozen' : 'over'
  // The program hears nothing until its library gives the lease up.
  const unaware = belief.heartbeat && belief.givesUpAt !== null
  if (now >= belief.until) return gone && (inside || unaware) ? 'acts' : 'over'
  return gone ? 'acts' : 'holds'
}

/** The virtual ms that the client's ring shows. The ring of a frozen client does not move. */
export function ringInstant({ state, since }: Holder, now: number): number {
  return state === 'up' ? now : Math.min(since, now)
}

export interface BeliefWords {
  /** Beside the client's name. */
  head: string
  /** Small, strong, small. */
  lead: string
  main: string
  note: string
  /** Below a small ring, where the full words do not fit. */
  brief: string
}

export function beliefWords(belief: Belief, state: BeliefState, client: Holder): BeliefWords {
  const { name, until, lastAnswerAt, lostHow, truth } = belief
  const answer =
    lastAnswerAt === null ? 'no answer yet' : `last answer at ${clockText(lastAnswerAt)} s`
  switch (state) {
    case 'waiting':
      return {
        head: 'asks for a lease',
        lead: 'waits for',
        main: 'an answer',
        note: answer,
        brief: 'no lease yet',
      }
    case 'holds':
      return {
        head: `believes it holds ${name}`,
        lead: 'believes until',
        main: moment(until),
        note: answer,
        brief: `believes ${name}`,
      }
    case 'over':
      return {
        head: `${name} is over, by its clock`,
        lead: 'believed until',
        main: moment(until),
        note: answer,
        brief: `${name} is over`,
      }
    case 'frozen':
      return {
        head: `holds ${name}`,
        lead: 'frozen at',
        main: moment(client.since),
        note: answer,
        brief: `holds ${name}`,
      }
    case 'acts': {
      const lead = truth.goneAt === null ? '' : `since ${clockText(truth.goneAt)} s`
      const note =
        lostHow === 'told'
          ? `told at ${moment(lastAnswerAt)}, and still inside`
          : until === null
            ? answer
            : `believes until ${moment(until)}`
      const paused = client.state === 'paused' ? `frozen at ${moment(client.since)}` : note
      const head = client.state === 'paused' ? `frozen without ${name}` : `acts without ${name}`
      return { head, lead, main: `${name} is gone`, note: paused, brief: `${name} is gone` }
    }
    case 'told':
      return {
        head: `knows that ${name} is gone`,
        lead: 'told',
        main: `${name} is gone`,
        note: answer,
        brief: `told: ${name} is gone`,
      }
    case 'gave-up':
      return {
        head: `takes ${name} for lost`,
        lead: 'had no answer and',
        main: `gave up ${name}`,
        note: answer,
        brief: `gave up ${name}`,
      }
    case 'down':
      return { head: 'down', lead: 'held', main: name, note: answer, brief: 'down' }
  }
}

/**
 * `m1 is down: no answer`: the client waits for a member whose process is down or frozen. Null
 * while its member runs.
 */
export function silentMember(
  name: string,
  members: readonly Pick<MemberView, 'name' | 'role' | 'paused'>[],
): string | null {
  const member = members.find((each) => each.name === name)
  if (member === undefined || (member.role !== 'down' && !member.paused)) return null
  return `${name} is ${member.role === 'down' ? 'down' : 'frozen'}: no answer`
}

/**
 * `failed: context deadline exceeded`: the last error line of a failed command. Null for a command
 * that did not fail.
 */
export function failureOf({ exit, output }: Pick<ConsoleEntry, 'exit' | 'output'>): string | null {
  if (exit === null || exit === 0) return null
  const lines = output
    .filter(({ stream }) => stream === 'stderr')
    .flatMap(({ text }) => text.split('\n'))
  const last = lines.findLast((line) => line.trim() !== '')
  // etcdctl prints a failure as JSON with an error field, or as a line that begins with "Error: ".
  const said =
    last === undefined
      ? ''
      : (/"error":"([^"]*)"/.exec(last)?.[1] ?? last.replace(/^Error: /, '').trim())
  return said === '' ? `failed with exit code ${exit}` : `failed: ${said}`
}

/** The main words without the small ones around them. */
export function plainMain(
  { lead, main }: Pick<BeliefWords, 'lead' | 'main'>,
  state: BeliefState,
): string {
  if (state === 'holds') return `until ${main}`
  return state === 'over' || state === 'frozen' || state === 'down' || state === 'waiting'
    ? `${lead} ${main}`
    : main
}

function moment(at: number | null): string {
  return at === null ? '' : `${clockText(at)} s`
}

/**
 * The state of the heartbeat. A frozen or crashed process sends nothing, even with the heartbeat
 * on.
 */
export function heartbeatText(belief: Belief, state: ClientView['state'], brief: boolean): string {
  const { heartbeat, heartbeatAt, unansweredSince } = belief
  if (heartbeat && state !== 'up')
    return state === 'paused' ? 'no heartbeat while frozen' : 'no heartbeat while down'
  if (heartbeat)
    return unansweredSince === null
      ? 'heartbeat on'
      : `no answer since ${clockText(unansweredSince)} s`
  if (heartbeatAt === null) return 'heartbeat off'
  return `${brief ? 'stopped' : 'heartbeat stopped'} at ${clockText(heartbeatAt)}`
}

/** Whether heartbeats are sent and answered. */
export function isBeating(
  { heartbeat, lost, unansweredSince }: Belief,
  state: ClientView['state'],
): boolean {
  return heartbeat && !lost && unansweredSince === null && state === 'up'
}

/**
 * The belief that a client's card shows. Leases that the client still has come first; of these, the
 * first to run out.
 */
export function shownBelief(sessions: readonly Belief[]): Belief | null {
  const order = (belief: Belief): number =>
    belief.lost ? Number.POSITIVE_INFINITY : (belief.until ?? Number.MAX_VALUE)
  return sessions.reduce<Belief | null>(
    (best, each) => (best === null || order(each) < order(best) ? each : best),
    null,
  )
}

/** Virtual ms for which an ended lease is still mentioned beside others. */
const LONG_GONE_MS = 5000

/**
 * Whether a lease ended long ago and its client no longer counts on it. Such a client runs and is
 * in no critical section.
 */
function isLongGone(
  { lost, until, truth }: Belief,
  { state, program }: Holder,
  now: number,
): boolean {
  if (state !== 'up' || program?.section != null) return false
  return (
    truth.goneAt !== null &&
    truth.goneAt <= now - LONG_GONE_MS &&
    (lost || until === null || until <= now)
  )
}

/**
 * The sessions on a client's card: all except those that ended long ago. If there are no others,
 * the card shows those too.
 */
export function spokenSessions(
  sessions: readonly Belief[],
  client: Holder,
  now: number,
): readonly Belief[] {
  const spoken = sessions.filter((belief) => !isLongGone(belief, client, now))
  return spoken.length === 0 || spoken.length === sessions.length ? sessions : spoken
}
