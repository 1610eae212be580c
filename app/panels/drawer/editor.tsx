import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { type Diagnostic, linter, lintGutter, lintKeymap } from '@codemirror/lint'
import { EditorState } from '@codemirror/state'
import {
  EditorView,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { visible, visibleLine } from '../../../engine/text/visible'

/** The errors of a text and their positions: lines and columns count from 1. */
export interface Fault {
  line: number
  column: number
  message: string
}

interface EditorProps {
  label: string
  text: string
  /** A changed value restarts the editor with `text`. */
  source: string
  onChange(text: string): void
  check(text: string): readonly Fault[]
}

/** Invisible characters appear as an escape in a box of their own. The text itself is unchanged. */
const hidden = highlightSpecialChars({
  addSpecialChars:
    /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]/u,
  render: (code) => {
    const box = document.createElement('span')
    box.className = 'cm-specialChar'
    box.textContent = visible(String.fromCodePoint(code))
    return box
  },
})

/** A text with its errors marked in place. Tab leaves the field, as everywhere on the page. */
export default function Editor({ label, text, source, onChange, check }: EditorProps) {
  const box = useRef<HTMLDivElement>(null)
  const latest = useRef({ text, onChange, check })
  latest.current = { text, onChange, check }
  // biome-ignore lint/correctness/useExhaustiveDependencies: another source is another text to begin with
  useEffect(() => {
    const parent = box.current
    if (!parent) return
    const view = new EditorView({
      parent,
      state: EditorState.create({
        doc: latest.current.text,
        extensions: [
          lineNumbers(),
          hidden,
          history(),
          highlightActiveLine(),
          lintGutter(),
          linter((editor) => diagnostics(editor, latest.current.check), { delay: 150 }),
          keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap]),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({
            'aria-label': label,
            spellcheck: 'false',
            autocorrect: 'off',
            autocapitalize: 'off',
          }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString())
          }),
        ],
      }),
    })
    return () => view.destroy()
  }, [source, label])
  return <div className="editor" ref={box} />
}

function diagnostics({ state: { doc } }: EditorView, check: EditorProps['check']): Diagnostic[] {
  return check(doc.toString()).map(({ line, column, message }) => {
    const at = doc.line(Math.min(doc.lines, Math.max(1, line)))
    const from = Math.min(at.to, at.from + Math.max(0, column - 1))
    const word = /^\S+/.exec(doc.sliceString(from, at.to))?.[0].length ?? 0
    return {
      from,
      to: Math.max(from, from + word),
      severity: 'error',
      message: visibleLine(message),
    }
  })
}
