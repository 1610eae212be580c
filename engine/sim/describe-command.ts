import { unreachable } from '../base/assert'
import { leaseName } from '../base/lease-name'
import type { LeaseId, Request } from '../base/rpc'
import { controlText } from '../client/control'
import { faultText } from '../network/fault'
import { moveText } from './choose'
import type { Command } from './command'
import type { Move } from './moves'

/**
 * The parts of the run that the words of a command need: the possible moves and the names of
 * leases. A chosen move is named after its entry among the possible ones.
 */
export interface Named {
  moves(): readonly Move[]
  nameOfLease(lease: LeaseId): string
}

/** Without a run: moves have no words, and leases have the end of their IDs. */
const UNNAMED: Named = { moves: () => [], nameOfLease: (lease) => leaseName(0, lease) }

/** The text of a command in its event. */
export function describeCommand(command: Command, run: Named = UNNAMED): string {
  switch (command.type) {
    case 'console': {
      const lines = command.text.split('\n').filter((line) => line.trim() !== '')
      const first = clipped(lines[0]?.trim() ?? '')
      return lines.length > 1
        ? `${command.terminal}: ${first} … (${lines.length} lines)`
        : `${command.terminal}: ${first}`
    }
    case 'interrupt':
      return `${command.terminal}: Ctrl-C`
    case 'program':
      return `${command.client} starts a program of ${command.program.length} lines`
    case 'script':
      return `${command.client} starts a program of ${command.source.split('\n').length} lines`
    case 'dial':
      return command.keepAliveTimeMs === 0
        ? `${command.client} sends no pings`
        : `${command.client} sends pings: after ${command.keepAliveTimeMs} ms, ${command.keepAliveTimeoutMs} ms for the answer`
    case 'control':
      return controlText(command.client, command.control)
    case 'request':
      return `${command.client} calls ${requestText(command.request, run)}`
    case 'cancel':
      return `${command.client} cancels its call ${command.rpc}`
    case 'open-stream':
      return `${command.client} opens stream ${command.stream} of ${command.call}`
    case 'send-on-stream':
      return `${command.client} sends ${requestText(command.request, run)} on stream ${command.stream}`
    case 'close-stream':
      return `${command.client} closes stream ${command.stream}`
    case 'heartbeat':
      return `${command.client} heartbeat ${command.on ? 'on' : 'off'} for ${run.nameOfLease(command.lease)}`
    case 'fault':
      return faultText(command.fault)
    case 'take': {
      const move = run.moves().find(({ id }) => id === command.move)
      return move === undefined ? `take move ${command.move}` : `take move: ${moveText(move.due)}`
    }
    case 'idle':
      return `only ${command.machinery === 'ticks' ? 'internal timers run' : 'the members run'} until ${command.until / 1000} s`
    default:
      return unreachable(command)
  }
}

/** The RPC, and the lease that it is about. */
function requestText(request: Request, run: Named): string {
  return request.type.startsWith('Lease') && 'ID' in request
    ? `${request.type} ${run.nameOfLease(request.ID as LeaseId)}`
    : request.type
}

/** An event's text stays one line, whatever was pasted. */
const LONGEST = 120

function clipped(line: string): string {
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line
}
