// The requests of a recorded client, as programs for the engine's clients.

import type { Step } from './recording'

/** Mutex and Election need a session, which is granted before the start. */
export function isOfSession({ call }: Step): boolean {
  return call === 'lock' || call === 'unlock' || call === 'campaign'
}

/** A watch that requires a leader has no instruction. */
export function canBePlayed({ requireLeader }: Step): boolean {
  return requireLeader !== true
}

/** One program for all calls of a session, with its lease granted at once. */
export function sessionProgram(steps: Step[]): string {
  const lines = [`lease = grant ${steps[0]!.ttl}`, 'keep lease']
  // A line takes a millisecond, a call two more.
  let now = -2000 + 5
  for (const step of steps) {
    lines.push(`sleep ${step.at - now}ms`, ...markedLines(step))
    now = step.at + 7
  }
  return lines.join('\n')
}

export function sourceOf(step: Step): string {
  return markedLines(step).join('\n')
}

/** The call, and a section that reports its result. */
function markedLines(step: Step): string[] {
  const [done, failed, over] = [`/done-${step.at}`, `/failed-${step.at}`, `over${step.at}`]
  const failure = `failed${step.at}`
  return [
    `${instructionOf(step)}${step.deadline === undefined ? '' : ` within ${step.deadline}ms`} or goto ${failure}`,
    `enter ${done}`,
    'leave',
    `goto ${over}`,
    `${failure}:`,
    `enter ${failed}`,
    'leave',
    `${over}:`,
  ]
}

function instructionOf({ call, key = '', value = '', ttl = 0 }: Step): string {
  switch (call) {
    case 'grant':
      return `granted = grant ${ttl}`
    case 'put':
      return `put ${key} ${value}`
    case 'get':
      return `found = get ${key}`
    case 'delete':
      return `delete ${key}`
    case 'txn':
      return `won = create ${key} ${value}`
    case 'readonly-txn':
      return `seen = txn then get ${key}`
    case 'lock':
      return `token = lock ${key} with lease`
    case 'unlock':
      return `unlock ${key}`
    case 'campaign':
      return `lead = campaign ${key} ${value} with lease`
    default:
      throw new Error(`no instruction for ${call}`)
  }
}
