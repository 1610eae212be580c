import type { Answer, Task } from './invocation'
import { Exit, INSTANT, notModelled, refusal, SESSION_TTL_SECONDS } from './invocation'
import type { Line } from './line'

/** The commands that may run under a lock. */
const EXEC = [...INSTANT, 'sleep']

/** etcdctl/ctlv3/command/{lock,elect}_command.go; null for a command of another file. */
export function concurrencyTask(line: Line): Task | Answer | null {
  const { args, values } = line.set
  const [name = '', value] = args
  switch (line.command) {
    case 'lock': {
      if (args.length === 0)
        return refusal(
          Exit.BadArgs,
          'lock takes a lock name argument and an optional command to execute',
        )
      const exec = args.slice(1)
      if (exec.length > 0 && !EXEC.includes(exec[0]!))
        return notModelled(`running anything but ${EXEC.join(', ')} under a lock`)
      const ttl = Number(values.ttl)
      return { type: 'lock', name, ttlSeconds: ttl > 0 ? ttl : SESSION_TTL_SECONDS, exec }
    }
    case 'elect': {
      if (args.length !== 1 && args.length !== 2) {
        return refusal(
          Exit.BadArgs,
          'elect takes one election name argument and an optional proposal argument',
        )
      }
      const problem = line.connect()
      if (problem !== null) return problem
      const listens = values.listen === 'true'
      if (value === undefined)
        return listens
          ? { type: 'observe', name }
          : refusal(Exit.BadArgs, 'no proposal argument but -l not set')
      return listens
        ? refusal(Exit.BadArgs, 'proposal given but -l is set')
        : { type: 'campaign', name, value }
    }
    default:
      return null
  }
}
