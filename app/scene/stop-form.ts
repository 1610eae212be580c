// A stop as the fields of a form. Each field is the text of a line, or of a part of a line
// (engine/text/stop-lines.ts). Fields become a stop through those lines, so forms and texts share
// one parser.

import { StopLines } from '../../engine/text/stop-lines'
import { conditionText, markMoment, stopText } from '../../engine/text/stop-text'
import type { Question, Stop } from '../../engine/worker/protocol'

export type Kind = 'none' | Question['kind'] | 'goal'

export interface StopForm {
  /** `at 5.2`, `when b enters /job +0.5`, `on fault`. */
  moment: string
  say: string
  kind: Kind
  /** The question, or the goal. */
  text: string
  choices: string[]
  /** The conditions that decide for a choice: `takes from-a`, `by 30`. Their order matters. */
  marks: { when: string; choice: number }[]
  /** The condition that decides a question without choices. */
  mark: string
  /** Sentences after the answer. With `choice`: shown only if that choice is right. */
  so: { text: string; choice: number | null }[]
  parts: { when: string; text: string }[]
  may: string
  /** One act on each line: `0.5 pause a`. */
  solution: string
  /** One hint on each line. */
  hints: string
  note: string
  panel: string
  rows: string[]
}

export const EMPTY_FORM: StopForm = {
  moment: '',
  say: '',
  kind: 'none',
  text: '',
  choices: [],
  marks: [],
  mark: '',
  so: [],
  parts: [],
  may: '',
  solution: '',
  hints: '',
  note: '',
  panel: '',
  rows: [],
}

/** The stop, or an error: the first wrong field, and its expected content. */
export type ReadForm = { ok: true; stop: Stop } | { ok: false; message: string }

export function formOf(stop: Stop): StopForm {
  const lines = stopText(stop).map((line): [string, string] => {
    const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(line) ?? []
    return [word, rest]
  })
  const of = (word: string): string[] =>
    lines.flatMap(([first, rest]) => (first === word ? [rest] : []))
  const { ask, goal, show } = stop
  const marked = of('mark')[0] ?? ''
  const choices = ask?.kind === 'choose' ? ask.choices : []
  const marks =
    ask?.kind === 'choose'
      ? ask.marks.map(({ when, choice }) => ({ when: markMoment(when), choice }))
      : []
  return {
    ...EMPTY_FORM,
    moment: of('stop')[0] ?? '',
    say: stop.say ?? '',
    kind: goal === undefined ? (ask?.kind ?? 'none') : 'goal',
    text: ask?.text ?? goal?.text ?? '',
    choices: [...choices],
    marks,
    mark: ask?.kind === 'choose' ? '' : marked,
    so: (ask?.so ?? []).map((each) => ({
      text: each.text,
      choice: 'choice' in each ? (each.choice ?? null) : null,
    })),
    parts: (goal?.parts ?? []).map(({ when, text }) => ({ when: conditionText(when), text })),
    may: of('may')[0] ?? '',
    solution: of('solve').join('\n'),
    hints: (stop.hints ?? []).join('\n'),
    note: stop.note ?? '',
    panel: show?.panel ?? '',
    rows: [...(show?.rows ?? [])],
  }
}

/**
 * The stop that a form describes. Choices, marks, parts and sentences without text are left out.
 */
export function stopOf(form: StopForm): ReadForm {
  try {
    const lines = new StopLines(form.moment.trim(), 'Stop')
    for (const [line, place] of linesOf(form))
      if (!lines.take(line, place)) throw new Error(`${place}: not "${line}"`)
    return { ok: true, stop: lines.end() }
  } catch (error) {
    return { ok: false, message: inFields(error instanceof Error ? error.message : String(error)) }
  }
}

const FIELDS: Record<string, string> = {
  mark: 'Right when',
  part: 'Parts',
  may: 'May',
  solve: 'Solution',
}

/** The message with the name of a field instead of the name of a line. */
function inFields(message: string): string {
  const [, line = '', what] = /^Stop: expected a line (\w+), which (.*)$/s.exec(message) ?? []
  const field = FIELDS[line]
  return field === undefined ? message : `${field}: it is empty, and ${what}`
}

/** The lines below the first line, each with the name of its field. */
function linesOf(form: StopForm): [line: string, field: string][] {
  const { say, kind, hints, note, panel, rows } = form
  const show = [
    ...(panel === '' ? [] : [panel]),
    ...(rows.length === 0 ? [] : [`rows ${rows.join(' ')}`]),
  ].join(', ')
  return [
    ...one('say', say, 'Say'),
    ...(kind === 'none' ? [] : kind === 'goal' ? goalLines(form) : questionLines(form, kind)),
    ...hints.split('\n').flatMap((hint) => one('hint', hint, 'Hints')),
    ...one('note', note, 'Note'),
    ...one('show', show, 'Show'),
  ]
}

function questionLines(
  { text, choices, marks, mark, so }: StopForm,
  kind: Question['kind'],
): [string, string][] {
  const isNamed = (choice: number): boolean => (choices[choice]?.trim() ?? '') !== ''
  const named = choices.map((choice) => choice.trim()).filter((choice) => choice !== '')
  const decided = marks.filter(({ when, choice }) => when.trim() !== '' && isNamed(choice))
  const choose = decided
    .map(({ when, choice }) => `${when.trim()} => ${choices[choice]?.trim()}`)
    .join(' ; ')
  const said = so.filter(
    ({ text: sentence, choice }) =>
      sentence.trim() !== '' && (choice === null || (kind === 'choose' && isNamed(choice))),
  )
  return [
    [`ask ${kind} ${text.trim()}`, 'Question'],
    ...(kind === 'choose' && named.length > 0
      ? [[named.length === 1 ? `${named[0]} / ` : named.join(' / '), 'Answers'] as [string, string]]
      : []),
    ...(kind === 'what-next' ? [] : one('mark', kind === 'choose' ? choose : mark, 'Right when')),
    ...said.map(({ text: sentence, choice }): [string, string] => {
      const of = choice === null ? '' : `${choices[choice]?.trim()} => `
      return [`so ${of}${sentence.trim()}`, 'Then say']
    }),
  ]
}

function goalLines({ text, parts, may, solution }: StopForm): [string, string][] {
  const wanted = parts.filter(({ when, text: words }) => when.trim() !== '' || words.trim() !== '')
  return [
    [`goal ${text.trim()}`, 'Goal'],
    ...wanted.map(({ when, text: words }): [string, string] => [
      `part ${when.trim()} => ${words.trim()}`,
      'Parts',
    ]),
    ...one('may', may, 'May'),
    ...solution.split('\n').flatMap((line) => one('solve', line, 'Solution')),
  ]
}

function one(word: string, text: string, field: string): [string, string][] {
  const trimmed = text.trim()
  return trimmed === '' ? [] : [[`${word} ${trimmed}`, field]]
}

/** The conditions for one choice as one field: `takes from-a ; by 30`. */
export function marksOf({ marks }: StopForm, choice: number): string {
  return marks
    .filter((mark) => mark.choice === choice)
    .map(({ when }) => when)
    .join(' ; ')
}

/**
 * The form with those conditions for one choice. Existing conditions keep their positions among the
 * others.
 */
export function withMarks(form: StopForm, choice: number, text: string): StopForm {
  // If a field ends with a blank, the author is still typing.
  const wanted = text.split(' ; ')
  let next = 0
  const kept = form.marks.flatMap((mark) => {
    if (mark.choice !== choice) return [mark]
    const when = wanted[next++]
    return when === undefined ? [] : [{ when, choice }]
  })
  return { ...form, marks: [...kept, ...wanted.slice(next).map((when) => ({ when, choice }))] }
}

/** The sentence for one choice; null: the sentence for all choices. */
export function soOf({ so }: StopForm, choice: number | null): string {
  return so.find((each) => each.choice === choice)?.text ?? ''
}

/** The form with that sentence. The sentence for all choices stays behind the others. */
export function withSo(form: StopForm, choice: number | null, text: string): StopForm {
  const at = form.so.findIndex((each) => each.choice === choice)
  if (at >= 0)
    return { ...form, so: form.so.map((each, i) => (i === at ? { ...each, text } : each)) }
  const general = choice === null ? -1 : form.so.findIndex((each) => each.choice === null)
  const place = general < 0 ? form.so.length : general
  return { ...form, so: [...form.so.slice(0, place), { text, choice }, ...form.so.slice(place)] }
}

/** The form without one of its choices, and without the parts about that choice. */
export function withoutChoice(form: StopForm, choice: number): StopForm {
  const moved = <T extends { choice: number | null }>(list: readonly T[]): T[] =>
    list.flatMap((each) =>
      each.choice === choice
        ? []
        : [
            each.choice !== null && each.choice > choice
              ? { ...each, choice: each.choice - 1 }
              : each,
          ],
    )
  return {
    ...form,
    choices: form.choices.filter((_, i) => i !== choice),
    marks: moved(form.marks),
    so: moved(form.so),
  }
}

/** The form after a change of kind, with the fields that a question of that kind needs first. */
export function withKind(form: StopForm, kind: Kind): StopForm {
  const first: Partial<StopForm> =
    kind === 'choose' && form.choices.length === 0
      ? { choices: ['Yes', 'No'] }
      : kind === 'which'
        ? { mark: form.mark.startsWith('any ') ? form.mark : 'any lease ends' }
        : kind === 'how-much'
          ? { mark: /^(left|keys|revision|count)\b/.test(form.mark) ? form.mark : 'left L1' }
          : kind === 'when'
            ? { mark: /^(any|left|keys|revision|count)\b/.test(form.mark) ? '' : form.mark }
            : kind === 'goal' && form.parts.length === 0
              ? { parts: [{ when: '', text: '' }] }
              : {}
  return { ...form, ...first, kind }
}
