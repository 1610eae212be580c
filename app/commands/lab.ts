// Runs of programs: the run that a recipe starts, and debugger controls for one client.

import type { Command, Config, Control, Recording } from '../../engine/worker/protocol'
import { type Fault, faultGesture } from './faults'
import type { Gesture } from './gestures'

export interface LabSetup {
  source: string
  clients: number
  members: number
  checkTokens: boolean
}

export const MOST_LAB_CLIENTS = 8

/** The clients' names: a, b, c … */
export function clientName(index: number): string {
  return String.fromCharCode('a'.charCodeAt(0) + index)
}

/**
 * A run in which that many clients start the same program at 0, with one command each. `like`: the
 * run whose seed and version are kept.
 */
export function labRecording(
  { source, clients, members, checkTokens }: LabSetup,
  like: { seed: number; etcd: Config['etcd'] },
): Recording {
  return {
    leasescope: 1,
    seed: like.seed,
    config: {
      members,
      etcd: like.etcd,
      heartbeatMs: 100,
      electionMs: 1000,
      boot: 'elected',
      latencyMs: 30,
      ...(members > 1 ? { peerLatencyMs: 10 } : {}),
      ...(checkTokens ? { checkTokens } : {}),
    },
    commands: Array.from({ length: clients }, (_, i) => ({
      type: 'script',
      client: clientName(i),
      source,
      at: 0,
    })),
  }
}

/** Adds a client, or gives an existing client another program. */
export function startProgram(client: string, source: string): Gesture {
  return { command: { type: 'script', client, source }, line: `# ${client} starts a program` }
}

export function controlClient(client: string, control: Control): Gesture {
  const command: Command = { type: 'control', client, control }
  return {
    command,
    line:
      control.type === 'run-to' ? `run ${client} to ${control.line}` : `${control.type} ${client}`,
  }
}

/**
 * Cuts a client off in a group of its own; existing groups remain. `others`: the clients and
 * members that it can no longer reach.
 */
export function cutOffClient(
  client: string,
  others: readonly string[],
  groups: string[][] | null,
): Gesture {
  const apart = (groups ?? [[...others]])
    .map((group) => group.filter((name) => name !== client))
    .filter((group) => group.length > 0)
  return faultGesture({ type: 'partition', groups: [[client], ...apart] })
}

/** Returns the client to the others. */
export function reconnectClient(client: string, groups: string[][] | null): Gesture {
  const rest = (groups ?? [])
    .map((group) => group.filter((name) => name !== client))
    .filter((group) => group.length > 0)
  const fault: Fault = rest.length < 2 ? { type: 'heal' } : { type: 'partition', groups: rest }
  return faultGesture(fault)
}

/** Whether a client is alone in its group. */
export function isCutOff(client: string, groups: string[][] | null): boolean {
  return groups?.some((group) => group.length === 1 && group[0] === client) ?? false
}
