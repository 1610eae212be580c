import type { ConsoleEntry } from '../../../engine/worker/protocol'
import { clockText } from '../../draw/figures'
import { useApp } from '../parts/app-context'

/** Lines of a script that are listed before the rest is counted. */
const MOST_LISTED = 8

/**
 * The current work of the terminal: background jobs, the running line, and the lines that wait
 * behind it.
 */
export function Running({
  entries,
  waiting,
}: {
  entries: readonly ConsoleEntry[]
  waiting: readonly string[]
}) {
  const { commands } = useApp()
  const running = entries.find(({ state }) => state === 'running')
  const jobs = entries.filter(({ state }) => state === 'background')
  if (running === undefined && jobs.length === 0) return null
  const lines = waiting.length === 1 ? '1 line waits' : `${waiting.length} lines wait`
  return (
    <section
      className="running"
      aria-label="Running"
      data-brief={(jobs.length === 0 && waiting.length === 0) || undefined}
    >
      {jobs.map(({ job, line, at }) => (
        <p key={job} className="running-line">
          <span className="muted">[{job}]</span>
          <code title={clipped(line)}>{clipped(line)}</code>
          <span className="muted small">since {clockText(at)}</span>
          <button type="button" className="quiet" onClick={() => commands.interrupt(job)}>
            Stop<span className="sr-only"> job {job}</span>
          </button>
        </p>
      ))}
      {running && (
        <>
          <header>
            <span>{waiting.length === 0 ? 'A line runs' : `A script runs, ${lines}`}</span>
            <button type="button" className="quiet" onClick={() => commands.interrupt()}>
              Stop <kbd>Ctrl C</kbd>
            </button>
          </header>
          <ol>
            <li aria-current="step">
              <code>{clipped(running.line)}</code>
              <span className="small">since {clockText(running.at)}</span>
            </li>
            {waiting.slice(0, MOST_LISTED).map((line, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
              <li key={i}>
                <code>{clipped(line)}</code>
              </li>
            ))}
            {waiting.length > MOST_LISTED && <li className="muted">and more</li>}
          </ol>
        </>
      )}
    </section>
  )
}

/** One line of the list, whatever was pasted. */
function clipped(line: string): string {
  const [first = ''] = line.split('\n')
  return first.length > 200 || first.length < line.length ? `${first.slice(0, 200)} …` : line
}
