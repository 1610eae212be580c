import { useEffect } from 'react'
import { embeddedShortcut, focusOf, shortcutFor } from '../../commands/keys'
import { useApp } from './app-context'
import { focusConsole } from './focus'

/** The page's keys, while no dialog is open. commands/keys.ts has the table. */
export function useShortcuts(): void {
  const { commands, run, ui, prefs } = useApp()
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return
      const target = event.target instanceof Element ? event.target : document.body
      const focus = focusOf(
        target.tagName,
        target.getAttribute('type'),
        target.getAttribute('role'),
        isEditable(target),
      )
      if (
        (event.ctrlKey || event.metaKey) &&
        event.key.toLowerCase() === 'z' &&
        focus !== 'field'
      ) {
        event.preventDefault()
        return event.shiftKey ? commands.redo() : commands.undo()
      }
      const pressed = {
        key: event.key,
        shift: event.shiftKey,
        modified: event.ctrlKey || event.altKey || event.metaKey,
      }
      const shortcut = (ui.getState().embedded ? embeddedShortcut : shortcutFor)(
        pressed,
        focus,
        prefs.getState().shortcuts,
      )
      if (shortcut === null) return
      event.preventDefault()
      switch (shortcut) {
        case 'toggle':
          return commands.toggle()
        case 'next-event':
          return commands.step('event', false)
        case 'previous-event':
          return commands.step('event', true)
        case 'next-lease':
          return commands.step('lease', false)
        case 'previous-lease':
          return commands.step('lease', true)
        case 'next-fault':
          return commands.step('fault', false)
        case 'previous-fault':
          return commands.step('fault', true)
        case 'why': {
          // The log line with the focus, else the event at the cursor.
          const line = Number(target.closest('[data-event]')?.getAttribute('data-event'))
          return line > 0 ? commands.why(line) : commands.whyNow()
        }
        case 'branches':
          return ui.setState({ asked: { menu: 'branches' } })
        case 'slower':
          return commands.changeSpeed(false)
        case 'faster':
          return commands.changeSpeed(true)
        case 'start':
          return commands.seek(0)
        case 'end':
          return commands.seek(run.getState().end)
        case 'library':
          return commands.openLibrary()
        case 'stops':
          return commands.stopHere()
        case 'present':
          return ui.setState(({ present }) => ({ present: !present }))
        case 'help':
          return ui.setState({ help: true })
        case 'console':
          commands.show('console')
          focusConsole()
      }
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [commands, run, ui, prefs])
}

function isEditable(target: Element): boolean {
  return target instanceof HTMLElement && target.isContentEditable
}
