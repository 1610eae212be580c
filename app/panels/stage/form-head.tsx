import { useEffect, useRef } from 'react'
import type { LockForm } from '../../store/ui'
import { useApp } from '../parts/app-context'
import { Icon } from '../parts/icon'

/** The head of a form: its name, back to its first settings, and away. */
export function FormHead({ id, title, onReset }: { id: string; title: string; onReset: Partial<LockForm> }) {
  const { commands } = useApp()
  return (
    <header>
      <h2 id={id}>{title}</h2>
      <button type="button" className="quiet" onClick={() => commands.changeForm(onReset)}>
        Reset
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label="Close the form"
        onClick={() => {
          commands.closeForm()
          document.getElementById('stage')?.focus({ preventScroll: true })
        }}
      >
        <Icon name="close" small />
      </button>
    </header>
  )
}

/** Ms without another change before the settings are played. */
const RESTED_MS = 250

/** Asks once the settings rest, unless the answer is known. */
export function useRested<T>(settings: T, isKnown: boolean, ask: (settings: T) => void): void {
  const latest = useRef(settings)
  latest.current = settings
  const text = JSON.stringify(settings)
  // biome-ignore lint/correctness/useExhaustiveDependencies: other settings wait again
  useEffect(() => {
    if (isKnown) return
    const timer = setTimeout(() => ask(latest.current), RESTED_MS)
    return () => clearTimeout(timer)
  }, [text, isKnown, ask])
}
