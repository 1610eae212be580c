// The acts that a reader may use to reach a goal, in the console's words: the faults, and
// `heartbeat svc on`.

import { faultText } from '../network/fault'
import { readFault } from '../network/read-fault'
import type { Command } from '../sim/command'
import type { Simulation } from '../sim/simulation'

/** Allowed member names. */
const MEMBERS = Array.from({ length: 9 }, (_, i) => `m${i + 1}`)
const HEARTBEAT = /^heartbeat ([A-Za-z_][\w-]*) (on|off)$/

/**
 * An act with single spaces between its words, and links in their usual form; undefined for other
 * words.
 */
export function readAct(text: string): string | undefined {
  const words = text.trim().split(/\s+/)
  const fault = readFault(words, MEMBERS)
  if (fault !== null) return typeof fault === 'string' ? undefined : faultText(fault)
  const line = words.join(' ')
  return HEARTBEAT.test(line) ? line : undefined
}

/**
 * A command as an act; undefined for other commands. A line of the console counts if it is an act
 * by itself.
 */
export function actOf(command: Command): string | undefined {
  switch (command.type) {
    case 'fault':
      return faultText(command.fault)
    case 'heartbeat':
      return `heartbeat ${command.client} ${command.on ? 'on' : 'off'}`
    case 'console': {
      // The console has no word for a heartbeat.
      const act = readAct(command.text)
      return act !== undefined && HEARTBEAT.test(act) ? undefined : act
    }
    default:
      return undefined
  }
}

/**
 * The command for an act; undefined for other words, and for the heartbeat of a client without a
 * lease.
 */
export function commandOfAct(act: string, sim: Simulation): Command | undefined {
  const [, client, state] = HEARTBEAT.exec(act) ?? []
  if (client !== undefined) {
    const lease = sim.clients.find(({ id }) => id === client)?.beliefs.at(-1)?.lease
    return lease === undefined
      ? undefined
      : { type: 'heartbeat', client, lease, on: state === 'on' }
  }
  const fault = readFault(act.split(' '), MEMBERS)
  return fault === null || typeof fault === 'string' ? undefined : { type: 'fault', fault }
}
