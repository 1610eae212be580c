// A program's text from what it says: the form that parse.ts reads, one way of writing each line. `parseScript(printScript(script))` is the script again.

import { unreachable } from '../../base/assert'
import type { Branch, Script, ScriptCompare, Step, Test } from './steps'

/** Without comments and empty lines, labels where they stand. Words that hold a double quote or the end of a line have no text. */
export function printScript({ lines, labels }: Script): string {
  const rows: string[] = []
  const labelsAt = (at: number): void => {
    for (const [name, index] of labels) if (index === at) rows.push(`${name}:`)
  }
  for (const [at, { step, otherwise }] of lines.entries()) {
    labelsAt(at)
    rows.push(`${printStep(step)}${otherwise === null ? '' : ` or goto ${otherwise}`}`)
  }
  labelsAt(lines.length)
  return rows.join('\n')
}

/** One instruction, as its line says it. */
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
    case 'get': {
      const verb = step.pick === 'key' ? 'get' : step.pick
      return `${verb} ${word(step.key)}${step.before === null ? '' : ` before ${step.before}`}`
    }
    case 'put':
    case 'create':
      return `${step.op} ${word(step.key)} ${word(step.value)}${step.lease === null ? '' : ` with ${step.lease}`}`
    case 'delete': {
      if (step.guard === null) return `delete ${word(step.key)}`
      const { target, is } = step.guard
      return `delete ${word(step.key)} if ${target} = ${target === 'value' ? word(is) : is}`
    }
    case 'txn': {
      const compares = step.compares.length === 0 ? '' : ` if ${step.compares.map(compare).join(' and ')}`
      const otherwise = step.failure.length === 0 ? '' : ` else ${branches(step.failure)}`
      return `txn${compares} then ${branches(step.success)}${otherwise}`
    }
    case 'wait':
      return `wait ${step.prefix ? 'any ' : ''}${word(step.key)} ${step.news}`
    case 'sleep':
      return `sleep ${step.ms >= 1000 && step.ms % 1000 === 0 ? `${step.ms / 1000}s` : `${step.ms}ms`}`
    case 'lock':
    case 'trylock':
      return `${step.op} ${word(step.name)} with ${step.lease}`
    case 'campaign':
      return `campaign ${word(step.name)} ${word(step.value)} with ${step.lease}`
    case 'proclaim':
      return `proclaim ${word(step.name)} ${word(step.value)}`
    case 'resign':
    case 'unlock':
    case 'observe':
    case 'enter':
      return `${step.op} ${word(step.name)}`
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

const branches = (list: readonly Branch[]): string => list.map(printStep).join(' and ')

function compare({ target, key, result, is }: ScriptCompare): string {
  return `${target} ${word(key)} ${result} ${target === 'value' ? word(is) : is}`
}

function test(of: Test): string {
  const not = of.not ? 'not ' : ''
  if (of.type === 'live') return `${not}live ${of.lease}`
  return of.type === 'set' ? `${not}${of.name}` : `${not}${of.a} = ${word(of.b)}`
}

/** In quotes where it would be taken apart, or for a word of the language. */
function word(text: string): string {
  return /^[^\s="#]+$/.test(text) && text !== 'any' ? text : `"${text}"`
}
