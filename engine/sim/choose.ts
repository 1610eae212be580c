// The reader is the scheduler: nothing moves by itself, and the reader chooses the next move. A
// choice for every tick would hide those that matter. Internal moves that are due first can
// therefore be taken at once. Four kinds are never internal: requests of clients, their steps,
// messages that reach them, and a pass of the expiry loop that will find a lease.

import { speakerOf } from '../base/speaker'
import type { Member } from '../member/member'
import type { Due, Message, Move } from './moves'

/**
 * The internal moves before a choice. `ticks`: timers of members and their heartbeats. `members`:
 * also all messages between members, so that an entry is committed and applied in one step.
 */
export type Machinery = 'ticks' | 'members'

/** The parts of a run that choosing needs: `Simulation` has them. */
interface Choosable {
  readonly now: number
  readonly members: readonly Member[]
  moves(): Move[]
  take(id: number): boolean
}

/** The most internal moves before one choice: half a day of a lone member's passes. */
const MOST_MOVES = 100_000

/** Whether a move that is due at `at` is internal at that moment. */
export function isMachinery(
  due: Due,
  at: number,
  members: readonly Member[],
  machinery: Machinery,
): boolean {
  switch (due.type) {
    case 'deliver-peer':
      return (
        machinery === 'members' ||
        (due.delivery.message.type === 'raft' &&
          /^MsgHeartbeat/.test(due.delivery.message.message.type))
      )
    case 'member-timer':
      return due.timer !== 'expiry' || !findsLease(members, due.member, at)
    default:
      return false
  }
}

/** A move in a few words: sender, receiver, content. */
export function moveText(due: Due): string {
  switch (due.type) {
    case 'deliver': {
      const { member, body } = due.message
      const client = speakerOf(due.message.client)
      const [from, to] = body.type === 'reply' ? [member, client] : [client, member]
      const what = whatOf(body)
      return `${from} → ${to}, ${what}`
    }
    case 'deliver-peer': {
      const { from, to, message } = due.delivery
      return `${from} → ${to}, ${message.type === 'raft' ? message.message.type : message.type}`
    }
    case 'deliver-write': {
      const { client, value, accepted } = due.write
      return accepted === null ? `${client} → storage, ${value}` : `storage → ${client}, answer`
    }
    case 'member-timer':
      return `${due.member}, ${due.timer}`
    case 'client-timer':
      return `${speakerOf(due.client)}, ${due.timer}`
    case 'connection-timer':
      return `${speakerOf(due.client)}, connection to ${due.member}`
    case 'shell-timer':
      return `${due.terminal}, ${due.timer}`
  }
}

/**
 * Whether a pass of a member's expiry loop would find a lease at that moment; false for an unknown
 * member.
 */
export function findsLease(members: readonly Member[], name: string, at: number): boolean {
  const member = members.find(({ options }) => options.name === name)
  return member !== undefined && member.nextDueAt <= at
}

/**
 * Takes one move. With `machinery`, internal moves that are due before it come first. Those that
 * are due at its very moment follow it, so no internal move is ever late. An unknown move changes
 * nothing.
 */
export function takeChosen(sim: Choosable, move: number, machinery?: Machinery): void {
  if (machinery !== undefined)
    runMachinery(sim, machinery, (moves) => moves.findIndex(({ id }) => id === move))
  if (sim.take(move) && machinery !== undefined) idle(sim, sim.now, machinery, false)
}

/**
 * Takes internal moves until `until` (virtual ms). All other moves that are due by then stay to be
 * chosen. With `news` it stops, and answers false, as soon as there is a new choice.
 */
export function idle(sim: Choosable, until: number, machinery: Machinery, news: boolean): boolean {
  const choices = (moves: readonly Move[]): Move[] =>
    moves.filter((move) => !isMachine(sim, move, machinery))
  const known = new Set(news ? choices(sim.moves()).map(({ id }) => id) : [])
  let stopped = false
  runMachinery(sim, machinery, (moves) => {
    stopped = news && choices(moves).some(({ id }) => !known.has(id))
    const later = moves.findIndex(({ at }) => at > until)
    return stopped ? -1 : later < 0 ? moves.length : later
  })
  return !stopped
}

/**
 * Takes the first move while it is internal and comes before the place that `end` names. An unknown
 * place (−1) stops it.
 */
function runMachinery(
  sim: Choosable,
  machinery: Machinery,
  end: (moves: readonly Move[]) => number,
): void {
  for (let taken = 0; taken < MOST_MOVES; taken++) {
    const moves = sim.moves()
    const place = end(moves)
    const next = moves.findIndex((move) => isMachine(sim, move, machinery))
    if (next < 0 || next >= place) return
    sim.take(moves[next]!.id)
  }
}

function isMachine(sim: Choosable, { at, due }: Move, machinery: Machinery): boolean {
  return isMachinery(due, Math.max(at, sim.now), sim.members, machinery)
}

function whatOf(body: Message['body']): string {
  switch (body.type) {
    case 'open':
      return `start of a stream of ${body.call}`
    case 'request':
      return body.request.type
    case 'reply':
      return `answer ${body.reply.type}`
    case 'cancel':
      return 'end of a stream'
  }
}
