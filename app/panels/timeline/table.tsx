import { useMemo } from 'react'
import type { LaneName, Tape, TapeRow } from '../../../engine/worker/protocol'
import { clockText } from '../../draw/figures'
import { leaseNow, leftText } from '../../draw/timeline/lease-now'
import { markWords, spanWords } from '../../draw/timeline/words'
import { useRun } from '../parts/app-context'

/** The table lists at most this many events of a row: the latest. */
const MOST_EVENTS = 20

/**
 * The rows of the timeline as a real table: the state of each row at the cursor, and its events.
 */
export default function TimelineTable({
  tape,
  programs,
}: {
  tape: Tape | null
  programs: ReadonlySet<string>
}) {
  const now = useRun((state) => state.now)
  const rows = useMemo(() => rowsOf(tape, programs), [tape, programs])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must reach an area that scrolls
    <section className="timeline-table" tabIndex={0} aria-label="The timeline as a table">
      <table>
        <thead>
          <tr>
            <th scope="col">Row</th>
            <th scope="col">At {clockText(now)} s</th>
            <th scope="col">Happened</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, row }) => (
            <tr key={`${name} ${row.id} ${row.from}`}>
              <th scope="row">{name}</th>
              <td>{stateOf(row, now)}</td>
              <td>{happened(row, now)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** The rows, with their names beside the picture. */
function rowsOf(
  tape: Tape | null,
  programs: ReadonlySet<string>,
): { name: string; row: TapeRow }[] {
  return (tape?.lanes ?? []).flatMap(({ lane, rows }) =>
    rows
      .filter(({ id }) => lane !== 'heartbeats' || !programs.has(id))
      .map((row) => ({ name: nameOf(lane, row), row })),
  )
}

function nameOf(lane: LaneName, { id, label, group }: TapeRow): string {
  if (lane === 'heartbeats') return `heartbeat ${label}`
  if (lane === 'terminals') return `console ${label}`
  if (lane !== 'locks') return label
  return group === id ? `${label}, store` : `${group}, ${label}`
}

function stateOf(row: TapeRow, now: number): string {
  if (row.lease !== null) {
    const { deadline, ended } = leaseNow(row, now)
    if (ended !== null) return `gone since ${clockText(ended.at)}`
    return deadline === null
      ? 'no member counts it'
      : `${leftText(deadline - now)} of ${row.lease.ttlSeconds} s left, due at ${clockText(deadline)}`
  }
  const words: string[] = []
  for (const { kind, at, texts } of row.spans) {
    for (let i = 0; i < at.length; i += 3) {
      if ((at[i] ?? 0) <= now && (at[i + 1] ?? 0) > now)
        words.push([texts[i / 3], spanWords[kind]].filter(Boolean).join(', '))
    }
  }
  return words.join('; ') || '–'
}

function happened({ marks }: TapeRow, now: number): string {
  const all = marks.flatMap(({ kind, at, texts }) =>
    Array.from({ length: at.length / 3 }, (_, i) => ({
      at: at[3 * i] ?? 0,
      count: at[3 * i + 2] ?? 1,
      words: texts[i] || markWords[kind],
    })),
  )
  const past = all.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at)
  const told = past
    .slice(-MOST_EVENTS)
    .map(
      ({ at, count, words }) => `${clockText(at)} ${words}${count > 1 ? ` (${count} times)` : ''}`,
    )
  return (
    [...(past.length > told.length ? [`${past.length - told.length} before`] : []), ...told].join(
      '; ',
    ) || '–'
  )
}
