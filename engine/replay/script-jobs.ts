// The console's lines by their requests to etcd: all requests of a line's process, and the one
// etcdctl command that sends them.

import type { Bytes, LeaseId, Request, TxnRequest } from '../base/rpc'
import type { EventId, TraceEvent } from '../base/trace'
import type { Etcdctl } from '../etcdctl/versions'
import type { EtcdctlCommand } from './etcdctl-request'
import { command, commandOf } from './etcdctl-request'
import { shortHex } from './etcdctl-text'

export type RequestSent = Extract<TraceEvent, { type: 'request-sent' }>

/** One line of a terminal. */
export interface Job {
  terminal: string
  number: number
  line: string
  /** In the order in which its process sent them. */
  requests: RequestSent[]
  /** It printed an error or ended with one. */
  failed: boolean
}

/**
 * A lock that is held for less runs the program `true`. A process could not be ended so soon after
 * its start.
 */
const SHORTLY_MS = 1000

/** Commands that list what a run does not have. Their lines send a read instead. */
const LISTS = /\b(?:alarm\s+list|auth\s+status|user\s+list|role\s+list)\b/

/** Whether a line acts on the servers themselves: a script does not do that to another cluster. */
export const isMaintenance = ({ line }: Job): boolean =>
  /\b(?:defrag|alarm\s+disarm|downgrade\s+\w+)\b/.test(line)

/** The command for a job's requests. `lasts`: its process runs until it is ended. */
export interface JobCommand {
  command: EtcdctlCommand
  lasts: boolean
}

/**
 * Every line of a trace. A request belongs to a line by its client's name, `t1#5` or
 * `speaker@t1#5`.
 */
export class Jobs {
  readonly #byName = new Map<string, Job>()
  readonly #byRequest = new Map<EventId, Job>()

  constructor(trace: readonly TraceEvent[]) {
    for (const event of trace) this.#take(event)
  }

  /** Undefined for a job that no `console-line` began. */
  find(terminal: string, number: number): Job | undefined {
    return this.#byName.get(`${terminal}#${number}`)
  }

  /** The line whose process sent a request; undefined for a request of a client. */
  behind(request: RequestSent): Job | undefined {
    return this.#byRequest.get(request.id)
  }

  #take(event: TraceEvent): void {
    switch (event.type) {
      case 'console-line': {
        const { terminal, job: number, line } = event
        this.#byName.set(`${terminal}#${number}`, {
          terminal,
          number,
          line,
          requests: [],
          failed: false,
        })
        return
      }
      case 'console-output':
      case 'console-exit': {
        const job = this.find(event.terminal, event.job)
        if (
          job !== undefined &&
          (event.type === 'console-exit' ? event.exit !== 0 : event.stream === 'stderr')
        )
          job.failed = true
        return
      }
      case 'request-sent': {
        const job = this.ofClient(event.client)
        if (job === undefined) return
        job.requests.push(event)
        this.#byRequest.set(event.id, job)
        return
      }
      default:
        return
    }
  }

  /** The line whose process a client is; undefined for a client with a program. */
  ofClient(client: string): Job | undefined {
    for (let from = 0; ; ) {
      const job = this.#byName.get(client.slice(from))
      const at = client.indexOf('@', from)
      if (job !== undefined || at < 0) return job
      from = at + 1
    }
  }
}

/**
 * The command for a job's requests, or null. `granted` is the lease of its grant, if it has one.
 * The line's own words choose only between commands with equal requests: `--once` or not, `endpoint
 * health` or `get health`.
 */
export function jobCommand(
  { requests, line }: Job,
  granted: LeaseId | undefined,
  etcdctl: Etcdctl,
): JobCommand | null {
  const [first, second] = requests.map(({ request }) => request)
  if (first === undefined) return null
  const session =
    first.type === 'LeaseGrant' && second !== undefined && granted !== undefined
      ? sessionCommand(first.TTL, second, granted)
      : null
  if (session?.name === 'lock' && heldMs(requests) < SHORTLY_MS) {
    return {
      command: { ...session, operands: [...session.operands, { bytes: 'true' }] },
      lasts: false,
    }
  }
  if (session !== null) return { command: session, lasts: true }
  const known = commandOf(first, etcdctl)
  if (known === null) return null
  if (
    first.type === 'LeaseKeepAlive' &&
    (requests.length > 1 || !/--once\b|\brenew\b/.test(line))
  ) {
    return { command: { ...known, flags: [] }, lasts: true }
  }
  const lists = first.type === 'Range' && first.key === 'health' ? LISTS.exec(line) : null
  if (lists !== null)
    return { command: command(lists[0].replace(/\s+/, ' '), [], []), lasts: false }
  if (first.type === 'Range' && first.key === 'health' && /\bendpoint\s+health\b/.test(line)) {
    return { command: command('endpoint health', clusterFlag(requests), []), lasts: false }
  }
  if (first.type === 'Status') {
    // `move-leader` looks for the leader first.
    if (requests.some(({ request }) => request.type === 'MoveLeader')) return null
    return { command: command('endpoint status', clusterFlag(requests), []), lasts: false }
  }
  return { command: known, lasts: first.type === 'WatchCreate' }
}

/** Whether a request releases a lock or resigns a candidacy. */
export function endsSession(request: Request): boolean {
  if (request.type === 'DeleteRange' || request.type === 'LeaseRevoke') return true
  return (
    request.type === 'Txn' && (request.success ?? []).some(({ type }) => type === 'DeleteRange')
  )
}

/**
 * Milliseconds from a job's first request to the request that releases its lock; Infinity without
 * one.
 */
function heldMs(requests: readonly RequestSent[]): number {
  const [first] = requests
  const last = requests.find(({ request }) => endsSession(request))
  return first === undefined || last === undefined ? Number.POSITIVE_INFINITY : last.at - first.at
}

const clusterFlag = (requests: readonly RequestSent[]) => (requests.length > 1 ? ['--cluster'] : [])

/**
 * `lock`, `elect` and `elect --listen` begin with a lease; the request after it tells them apart.
 */
function sessionCommand(ttl: number, next: Request, lease: LeaseId): EtcdctlCommand | null {
  if (next.type === 'Txn') {
    const own = ownKey(next, lease)
    if (own === null) return null
    // A lock also reads the first key in the queue.
    if (next.success?.length === 2)
      return command('lock', [`--ttl=${Number(ttl)}`], [{ bytes: own.name }])
    return command('elect', [], [{ bytes: own.name }, { bytes: own.value }])
  }
  if (next.type === 'Range' && next.key.endsWith('/'))
    return command('elect', ['--listen'], [{ bytes: next.key.slice(0, -1) }])
  return null
}

/** The key of a candidate or a lock is `<name>/<lease>`. */
function ownKey(
  { success = [] }: TxnRequest,
  lease: LeaseId,
): { name: Bytes; value: Bytes } | null {
  const [put] = success
  const end = `/${shortHex(lease)}`
  if (put?.type !== 'Put' || !put.key.endsWith(end)) return null
  return { name: put.key.slice(0, -end.length), value: put.value ?? '' }
}
