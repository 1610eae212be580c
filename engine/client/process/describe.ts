import { unreachable } from '../../base/assert'
import { text } from '../../base/bytes'
import type { Instruction, LeaseRef } from './instructions'

/** One instruction as a line for people. */
export function describeInstruction(instruction: Instruction): string {
  switch (instruction.op) {
    case 'call':
      return instruction.request.type
    case 'call-leader':
      return `${instruction.request.type} at the leader`
    case 'session':
      return `${instruction.as} = session(ttl ${instruction.ttlSeconds} s)`
    case 'grant':
      return `${instruction.as} = grant(ttl ${instruction.ttlSeconds} s)`
    case 'put':
      return `put ${text(instruction.key)} ${text(instruction.value)}${instruction.lease === undefined ? '' : ` with ${ref(instruction.lease)}`}`
    case 'get':
      return `get ${text(instruction.key)}`
    case 'delete':
      return `delete ${text(instruction.key)}`
    case 'revoke':
      return `revoke ${ref(instruction.lease)}`
    case 'heartbeat':
      return `heartbeat ${ref(instruction.lease)} ${instruction.on ? 'on' : 'off'}`
    case 'keep-alive':
      return `keep ${ref(instruction.lease)} alive`
    case 'watch':
      return `watch ${text(instruction.request.key)}`
    case 'sleep':
      return `sleep ${instruction.ms} ms`
    case 'lock':
      return `lock ${text(instruction.name)}`
    case 'campaign':
      return `campaign ${text(instruction.name)} ${text(instruction.value)}`
    case 'observe':
      return `observe ${text(instruction.name)}`
    default:
      return unreachable(instruction)
  }
}

function ref(lease: LeaseRef): string {
  return lease.startsWith('$') ? lease.slice(1) : lease
}
