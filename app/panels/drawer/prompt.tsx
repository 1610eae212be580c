import { type KeyboardEvent, useRef, useState } from 'react'
import type { Candidate, Known } from '../../../engine/etcdctl/complete'
import { completed } from '../../commands/completing'
import { TERMINAL } from '../../commands/gestures'
import type { RunState } from '../../store/run'
import { useApp, useUi } from '../parts/app-context'

/** The input: Enter runs it, Tab completes, the arrows walk through earlier lines. */
export function Prompt() {
  const draft = useUi((state) => state.draft)
  const history = useUi((state) => state.history)
  const { ui, commands, run } = useApp()
  const input = useRef<HTMLTextAreaElement>(null)
  // The distance back in the history; 0 is the line being typed.
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
  /**
   * Returns whether there was something to complete. Otherwise Tab moves on to the next control.
   */
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
    } else if (
      event.key === 'ArrowUp' &&
      !value.slice(0, selectionStart).includes('\n') &&
      history.length > 0
    ) {
      event.preventDefault()
      recall(1)
    } else if (event.key === 'ArrowDown' && !value.slice(selectionEnd).includes('\n') && back > 0) {
      event.preventDefault()
      recall(-1)
    } else if (event.key === 'c' && event.ctrlKey && selectionStart === selectionEnd) {
      event.preventDefault()
      if (value !== '') set('')
      else if (
        run
          .getState()
          .console.some(({ terminal, state }) => terminal === TERMINAL && state === 'running')
      )
        commands.interrupt()
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
        placeholder="a line, or paste a script"
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
        Enter runs the line, Shift and Enter begins another, Tab completes a word, the arrows up and
        down walk through earlier lines, Escape leaves.
      </span>
      <button type="submit" className="quiet" disabled={draft.trim() === ''}>
        Run
      </button>
    </form>
  )
}

/** The candidates at the cursor, each with its help. */
function Offers({ offers }: { offers: readonly Candidate[] }) {
  return (
    <ul className="offers" aria-live="polite" aria-label="Completions">
      {offers.slice(0, MOST_OFFERS).map(({ text, help }) => (
        <li key={text}>
          <code>{text}</code> {help}
        </li>
      ))}
      {offers.length > MOST_OFFERS && (
        <li className="muted">and {offers.length - MOST_OFFERS} more</li>
      )}
    </ul>
  )
}

const MOST_OFFERS = 12

// The console's grammar loads when a reader uses the console. The first paint does not wait for it.
let grammar: typeof import('../../../engine/etcdctl/complete') | null = null

function loadGrammar(): void {
  if (grammar) return
  void import('../../../engine/etcdctl/complete').then((loaded) => {
    grammar = loaded
  })
}

function knownTo({ leases, keys, members, config }: RunState): Known {
  return {
    ...(config === null ? {} : { etcd: config.etcd }),
    // In etcdctl's notation.
    leases: leases.rows
      .filter(({ state }) => state !== 'gone')
      .map(({ id }) => id.replace(/^0+(?=.)/, '')),
    keys: keys.rows.filter(({ gone }) => gone === null).map(({ key }) => key),
    members: members.map(({ id }) => id),
    endpoints: members.map(({ clientUrl }) => clientUrl).filter((url) => url !== ''),
  }
}
