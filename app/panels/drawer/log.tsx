import { memo, useLayoutEffect, useRef } from 'react'
import type { Level, LogLine } from '../../../engine/worker/protocol'
import { clockText } from '../../draw/figures'
import { useApp, usePrefs, useRun, useUi } from '../parts/app-context'
import { type Rows, useRows } from '../parts/rows'
import { PanelHead } from './panel-head'
import './log.css'

const words: Record<Level, string> = {
  lease: 'lease',
  fault: 'fault',
  story: 'step',
  machinery: 'internal',
}

/**
 * The events of the run, one sentence each. The newest is nearest to the cursor; events beyond the
 * cursor are muted.
 */
export default function Log() {
  const { commands, ui } = useApp()
  const log = useRun((state) => state.log)
  const on = useRun((state) => state.on?.id ?? null)
  const filter = usePrefs((state) => state.logFilter)
  const follow = useUi((state) => state.interest.log.from === 'tail')
  const why = useRun((state) => state.why)
  const because = new Set(why?.reasons.flatMap(({ line }) => (line === null ? [] : [line.id])))
  const lines = log.lines.map((line, index) => ({ line, ahead: log.from + index >= log.past }))
  const last = lines.findLast(({ ahead }) => !ahead)?.line.id ?? null
  const list = useFollow(last, follow)
  const { count } = ui.getState().interest.log
  // Half of the window stays, with the focused row.
  const turn = (up: boolean) => {
    const from = log.from + (up ? -1 : 1) * Math.floor(count / 2)
    if (up ? log.from > 0 : log.from + lines.length < log.total)
      commands.lookAtLog(Math.max(0, from))
  }
  const rows = useRows(
    lines.map(({ line }) => line.id),
    on ?? last,
    (id) => commands.seekEvent(id),
    turn,
  )
  return (
    <>
      <PanelHead title="Log">
        <label className="log-filter">
          <span className="sr-only">Show</span>
          <select
            value={filter}
            onChange={(event) =>
              commands.filterLog(event.target.value === 'lease' ? 'lease' : 'all')
            }
          >
            <option value="all">all events</option>
            <option value="lease">lease events</option>
          </select>
        </label>
      </PanelHead>
      <p className="muted small log-hint">
        {log.past} of {log.total}. <kbd>Enter</kbd> goes there, <kbd>W</kbd> asks why.
      </p>
      <div className="log-scroll" ref={list}>
        {log.from > 0 && (
          <button type="button" className="quiet" onClick={() => turn(true)}>
            Earlier events
          </button>
        )}
        {/* The announcer reads the log aloud: every event while stepping, one summary a second
            while playing. */}
        <div className="log-lines" role="listbox" aria-label="What happened" {...rows.list}>
          {lines.map(({ line, ahead }) => (
            <Line
              key={line.id}
              line={line}
              ahead={ahead}
              current={line.id === on}
              because={because.has(line.id)}
              row={rows.row(line.id)}
            />
          ))}
        </div>
        {lines.length === 0 && <p className="empty">No event yet.</p>}
        {log.from + lines.length < log.total && !follow && (
          <button type="button" className="quiet" onClick={() => turn(false)}>
            Later events
          </button>
        )}
        {!follow && (
          <button type="button" className="quiet" onClick={() => commands.lookAtLog('tail')}>
            Back to now
          </button>
        )}
      </div>
    </>
  )
}

interface LineProps {
  line: LogLine
  ahead: boolean
  current: boolean
  because: boolean
  row: ReturnType<Rows['row']>
}

const Line = memo(
  function Line({ line, ahead, current, because, row }: LineProps) {
    const { commands } = useApp()
    return (
      // biome-ignore lint/a11y/useKeyWithClickEvents: the list hears the keys of its rows
      // biome-ignore lint/a11y/useFocusableInteractive: `row` makes it so
      <div
        role="option"
        aria-selected={current}
        data-event={line.id}
        data-level={line.level}
        data-ahead={ahead || undefined}
        data-because={because || undefined}
        onClick={({ target }) =>
          isWhy(target) ? commands.why(line.id) : commands.seekEvent(line.id)
        }
        {...row}
      >
        <span className="log-at">{clockText(line.at)}</span>
        <span className="log-mark" aria-hidden="true" />
        <span className="log-text">
          <span className="sr-only">
            {words[line.level]}
            {because ? ', one of the causes' : ''}
            {ahead ? ', not yet' : ''}:{' '}
          </span>
          {line.text}
        </span>
        <span className="log-why" aria-hidden="true" title="Why? (W)">
          Why?
        </span>
      </div>
    )
  },
  (a, b) =>
    a.line === b.line &&
    a.ahead === b.ahead &&
    a.current === b.current &&
    a.because === b.because &&
    a.row.tabIndex === b.row.tabIndex,
)

/** The word at the end of a row, for the mouse; the key for it is W. */
function isWhy(target: EventTarget): boolean {
  return target instanceof Element && target.closest('.log-why') !== null
}

/** Scrolls only the list, so that the event at the cursor is in view. */
function useFollow(id: number | null, follow: boolean) {
  const list = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const body = list.current
    if (!body || id === null || !follow) return
    const line = body.querySelector<HTMLElement>(`[data-row="${id}"]`)
    if (!line) return
    const [inner, outer] = [line.getBoundingClientRect(), body.getBoundingClientRect()]
    if (inner.top < outer.top + 4) body.scrollTop += inner.top - outer.top - 40
    else if (inner.bottom > outer.bottom - 4) body.scrollTop += inner.bottom - outer.bottom + 8
  }, [id, follow])
  return list
}
