import { useLayoutEffect, useRef } from 'react'
import type { ClientView, ProgramView } from '../../../engine/worker/protocol'
import { useApp } from '../parts/app-context'
import { useRows } from '../parts/rows'

/** A client with a program. */
export type Running = ClientView & { program: ProgramView }

/** Lines that a client can run to: no empty lines, comments or labels. */
function isInstruction(text: string): boolean {
  return text.trim() !== '' && !text.trim().startsWith('#') && !/^\s*[a-z_]\w*:\s*$/i.test(text)
}

/**
 * The whole text as one Tab stop. The arrows move through it, and Enter runs the client to the
 * focused line.
 */
export function ProgramLines({ client: { id, state, program } }: { client: Running }) {
  const { commands } = useApp()
  const lines = program.source.replace(/\n+$/, '').split('\n')
  const runs = state !== 'down' && program.ended === null
  const runTo = (line: number) => {
    if (!runs || !isInstruction(lines[line - 1] ?? '')) return
    commands.control(id, { type: 'run-to', line })
    commands.play()
  }
  const rows = useRows(
    lines.map((_, i) => i + 1),
    program.line ?? 1,
    runTo,
  )
  const list = useCurrentInView(program.line)
  return (
    <>
      <div
        className="program-lines"
        role="listbox"
        aria-label={`Program of ${id}`}
        ref={list}
        {...rows.list}
      >
        {lines.map((text, i) => {
          const line = i + 1
          const offers = runs && isInstruction(text)
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list hears the keys of its rows
            // biome-ignore lint/a11y/useFocusableInteractive: `row` makes it so
            <div
              // A program's lines have no other identity than their place.
              key={line}
              role="option"
              aria-selected={line === program.line}
              data-until={line === program.until || undefined}
              data-held={(program.held && line === program.line) || undefined}
              data-comment={text.trim().startsWith('#') || undefined}
              onClick={({ target }) =>
                target instanceof Element && target.closest('.run-to') && runTo(line)
              }
              {...rows.row(line)}
            >
              <span className="line-number">{line}</span>
              <code>{text === '' ? ' ' : text}</code>
              {offers && (
                <span
                  className="run-to"
                  aria-hidden="true"
                  title={`Run ${id} to line ${line} (Enter)`}
                >
                  Run to here
                </span>
              )}
            </div>
          )
        })}
      </div>
      <p className="muted small">
        <kbd>Enter</kbd> on a line runs client {id} to it.
      </p>
    </>
  )
}

/** Scrolls only the list, so that the current line is in view. */
function useCurrentInView(line: number | null) {
  const list = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const body = list.current
    const row = line === null ? null : body?.querySelector<HTMLElement>(`[data-row="${line}"]`)
    if (!body || !row) return
    const [inner, outer] = [row.getBoundingClientRect(), body.getBoundingClientRect()]
    if (inner.top < outer.top || inner.bottom > outer.bottom)
      body.scrollTop += inner.top - outer.top - outer.height / 3
  }, [line])
  return list
}
