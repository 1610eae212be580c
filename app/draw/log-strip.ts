import type { LogCell, MemberView } from '../../engine/worker/protocol'

type Logged = Pick<MemberView, 'name' | 'log' | 'lastIndex' | 'raftIndex'>

export interface StripCell {
  index: number
  /** `missing`: another member's log has an entry there. */
  look: 'committed' | 'waiting' | 'missing'
  /** One line on the entry. */
  title: string
}

/** Entries that a strip shows: the end of the longest log. */
export const STRIP_CELLS = 8

/** The last index of the longest log. */
export function longestLog(members: readonly Pick<MemberView, 'lastIndex'>[]): number {
  return members.reduce((longest, { lastIndex }) => Math.max(longest, lastIndex), 0)
}

/**
 * A member's part of the window. All strips share the window, so a position is the same index in
 * every strip.
 */
export function stripOf(member: Logged, longest: number): StripCell[] {
  const known = new Map(member.log.map((cell) => [cell.index, cell]))
  const first = Math.max(1, longest - STRIP_CELLS + 1)
  return Array.from({ length: Math.max(0, longest - first + 1) }, (_, i) =>
    cellAt(first + i, known.get(first + i), member.lastIndex),
  )
}

function cellAt(index: number, cell: LogCell | undefined, lastIndex: number): StripCell {
  if (cell) {
    const { label, term, committed } = cell
    const fate = committed ? 'committed' : 'not committed yet'
    return {
      index,
      look: committed ? 'committed' : 'waiting',
      title: `entry ${index}, term ${term}: ${label}, ${fate}`,
    }
  }
  // A snapshot holds only committed entries.
  if (index <= lastIndex)
    return { index, look: 'committed', title: `entry ${index}: in a snapshot` }
  return { index, look: 'missing', title: `entry ${index}: missing here` }
}

/** The strip in words. */
export function stripText({ name, lastIndex, raftIndex }: Logged, longest: number): string {
  const waiting = Math.max(0, lastIndex - raftIndex)
  const missing = Math.max(0, longest - lastIndex)
  const said = waiting === 0 ? 'all committed' : `the last ${waiting} not committed yet`
  return `Log of ${name}: ${lastIndex} entries, ${said}${missing === 0 ? '' : `; ${missing} missing`}`
}
