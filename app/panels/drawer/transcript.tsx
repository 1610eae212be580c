import { memo, type ReactNode, useLayoutEffect, useRef } from 'react'
import { visibleLines } from '../../../engine/text/visible'
import type { ConsoleEntry } from '../../../engine/worker/protocol'
import { clockText } from '../../draw/figures'
import { useApp, useRun } from '../parts/app-context'

/** The typed lines and the output, each with its time. */
export function Transcript({ entries }: { entries: readonly ConsoleEntry[] }) {
  const body = useRef<HTMLElement>(null)
  const last = entries.at(-1)
  // biome-ignore lint/correctness/useExhaustiveDependencies: new output is what moves it
  useLayoutEffect(() => {
    const element = body.current
    if (element) element.scrollTop = element.scrollHeight
  }, [entries.length, last?.output.length])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="transcript" ref={body} aria-label="Console transcript" tabIndex={0}>
      {entries.length === 0 && (
        <p className="transcript-empty">
          A terminal with etcdctl, on the clock of the run. Try <code>etcdctl lease grant 10</code>{' '}
          or <code>etcdctl get --prefix /</code>.
        </p>
      )}
      {entries.map((entry) => (
        <Entry key={entry.event} entry={entry} />
      ))}
    </section>
  )
}

const Entry = memo(function Entry({
  entry: { event, at, line, output, exit },
}: {
  entry: ConsoleEntry
}) {
  const { commands } = useApp()
  return (
    <>
      <button
        type="button"
        className="entry"
        title="Go to this line"
        onClick={() => commands.seekEvent(event)}
      >
        <time>{clockText(at)}</time>
        <span className="entry-line">{visibleLines(line)}</span>
      </button>
      {output.map(({ stream, text, at: printed }, index) =>
        stream === 'note' ? (
          // Output only grows at its end.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <p key={index} className="entry-note">
            <span className="sr-only">Note: </span>
            {visibleLines(text.trim())}
          </p>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <pre key={index} className="entry" data-stream={stream}>
            <time>{clockText(printed)}</time>
            <span>
              {stream === 'stderr' && <span className="sr-only">Error: </span>}
              <Named text={visibleLines(text.replace(/\n$/, ''))} />
            </span>
          </pre>
        ),
      )}
      {exit !== null && exit !== 0 && <p className="entry-note bad">exit code {exit}</p>}
    </>
  )
})

/** The text of etcdctl, with the name of each lease it prints on hover. */
function Named({ text }: { text: string }) {
  const rows = useRun((state) => state.leases.rows)
  const names = new Map(rows.map(({ id, name }) => [id.replace(/^0+(?=.)/, ''), name]))
  return text.split(/\b([0-9a-f]{14,16})\b/).map((part, i): ReactNode => {
    const name = i % 2 === 1 ? names.get(part) : undefined
    return name === undefined ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place
      <abbr key={i} title={name}>
        {part}
      </abbr>
    )
  })
}
