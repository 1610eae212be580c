import { SHOWN_PANELS, SHOWN_ROWS } from '../../../engine/text/show-line'
import type { StopForm } from '../../scene/stop-form'

interface Props {
  form: StopForm
  change(form: StopForm, now?: boolean): void
}

const PANELS: Record<(typeof SHOWN_PANELS)[number], string> = {
  why: 'Why?',
  log: 'Log',
  keys: 'Keys',
  console: 'Console',
  program: 'Program',
  storage: 'Storage',
  inside: 'Inside',
  growth: 'Growth',
}

/** What a stop may have besides: help, a line for the teacher, and what the page shows. */
export function StopExtras({ form, change }: Props) {
  return (
    <details className="stop-extras">
      <summary>Hints, note, and what is shown</summary>
      <label>
        <span>Hints</span>
        <textarea
          value={form.hints}
          rows={Math.max(2, form.hints.split('\n').length)}
          placeholder="one a line"
          onChange={(event) => change({ ...form, hints: event.target.value })}
        />
      </label>
      <label>
        <span>Note</span>
        <input
          value={form.note}
          maxLength={110}
          autoComplete="off"
          placeholder="for the teacher"
          onChange={(event) => change({ ...form, note: event.target.value })}
        />
      </label>
      <label>
        <span>Open</span>
        <select
          value={form.panel}
          onChange={(event) => change({ ...form, panel: event.target.value }, true)}
        >
          <option value="">no panel</option>
          {SHOWN_PANELS.map((panel) => (
            <option key={panel} value={panel}>
              {PANELS[panel]}
            </option>
          ))}
        </select>
      </label>
      <fieldset className="stop-rows">
        <legend>Rows of the timeline{form.rows.length === 0 ? ': all' : ''}</legend>
        {SHOWN_ROWS.map((row) => (
          <label key={row} className="check">
            <input
              type="checkbox"
              checked={form.rows.includes(row)}
              onChange={(event) =>
                change({ ...form, rows: withRow(form.rows, row, event.target.checked) }, true)
              }
            />
            {row}
          </label>
        ))}
      </fieldset>
    </details>
  )
}

/** Beliefs are drawn in the rows of leases: they come and go with them. */
function withRow(rows: readonly string[], row: string, on: boolean): string[] {
  const wanted = new Set(rows)
  if (on) wanted.add(row)
  else wanted.delete(row)
  if (row === 'beliefs' && on) wanted.add('leases')
  if (row === 'leases' && !on) wanted.delete('beliefs')
  return SHOWN_ROWS.filter((each) => wanted.has(each))
}
