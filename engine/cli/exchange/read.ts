// The reader of exchange files.

import type { Exchange, ExchangeOptions, FaultName, Plain, Step } from './form'
import { FAULTS, STREAMS } from './form'
import { asPlain, CALLS } from './request'

/** The allowed numbers of members. */
const MEMBERS = [1, 3, 5, 7]

/**
 * The exchange in a text; recorded answers are kept unchanged. Throws with the field's name for an
 * invalid text.
 */
export function readExchange(text: string): Exchange {
  const {
    name = '',
    members = 1,
    options,
    steps,
    ...rest
  } = asPlain(JSON.parse(text), 'the exchange')
  if (typeof name !== 'string') throw new Error('name is not a string')
  if (!MEMBERS.includes(members as number))
    throw new Error(`members is not 1, 3, 5 or 7: ${JSON.stringify(members)}`)
  if (!Array.isArray(steps)) throw new Error('steps is not a list')
  return {
    ...rest,
    name,
    members: members as number,
    ...(options === undefined ? {} : { options: readOptions(asPlain(options, 'options')) }),
    steps: steps.map((step, i) => readStep(asPlain(step, `steps[${i}]`), `steps[${i}]`)),
  }
}

function readOptions(options: Plain): ExchangeOptions {
  for (const [name, value] of Object.entries(options)) {
    const path = `options.${name}`
    if (name === 'checkpoint') oneOfNames(['on', 'persist'], value, path)
    else if (name === 'preVote' || name === 'times')
      check(typeof value === 'boolean', path, 'true or false', value)
    else throw new Error(`${path} is not an option: checkpoint, preVote or times`)
  }
  return options
}

/** The kinds of steps: the field that decides the kind, and the fields that belong to it. */
const KINDS = ['fault', 'finish', 'close', 'send', 'stream', 'start', 'call'] as const

function readStep(step: Plain, path: string): Step {
  const { at, request } = step
  if (at !== undefined)
    check(
      typeof at === 'number' && Number.isSafeInteger(at) && at >= 0,
      `${path}.at`,
      'a number of milliseconds',
      at,
    )
  if (request !== undefined) asPlain(request, `${path}.request`)
  for (const name of ['on', 'start', 'finish', 'stream', 'send', 'close', 'to', 'member']) {
    const value = step[name]
    if (value !== undefined)
      check(typeof value === 'string' && value !== '', `${path}.${name}`, 'a name', value)
  }
  const kind = KINDS.find((name) => step[name] !== undefined)
  switch (kind) {
    case undefined:
      throw new Error(`${path} has none of ${KINDS.join(', ')}`)
    case 'fault': {
      const fault: FaultName = oneOfNames(FAULTS, step.fault, `${path}.fault`)
      const named = fault === 'move-leader' ? 'to' : 'member'
      check(step[named] !== undefined, `${path}.${named}`, 'a member', step[named])
      break
    }
    case 'stream':
      oneOfNames(STREAMS, step.call, `${path}.call`)
      break
    case 'start':
    case 'call':
      check(
        CALLS.some((name) => name === step.call),
        `${path}.call`,
        'an RPC',
        step.call,
      )
      break
    case 'send':
      check(request !== undefined, `${path}.request`, 'a request', request)
  }
  return step as Step
}

function oneOfNames<T extends string>(names: readonly T[], value: unknown, path: string): T {
  const found = names.find((name) => name === value)
  check(found !== undefined, path, `one of ${names.join(', ')}`, value)
  return found as T
}

function check(holds: boolean, path: string, what: string, value: unknown): void {
  if (!holds) throw new Error(`${path} is not ${what}: ${JSON.stringify(value)}`)
}
