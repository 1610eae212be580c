import { type KeyboardEvent, memo, useLayoutEffect, useRef, useState } from 'react'
import type { Candidate, Known } from '../../../engine/etcdctl/complete'
import type { ConsoleEntry } from '../../../engine/worker/protocol'
import { completed } from '../../commands/completing'
import { TERMINAL } from '../../commands/gestures'
import { clockText } from '../../draw/figures'
import type { RunState } from '../../store/run'
import { useApp, usePrefs, useRun, useUi } from '../parts/app-context'

export default function Console() {
  const entries = useRun((state) => state.console)
  const answering = useRun((state) => state.answering)
  const mine = entries.filter((entry) => entry.terminal === TERMINAL)
  const running = mine.some(({ state }) => state === 'running')
  const mode = usePrefs((state) => state.consoleMode)
  const hold = usePrefs((state) => state.hold)
  const { prefs, commands } = useApp()
  const body = useRef<HTMLElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: new output is what moves it
  useLayoutEffect(() => {
    const element = body.current
    if (element) element.scrollTop = element.scrollHeight
  }, [entries])
  return (
    <section className="panel console" aria-labelledby="console-title">
      <header className="panel-head">
        <h2 id="console-title">Console</h2>
        <fieldset className="switch">
          <legend className="sr-only">How the console answers</legend>
          {(['guided', 'strict'] as const).map((each) => (
            <label
              key={each}
              title={each === 'guided' ? 'Helps where people are commonly misled, and says so' : 'Answers exactly as etcdctl does'}
            >
              <input type="radio" name="console-mode" checked={mode === each} onChange={() => prefs.setState({ consoleMode: each })} />
              {each}
            </label>
          ))}
        </fieldset>
        <label className="check" title="While paused, leave a line in flight instead of letting the clock run until it has its answer">
          <input type="checkbox" checked={hold} onChange={(event) => prefs.setState({ hold: event.target.checked })} />
          hold in flight
        </label>
        <button type="button" className="button small push" disabled={!running} onClick={() => commands.interrupt()}>
          Ctrl-C
        </button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className="panel-body transcript" ref={body} aria-label="Console transcript" tabIndex={0}>
        {mine.length === 0 && (
          <p className="empty">
            A terminal with etcdctl, on the run’s own clock. Try <code>etcdctl lease grant 10</code> or <code>etcdctl get --prefix /</code>
          </p>
        )}
        {mine.map((entry) => (
          <Entry key={entry.event} entry={entry} />
        ))}
        <p className="sr-only" role="status">
          {answering ? 'The clock runs until the console has its answer' : ''}
        </p>
      </section>
      <Jobs entries={mine} />
      <Prompt />
    </section>
  )
}

/** The lines that still run, each to be stopped. One in the foreground is listed when it takes its time (console.css): most have their answer at once. */
function Jobs({ entries }: { entries: readonly ConsoleEntry[] }) {
  const { commands } = useApp()
  const jobs = entries.filter(({ state }) => state !== 'done')
  if (jobs.length === 0) return null
  return (
    <ul className="jobs" aria-label="Jobs">
      {jobs.map(({ job, line, at, state }) => (
        <li key={job} data-state={state}>
          <span className="figure">[{job}]</span>
          <code title={clipped(line)}>{clipped(line)}</code>
          <span className="job-since">
            {state === 'background' ? 'in the background ' : ''}since {clockText(at)} s
          </span>
          <button type="button" className="button small" onClick={() => commands.interrupt(job)}>
            Stop<span className="sr-only"> job {job}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}

/** One line of the list, whatever was pasted. */
function clipped(line: string): string {
  return line.length > 200 ? `${line.slice(0, 200)} …` : line
}

const Entry = memo(function Entry({ entry }: { entry: ConsoleEntry }) {
  const { commands } = useApp()
  return (
    <div className="entry">
      <button
        type="button"
        className="entry-line"
        title="Go to where this line was entered"
        onClick={() => commands.seekEvent(entry.event)}
      >
        <span className="prompt-sign" aria-hidden="true">
          ${' '}
        </span>
        {entry.line}
      </button>
      {entry.output.map(({ stream, text }, index) => (
        // Output only grows at its end.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <pre key={index} className="output" data-stream={stream}>
          {stream !== 'stdout' && <span className="stream">{stream === 'stderr' ? '✕ stderr' : 'ⓘ note'} </span>}
          {text.replace(/\n$/, '')}
        </pre>
      ))}
      {entry.state !== 'done' && <p className="entry-state">{entry.state === 'running' ? '◌ running' : '◌ in the background'}</p>}
      {entry.exit !== null && entry.exit !== 0 && <p className="entry-state">exit code {entry.exit}</p>}
    </div>
  )
})

function Prompt() {
  const draft = useUi((state) => state.draft)
  const history = useUi((state) => state.history)
  const { ui, commands, run } = useApp()
  const input = useRef<HTMLTextAreaElement>(null)
  // How far back in the history; 0 is the line being typed.
  const [back, setBack] = useState(0)
  const [offers, setOffers] = useState<readonly Candidate[]>([])
  const rows = Math.min(8, draft.split('\n').length)

  function set(text: string): void {
    setOffers([])
    ui.setState({ draft: text })
  }
  function enter(text: string): void {
    setBack(0)
    setOffers([])
    commands.enter(text)
  }
  function recall(steps: number): void {
    const next = Math.min(history.length, Math.max(0, back + steps))
    setBack(next)
    set(next === 0 ? '' : (history[history.length - next] ?? ''))
  }
  /** Answers whether there was anything to complete: else Tab goes on to the next control. */
  function complete(text: string, cursor: number): boolean {
    if (!grammar || text.trim() === '') return false
    const result = completed(text, grammar.completion(text, cursor, knownTo(run.getState())))
    if (!result) return false
    ui.setState({ draft: result.text })
    setOffers(result.offers)
    requestAnimationFrame(() => input.current?.setSelectionRange(result.cursor, result.cursor))
    return true
  }
  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): void {
    const { selectionStart, selectionEnd, value } = event.currentTarget
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter' && !event.shiftKey && !value.endsWith('\\')) {
      event.preventDefault()
      enter(value)
    } else if (event.key === 'Tab' && !event.shiftKey && selectionStart === selectionEnd) {
      if (complete(value, selectionStart)) event.preventDefault()
    } else if (event.key === 'ArrowUp' && !value.slice(0, selectionStart).includes('\n') && history.length > 0) {
      event.preventDefault()
      recall(1)
    } else if (event.key === 'ArrowDown' && !value.slice(selectionEnd).includes('\n') && back > 0) {
      event.preventDefault()
      recall(-1)
    } else if (event.key === 'c' && event.ctrlKey && selectionStart === selectionEnd) {
      event.preventDefault()
      if (value !== '') set('')
      else if (run.getState().console.some(({ terminal, state }) => terminal === TERMINAL && state === 'running')) commands.interrupt()
    } else if (event.key === 'Escape') {
      if (offers.length > 0) setOffers([])
      else event.currentTarget.blur()
    }
  }
  return (
    <form
      className="prompt"
      onSubmit={(event) => {
        event.preventDefault()
        enter(draft)
      }}
    >
      <Offers offers={offers} />
      <span className="prompt-sign" aria-hidden="true">
        $
      </span>
      <textarea
        ref={input}
        id="console-input"
        aria-label="Console"
        aria-describedby="console-hint"
        rows={rows}
        value={draft}
        placeholder="Type a line, or paste several"
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        autoCorrect="off"
        onFocus={loadGrammar}
        onChange={(event) => {
          setBack(0)
          set(event.target.value)
        }}
        onKeyDown={onKeyDown}
      />
      <span id="console-hint" className="sr-only">
        Enter runs the line, Shift and Enter begins another, Tab completes a word, the arrows up and down walk through earlier lines, Escape
        leaves.
      </span>
      <button type="submit" className="button small">
        Run
      </button>
    </form>
  )
}

/** What could stand at the cursor, each with its help. */
function Offers({ offers }: { offers: readonly Candidate[] }) {
  return (
    <ul className="offers" aria-live="polite" aria-label="Completions">
      {offers.slice(0, MOST_OFFERS).map(({ text, help }) => (
        <li key={text}>
          <code>{text}</code> {help}
        </li>
      ))}
      {offers.length > MOST_OFFERS && <li className="muted">and {offers.length - MOST_OFFERS} more</li>}
    </ul>
  )
}

const MOST_OFFERS = 12

// The console's grammar comes when somebody turns to the console: the first paint does not wait for it.
let grammar: typeof import('../../../engine/etcdctl/complete') | null = null

function loadGrammar(): void {
  if (grammar) return
  void import('../../../engine/etcdctl/complete').then((loaded) => {
    grammar = loaded
  })
}

function knownTo({ leases, keys, members }: RunState): Known {
  return {
    // As etcdctl prints them.
    leases: leases.rows.filter(({ state }) => state !== 'gone').map(({ id }) => id.replace(/^0+(?=.)/, '')),
    keys: keys.rows.filter(({ gone }) => gone === null).map(({ key }) => key),
    members: members.map(({ id }) => id),
    endpoints: members.map(({ clientUrl }) => clientUrl).filter((url) => url !== ''),
  }
}
