import { type KeyboardEvent, useRef, useState } from 'react'
import { readSeconds } from '../../commands/read-seconds'
import { clockText } from '../../draw/figures'
import { useApp, useRun } from '../parts/app-context'
import { Now } from '../parts/figure'

/** The time. A press turns it into a field, and Enter goes to the typed time. */
export function Clock() {
  const { commands, clock } = useApp()
  const [text, setText] = useState<string | null>(null)
  const standing = useStanding()
  const button = useRef<HTMLButtonElement>(null)
  if (text === null)
    return (
      <button
        ref={button}
        type="button"
        className="clock"
        title={`${standing}. Go to another time`}
        onClick={() => {
          commands.pause()
          setText(clockText(clock.now()))
        }}
      >
        <span className="sr-only">Time: </span>
        <Now /> <small>s</small>
      </button>
    )
  const at = readSeconds(text)
  function leave(): void {
    setText(null)
    requestAnimationFrame(() => button.current?.focus({ preventScroll: true }))
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape') leave()
    if (event.key !== 'Enter' || at === null) return
    commands.seek(at)
    leave()
  }
  return (
    <label className="clock clock-field">
      <span className="sr-only">Go to time (seconds)</span>
      <input
        // biome-ignore lint/a11y/noAutofocus: the field takes the place of the button that was pressed
        autoFocus
        inputMode="decimal"
        autoComplete="off"
        size={7}
        aria-invalid={at === null}
        value={text}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={() => setText(null)}
      />
      <small>s</small>
    </label>
  )
}

/** The state of the run at this time, in words. */
function useStanding(): string {
  const { playing, answering, quiet, past } = useRunState()
  if (answering) return 'The clock runs until the console has its answer'
  if (playing) return quiet ? 'Playing; nothing is due' : 'Playing'
  return past ? 'Paused before the end of what was played' : 'Paused at the end of what was played'
}

function useRunState() {
  return {
    playing: useRun((state) => state.playing),
    answering: useRun((state) => state.answering),
    quiet: useRun((state) => state.quiet),
    past: useRun((state) => state.now < state.end),
  }
}
