import { type RefObject, useEffect, useRef } from 'react'
import type { LockForm } from '../../store/ui'
import { useApp, useUi } from '../parts/app-context'
import { Icon } from '../parts/icon'

/**
 * The head of a form: its name, a button that restores the first settings, and a button that closes
 * the form.
 */
export function FormHead({
  id,
  title,
  onReset,
}: {
  id: string
  title: string
  onReset: Partial<LockForm>
}) {
  const { commands } = useApp()
  const head = useRef<HTMLElement>(null)
  useFocusOnceAsked(head)
  return (
    <header ref={head}>
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

/**
 * When the menu that opened the form has closed, the focus goes to the first field. The focus does
 * not move if the reader is already elsewhere.
 */
function useFocusOnceAsked(head: RefObject<HTMLElement | null>): void {
  const { commands } = useApp()
  const asked = useUi((state) => state.form?.asked === true)
  useEffect(() => {
    if (!asked) return
    commands.changeForm({ asked: false })
    const { activeElement } = document
    if (
      activeElement !== null &&
      activeElement !== document.body &&
      !activeElement.matches('[data-what-if]')
    )
      return
    head.current?.parentElement
      ?.querySelector<HTMLElement>('input, select')
      ?.focus({ preventScroll: true })
  }, [asked, commands, head])
}

/** Ms without another change before the page plays the settings. */
const RESTED_MS = 250

/** Calls `ask` once the settings rest, unless the answer is known. */
export function useRested<T>(settings: T, isKnown: boolean, ask: (settings: T) => void): void {
  const latest = useRef(settings)
  latest.current = settings
  const text = JSON.stringify(settings)
  // biome-ignore lint/correctness/useExhaustiveDependencies: every change of the settings starts the wait again
  useEffect(() => {
    if (isKnown) return
    const timer = setTimeout(() => ask(latest.current), RESTED_MS)
    return () => clearTimeout(timer)
  }, [text, isKnown, ask])
}
