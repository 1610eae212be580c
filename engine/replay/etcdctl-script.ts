// A run as a shell script for a real cluster: the etcdctl lines that send the requests of the run,
// at the same seconds. A real cluster chooses its own lease IDs. The script therefore stores each
// ID and names it $L1, $L2 … in the order of the grants.
//
// The script is written from the trace: every line from a request that was sent
// (etcdctl-request.ts), every word quoted (shell-quote.ts). A typed line appears only as a comment,
// because a run may come from a stranger. test/live plays such scripts against a real etcd.

import { assert } from '../base/assert'
import type { EtcdVersion } from '../base/etcd-versions'
import type { LeaseId } from '../base/rpc'
import type { EventId, TraceEvent } from '../base/trace'
import type { Etcdctl } from '../etcdctl/versions'
import { etcdctlOf } from '../etcdctl/versions'
import { actor, sentence } from '../text/describe'
import { LeaseNames } from '../text/names'
import type { EtcdctlCommand } from './etcdctl-request'
import { commandOf, hasNul } from './etcdctl-request'
import { argumentText, commandText, LeaseVariables } from './etcdctl-text'
import type { Job, RequestSent } from './script-jobs'
import { endsSession, isMaintenance, Jobs, jobCommand } from './script-jobs'
import { safeComment } from './shell-quote'
import type { Timeline } from './timeline'

const head = (etcd: string): string => `#!/usr/bin/env bash
# A run of Leasescope for a real etcd. Needs bash 5, the etcdctl of ${etcd} and an empty cluster at ETCDCTL_ENDPOINTS.
# Faults are comments. For members on this machine, set M1_PID, M2_PID … to their process IDs: the script then kills, stops and pauses them.
# Set M1_START … to a line that starts the member in the background and sets M1_PID: M1_START='etcd --name m1 … & M1_PID=$!'
# For lines that ask one member, set M1_ENDPOINT, M2_ENDPOINT … to its address; the default is ETCDCTL_ENDPOINTS.
# Network cuts, slow or lossy links, slow disks, clocks and changes of members stay comments: a shell alone cannot do them.
export ETCDCTL_API=3
trap 'kill -CONT $(jobs -p) 2>/dev/null; kill $(jobs -p) 2>/dev/null; wait' EXIT
began=$EPOCHREALTIME

# Sleeps until that many seconds after the start.
sleep_until() {
  local left
  left=$(awk -v began="$began" -v now="$EPOCHREALTIME" -v to="$1" 'BEGIN { left = began + to - now; print (left > 0 ? left : 0) }')
  sleep "$left"
}

# Grants a lease and prints only its ID; the output of etcdctl goes to stderr.
grant() {
  local said
  said=$(etcdctl lease grant "$@") || return
  echo "$said" >&2
  set -- $said
  echo "$2"
}
`

/** The script for all that the timeline has played. */
export function etcdctlScript(timeline: Timeline): string {
  return new ScriptWriter(timeline.trace, timeline.recording().config.etcd).script(timeline.end)
}

/** The member that the console calls if a line names none. */
const FIRST_MEMBER = 'm1'

class ScriptWriter {
  readonly #trace: readonly TraceEvent[]
  /** Its flags are those that the script may use. */
  readonly #etcdctl: Etcdctl
  readonly #names: LeaseNames
  readonly #jobs: Jobs
  /** The number of each lease's first grant in the run, from 1. */
  readonly #leases = new Map<LeaseId, number>()
  /** The lease that was granted to a request (by its event). */
  readonly #grantedTo = new Map<EventId, LeaseId>()
  /** The leases that the script has granted so far. */
  readonly #variables = new LeaseVariables()
  #lines: string[] = []
  #at = -1
  /** Heartbeats that run, by client and lease. */
  #beats = new Set<string>()
  #running = new Set<string>()

  constructor(trace: readonly TraceEvent[], etcd: EtcdVersion) {
    this.#trace = trace
    this.#etcdctl = etcdctlOf(etcd)
    this.#names = LeaseNames.of(trace)
    this.#jobs = new Jobs(trace)
    let grants = 0
    for (const event of trace) {
      if (event.type !== 'lease-granted') continue
      grants++
      if (this.#leases.has(event.lease)) continue
      this.#leases.set(event.lease, grants)
      const request = this.#requestBehind(event)
      if (request !== null) this.#grantedTo.set(request.id, event.lease)
    }
  }

  script(end: number): string {
    for (const event of this.#trace) this.#event(event)
    this.#go(end)
    this.#lines.push('# the end of the run')
    return `${head(this.#etcdctl.version)}${this.#lines.join('\n')}\n`
  }

  #event(event: TraceEvent): void {
    switch (event.type) {
      case 'console-line': {
        const job = this.#jobs.find(event.terminal, event.job)
        return job === undefined ? undefined : this.#consoleLine(event.at, job)
      }
      case 'console-exit':
        return this.#kill(event.at, jobName(event.terminal, event.job))
      case 'request-sent': {
        const job = this.#jobs.behind(event)
        if (job === undefined) return this.#request(event)
        if (endsSession(event.request)) this.#kill(event.at, jobName(job.terminal, job.number))
        return
      }
      case 'heartbeat-started': {
        const name = beatName(event.client, this.#number(event.lease))
        this.#beats.add(`${event.client} ${event.lease}`)
        this.#comment(event.at, `${event.client} keeps ${this.#variables.text(event.lease)} alive`)
        return this.#start(
          event.at,
          `etcdctl lease keep-alive ${this.#variables.text(event.lease)}`,
          name,
        )
      }
      case 'heartbeat-stopped':
        this.#beats.delete(`${event.client} ${event.lease}`)
        return this.#kill(event.at, beatName(event.client, this.#number(event.lease)))
      case 'client-crashed':
      case 'client-paused':
      case 'client-resumed': {
        const signal = {
          'client-crashed': '-KILL',
          'client-paused': '-STOP',
          'client-resumed': '-CONT',
        }[event.type]
        this.#comment(event.at, `${event.client} ${event.type.slice('client-'.length)}`)
        const job = this.#jobs.ofClient(event.client)
        const own =
          job === undefined
            ? new RegExp(`^beat_${plain(event.client)}_L\\d+$`)
            : new RegExp(`^${jobName(job.terminal, job.number)}$`)
        for (const name of this.#running)
          if (own.test(name)) this.#say(event.at, `kill ${signal} "$${name}" 2>/dev/null`)
        return
      }
      case 'member-crashed':
        return this.#fault(event.at, `crash ${event.member}`, event.member, 'kill -KILL')
      case 'member-paused':
        return this.#fault(event.at, `pause ${event.member}`, event.member, 'kill -STOP')
      case 'member-resumed':
        return this.#fault(event.at, `resume ${event.member}`, event.member, 'kill -CONT')
      case 'member-restarted':
        this.#comment(event.at, `restart ${event.member}`)
        return this.#say(
          event.at,
          `if [ -n "$${memberName(event.member)}_START" ]; then eval "$${memberName(event.member)}_START"; fi`,
        )
      case 'member-stopping':
        return this.#fault(event.at, `stop ${event.member}`, event.member, 'kill -TERM')
      case 'partitioned':
        return this.#comment(
          event.at,
          `partition ${event.groups.map((group) => group.join(',')).join(' ')}`,
        )
      case 'healed':
        return this.#comment(event.at, 'heal')
      // Faults of the network, a disk or a clock become comments. A reader with the tools (tc,
      // iptables, libfaketime …) can do the same on the real cluster.
      case 'cut-one-way':
      case 'link-changed':
      case 'message-handled':
      case 'disk-changed':
      case 'member-clock-changed':
      case 'wall-clock-stepped':
      case 'clock-changed':
      case 'clock-set':
      case 'client-restarted':
        return this.#comment(event.at, `${actor(event)} ${sentence(event, this.#names)}`.trim())
      default:
        return
    }
  }

  /**
   * A line is written from the requests of its process. A process without requests to etcd becomes
   * a comment.
   */
  #consoleLine(at: number, job: Job): void {
    const [first] = job.requests
    if (first === undefined) {
      if (/^\s*((sleep|wait)\b|$)/.test(job.line)) return
      return this.#comment(at, job.failed ? `refused: ${job.line}` : job.line.replace(/^\s*#/, ''))
    }
    if (isMaintenance(job))
      return this.#comment(at, `not written, for it works on the servers themselves: ${job.line}`)
    const granted = this.#grantedTo.get(first.id)
    const found = jobCommand(job, granted, this.#etcdctl)
    if (found === null)
      return this.#comment(at, `etcdctl cannot ask this of another cluster: ${job.line}`)
    const { command, lasts } = found
    const where =
      first.member === FIRST_MEMBER || command.flags.includes('--cluster')
        ? ''
        : `${endpointOf(first.member)} `
    if (command.name === 'lease grant') return this.#grant(at, first, where, '')
    this.#command(at, command, {
      where,
      from: job.line,
      ...(lasts ? { name: jobName(job.terminal, job.number) } : {}),
    })
  }

  /** A request of a client that is no terminal. */
  #request(event: RequestSent): void {
    const { request, client, at } = event
    if (request.type === 'WatchCancel' || request.type === 'WatchProgress') return
    if (request.type === 'LeaseKeepAlive' && this.#beats.has(`${client} ${request.ID}`)) return
    const note = `   # ${safeComment(client)}`
    if (request.type === 'LeaseGrant') return this.#grant(at, event, '', note)
    const command = commandOf(request, this.#etcdctl)
    if (command === null)
      return this.#comment(
        at,
        `${client}: ${request.type}, which etcdctl cannot ask of another cluster`,
      )
    this.#command(at, command, {
      note,
      from: client,
      ...(request.type === 'WatchCreate' ? { name: `watch_${event.id}` } : {}),
    })
  }

  #grant(at: number, sent: RequestSent, where: string, note: string): void {
    const command = commandOf(sent.request, this.#etcdctl)
    assert(command !== null, 'etcdctl has words for a grant')
    const words = argumentText(command, this.#variables)
    const granted = this.#grantedTo.get(sent.id)
    if (granted === undefined) return this.#say(at, `${where}etcdctl lease grant${words}${note}`)
    const name = `L${this.#number(granted)}`
    this.#variables.add(granted, name)
    this.#say(at, `${name}=$(${where}grant${words})${note}`)
  }

  /**
   * `name`: the name of the process in the background. `from`: its client or line, for the comment
   * that replaces a line with a NUL byte.
   */
  #command(
    at: number,
    command: EtcdctlCommand,
    {
      where = '',
      note = '',
      name,
      from,
    }: { where?: string; note?: string; name?: string; from: string },
  ): void {
    if (hasNul(command))
      return this.#comment(
        at,
        `not written, for a key or value has a NUL byte, which no argument can hold: ${from}`,
      )
    if (name === undefined)
      return this.#say(at, `${where}${commandText(command, this.#variables, note)}`)
    this.#start(at, `${where}${commandText(command, this.#variables)}`, name)
  }

  // What is written -------------------------------------------------------------------------------

  #say(at: number, line: string): void {
    this.#go(at)
    this.#lines.push(line)
  }

  #comment(at: number, words: string): void {
    this.#say(at, `# ${safeComment(words)}`)
  }

  /** In the background; `name` is the name of its process. */
  #start(at: number, command: string, name: string): void {
    this.#running.add(name)
    this.#say(at, `${command} &\n${name}=$!`)
  }

  #kill(at: number, name: string): void {
    if (this.#running.delete(name)) this.#say(at, `kill "$${name}" 2>/dev/null`)
  }

  #fault(at: number, words: string, member: string, how: string): void {
    const pid = `$${memberName(member)}_PID`
    this.#comment(at, words)
    this.#say(at, `if [ -n "${pid}" ]; then ${how} "${pid}"; fi`)
  }

  #go(at: number): void {
    if (at <= this.#at) return
    this.#at = at
    this.#lines.push('', `sleep_until ${(at / 1000).toFixed(3)}`)
  }

  #number(lease: LeaseId): number {
    const number = this.#leases.get(lease)
    assert(number !== undefined, `lease ${lease} was never granted`)
    return number
  }

  /** The request that caused an event; null for none. */
  #requestBehind(event: TraceEvent): RequestSent | null {
    const seen = new Set<number>()
    const open = [...event.causes]
    for (let id = open.shift(); id !== undefined; id = open.shift()) {
      if (seen.has(id) || seen.size > 1000) continue
      seen.add(id)
      const cause = this.#trace[id - 1]
      if (cause === undefined) continue
      if (cause.type === 'request-sent' && cause.request.type === 'LeaseGrant') return cause
      open.push(...cause.causes)
    }
    return null
  }
}

/** A name as a part of a shell variable; two names never give the same part. */
function plain(name: string): string {
  return name
    .replaceAll('_', '__')
    .replace(/\W/g, (character) => `_x${character.charCodeAt(0).toString(16)}_`)
}

/** The shell variable of a member, which may have been added under any name. */
function memberName(member: string): string {
  return plain(member.replace(/[A-Z]/g, '_$&')).toUpperCase().replace(/^\d/, '_$&')
}

/**
 * An assignment in front of a command. It selects the member whose address the user of the script
 * sets.
 */
function endpointOf(member: string): string {
  return `ETCDCTL_ENDPOINTS="\${${memberName(member)}_ENDPOINT:-$ETCDCTL_ENDPOINTS}"`
}

function jobName(terminal: string, job: number): string {
  return `job_${plain(terminal)}_${job}`
}

function beatName(client: string, lease: number): string {
  return `beat_${plain(client)}_L${lease}`
}
