// What a client thinks of a lease, in words. A sentence that claims knowledge names an answer; a
// frozen process thinks nothing and goes on as it was.

import type { Belief, ClientView, ConsoleEntry, MemberView } from '../../engine/worker/protocol'
import { clockText } from './figures'

/**
 * `waiting`: no lease yet. `holds`: by its own clock. `over`: its own clock says that the time is
 * up. `acts`: it acts as a holder, and its lease is gone. `frozen`: its process is paused, and its
 * lease lives. `told`, `gave-up`: it takes the lease for lost. `down`: its process is down.
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
  // Until its library gives the lease up, its program hears nothing.
  const unaware = belief.heartbeat && belief.givesUpAt !== null
  if (now >= belief.until) return gone && (inside || unaware) ? 'acts' : 'over'
  return gone ? 'acts' : 'holds'
}

/** The virtual ms that the client's ring shows: a frozen one stays as it was. */
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
  /** Below a small ring, where there is no room for more. */
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
 * `m1 is down: no answer`, of a client that waits for a member whose process is down or frozen;
 * null where its member runs.
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
 * `failed: context deadline exceeded`: the last line of what a failed command printed as its error;
 * null for one that did not fail.
 */
export function failureOf({ exit, output }: Pick<ConsoleEntry, 'exit' | 'output'>): string | null {
  if (exit === null || exit === 0) return null
  const lines = output
    .filter(({ stream }) => stream === 'stderr')
    .flatMap(({ text }) => text.split('\n'))
  const last = lines.findLast((line) => line.trim() !== '')
  // etcdctl prints a failure as JSON with the error in it, or as a line that begins with "Error: ".
  const said =
    last === undefined
      ? ''
      : (/"error":"([^"]*)"/.exec(last)?.[1] ?? last.replace(/^Error: /, '').trim())
  return said === '' ? `failed with exit code ${exit}` : `failed: ${said}`
}

/** The main words where they stand without the small ones around them. */
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

/** What the heartbeat does. A frozen or crashed process sends nothing, whatever is switched on. */
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
 * The belief that a card shows of a client's sessions: one that it still has, and of these the
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

/** Virtual ms after its end for which a lease is still spoken of beside others. */
const LONG_GONE_MS = 5000

/**
 * Whether a lease has been gone for long, and its client, which runs and is in no critical section,
 * does not count on it any more.
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
 * The sessions that a client's card speaks of: all but those that are long gone, unless there are
 * no others.
 */
export function spokenSessions(
  sessions: readonly Belief[],
  client: Holder,
  now: number,
): readonly Belief[] {
  const spoken = sessions.filter((belief) => !isLongGone(belief, client, now))
  return spoken.length === 0 || spoken.length === sessions.length ? sessions : spoken
}
