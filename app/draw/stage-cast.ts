// Who is on the stage, and what its columns are called.

import type { ClientView, ConsoleEntry, LeaseRow } from '../../engine/worker/protocol'
import { listText } from './figures'
import type { ClientKind } from './stage-shapes'

/**
 * Clients with a program, a lease or a session, and those that are down or frozen; terminals that
 * have run something.
 */
export function clientsOnStage(
  clients: readonly ClientView[],
  entries: readonly ConsoleEntry[],
): ClientView[] {
  const spoke = new Set(entries.map(({ terminal }) => terminal))
  return clients.filter(({ id, kind, sessions, instructions, program, state }) => {
    // A crash takes all that a client knew. It stays in the picture: its lease is still there.
    return (
      sessions.length > 0 ||
      instructions.length > 0 ||
      program !== null ||
      state !== 'up' ||
      (kind === 'terminal' && spoke.has(id))
    )
  })
}

export function kindOf({ kind, program }: ClientView): ClientKind {
  return kind === 'terminal' ? 'terminal' : program === null ? 'lease' : 'program'
}

/** `w0–w9`: the first and the last of many. */
export function rangeText(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names[0]}–${names.at(-1)}`
}

const numbers = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']
/** Names that the heading of a column has room for. */
const MOST_NAMED = 3

/** The headings of the three columns. `narrow`: the first two have room for two words. */
export function columnTitles(
  clients: readonly ClientView[],
  members: number,
  narrow: boolean,
  cells: boolean,
): [string, string, string] {
  const names = clients.map(({ id }) => id)
  const terminals = clients.length > 0 && clients.every(({ kind }) => kind === 'terminal')
  const third = cells
    ? 'What is true: each lease is a cell, placed by the time it has left'
    : 'What is true'
  if (narrow) return [terminals ? 'Terminals know' : 'Clients believe', 'Members agree', third]
  const first = terminals
    ? `What the ${names.length === 1 ? 'terminal knows' : 'terminals know'}`
    : names.length === 0 || names.length > MOST_NAMED
      ? 'What the clients believe'
      : `What ${listText(names)} ${names.length === 1 ? 'believes' : 'believe'}`
  return [first, `How ${members > 3 ? (numbers[members] ?? members) : 'the'} members agree`, third]
}

/** The number of Ln. */
export function leaseNumber({ name }: Pick<LeaseRow, 'name'>): number {
  return Number(name.slice(1))
}

/**
 * Leases in the order of their grants: a place on the stage stays what it is while the times run.
 */
export function leasesInOrder(rows: readonly LeaseRow[]): LeaseRow[] {
  return [...rows].sort((a, b) => leaseNumber(a) - leaseNumber(b) || (a.id < b.id ? -1 : 1))
}
