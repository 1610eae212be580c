// Faults of members and links, as gestures; and the first run of a cluster.

import { faultText } from '../../engine/text/fault'
import type { Command, Config, Recording } from '../../engine/worker/protocol'
import { OPENING_CLIENT, OPENING_KEY } from '../scene/opening'
import type { Gesture } from './gestures'

export type Fault = Extract<Command, { type: 'fault' }>['fault']
type Groups = Extract<Fault, { type: 'partition' }>['groups']

/** The fault and the console command for it. */
export function faultGesture(fault: Fault): Gesture {
  return { command: { type: 'fault', fault }, line: faultLine(fault) }
}

/** In console syntax: `crash m1`, `partition m1 m2,m3`, `heal`. */
export const faultLine = faultText

export type Dial = Extract<Fault, { type: 'link' }>['dial']
type LinkOf = Extract<Fault, { type: 'link' }>['link']

/**
 * Links by their names: all, those between members, those of clients, then one direction of each.
 */
export function linkChoices(
  members: readonly string[],
  clients: readonly string[],
): { word: string; link: LinkOf }[] {
  const pairs = members.flatMap((a, i) =>
    [...members.slice(i + 1), ...clients].map((b): [string, string] =>
      clients.includes(b) ? [b, a] : [a, b],
    ),
  )
  const both = pairs.map(([from, to]) => ({ word: `${from} – ${to}`, link: { from, to } }))
  const oneWay = pairs.flatMap(([a, b]) =>
    [
      [a, b],
      [b, a],
    ].map(([from = '', to = '']) => ({
      word: `${from} → ${to} only`,
      link: { from, to, oneWay: true as const },
    })),
  )
  return [{ word: 'every link', link: null }, ...both, ...oneWay]
}

/** Null unless the value is a whole number from 0 to the maximum. */
export function dialFault(link: LinkOf, dial: Dial, value: number, most: number): Fault | null {
  return Number.isInteger(value) && value >= 0 && value <= most
    ? { type: 'link', link, dial, value }
    : null
}

/** Whether a one-way cut stops the messages from `from`. */
export function isSilenced(
  cuts: readonly { from: string[]; to: string[] }[],
  from: string,
  to: string,
): boolean {
  return cuts.some((cut) => cut.from.includes(from) && cut.to.includes(to))
}

/** `m1 | m2 m3` */
export function groupsText(groups: Groups): string {
  return groups.map((group) => group.join(' ')).join(' | ')
}

/**
 * Cuts one more member off from all others; existing groups remain. Null if the member is already
 * alone. A name outside all groups reaches everybody, so clients in a group stay in their group.
 */
export function cutOff(
  member: string,
  members: readonly string[],
  groups: Groups | null,
): Groups | null {
  const apart = groups ?? [[...members]]
  const own = apart.find((group) => group.includes(member))
  if (own?.every((name) => name === member || !members.includes(name))) return null
  const rest = apart
    .map((group) => group.filter((name) => name !== member))
    .filter((group) => group.length > 0)
  return [[member], ...rest]
}

export interface Cut {
  word: string
  groups: Groups
}

/**
 * Partitions that are worth a class's time. `leader` null: no member leads. A single member can
 * only be cut off from its clients.
 */
export function cuts(
  members: readonly string[],
  clients: readonly string[],
  leader: string | null,
): Cut[] {
  if (members.length < 2) {
    return members.length === 0 || clients.length === 0
      ? []
      : [{ word: 'The clients are cut off', groups: [[...clients], [...members]] }]
  }
  const minority = Math.floor((members.length - 1) / 2)
  const found: Cut[] = []
  const add = (word: string, few: readonly string[]) => {
    const groups = [[...few], members.filter((name) => !few.includes(name))]
    const known = found.some((cut) => groupsText(cut.groups) === groupsText(groups))
    if (few.length > 0 && !known) found.push({ word, groups })
  }
  // Neighbours on the stage, so that one wall separates them.
  const at = leader === null ? -1 : members.indexOf(leader)
  const from = (first: number) =>
    Array.from({ length: minority }, (_, i) => members[(first + i) % members.length]!)
  if (at >= 0) {
    add('The leader is alone', [members[at]!])
    add('The leader stays with the minority', from(at))
    add('The leader stays with the majority', from(at + 1))
  } else add('A minority is cut off', from(members.length - minority))
  found.push({ word: 'Every member is alone', groups: members.map((name) => [name]) })
  return found
}

/**
 * Milliseconds in each direction. Long enough to see, as in the opening. Shorter between members,
 * because they are side by side.
 */
const LATENCY_MS = 30
const PEER_LATENCY_MS = 10
const TTL_SECONDS = 10

/**
 * A cluster of 1, 3, 5 or 7 members, and the opening's client with its session and its key. `like`:
 * the run whose seed and version the cluster keeps.
 */
export function clusterRecording(
  members: number,
  like: { seed: number; etcd: Config['etcd'] },
): Recording {
  return {
    leasescope: 1,
    seed: like.seed,
    config: {
      members,
      etcd: like.etcd,
      heartbeatMs: 100,
      electionMs: 1000,
      boot: 'elected',
      latencyMs: LATENCY_MS,
      peerLatencyMs: PEER_LATENCY_MS,
      // A client with a single endpoint hangs while that member is down. A cluster of one has no
      // other endpoint.
      ...(members > 1 ? { clientEndpoints: 'all' as const } : {}),
    },
    commands: [
      {
        type: 'program',
        client: OPENING_CLIENT,
        program: [
          { op: 'session', ttlSeconds: TTL_SECONDS, as: 'lease' },
          { op: 'put', key: OPENING_KEY, value: '10.0.0.7:8080', lease: '$lease' },
        ],
        at: 0,
      },
    ],
  }
}
