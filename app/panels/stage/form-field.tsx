import { useEffect, useId, useState } from 'react'

interface NumberFieldProps {
  label: string
  /** The label of the field is elsewhere on the page. */
  hidden?: boolean
  unit: string
  /** The value in `unit`. */
  value: number
  min: number
  max: number
  step: number
  onChange(value: number): void
}

/**
 * A number with its unit. The field keeps and marks any input that is not a number within the
 * bounds. Such input changes no setting.
 */
export function NumberField({
  label,
  hidden = false,
  unit,
  value,
  min,
  max,
  step,
  onChange,
}: NumberFieldProps) {
  const id = useId()
  const [text, setText] = useState(String(value))
  useEffect(() => setText((typed) => (Number(typed) === value ? typed : String(value))), [value])
  const isGood = isIn(text, min, max)
  return (
    <span className="number-field">
      <label htmlFor={id} className={hidden ? 'sr-only' : undefined}>
        {label}
      </label>
      <input
        id={id}
        type="number"
        inputMode="decimal"
        min={min}
        max={max}
        step={step}
        value={text}
        aria-invalid={!isGood || undefined}
        title={isGood ? undefined : `From ${min} to ${max} ${unit}`}
        onChange={({ target }) => {
          setText(target.value)
          if (isIn(target.value, min, max)) onChange(Number(target.value))
        }}
      />
      <span aria-hidden="true">{unit}</span>
    </span>
  )
}

function isIn(text: string, min: number, max: number): boolean {
  const value = Number(text)
  return text.trim() !== '' && Number.isFinite(value) && value >= min && value <= max
}

interface ChoiceFieldProps<T extends string> {
  label: string
  choices: readonly T[]
  value: T
  words?: Partial<Record<T, string>>
  onChange(value: T): void
}

/** A choice of a few values. */
export function ChoiceField<T extends string>({
  label,
  choices,
  value,
  words = {},
  onChange,
}: ChoiceFieldProps<T>) {
  const id = useId()
  return (
    <span className="number-field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={({ target }) => onChange(target.value as T)}>
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {words[choice] ?? choice}
          </option>
        ))}
      </select>
    </span>
  )
}
