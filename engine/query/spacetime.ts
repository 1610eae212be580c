// The space-time diagram: messages, and the states of clients and members, in columns. Each instant
// with an important event has a column. The rows are plain data as of the cursor. Only the latest
// events are read, so a long run costs no more than a short one.

import { RESOURCE } from '../sim/resource'
import { visibleLine } from '../text/visible'
import type { Scene } from './scene'
import type { Flight } from './spacetime/messages'
import { flights, messageOf } from './spacetime/messages'
import { columnEvents, notesSince } from './spacetime/notes'
import type {
  SpacetimeInterest,
  SpacetimeLane,
  SpacetimeMessage,
  SpacetimeNote,
  SpacetimeSpan,
  SpacetimeView,
} from './spacetime/rows'
import { spansSince } from './spacetime/spans'

export type * from './spacetime/rows'

/** Virtual ms after a column's instant that belong to the column. */
export const TOGETHER_MS = 2
const FEWEST = 2
const MOST = 200
/**
 * The most messages: a thousand requests of one instant share a column, and a viewer cannot tell
 * them apart.
 */
const MOST_MESSAGES = 300
const MOST_NOTES = 300

/** The diagram of a run at its cursor. */
export function spacetime(scene: Scene, interest: SpacetimeInterest): SpacetimeView {
  const { now } = scene.sim
  const { flights: all, cut } = flights(scene, interest.all === true)
  const every = columnsOf(
    all,
    columnEvents(scene).map(({ at }) => at),
    now,
  )
  const columns = every.slice(-Math.min(MOST, Math.max(FEWEST, Math.round(interest.columns))))
  const from = columns[0]!
  const messages = all.filter(
    ({ sending, received, lost }) => (received ?? lost ?? now) >= from && sending.at <= now,
  )
  const rows = messages.slice(-MOST_MESSAGES).map((flight) => messageOf(flight, scene.ledger))
  const notes = notesSince(scene, from, new Set(rows.map(({ event }) => event))).slice(-MOST_NOTES)
  const spans = spansSince(scene, from)
  return {
    columns,
    lanes: lanesOf(scene, rows, notes, spans),
    messages: rows,
    spans,
    notes,
    cut: cut || columns.length < every.length,
  }
}

/**
 * The instants of all columns, the cursor's last. An instant joins the previous column where it is
 * near enough. It does not join if a message would then arrive in the column of its sending.
 */
function columnsOf(messages: readonly Flight[], others: readonly number[], now: number): number[] {
  const instants = new Map<number, number>()
  const add = (at: number, sent: number): void => {
    instants.set(at, Math.max(sent, instants.get(at) ?? Number.NEGATIVE_INFINITY))
  }
  for (const at of others) add(at, Number.NEGATIVE_INFINITY)
  for (const { sending, received, lost } of messages) {
    add(sending.at, Number.NEGATIVE_INFINITY)
    const end = received ?? lost
    if (end !== null) add(end, sending.at === end ? Number.NEGATIVE_INFINITY : sending.at)
  }
  const columns: number[] = []
  for (const at of [...instants.keys()].sort((a, b) => a - b)) {
    const open = columns.at(-1)
    if (open === undefined || at - open > TOGETHER_MS || instants.get(at)! >= open) columns.push(at)
  }
  const open = columns.at(-1)
  if (open === undefined || now > open) columns.push(now)
  return columns
}

function lanesOf(
  scene: Scene,
  messages: readonly SpacetimeMessage[],
  notes: readonly SpacetimeNote[],
  spans: readonly SpacetimeSpan[],
): SpacetimeLane[] {
  const { sim } = scene
  const members = sim.members.map(({ options }) => options.name)
  const open = spans.filter(({ to }) => to === null)
  const taking = new Set([
    ...messages.flatMap(({ from, to }) => [from, to]),
    ...notes.flatMap(({ lane }) => lane ?? []),
    ...spans.map(({ lane }) => lane),
  ])
  const known = [
    ...sim.clients.filter(({ kind }) => kind === 'program').map(({ id }) => id),
    ...sim.terminals,
  ]
  const others = [...taking].filter(
    (name) => !known.includes(name) && !members.includes(name) && name !== RESOURCE,
  )
  const clients = [...new Set([...known, ...others])].filter((id) => taking.has(id))
  const lane = (kind: SpacetimeLane['kind'], state: (id: string) => string) => (id: string) => ({
    id,
    kind,
    state: state(id),
    part: taking.has(id),
  })
  const client = lane('client', (id) => clientState(id, open))
  const half = Math.ceil(clients.length / 2)
  return [
    ...clients.slice(0, half).map(client),
    ...members.map(lane('member', (id) => memberState(scene, id, open))),
    ...clients.slice(half).map(client),
    ...(taking.has(RESOURCE) ? [RESOURCE] : []).map(
      lane('storage', () => (sim.config.checkTokens === true ? 'checks tokens' : '')),
    ),
  ]
}

function clientState(id: string, open: readonly SpacetimeSpan[]): string {
  const mine = open.filter(({ lane }) => lane === id)
  if (mine.some(({ kind }) => kind === 'down')) return 'crashed'
  if (mine.some(({ kind }) => kind === 'paused')) return 'frozen'
  const inside = mine.find(({ kind }) => kind === 'inside')
  return inside === undefined ? '' : inside.text.replace(`${visibleLine(id)} is `, '')
}

function memberState({ sim }: Scene, id: string, open: readonly SpacetimeSpan[]): string {
  const mine = open.filter(({ lane }) => lane === id)
  if (mine.some(({ kind }) => kind === 'down')) return 'down'
  if (mine.some(({ kind }) => kind === 'paused')) return 'frozen'
  const role = sim.servers
    .find(({ member }) => member.options.name === id)
    ?.member.consensus.status().role
  return role === 'leader' || role === 'follower' ? role : role === undefined ? '' : 'candidate'
}
