// The text of a program, in the form that parse.ts reads, with one spelling for each line.
// `parseProgram(printProgram(program))` is the program again.

import { unreachable } from '../../base/assert'
import type { Branch, Program, ProgramCompare, Step, Test } from './steps'

/**
 * Without comments and empty lines; labels keep their places. Words with a double quote or a line
 * end have no text.
 */
export function printProgram({ lines, labels }: Program): string {
  const rows: string[] = []
  const labelsAt = (at: number): void => {
    for (const [name, index] of labels) if (index === at) rows.push(`${name}:`)
  }
  for (const [at, { step, within, otherwise }] of lines.entries()) {
    labelsAt(at)
    const deadline = within === null ? '' : ` within ${time(within)}`
    rows.push(`${printStep(step)}${deadline}${otherwise === null ? '' : ` or goto ${otherwise}`}`)
  }
  labelsAt(lines.length)
  return rows.join('\n')
}

/** One instruction as a line of text. */
export function printStep(step: Step): string {
  return `${'as' in step && step.as !== null ? `${step.as} = ` : ''}${instruction(step)}`
}

function instruction(step: Step): string {
  switch (step.op) {
    case 'grant':
      return `grant ${step.ttlSeconds}`
    case 'keep':
      return `${step.on ? 'keep' : 'drop'} ${step.lease}`
    case 'revoke':
      return `revoke ${step.lease}`
    case 'renew':
      return `renew ${step.lease}`
    case 'get': {
      const verb = step.pick === 'key' ? 'get' : step.pick
      return `${verb} ${word(step.key)}${before(step)}`
    }
    case 'count':
      return `count ${word(step.prefix)}${before(step)}`
    case 'put':
    case 'create':
      return `${step.op} ${word(step.key)} ${word(step.value)}${step.lease === null ? '' : ` with ${step.lease}`}`
    case 'delete': {
      if (step.guard === null) return `delete ${word(step.key)}`
      const { target, is } = step.guard
      return `delete ${word(step.key)} if ${target} = ${target === 'value' ? word(is) : is}`
    }
    case 'txn': {
      const compares =
        step.compares.length === 0 ? '' : ` if ${step.compares.map(compare).join(' and ')}`
      const otherwise = step.failure.length === 0 ? '' : ` else ${branches(step.failure)}`
      return `txn${compares} then ${branches(step.success)}${otherwise}`
    }
    case 'wait':
      return `wait ${step.prefix ? 'any ' : ''}${word(step.key)} ${step.news}`
    case 'sleep':
      return `sleep ${time(step.ms)}`
    case 'now':
      return 'now'
    case 'lock':
      return `lock ${word(step.name)} ${session(step)}`
    case 'trylock':
      return `trylock ${word(step.name)} with ${step.lease}`
    case 'campaign':
      return `campaign ${word(step.name)} ${word(step.value)} ${session(step)}`
    case 'proclaim':
      return `proclaim ${word(step.name)} ${word(step.value)}`
    case 'resign':
    case 'unlock':
    case 'observe':
      return `${step.op} ${word(step.name)}`
    case 'server-lock':
      return `server lock ${word(step.name)} with ${step.lease}`
    case 'server-unlock':
      return `server unlock ${word(step.key)}`
    case 'client-lock':
      return `${step.of} lock ${word(step.name)} ttl ${step.ttlSeconds}`
    case 'client-unlock':
      return `${step.of} unlock ${word(step.name)}`
    case 'enter':
      return `enter ${word(step.name)}${step.room === null ? '' : step.room === 'any' ? ' shared' : ` of ${step.room}`}`
    case 'unlock-if':
      return `unlock ${word(step.name)} if ${step.token}`
    case 'write':
      return `write ${word(step.value)}${step.token === null ? '' : ` with token ${step.token}`}`
    case 'if':
      return `if ${test(step.test)} goto ${step.target}`
    case 'goto':
      return `goto ${step.target}`
    case 'leave':
    case 'stop':
      return step.op
    default:
      return unreachable(step)
  }
}

const time = (ms: number): string => (ms >= 1000 && ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`)
const session = (of: { lease: string; whileKept: boolean }): string =>
  `${of.whileKept ? 'while' : 'with'} ${of.lease}`
const before = (of: { before: string | null }): string =>
  of.before === null ? '' : ` before ${of.before}`
const branches = (list: readonly Branch[]): string => list.map(printStep).join(' and ')

function compare({ target, key, result, is }: ProgramCompare): string {
  return `${target} ${word(key)} ${result} ${target === 'value' ? word(is) : is}`
}

function test(of: Test): string {
  const not = of.not ? 'not ' : ''
  if (of.type === 'live') return `${not}live ${of.lease}`
  if (of.type === 'elapsed') return `${not}elapsed ${of.since} ${time(of.ms)}`
  if (of.type === 'less' || of.type === 'more')
    return `${not}${of.a} ${of.type === 'less' ? '<' : '>'} ${of.b}`
  return of.type === 'set' ? `${not}${of.name}` : `${not}${of.a} = ${word(of.b)}`
}

/** In quotes where the word would be split, or read as a word of the language. */
function word(text: string): string {
  return /^[^\s="#]+$/.test(text) && text !== 'any' ? text : `"${text}"`
}
