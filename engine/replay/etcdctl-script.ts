// A run as a shell script for a real cluster: what was typed stays as it was typed, what programs and buttons did becomes the etcdctl lines that do the same, at the
// same seconds. A real cluster gives out lease IDs of its own, so the script catches each and names it $L1, $L2 … in the order of the grants.
//
// It is written from the trace and not from the commands, for what a program asks depends on what it was answered. Left out is what a shell cannot do: a fault stays
// a comment, with a kill for whoever says which process a local member is ($M1_PID …); a client that is paused takes its keep-alives along. Three such scripts and a
// fourth with a member that is killed, started again and frozen are played against a real etcd (test/live/scripts.ts).

import { assert } from '../base/assert'
import { prefixEnd, text } from '../base/bytes'
import type { LeaseId, Request } from '../base/rpc'
import { NO_LEASE } from '../base/rpc'
import type { EventId, TraceEvent } from '../base/trace'
import type { RecordedCommand } from '../sim/recording'
import { actor, sentence } from '../text/describe'
import { LeaseNames } from '../text/names'
import type { Timeline } from './timeline'

type Of<T extends Request['type']> = Extract<Request, { type: T }>
type Compare = NonNullable<Of<'Txn'>['compare']>[number]
type Op = NonNullable<Of<'Txn'>['success']>[number]

const HEAD = `#!/usr/bin/env bash
# A run of Leasescope for a real etcd. Needs bash 5, etcdctl 3.4 or later and an empty cluster at ETCDCTL_ENDPOINTS.
# Faults are comments. For members on this machine, set M1_PID, M2_PID … to their process IDs: the script then kills, stops and pauses them.
# Set M1_START … to a line that starts the member in the background and sets M1_PID: M1_START='etcd --name m1 … & M1_PID=$!'
# Network cuts, slow or lossy links, slow disks and clocks stay comments: a shell alone cannot do them.
export ETCDCTL_API=3
trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT
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
  return new ScriptWriter(timeline.trace, timeline.recording().commands).script(timeline.end)
}

class ScriptWriter {
  readonly #trace: readonly TraceEvent[]
  readonly #names: LeaseNames
  /** Every grant of the run in its order, and the number of each lease's first grant, from 1. */
  readonly #grants: LeaseId[] = []
  readonly #leases = new Map<LeaseId, number>()
  /** The lease that a request (by its event) was granted, and those that a terminal's lines were. */
  readonly #grantedTo = new Map<number, LeaseId>()
  readonly #ofTerminal = new Map<string, LeaseId[]>()
  /** The commands (by their events) whose lines are guided. */
  readonly #guided = new Set<EventId>()
  #lines: string[] = []
  #at = -1
  /** Heartbeats that run, by client and lease. */
  #beats = new Set<string>()
  #running = new Set<string>()

  constructor(trace: readonly TraceEvent[], commands: readonly RecordedCommand[]) {
    this.#trace = trace
    this.#names = LeaseNames.of(trace)
    const pasted = commands.filter((command) => command.type === 'console')
    for (const event of trace) {
      if (event.type === 'command' && event.kind === 'console' && pasted.shift()?.mode === 'guided') this.#guided.add(event.id)
      if (event.type !== 'lease-granted') continue
      this.#grants.push(event.lease)
      if (this.#leases.has(event.lease)) continue
      this.#leases.set(event.lease, this.#grants.length)
      const request = this.#requestBehind(event)
      if (request === null) continue
      this.#grantedTo.set(request.id, event.lease)
      const terminal = terminalOf(request.client)
      if (terminal === null) continue
      const own = this.#ofTerminal.get(terminal) ?? []
      this.#ofTerminal.set(terminal, [...own, event.lease])
    }
  }

  script(end: number): string {
    for (const event of this.#trace) this.#event(event)
    this.#go(end)
    this.#lines.push('# the end of the run')
    return `${HEAD}${this.#lines.join('\n')}\n`
  }

  #event(event: TraceEvent): void {
    switch (event.type) {
      case 'console-line':
        return this.#consoleLine(event)
      case 'console-exit':
        // Ctrl-C.
        if (event.exit === 130) this.#kill(event.at, jobName(event.terminal, event.job))
        return
      case 'request-sent':
        if (terminalOf(event.client) === null) this.#request(event)
        return
      case 'heartbeat-started': {
        const name = beatName(event.client, this.#number(event.lease))
        this.#beats.add(`${event.client} ${event.lease}`)
        this.#comment(event.at, `${event.client} keeps $${this.#name(event.lease)} alive`)
        return this.#start(event.at, `etcdctl lease keep-alive ${this.#lease(event.lease)}`, name)
      }
      case 'heartbeat-stopped':
        this.#beats.delete(`${event.client} ${event.lease}`)
        return this.#kill(event.at, beatName(event.client, this.#number(event.lease)))
      case 'client-crashed':
      case 'client-paused':
      case 'client-resumed': {
        const signal = { 'client-crashed': '-KILL', 'client-paused': '-STOP', 'client-resumed': '-CONT' }[event.type]
        this.#comment(event.at, `${event.client} ${event.type.slice('client-'.length)}`)
        for (const name of this.#running)
          if (name.startsWith(`beat_${plain(event.client)}_`)) this.#say(event.at, `kill ${signal} "$${name}" 2>/dev/null`)
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
        return this.#say(event.at, `if [ -n "$${memberName(event.member)}_START" ]; then eval "$${memberName(event.member)}_START"; fi`)
      case 'member-stopping':
        return this.#fault(event.at, `stop ${event.member}`, event.member, 'kill -TERM')
      case 'partitioned':
        return this.#comment(event.at, `partition ${event.groups.map((group) => group.join(',')).join(' ')}`)
      case 'healed':
        return this.#comment(event.at, 'heal')
      // What became of the network, a disk or a clock: said, so that whoever has the means (tc, iptables, libfaketime …) can do the same there.
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

  #consoleLine(event: Extract<TraceEvent, { type: 'console-line' }>): void {
    const line = event.line.trim().replace(/^[A-Za-z_][\w-]*:\s+/, '')
    if (!/^(ETCDCTL_\w*=\S* )*etcdctl\s/.test(line)) {
      if (line !== '' && !/^(sleep|wait)\b/.test(line)) this.#comment(event.at, event.line)
      return
    }
    const sent = this.#trace.filter((other) => other.type === 'request-sent' && other.client.endsWith(`${event.terminal}#${event.job}`))
    const [first] = sent
    if (!isTame(line.replace(/\s*&\s*(#.*)?$/, ''))) {
      if (first?.type === 'request-sent') this.#request(first)
      else this.#comment(event.at, line)
      return
    }
    const grantedNow = sent.map(({ id }) => this.#grantedTo.get(id)).find((lease) => lease !== undefined)
    const command = this.#withLeases(
      event,
      line.replace(/\s*&\s*(#.*)?$/, '').replace(/\blease\s+renew\b/, 'lease keep-alive --once'),
      first,
    )
    if (grantedNow !== undefined && /\blease\s+grant\b/.test(command)) {
      return this.#say(
        event.at,
        `${this.#name(grantedNow)}=$(${command.replace(/^.*?\betcdctl\b(.*?)\blease\s+grant\b/, (_, flags: string) => `grant${flags.trimEnd()}`)})`,
      )
    }
    const lasts = /\betcdctl\b.*\b(watch|lock|elect|keep-alive)\b/.test(command) && !command.includes('--once')
    if (lasts || /&\s*(#.*)?$/.test(line)) this.#start(event.at, command, jobName(event.terminal, event.job))
    else this.#say(event.at, command)
  }

  /**
   * `$L1` of a guided line is the first grant of the run, of a strict line the first of its terminal. An ID that was typed out, or stands for another, is the lease
   * of the request.
   */
  #withLeases(typed: Extract<TraceEvent, { type: 'console-line' }>, line: string, sent: TraceEvent | undefined): string {
    const own = this.#isGuided(typed) ? this.#grants : (this.#ofTerminal.get(typed.terminal) ?? [])
    let command = line.replace(/\$(\{L(\d+)\}|L(\d+))/g, (whole, _, braced?: string, bare?: string) => {
      const lease = own[Number(braced ?? bare) - 1]
      return lease === undefined ? whole : this.#lease(lease)
    })
    for (const lease of this.#leases.keys()) command = command.replaceAll(shortHex(lease), this.#lease(lease))
    if (sent?.type !== 'request-sent') return command
    const asked = leaseOf(sent.request)
    if (asked === undefined || !this.#leases.has(asked) || command.includes(this.#lease(asked))) return command
    return command.replace(
      /(--lease[= ]|\b(?:revoke|keep-alive|timetolive)(?: --once)? )[0-9a-f]{6,16}\b/,
      (_, before: string) => `${before}${this.#lease(asked)}`,
    )
  }

  /** By the nearest command among a line's causes. */
  #isGuided(line: TraceEvent): boolean {
    let event: TraceEvent | undefined = line
    while (event !== undefined && (event.type !== 'command' || event.kind !== 'console')) event = this.#trace[(event.causes[0] ?? 0) - 1]
    return event !== undefined && this.#guided.has(event.id)
  }

  #request(event: Extract<TraceEvent, { type: 'request-sent' }>): void {
    const { request, client, at } = event
    const lease = (id: LeaseId) => this.#lease(id)
    const who = terminalOf(client) === null ? `   # ${inOneLine(client)}` : ''
    switch (request.type) {
      case 'LeaseGrant': {
        const granted = this.#grantedTo.get(event.id)
        if (granted === undefined) return this.#say(at, `etcdctl lease grant ${request.TTL}${who}`)
        return this.#say(at, `${this.#name(granted)}=$(grant ${request.TTL})${who}`)
      }
      case 'LeaseRevoke':
        return this.#say(at, `etcdctl lease revoke ${lease(request.ID)}${who}`)
      case 'LeaseKeepAlive':
        if (this.#beats.has(`${client} ${request.ID}`)) return
        return this.#say(at, `etcdctl lease keep-alive --once ${lease(request.ID)}${who}`)
      case 'LeaseTimeToLive':
        return this.#say(at, `etcdctl lease timetolive ${lease(request.ID)}${request.keys ? ' --keys' : ''}${who}`)
      case 'LeaseLeases':
        return this.#say(at, `etcdctl lease list${who}`)
      case 'Put':
        return this.#say(at, `etcdctl put${this.#putFlags(request)} -- ${this.#word(request.key)} ${this.#word(request.value ?? '')}${who}`)
      case 'Range':
        return this.#say(at, `etcdctl get${request.limit ? ` --limit=${request.limit}` : ''}${this.#range(request)}${who}`)
      case 'DeleteRange':
        return this.#say(at, `etcdctl del${this.#range(request)}${who}`)
      case 'WatchCreate':
        return this.#start(
          at,
          `etcdctl watch${request.start_revision ? ` --rev=${request.start_revision}` : ''}${this.#range(request)}`,
          `watch_${event.id}`,
        )
      case 'Compact':
        return this.#say(at, `etcdctl compact ${request.revision}${who}`)
      case 'Txn': {
        const lines = this.#txn(request)
        if (lines === null) return this.#comment(at, `${client}: a transaction that etcdctl cannot express`)
        return this.#say(at, `etcdctl txn <<END${who}\n${lines}\nEND`)
      }
      case 'WatchCancel':
      case 'WatchProgress':
        return
      default:
        return this.#comment(at, `${client}: ${request.type}, which has no etcdctl command`)
    }
  }

  #putFlags({ lease, ignore_lease, ignore_value }: Of<'Put'>): string {
    const of = lease === undefined || lease === NO_LEASE ? '' : ` --lease=${this.#lease(lease)}`
    return `${of}${ignore_lease ? ' --ignore-lease' : ''}${ignore_value ? ' --ignore-value' : ''}`
  }

  #range({ key, range_end: end }: { key: string; range_end?: string }): string {
    if (end === undefined || end === '') return ` -- ${this.#word(key)}`
    if (end === '\0') return ` --from-key -- ${this.#word(key)}`
    if (end === prefixEnd(key)) return ` --prefix -- ${this.#word(key)}`
    return ` -- ${this.#word(key)} ${this.#word(end)}`
  }

  /** The three parts of a transaction as etcdctl reads them; null where it has no words for one. */
  #txn({ compare = [], success = [], failure = [] }: Of<'Txn'>): string | null {
    const parts = [compare.map((each) => this.#compare(each)), success.map((each) => this.#op(each)), failure.map((each) => this.#op(each))]
    if (parts.flat().includes(null)) return null
    return parts.map((lines) => `${lines.map((line) => `${line}\n`).join('')}`).join('\n')
  }

  #compare({ key, range_end, target = 'VERSION', result = 'EQUAL', ...of }: Compare): string | null {
    const sign = { EQUAL: '=', GREATER: '>', LESS: '<', NOT_EQUAL: null }[result]
    const what = { VERSION: 'ver', CREATE: 'create', MOD: 'mod', VALUE: 'value', LEASE: 'lease' }[target]
    const number = target === 'VERSION' ? of.version : target === 'CREATE' ? of.create_revision : of.mod_revision
    if (sign === null || range_end !== undefined || target === 'LEASE' || !isPlain(key)) return null
    if (target === 'VALUE' && !isPlain(of.value ?? '')) return null
    return `${what}("${this.#inHere(key)}") ${sign} "${target === 'VALUE' ? this.#inHere(of.value ?? '') : (number ?? 0)}"`
  }

  #op(op: Op): string | null {
    if (op.type === 'Txn' || !('key' in op) || !isPlain(op.key)) return null
    const key = `"${this.#inHere(op.key)}"`
    if (op.type === 'Put') return isPlain(op.value ?? '') ? `put${this.#putFlags(op)} ${key} "${this.#inHere(op.value ?? '')}"` : null
    const word = op.type === 'Range' ? 'get' : 'del'
    if (op.range_end === undefined || op.range_end === '') return `${word} ${key}`
    return op.range_end === prefixEnd(op.key) ? `${word} --prefix ${key}` : null
  }

  // What is written ------------------------------------------------------------------------------------------------------------------------------

  #say(at: number, line: string): void {
    this.#go(at)
    this.#lines.push(line)
  }

  #comment(at: number, words: string): void {
    this.#say(at, `# ${inOneLine(words)}`)
  }

  /** In the background; its process is called `name`. */
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

  #name(lease: LeaseId): string {
    return `L${this.#number(lease)}`
  }

  /** As the script says it; an ID that was never granted stays what it is. */
  #lease(lease: LeaseId): string {
    return this.#leases.has(lease) ? `$${this.#name(lease)}` : lease
  }

  /** One word for the shell. The ID of a lease in it, as the lock recipes have it in their keys, becomes the real one's. */
  #word(bytes: string): string {
    if (bytes === '') return '""'
    return this.#split(bytes)
      .map((part) => (part.lease === undefined ? shellWord(part.text) : `"${this.#lease(part.lease)}"`))
      .join('')
  }

  /** Within double quotes within a here-document, which knows variables. */
  #inHere(bytes: string): string {
    return this.#split(bytes)
      .map((part) => (part.lease === undefined ? part.text.replace(/["\\]/g, '\\\\$&').replace(/[$`]/g, '\\$&') : this.#lease(part.lease)))
      .join('')
  }

  #split(bytes: string): { text: string; lease?: LeaseId }[] {
    for (const lease of this.#leases.keys()) {
      const at = bytes.indexOf(shortHex(lease))
      if (at < 0) continue
      const after = bytes.slice(at + shortHex(lease).length)
      return [...this.#split(bytes.slice(0, at)), { text: '', lease }, ...this.#split(after)]
    }
    return bytes === '' ? [] : [{ text: bytes }]
  }

  /** The request that an event goes back to; null for none. */
  #requestBehind(event: TraceEvent): Extract<TraceEvent, { type: 'request-sent' }> | null {
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

/** Names come from whoever made the run: none of them ends a comment. */
function inOneLine(words: string): string {
  return words.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
}

/**
 * Whether a typed line is etcdctl with its words and nothing more for a shell too. The console takes as a word what a shell would run, and a run may have come from
 * anybody: what is not plainly words is written from what was asked instead.
 */
function isTame(line: string): boolean {
  let quote = ''
  for (let i = 0; i < line.length; i++) {
    const char = line[i]!
    if (char < ' ') return false
    if (quote === "'") {
      if (char === quote) quote = ''
    } else if (char === '\\') i++
    else if (char === '`') return false
    else if (char === '$') {
      if (!/^\$(\w+|\{\w+\})/.test(line.slice(i))) return false
    } else if (char === '"') quote = quote === '"' ? '' : '"'
    else if (quote === '') {
      if (char === "'") quote = "'"
      else if (';|&<>()'.includes(char)) return false
    }
  }
  return quote === ''
}

/** Bytes that are text are written as such, so that people read them. */
function shellWord(bytes: string): string {
  const shown = text(bytes)
  if (/^[\x20-\x7e\u00a0-\ud7ff]*$/.test(shown)) return `"${shown.replace(/["$`\\]/g, '\\$&')}"`
  return `$'${[...bytes].map((char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`).join('')}'`
}

function isPlain(bytes: string): boolean {
  return /^[\x20-\x7e]*$/.test(bytes)
}

/** The terminal whose line a client is; null for a client that is none. */
function terminalOf(client: string): string | null {
  return /^(?:.*@)?([^@#]+)#\d+$/.exec(client)?.[1] ?? null
}

function plain(name: string): string {
  return name.replace(/\W/g, '_')
}

/** A member as the shell's variables call it: it may have been added under any name. */
function memberName(member: string): string {
  return plain(member).toUpperCase().replace(/^\d/, '_$&')
}

function jobName(terminal: string, job: number): string {
  return `job_${plain(terminal)}_${job}`
}

function beatName(client: string, lease: number): string {
  return `beat_${plain(client)}_L${lease}`
}

/** The lease that a request is about. */
function leaseOf(request: Request): LeaseId | undefined {
  switch (request.type) {
    case 'LeaseRevoke':
    case 'LeaseKeepAlive':
    case 'LeaseTimeToLive':
      return request.ID
    case 'Put':
      return request.lease
    default:
      return undefined
  }
}

/** Without leading zeros, as etcd's recipes write it into keys. */
function shortHex(lease: LeaseId): string {
  return lease.replace(/^0+(?=.)/, '')
}
