import { type FormEvent, useId, useState } from 'react'
import { useApp } from '../parts/app-context'
import { type Field, firstValues, type Step } from './entry'

/** The open choices of an entry, and the resulting console line. */
export function StepForm({ step, onDone }: { step: Step; onDone(): void }) {
  const { commands } = useApp()
  const [values, setValues] = useState(() => firstValues(step))
  const gestures = step.gestures(values)
  const note = step.note?.(values) ?? null
  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    if (gestures.length === 0) return
    for (const gesture of gestures) commands.perform(gesture)
    onDone()
  }
  return (
    <form className="step-form" onSubmit={onSubmit}>
      {step.fields.map((field) => (
        <FieldRow
          key={field.name}
          field={field}
          value={values[field.name] ?? ''}
          onChange={(value) => setValues({ ...values, [field.name]: value })}
        />
      ))}
      {note !== null && <p className="muted small">{note}</p>}
      <p className="step-end">
        <button type="submit" className="pick" disabled={gestures.length === 0}>
          Do it
        </button>
        <code aria-hidden="true" title={gestures[0]?.line}>
          {gestures[0]?.line}
        </code>
      </p>
    </form>
  )
}

function FieldRow({
  field,
  value,
  onChange,
}: {
  field: Field
  value: string
  onChange(value: string): void
}) {
  const id = useId()
  return (
    <div className="step-row">
      <label htmlFor={id}>{field.label}</label>
      {'options' in field ? (
        <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
          {field.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.word}
            </option>
          ))}
        </select>
      ) : (
        <span className="step-number">
          <input
            id={id}
            type="number"
            required
            step={1}
            min={field.min}
            max={field.max}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
          {field.unit}
        </span>
      )}
    </div>
  )
}
