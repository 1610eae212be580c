import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import type { Stop, StopCheck, StopsView } from '../../../engine/worker/protocol'
import { formOf, type Kind, type StopForm, stopOf, withKind } from '../../scene/stop-form'
import { isSame } from '../../scene/stop-list'
import { useApp } from '../parts/app-context'
import { StopAsks } from './stop-asks'
import { StopExtras } from './stop-extras'
import { comesText, rightText } from './stop-words'

const KINDS: Record<Kind, string> = {
  none: 'nothing',
  choose: 'one of some answers',
  when: 'when something happens',
  which: 'which one it is',
  'how-much': 'how much it is',
  'what-next': 'what comes next',
  goal: 'for a goal to be reached',
}

/** Writes the fields into the run. Returns the missing part, or null. */
export type Commit = () => string | null

interface Props {
  number: number
  stop: Stop
  view: StopsView | null
  check: StopCheck | null
  /** The stop is new: its sentence takes the focus. */
  focus: boolean
  /**
   * Receives the function that writes the fields into the run. The page calls it when the reader
   * leaves, so that nothing is lost.
   */
  onCommit(commit: Commit): void
  onTry(): void
  onStop(stop: Stop): void
}

/** The form of one stop. A field becomes part of the run when it loses the focus. */
export function StopFields({ number, stop, view, check, focus, onCommit, onTry, onStop }: Props) {
  const { commands } = useApp()
  const [first] = useState(() => formOf(stop))
  const [form, setForm] = useState(first)
  const say = useRef<HTMLInputElement>(null)
  const latest = useRef({ form, first, stop, onStop })
  latest.current = { form, first, stop, onStop }
  const moments = useId()
  const read = stopOf(form)
  const until = view?.until ?? 0
  // Text that is not part of the run yet has no verdict.
  const settled = form === first || (read.ok && isSame(read.stop, stop))
  useEffect(() => {
    const commit = () => write(latest.current)
    onCommit(commit)
    return () => onCommit(() => null)
  }, [onCommit])
  useEffect(() => {
    if (focus) say.current?.focus()
  }, [focus])
  /** Enter writes the field into the run; Ctrl-Enter also tries the run. */
  function onKeyDown(event: KeyboardEvent<HTMLFormElement>): void {
    const tries = event.ctrlKey || event.metaKey
    if (
      event.key !== 'Enter' ||
      !(tries || (event.target instanceof HTMLInputElement && event.target.type === 'text'))
    )
      return
    event.preventDefault()
    if (tries) onTry()
    else write(latest.current)
  }
  function change(next: StopForm, now = false): void {
    setForm(next)
    if (now) write({ form: next, first, stop, onStop })
  }
  return (
    <form
      className="stop-fields"
      aria-label={`Stop ${number}`}
      onBlur={() => write(latest.current)}
      onKeyDown={onKeyDown}
    >
      <label>
        <span>Stop</span>
        <input
          value={form.moment}
          list={moments}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => change({ ...form, moment: event.target.value })}
        />
      </label>
      <datalist id={moments}>
        {momentsOf(view).map((text) => (
          <option key={text} value={text} />
        ))}
      </datalist>
      <p className="stop-check" data-bad={(settled && check?.at === null) || undefined}>
        {settled && check !== null
          ? check.at === null
            ? comesText(null, until)
            : `The run is here at ${check.at / 1000} s.`
          : ' '}
      </p>
      <label>
        <span>Say</span>
        <input
          ref={say}
          value={form.say}
          maxLength={110}
          autoComplete="off"
          onChange={(event) => change({ ...form, say: event.target.value })}
        />
      </label>
      <label>
        <span>Ask</span>
        <select
          value={form.kind}
          onChange={(event) => change(withKind(form, event.target.value as Kind), true)}
        >
          {Object.entries(KINDS).map(([kind, words]) => (
            <option key={kind} value={kind}>
              {words}
            </option>
          ))}
        </select>
      </label>
      {form.kind !== 'none' && (
        <StopAsks
          form={form}
          change={change}
          view={view}
          check={settled || form.kind === 'goal' ? check : null}
          onTaken={() => commands.leaveOut(number - 1)}
        />
      )}
      <p className="stop-verdict" role="status">
        {settled
          ? check !== null && rightText(stop, check)
          : !read.ok && `Not part of the run yet. ${read.message}`}
      </p>
      <StopExtras form={form} change={change} />
    </form>
  )
}

interface Written {
  form: StopForm
  /** The state before the reader changed a field. */
  first: StopForm
  stop: Stop
  onStop(stop: Stop): void
}

/**
 * Writes the fields into the run if they are valid and changed. Otherwise returns the error. The
 * fields may read the words of a file's stop differently: such a stop is unchanged until the reader
 * edits it.
 */
function write({ form, first, stop, onStop }: Written): string | null {
  if (form === first) return null
  const read = stopOf(form)
  if (read.ok && !isSame(read.stop, stop)) onStop(read.stop)
  return read.ok ? null : read.message
}

/** The possible conditions of a stop: the events at the cursor, and all later events in the run. */
function momentsOf(view: StopsView | null): string[] {
  if (view === null) return []
  return [
    ...new Set([
      ...view.offered,
      ...view.known.map(({ text }) => (text === 'fault' ? 'on fault' : `when ${text}`)),
    ]),
  ]
}
