// The entries of What if… and of the context menus, as data: their words, whether they are
// available, and their effect.

import type { Commands } from '../../commands/commands'
import { type Fault, faultGesture } from '../../commands/faults'
import type { Gesture } from '../../commands/gestures'
import type { RunState } from '../../store/run'
import type { IconName } from '../parts/icon'

/** The data for the entries. */
export type World = Pick<
  RunState,
  'members' | 'clients' | 'messages' | 'partition' | 'network' | 'story' | 'end'
>

export interface Entry {
  icon: IconName
  word: string
  /** The console command for it. */
  line: string
  /** The consequence, in a sentence. */
  note?: string
  /** The reason why it is not available; null if it is. */
  off: string | null
  does: Gesture | Step | 'replay' | LibraryStep | ((commands: Commands) => void)
}

/** The reader must still choose the library of one of these clients. */
export interface LibraryStep {
  libraryOf: readonly string[]
}

/** The fields that the reader must fill in before an entry has an effect. */
export interface Step {
  fields: readonly Field[]
  /**
   * The gestures for the values (by the fields' names), in order; empty if the values do not fit.
   */
  gestures(values: Values): readonly Gesture[]
  /** The cost, in a sentence; null for none. */
  note?(values: Values): string | null
}

export type Values = Readonly<Record<string, string>>

export type Field = { name: string; label: string } & (
  | { options: readonly { value: string; word: string }[] }
  | { unit: string; min: number; max: number; value: number }
)

export function isStep(does: Entry['does']): does is Step {
  return typeof does === 'object' && 'fields' in does
}

export function isLibraryStep(does: Entry['does']): does is LibraryStep {
  return typeof does === 'object' && 'libraryOf' in does
}

/** The values of the fields before the reader's choice. */
export function firstValues({ fields }: Step): Values {
  return Object.fromEntries(
    fields.map((field) => [
      field.name,
      'options' in field ? (field.options[0]?.value ?? '') : String(field.value),
    ]),
  )
}

/** An entry for a fault. */
export function faultEntry(
  icon: IconName,
  word: string,
  fault: Fault,
  off: string | null = null,
): Entry {
  const gesture = faultGesture(fault)
  return { icon, word, line: gesture.line, off, does: gesture }
}

/** An entry with a second step. Its line shows the first choices. */
export function stepEntry(
  icon: IconName,
  word: string,
  step: Step,
  off: string | null = null,
): Entry {
  const [first] = step.gestures(firstValues(step))
  return { icon, word, line: off === null ? (first?.line ?? '') : '', off, does: step }
}

export function oneOf(name: string, label: string, words: readonly string[]): Field {
  return { name, label, options: words.map((word) => ({ value: word, word })) }
}

export function amount(
  name: string,
  label: string,
  unit: string,
  value: number,
  min: number,
  max: number,
): Field {
  return { name, label, unit, value, min, max }
}

/** The whole number in a field; null for other text, or outside the bounds. */
export function numberIn(
  { fields }: Pick<Step, 'fields'>,
  name: string,
  values: Values,
): number | null {
  const field = fields.find((each) => each.name === name)
  const value = Number(values[name])
  if (
    field === undefined ||
    'options' in field ||
    values[name]?.trim() === '' ||
    !Number.isInteger(value)
  )
    return null
  return value >= field.min && value <= field.max ? value : null
}

/** A step with a choice among `names`; each choice becomes a fault. */
export function choiceOfFault(
  label: string,
  names: readonly string[],
  fault: (name: string) => Fault,
): Step {
  return {
    fields: [oneOf('who', label, names)],
    gestures: ({ who }) =>
      who === undefined || !names.includes(who) ? [] : [faultGesture(fault(who))],
  }
}

/** The same with a number. */
export function choiceWithAmount(
  label: string,
  names: readonly string[],
  number: { label: string; unit: string; value: number; min: number; max: number },
  fault: (name: string, value: number) => Fault | null,
): Step {
  const fields = [
    oneOf('who', label, names),
    amount('value', number.label, number.unit, number.value, number.min, number.max),
  ]
  return {
    fields,
    gestures(values) {
      const value = numberIn({ fields }, 'value', values)
      const who = names.find((name) => name === values.who)
      const made = who === undefined || value === null ? null : fault(who, value)
      return made === null ? [] : [faultGesture(made)]
    },
  }
}
