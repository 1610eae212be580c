import { parseDecimalGo } from '../base/int64'
import type { Bytes, LeaseId } from '../base/rpc'
import type { Answer, Task } from './invocation'
import { Exit, refusal } from './invocation'
import type { LeaseReader, Line } from './line'
import { parsing } from './line'

/** etcdctl/ctlv3/command/lease_command.go; null for a command of another file. */
export function leaseTask({
  command,
  set: { args, values },
  readLease,
  connect,
}: Line): Task | Answer | null {
  const [first = ''] = args
  switch (command) {
    case 'lease grant': {
      if (args.length !== 1) return refusal(Exit.BadArgs, 'lease grant command needs TTL argument')
      const ttl = parseDecimalGo(first)
      if (!ttl.ok) return refusal(Exit.BadArgs, `bad TTL (${parsing('ParseInt', first, ttl.why)})`)
      return { type: 'lease-grant', ttlSeconds: Number(ttl.value) }
    }
    case 'lease revoke':
      if (args.length !== 1) return refusal(Exit.BadArgs, 'lease revoke command needs 1 argument')
      return withLease(first, readLease, (lease) => ({ type: 'lease-revoke', lease }))
    case 'lease timetolive':
      if (args.length !== 1)
        return refusal(Exit.BadArgs, 'lease timetolive command needs lease ID as argument')
      // Only this one connects before it checks the ID.
      return (
        connect() ??
        withLease(first, readLease, (lease) => ({
          type: 'lease-timetolive',
          lease,
          keys: values.keys === 'true',
        }))
      )
    case 'lease keep-alive':
      if (args.length !== 1)
        return refusal(Exit.BadArgs, 'lease keep-alive command needs lease ID as argument')
      return withLease(first, readLease, (lease) => ({
        type: 'lease-keep-alive',
        lease,
        once: values.once === 'true',
      }))
    case 'lease list':
      return { type: 'lease-list' }
    default:
      return null
  }
}

function withLease(
  word: Bytes,
  readLease: LeaseReader,
  task: (lease: LeaseId) => Task,
): Task | Answer {
  const id = readLease(word)
  return id.ok
    ? task(id.id)
    : refusal(
        Exit.BadArgs,
        `bad lease ID arg (${parsing('ParseInt', word, id.why)}), expecting ID in Hex`,
      )
}
