import { memo, useLayoutEffect, useRef } from 'react'
import type { Level, LogLine } from '../../../engine/worker/protocol'
import { clockText } from '../../draw/figures'
import { useApp, usePrefs, useRun, useUi } from '../parts/app-context'

const levels: Record<Level, { glyph: string; word: string }> = {
  lease: { glyph: '●', word: 'lease' },
  fault: { glyph: '✕', word: 'fault' },
  story: { glyph: '›', word: 'step' },
  machinery: { glyph: '·', word: 'inner' },
}

/** What happened, one sentence an event; the newest is nearest to the cursor, and what lies behind it is there to be gone to. */
export default function Log() {
  const log = useRun((state) => state.log)
  const on = useRun((state) => state.on?.id ?? null)
  const filter = usePrefs((state) => state.logFilter)
  const follow = useUi((state) => state.interest.log.from === 'tail')
  const why = useRun((state) => state.why)
  const because = new Set(why?.reasons.flatMap(({ line }) => (line === null ? [] : [line.id])))
  const { commands, ui } = useApp()
  const lines = log.lines.map((line, index) => ({ line, ahead: log.from + index >= log.past }))
  const list = useFollow(lines.findLast(({ ahead }) => !ahead)?.line.id ?? null, follow)
  const count = ui.getState().interest.log.count
  return (
    <section className="panel log" aria-labelledby="log-title">
      <header className="panel-head">
        <h2 id="log-title">What happened</h2>
        <span className="count">{log.past === log.total ? log.total : `${log.past} of ${log.total}`}</span>
        <label className="push">
          Show{' '}
          <select value={filter} onChange={(event) => commands.filterLog(event.target.value === 'lease' ? 'lease' : 'all')}>
            <option value="all">all events</option>
            <option value="lease">lease events</option>
          </select>
        </label>
      </header>
      {/* The announcer speaks for it: every event while stepping, one summary a second while playing. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <div className="panel-body" role="log" aria-label="What happened" aria-live="off" ref={list} tabIndex={0}>
        {log.from > 0 && (
          <button type="button" className="button small" onClick={() => commands.lookAtLog(Math.max(0, log.from - count))}>
            Earlier events
          </button>
        )}
        <ol className="log-lines">
          {lines.map(({ line, ahead }) => (
            <Line key={line.id} line={line} ahead={ahead} current={line.id === on} because={because.has(line.id)} />
          ))}
        </ol>
        {lines.length === 0 && <p className="empty">Nothing yet.</p>}
        {!follow && (
          <button type="button" className="button small" onClick={() => commands.lookAtLog('tail')}>
            Back to the cursor
          </button>
        )}
      </div>
    </section>
  )
}

const Line = memo(function Line({ line, ahead, current, because }: { line: LogLine; ahead: boolean; current: boolean; because: boolean }) {
  const { commands } = useApp()
  const { glyph, word } = levels[line.level]
  return (
    <li className="log-row" data-because={because || undefined}>
      <button
        type="button"
        className="log-line"
        data-level={line.level}
        data-type={line.type}
        data-id={line.id}
        data-ahead={ahead || undefined}
        aria-current={current ? 'true' : undefined}
        onClick={() => commands.seekEvent(line.id)}
      >
        <span className="figure log-at">{clockText(line.at)}</span>
        <span className="log-level">
          <span aria-hidden="true">{glyph}</span> {word}
        </span>
        <span className="log-text">
          {because && (
            <span className="of-chain">
              <span aria-hidden="true">← </span>
              <span className="sr-only">one of the causes: </span>
            </span>
          )}
          {ahead && <span className="not-yet">not yet: </span>}
          {line.text}
        </span>
      </button>
      <button
        type="button"
        className="log-why"
        aria-label={`Why, at ${clockText(line.at)} s? (event ${line.id})`}
        title="Why?"
        onClick={() => commands.why(line.id)}
      >
        why?
      </button>
    </li>
  )
})

/** Scrolls the list, and nothing else, so that the event at the cursor is in view. */
function useFollow(id: number | null, follow: boolean) {
  const list = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const body = list.current
    if (!body || id === null || !follow) return
    const line = body.querySelector<HTMLElement>(`[data-id="${id}"]`)
    if (!line) return
    const [inner, outer] = [line.getBoundingClientRect(), body.getBoundingClientRect()]
    if (inner.top < outer.top + 4) body.scrollTop += inner.top - outer.top - 40
    else if (inner.bottom > outer.bottom - 4) body.scrollTop += inner.bottom - outer.bottom + 8
  }, [id, follow])
  return list
}
