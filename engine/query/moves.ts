// The possible next moves, as cards to choose from. Internal moves are counted, not shown.

import type { LeaseId } from '../base/rpc'
import { speakerOf } from '../base/speaker'
import type { ClientTimer } from '../client/context'
import type { Machinery } from '../sim/choose'
import { findsLease, isMachinery } from '../sim/choose'
import type { Message, Move, PeerDelivery, Write } from '../sim/moves'
import { RESOURCE } from '../sim/resource'
import type { Simulation } from '../sim/simulation'
import type { NameOf } from '../text/calls'
import { describeReply, describeRequest } from '../text/calls'
import { visibleLine } from '../text/visible'
import type { Scene } from './scene'

export interface MoveCard {
  /** For a `take`; null for a card that lets time pass (`idle`) until `at`. */
  id: number | null
  /** Virtual ms when it is due. A move that is late is taken now. */
  at: number
  /**
   * `line`: the next step of a client. `timer`: a timer of a client. `expiry`: a pass that finds an
   * expired lease. `wait`: time passes until a lease is due.
   */
  kind: 'line' | 'request' | 'reply' | 'peer' | 'timer' | 'expiry' | 'wait'
  who: string
  /** Null where there is no receiver. */
  whom: string | null
  /** The content of the move, without sender and receiver. */
  text: string
  /** The message will not arrive: its link between members is cut, or its receiver is down. */
  lost: boolean
  lease: string | null
}

export interface MovesView {
  /**
   * In this order: steps of clients, their messages, leases, messages between members. No group is
   * empty.
   */
  groups: MoveGroup[]
  /** The move that playing would take next; null where it has no card. */
  next: number | null
  /** The number of hidden internal moves, and when the first of them is due. */
  machinery: number
  machineryAt: number | null
}

export interface MoveGroup {
  name: 'clients' | 'messages' | 'leases' | 'peers'
  /** The first by (time, sequence) first. */
  cards: MoveCard[]
  /** The number of later cards that are left out. */
  more: number
}

const MOST_CARDS = 24
/** Messages between members: seven members send many at once. */
const MOST_PEERS = 12
const MOST_WAITS = 3

const GROUP_OF: Record<MoveCard['kind'], MoveGroup['name']> = {
  line: 'clients',
  timer: 'clients',
  request: 'messages',
  reply: 'messages',
  expiry: 'leases',
  wait: 'leases',
  peer: 'peers',
}

/** Every move at the cursor. */
export function movesView({ sim, ledger, last }: Scene, machinery: Machinery): MovesView {
  const nameOf: NameOf = (lease) => ledger.names.nameOf(lease, last)
  const moves = sim.moves()
  const hidden = moves.filter(({ at, due }) =>
    isMachinery(due, Math.max(at, sim.now), sim.members, machinery),
  )
  const chosen = moves.filter((move) => !hidden.includes(move))
  const all = [...chosen.map((move) => cardOf(sim, move, nameOf)), ...waits(sim, nameOf)]
    .map((card) => ({ ...card, text: visibleLine(card.text) }))
    .sort((a, b) => a.at - b.at)
  const groups = (['clients', 'messages', 'leases', 'peers'] as const).map((name): MoveGroup => {
    const cards = all.filter(({ kind }) => GROUP_OF[kind] === name)
    const most = name === 'peers' ? MOST_PEERS : MOST_CARDS
    return { name, cards: cards.slice(0, most), more: Math.max(0, cards.length - most) }
  })
  return {
    groups: groups.filter(({ cards }) => cards.length > 0),
    next: chosen[0]?.id ?? null,
    machinery: hidden.length,
    machineryAt: hidden[0]?.at ?? null,
  }
}

/**
 * The moves that a question may list, in one line each: steps of clients, their messages, and
 * expiries; the first by (time, sequence) first.
 */
export function possibleMoves(sim: Simulation, nameOf: NameOf): { at: number; text: string }[] {
  return sim
    .moves()
    .filter(({ at, due }) => !isMachinery(due, Math.max(at, sim.now), sim.members, 'members'))
    .map((move) => cardOf(sim, move, nameOf))
    .filter(({ kind, lost }) => kind !== 'peer' && !lost)
    .map(({ at, who, whom, text }) => ({
      at,
      text: visibleLine(`${who}${whom === null ? '' : ` → ${whom}`}: ${text}`),
    }))
}

function cardOf(sim: Simulation, { id, at, due }: Move, nameOf: NameOf): MoveCard {
  switch (due.type) {
    case 'deliver':
      return { id, at, ...messageCard(sim, due.message, nameOf) }
    case 'deliver-peer':
      return { id, at, ...peerCard(sim, due.delivery) }
    case 'deliver-write':
      return { id, at, ...writeCard(sim, due.write) }
    case 'member-timer': {
      const lease = expiring(sim, due.member, Math.max(at, sim.now))
      return {
        id,
        at,
        kind: 'expiry',
        who: due.member,
        whom: null,
        text:
          lease === null
            ? 'looks for expired leases'
            : `finds that ${nameOf(lease)} has expired and proposes its revoke`,
        lost: false,
        lease,
      }
    }
    case 'client-timer': {
      const next =
        due.timer === 'line'
          ? sim.clients.find(({ id: client }) => client === due.client)?.program?.runner?.next
          : undefined
      return {
        id,
        at,
        kind: due.timer === 'wake' || due.timer === 'line' ? 'line' : 'timer',
        who: speakerOf(due.client),
        whom: null,
        text: next ? `line ${next.line}: ${next.text}` : TIMERS[due.timer],
        lost: false,
        lease: null,
      }
    }
    case 'connection-timer': {
      const { state } = sim.connection(due.client, due.member) ?? {}
      const text =
        state === 'broken'
          ? `tries to connect to ${due.member}`
          : `gives up its connection to ${due.member}: no answer came in time`
      return {
        id,
        at,
        kind: 'timer',
        who: speakerOf(due.client),
        whom: null,
        text,
        lost: false,
        lease: null,
      }
    }
    case 'shell-timer':
      return {
        id,
        at,
        kind: 'line',
        who: due.terminal,
        whom: null,
        text: 'continues with its lines',
        lost: false,
        lease: null,
      }
  }
}

const TIMERS: Record<ClientTimer, string> = {
  line: 'ends its program',
  wake: 'wakes up and runs the next line',
  retry: 'sends its request again',
  'give-up': 'stops waiting for the answer',
  'keep-alive-send': 'sends its keep-alives',
  'keep-alive-deadline': 'gives up a lease: no answer came in time',
}

function messageCard(
  sim: Simulation,
  { client, member, body }: Message,
  nameOf: NameOf,
): Omit<MoveCard, 'id' | 'at'> {
  const owner = speakerOf(client)
  const toMember = body.type !== 'reply'
  const [who, whom] = toMember ? [owner, member] : [member, owner]
  const text =
    body.type === 'request'
      ? describeRequest(body.request, nameOf)
      : body.type === 'reply'
        ? describeReply(body.reply, nameOf)
        : 'closes its stream'
  return {
    kind: toMember ? 'request' : 'reply',
    who,
    whom,
    text,
    lost: !sim.isUpAt(whom),
    lease: null,
  }
}

function writeCard(
  sim: Simulation,
  { client, value, token, accepted }: Write,
): Omit<MoveCard, 'id' | 'at'> {
  const [who, whom] = accepted === null ? [client, RESOURCE] : [RESOURCE, client]
  const text =
    accepted === null
      ? `write ${value}${token === null ? '' : ` with token ${token}`}`
      : accepted
        ? 'the write is taken'
        : 'the write is refused'
  return {
    kind: accepted === null ? 'request' : 'reply',
    who,
    whom,
    text,
    lost: !sim.isUpAt(whom),
    lease: null,
  }
}

function peerCard(
  sim: Simulation,
  { from, to, message }: PeerDelivery,
): Omit<MoveCard, 'id' | 'at'> {
  const text = message.type === 'raft' ? message.message.type : message.type
  return { kind: 'peer', who: from, whom: to, text, lost: !sim.arrives(from, to), lease: null }
}

/** The lease of a member that is due first, if it is due at `at`. */
function expiring(sim: Simulation, name: string, at: number): LeaseId | null {
  const first = sim.members.find(({ options }) => options.name === name)?.leases()[0]
  return first !== undefined && first.deadline <= at ? first.id : null
}

/**
 * For each lease that is not due: time passes until the pass that finds it, if nothing renews it.
 */
function waits(sim: Simulation, nameOf: NameOf): MoveCard[] {
  return sim.servers.flatMap(({ member, state }): MoveCard[] => {
    const { lessor, nextPassAt, options } = member
    if (
      state === 'down' ||
      !lessor.isPrimary ||
      findsLease(sim.members, options.name, Math.max(nextPassAt, sim.now))
    )
      return []
    return member
      .leases()
      .slice(0, MOST_WAITS)
      .filter(({ deadline }) => deadline > sim.now && deadline < Number.MAX_SAFE_INTEGER)
      .map(({ id, deadline }) => {
        const at = member.passAfter(deadline)
        const text = `time passes until ${options.name} finds that ${nameOf(id)} has expired`
        return {
          id: null,
          at,
          kind: 'wait',
          who: options.name,
          whom: null,
          text,
          lost: false,
          lease: id,
        }
      })
  })
}
