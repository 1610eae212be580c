// The participants on the stage, and the headings of its columns.

import type { ClientView, ConsoleEntry, LeaseRow } from '../../engine/worker/protocol'
import { listText } from './figures'
import type { ClientKind } from './stage-shapes'

/**
 * Clients with a program, a lease or a session; clients that are down or frozen; terminals that
 * have run a command.
 */
export function clientsOnStage(
  clients: readonly ClientView[],
  entries: readonly ConsoleEntry[],
): ClientView[] {
  const spoke = new Set(entries.map(({ terminal }) => terminal))
  return clients.filter(({ id, kind, sessions, instructions, program, state }) => {
    // A crash erases the client's memory. The client stays in the picture, because its lease still
    // exists.
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

/** `w0–w9`: the first and the last of many names. */
export function rangeText(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names[0]}–${names.at(-1)}`
}

const numbers = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']
/** The number of names that fit in a column's heading. */
const MOST_NAMED = 3

/** The headings of the three columns. `narrow`: only two words fit in the first two. */
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
 * Leases in the order of their grants. A lease keeps its position on the stage while the remaining
 * times change.
 */
export function leasesInOrder(rows: readonly LeaseRow[]): LeaseRow[] {
  return [...rows].sort((a, b) => leaseNumber(a) - leaseNumber(b) || (a.id < b.id ? -1 : 1))
}
