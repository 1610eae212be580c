// Writes a stop as the lines that stop-lines.ts reads.

import type { Condition, Doing, Goal, Measure, Moment, Question, Stop } from '../sim/stops'
import { showText } from './show-line'

/** The lines of a stop, without indentation. Reading them gives the same stop. */
export function stopText({
  when,
  afterMs = 0,
  say,
  ask,
  goal,
  hints = [],
  note,
  show,
}: Stop): string[] {
  return [
    `stop ${momentText(when)}${afterMs === 0 ? '' : ` +${seconds(afterMs)}`}`,
    ...(say === undefined ? [] : [`say ${say}`]),
    ...(ask === undefined ? [] : questionLines(ask)),
    ...(goal === undefined ? [] : goalLines(goal)),
    ...hints.map((hint) => `hint ${hint}`),
    ...(note === undefined ? [] : [`note ${note}`]),
    ...(show === undefined ? [] : [`show ${showText(show)}`]),
  ]
}

/** The moment of a stop in its text form. */
export function momentText(when: Moment): string {
  if (when.type === 'at') return `at ${seconds(when.at)}`
  return when.type === 'fault' ? 'on fault' : `when ${conditionText(when)}`
}

function goalLines({ text, parts, may, solution }: Goal): string[] {
  return [
    `goal ${text}`,
    ...parts.map((part) => `part ${conditionText(part.when)} => ${part.text}`),
    `may ${may.join(' ; ')}`,
    ...solution.map(({ at, act }) => `solve ${seconds(at)} ${act}`),
  ]
}

const KINDS = /^(?:choose|when|which|how-much|what-next)\s/

function questionLines(ask: Question): string[] {
  // A question that begins with the name of a kind needs its own kind in front.
  const kind = ask.kind === 'choose' && !KINDS.test(ask.text) ? '' : `${ask.kind} `
  const choices = ask.kind === 'choose' ? ask.choices : []
  const so = (ask.so ?? []).map(
    ({ text, choice }) => `so ${choice === undefined ? '' : `${choices[choice]} => `}${text}`,
  )
  const mark = markText(ask)
  return [
    `ask ${kind}${ask.text}`,
    ...(choices.length === 0 ? [] : [choices.join(' / ')]),
    ...(mark === null ? [] : [`mark ${mark}`]),
    ...so,
  ]
}

function markText(ask: Question): string | null {
  switch (ask.kind) {
    case 'choose':
      return ask.marks
        .map(({ when, choice }) => `${markMoment(when)} => ${ask.choices[choice]}`)
        .join(' ; ')
    case 'when':
      return conditionText(ask.mark)
    case 'which':
      return doingText(ask.mark)
    case 'how-much':
      return measureText(ask.mark)
    case 'what-next':
      return null
  }
}

/** A moment that decides for a choice, in the form of a line `mark`. */
export function markMoment(when: Moment): string {
  return when.type === 'at' ? `by ${seconds(when.at)}` : conditionText(when)
}

/** A condition in the form that condition.ts reads. */
export function conditionText(condition: Condition): string {
  switch (condition.type) {
    case 'process':
      return `${condition.who} ${condition.does}`
    case 'leads':
      return condition.who === null ? 'leader elected' : `${condition.who} leads`
    case 'no-leader':
      return 'no leader'
    case 'lease':
      return `L${condition.lease} ${condition.does}`
    case 'key':
      return `key ${condition.key} ${condition.does}`
    case 'enters':
    case 'leaves':
      return `${condition.client} ${condition.type} ${condition.section}`
    case 'two-inside':
      return `two inside ${condition.section}`
    case 'gives-up':
      return `${condition.client} gives up L${condition.lease}`
    case 'told-gone':
      return `${condition.client} told L${condition.lease} gone`
    case 'heartbeat':
      return `heartbeat ${condition.on ? 'on' : 'off'}`
    case 'write':
      return `${condition.taken ? 'takes' : 'refuses'} ${condition.value}`
    case 'stale-write':
      return 'stale write taken'
    case 'console-exit':
      return 'console exit'
    case 'member':
      return `member ${condition.change}`
    case 'counted':
      return `${condition.which} ${condition.structure} at ${condition.leases}`
    case 'prints':
      return `console prints ${condition.words}`
    case 'happens':
      return `happens ${condition.words}`
    case 'pass':
    case 'partition':
    case 'heal':
    case 'fault':
    case 'checkpoint':
    case 'snapshot':
      return condition.type
  }
}

function doingText(doing: Doing): string {
  if (doing.does === 'root') return 'lease at root'
  return `any ${doing.of} ${doing.does}${'section' in doing ? ` ${doing.section}` : ''}`
}

function measureText(measure: Measure): string {
  switch (measure.type) {
    case 'left':
    case 'keys':
    case 'swaps':
      return `${measure.type} L${measure.lease}`
    case 'revision':
    case 'looked':
      return measure.type
    case 'count':
      return `count ${conditionText(measure.what)} until ${conditionText(measure.until)}`
  }
}

/** Virtual ms as seconds, without trailing zeros. */
export function seconds(ms: number): string {
  const rest = String(ms % 1000)
    .padStart(3, '0')
    .replace(/0+$/, '')
  return rest === '' ? String(Math.floor(ms / 1000)) : `${Math.floor(ms / 1000)}.${rest}`
}
