import { useEffect, useLayoutEffect, useRef } from 'react'
import { typedText } from '../../commands/hands'
import { focusOf, shortcutFor } from '../../commands/keys'
import { toNextStop } from '../../commands/present'
import {
  actWords,
  hiddenInPresent,
  keyName,
  type PresentAct,
  type PresentFocus,
  presentActFor,
  shortcutWords,
} from '../../commands/present-keys'
import { useApp } from '../parts/app-context'

/** The last key or press as shown to a room: a key, words, or both. */
export interface Keyed {
  key: string | null
  words: string
  count: number
}

interface Handlers {
  onAct(act: 'notes' | 'code' | 'answer'): void
  onKeyed(keyed: Omit<Keyed, 'count'>): void
}

/** Listens to the keys of Present in this document and in the window of the notes. */
export function usePresentKeys(handlers: Handlers, notes: Document | null): void {
  const { commands, run, ui, prefs } = useApp()
  const latest = useRef(handlers)
  useEffect(() => {
    latest.current = handlers
  })
  // The listeners exist before the transport is visible, so no key is lost.
  useLayoutEffect(() => {
    const fields = (): NodeListOf<HTMLInputElement> =>
      document.querySelectorAll('.present-choices .hands')
    function perform(act: PresentAct): void {
      if (act === 'next') toNextStop({ run, ui, commands })
      else if (act === 'previous') commands.stepStop(true)
      else if (act === 'leave') ui.setState({ present: false })
      else if (typeof act === 'object') {
        // In a window without the focus, no event selects the text.
        fields()[act.choice]?.focus()
        fields()[act.choice]?.select()
      } else latest.current.onAct(act)
    }
    function onKeyDown(event: KeyboardEvent): void {
      // Dialogs and menus keep their keys.
      if (event.defaultPrevented || document.querySelector('dialog[open], [popover]:popover-open'))
        return
      const target = event.target as Element
      const isHere = target.ownerDocument === document
      const counted = isHere ? null : fieldOfHands()
      const focus = counted === null ? focusIn(target) : 'hands'
      const pressed = {
        key: event.key,
        shift: event.shiftKey,
        modified: event.ctrlKey || event.altKey || event.metaKey,
      }
      const { shortcuts } = prefs.getState()
      const act = presentActFor(pressed, focus, fields().length, shortcuts)
      if (act !== null) {
        event.preventDefault()
        event.stopPropagation()
        const answers = act === 'next' && run.getState().story?.ask?.state === 'open'
        perform(act)
        if (typeof act !== 'object')
          latest.current.onKeyed({
            key: keyName(event.key),
            words: actWords[answers ? 'answer' : act],
          })
        return
      }
      // A selected field for hands takes the text that is typed in the window of the notes. The
      // other keys of the page do nothing there.
      if (!isHere) {
        if (counted !== null && !pressed.modified && event.key !== 'Tab') typeInto(counted, event)
        return
      }
      const known =
        focus === 'hands' || focus === 'flag' ? null : shortcutFor(pressed, focus, shortcuts)
      if (known === null && event.key.toLowerCase() !== 'f') return
      if (known === null || hiddenInPresent.has(known)) {
        // Present has no full-height timeline and no drawer, so their keys do nothing.
        if (focus === 'field' || focus === 'hands' || pressed.modified) return
        event.preventDefault()
        event.stopPropagation()
      } else latest.current.onKeyed({ key: keyName(event.key), words: shortcutWords[known] })
    }
    const documents = notes === null ? [document] : [document, notes]
    for (const each of documents) each.addEventListener('keydown', onKeyDown, true)
    return () => {
      for (const each of documents) each.removeEventListener('keydown', onKeyDown, true)
    }
  }, [commands, run, ui, prefs, notes])
  useEffect(() => {
    function onClick(event: MouseEvent): void {
      const pressed =
        event.target instanceof Element ? event.target.closest('button, [role="menuitem"]') : null
      // If a key pressed the button, the key was already shown.
      if (pressed === null || event.detail === 0) return
      const words = pressed.getAttribute('aria-label') ?? pressed.textContent ?? ''
      latest.current.onKeyed({ key: null, words: words.trim() })
    }
    document.addEventListener('click', onClick, true)
    return () => document.removeEventListener('click', onClick, true)
  }, [])
  useEffect(
    () =>
      ui.subscribe(({ gesture }, before) => {
        if (gesture !== null && gesture !== before.gesture)
          latest.current.onKeyed({ key: null, words: gesture.split('\n', 1)[0] ?? '' })
      }),
    [ui],
  )
}

/** The field for hands that has the focus of this page, whichever window receives the keys. */
function fieldOfHands(): HTMLInputElement | null {
  const { activeElement } = document
  return activeElement instanceof HTMLInputElement && focusIn(activeElement) === 'hands'
    ? activeElement
    : null
}

/**
 * Types a key of another window into the field: characters, and the keys that the field handles.
 */
function typeInto(field: HTMLInputElement, event: KeyboardEvent): void {
  event.preventDefault()
  const { value, selectionStart, selectionEnd } = field
  const text = typedText(
    value,
    selectionStart ?? value.length,
    selectionEnd ?? value.length,
    event.key,
  )
  if (text === null) {
    field.dispatchEvent(
      new KeyboardEvent('keydown', { key: event.key, bubbles: true, cancelable: true }),
    )
    return
  }
  // React notices this change, because it does not go through the value property.
  field.setRangeText(text, 0, value.length, 'end')
  field.dispatchEvent(new InputEvent('input', { bubbles: true }))
}

function focusIn(target: Element): PresentFocus {
  if (target.classList.contains('hands')) return 'hands'
  if (target.classList.contains('answer-flag')) return 'flag'
  const editable = target instanceof HTMLElement && target.isContentEditable
  return focusOf(target.tagName, target.getAttribute('type'), target.getAttribute('role'), editable)
}
