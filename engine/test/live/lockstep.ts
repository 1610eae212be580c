// A real etcd and the engine's member side by side: both run every act, and their answers are
// compared at once. Both keep their state between exchanges, so that revisions, compactions and the
// log's length are compared too.
//
// The comparison waits for the real etcd in two cases. A call or a watch of the past gets time to
// settle. If the engine says that a message arrives, the comparison waits for it.

import { setTimeout as sleep } from 'node:timers/promises'
import { errors } from '../../base/errors'
import { decimal, fromHalves } from '../../base/int64'
import type { LeaseId, MemberId, Reply } from '../../base/rpc'
import type { Plain } from '../../cli/exchange/form'
import { writeReply } from '../../cli/exchange/reply'
import { readRequest } from '../../cli/exchange/request'
import { differencesOf } from '../../member/versions'
import type { Act } from '../calls'
import { placed } from '../calls'
import { differs } from '../differs'
import { LoneMember } from '../lone-member'
import type { LiveEtcd } from './etcd'
import type { Answer, Stream } from './grpc'

/** Real milliseconds after which a missing message is a difference. */
const PATIENCE_MS = 5000
/** Real milliseconds within which etcd's catch-up loop certainly runs. */
const SYNC_MS = 130
/** Real milliseconds within which a call of Lock or Campaign certainly begins its wait. */
const QUEUE_MS = 60
/** Virtual milliseconds of an act on the engine's clock. */
const ACT_MS = 2

interface Waiting {
  call: string
  request: Plain
  rpc: number
  stream: Stream
  answer: Answer | undefined
}

interface Streaming {
  name: string
  rpc: number
  stream: Stream
  ended: { code: number; message: string } | undefined
  theirs: Plain[]
  /** The number of compared messages. */
  compared: number
}

export class Lockstep {
  readonly #etcd: LiveEtcd
  readonly #engine: LoneMember
  readonly #all: Streaming
  #waiting: Waiting[] = []
  #streams: Streaming[] = []
  /**
   * The engine's IDs of server-chosen leases, by etcd's IDs. Those of earlier exchanges too, which
   * occur in watches of the past.
   */
  readonly #ids = new Map<string, string>()
  /** The same as words: in decimal and in hex, as in keys of the recipes. */
  readonly #words = new Map<string, string>()
  #began = 1
  /** The start of the exchange, in real milliseconds. */
  #startedAt = 0
  /** etcd's commit index minus the engine's. */
  #indexAhead: number | undefined

  private constructor(etcd: LiveEtcd, engine: LoneMember) {
    this.#etcd = etcd
    this.#engine = engine
    this.#all = this.#open('the watch of all keys')
  }

  /**
   * Sets the engine up like the running etcd: its version, its member, and the clock in its lease
   * IDs.
   */
  static async begin(etcd: LiveEtcd, version: string): Promise<Lockstep> {
    const members = await respond(etcd, 'MemberList', {})
    const self = (members.members as { ID: string; peerURLs: string[]; clientURLs: string[] }[])[0]!
    const granted = await respond(etcd, 'LeaseGrant', { TTL: 600 })
    await respond(etcd, 'LeaseRevoke', { ID: granted.ID })
    const engine = new LoneMember({
      etcdVersion: version,
      ID: BigInt(self.ID).toString(16).padStart(16, '0') as MemberId,
      peerURLs: self.peerURLs,
      clientURLs: self.clientURLs,
      // An hour later, so that their IDs are distinct.
      startedAtMs: Number((BigInt(granted.ID as string) >> 8n) & 0xff_ffff_ffffn) + 3_600_000,
    })
    const lockstep = new Lockstep(etcd, engine)
    const create = { create_request: { key: '\0', range_end: '\0', prev_kv: true } }
    lockstep.#message(lockstep.#all, create)
    return lockstep
  }

  /** Plays an exchange from a clean state. Returns the first difference; undefined for none. */
  async play(acts: readonly Act[]): Promise<string | undefined> {
    const dirty = await this.#clean()
    if (dirty !== undefined) return `before the first act: ${dirty}`
    this.#began = this.#engine.member.store.revision
    this.#startedAt = performance.now()
    for (const [i, act] of acts.entries()) {
      const difference = await this.#act(act)
      if (difference !== undefined) return `act ${i}, ${JSON.stringify(act)}: ${difference}`
    }
    const difference = await this.#clean()
    return difference === undefined ? undefined : `after the last act: ${difference}`
  }

  async #act(act: Act): Promise<string | undefined> {
    const difference = await this.#do(act)
    this.#engine.advance(this.#engine.now + ACT_MS)
    return difference ?? (await this.#settle())
  }

  async #do(act: Act): Promise<string | undefined> {
    switch (act.type) {
      case 'call':
        return this.#call(act.call, this.#placed(act.request))
      case 'watch': {
        const request = this.#placed(act.request)
        this.#streams[act.stream] ??= this.#open(`stream ${act.stream}`)
        const stream = this.#streams[act.stream]!
        this.#message(stream, request)
        if (
          'create_request' in request &&
          (request.create_request as Plain).start_revision !== undefined
        ) {
          this.#engine.advance(this.#engine.now + 100)
          await sleep(SYNC_MS)
        } else
          await this.#until(() => stream.theirs.length >= this.#engine.replies(stream.rpc).length)
        return undefined
      }
      case 'cancel': {
        const waiting = this.#waiting[act.waiting % Math.max(this.#waiting.length, 1)]
        if (waiting !== undefined) this.#giveUp(waiting)
        return this.#sameRevision()
      }
    }
  }

  #placed(request: Plain): Plain {
    const { revision, compacted } = this.#engine.member.store
    return placed(request, this.#began, revision, compacted)
  }

  async #call(call: string, request: Plain): Promise<string | undefined> {
    if (call === 'Compact' && this.#losesKeys(Number(request.revision))) return undefined
    // A waiting call watches from the revision of its read. A compaction ends it until the loop has
    // caught it up.
    if (call === 'Compact' && this.#waiting.length > 0) await sleep(SYNC_MS)
    const before = this.#engine.member.store.revision
    const rpc = this.#engine.send(readRequest(call, request))
    const mine = this.#engine.replies(rpc)[0]
    if (call === 'LeaseKeepAlive') this.#engine.cancel(rpc)
    if (mine === errors.MemberPanics) {
      // The real etcd does not receive it: it would panic.
      this.#indexAhead! -= 1
      return undefined
    }
    const waiting: Waiting = { call, request, rpc, answer: undefined, stream: undefined as never }
    waiting.stream = this.#etcd.client.open(call, (message) => {
      waiting.answer ??= { response: message }
    })
    void waiting.stream.ended.then((error) => {
      if (error !== undefined) waiting.answer ??= { error }
    })
    waiting.stream.send(request)
    waiting.stream.end()
    if (mine === undefined) {
      this.#waiting.push(waiting)
      // If it began to wait without a change, there is no other sign of it.
      if (this.#engine.member.store.revision === before) await sleep(QUEUE_MS)
      const difference = await this.#sameRevision()
      return difference ?? (await this.#pairLeases())
    }
    const difference = await this.#compareAnswer(waiting, mine)
    return difference ?? (namesNoLease(call, request) ? await this.#pairLeases() : undefined)
  }

  /**
   * Whether a compaction makes etcd panic. A key that one transaction has deleted and put again
   * loses its value if the compaction is at that very revision. The process ends at the next read
   * (etcd PR #22377).
   */
  #losesKeys(revision: number): boolean {
    const { member } = this.#engine
    if (!differencesOf(member.options).compactKeepsTombstone) return false
    return member.store
      .save()
      .keys.some(([, versions]) =>
        versions.some(
          (kv, i) =>
            i > 0 &&
            kv.mod_revision === revision &&
            versions[i - 1]!.mod_revision === revision &&
            kv.version === 1,
        ),
      )
  }

  async #compareAnswer(waiting: Waiting, mine: Reply): Promise<string | undefined> {
    const { call, request } = waiting
    await this.#until(() => waiting.answer !== undefined)
    const { answer } = waiting
    if (answer === undefined)
      return `etcd does not answer, the engine says ${JSON.stringify(writeReply(mine))}`
    if (
      call === 'LeaseGrant' &&
      namesNoLease(call, request) &&
      mine.type === 'LeaseGrant' &&
      'response' in answer
    ) {
      this.#pair(String(answer.response.ID), decimal(mine.ID))
    } else if (namesNoLease(call, request)) await this.#pairLeases()
    const theirs = this.#translated(answer)
    const ours = writeReply(mine)
    // Real time passes only for etcd.
    const ttlSeconds = 1 + Math.ceil((performance.now() - this.#startedAt) / 1000)
    const difference = differs(theirs, ours, call === 'LeaseTimeToLive' ? ttlSeconds : 0)
    return difference === undefined
      ? undefined
      : `${difference}\n  etcd:   ${JSON.stringify(theirs)}\n  engine: ${JSON.stringify(ours)}`
  }

  /**
   * Compares the messages that arrived meanwhile: answers to waiting calls, messages on streams.
   */
  async #settle(): Promise<string | undefined> {
    for (const waiting of [...this.#waiting]) {
      const mine = this.#engine.replies(waiting.rpc)[0]
      if (mine === undefined) {
        if (waiting.answer !== undefined)
          return `etcd answers ${waiting.call} with ${JSON.stringify(waiting.answer)}, the engine lets it wait`
        continue
      }
      this.#waiting = this.#waiting.filter((other) => other !== waiting)
      const difference = await this.#compareAnswer(waiting, mine)
      if (difference !== undefined)
        return `${waiting.call} ${JSON.stringify(waiting.request)}, which had waited: ${difference}`
    }
    for (const stream of [this.#all, ...this.#streams]) {
      const difference = stream === undefined ? undefined : await this.#compareStream(stream)
      if (difference !== undefined) return difference
    }
    return undefined
  }

  async #compareStream(stream: Streaming): Promise<string | undefined> {
    const mine = this.#engine.replies(stream.rpc)
    await this.#until(() => stream.theirs.length >= mine.length || stream.ended !== undefined)
    if (stream.ended !== undefined)
      return `${stream.name} has ended: ${JSON.stringify(stream.ended)}`
    const ours = mine
      .slice(stream.compared)
      .map((reply) => (writeReply(reply) as { response: Plain }).response)
    const theirs = stream.theirs.slice(stream.compared).map((message) => this.#translated(message))
    stream.compared = Math.max(mine.length, stream.theirs.length)
    // Watches of one stream are notified in the order of a Go map.
    const inOrder = (messages: Plain[]): Plain[] => messages.sort((a, b) => watchId(a) - watchId(b))
    const difference = differs(inOrder(theirs), inOrder(ours), 0)
    return difference === undefined ? undefined : `${stream.name}: ${difference}`
  }

  /** Removes everything that an exchange has left, and compares the remaining state. */
  async #clean(): Promise<string | undefined> {
    // One after the other: several at once would leave the queue in any order.
    for (const waiting of [...this.#waiting].reverse()) {
      this.#giveUp(waiting)
      const apart = await this.#sameRevision()
      if (apart !== undefined) return apart
    }
    for (const stream of this.#streams) {
      if (stream === undefined) continue
      stream.stream.cancel()
      this.#engine.cancel(stream.rpc)
    }
    this.#streams = []
    const acts: Act[] = [
      { type: 'call', call: 'Range', request: { key: '\0', range_end: '\0' } },
      { type: 'call', call: 'DeleteRange', request: { key: '\0', range_end: '\0', prev_kv: true } },
      { type: 'call', call: 'LeaseLeases', request: {} },
    ]
    for (const act of acts) {
      const difference = await this.#act(act)
      if (difference !== undefined) return `${JSON.stringify(act)}: ${difference}`
    }
    const theirs = new Map([...this.#ids].map(([etcd, engine]) => [engine, etcd]))
    for (const id of this.#engine.leases()) {
      this.#engine.ask({ type: 'LeaseRevoke', ID: id })
      await respond(this.#etcd, 'LeaseRevoke', { ID: theirs.get(decimal(id)) ?? decimal(id) })
    }
    const difference = await this.#act({ type: 'call', call: 'LeaseLeases', request: {} })
    return difference ?? (await this.#compareLogs())
  }

  /** Every entry of the log counts, also those without effect. */
  async #compareLogs(): Promise<string | undefined> {
    const status = await respond(this.#etcd, 'Status', {})
    const ahead = Number(status.raftIndex) - this.#engine.member.raftIndex
    this.#indexAhead ??= ahead
    if (ahead === this.#indexAhead) return undefined
    const difference = `etcd's log has ${ahead - this.#indexAhead} entries more than the engine's`
    this.#indexAhead = ahead
    return difference
  }

  #giveUp(waiting: Waiting): void {
    this.#waiting = this.#waiting.filter((other) => other !== waiting)
    waiting.stream.cancel()
    this.#engine.cancel(waiting.rpc)
  }

  /**
   * Waits until etcd has reached the engine's revision: background work has no other visible sign.
   */
  async #sameRevision(): Promise<string | undefined> {
    let theirs = -1
    for (const until = performance.now() + PATIENCE_MS; performance.now() < until; await sleep(2)) {
      const answer = await respond(this.#etcd, 'Range', {
        key: '\0',
        serializable: true,
        count_only: true,
      })
      theirs = Number((answer.header as Plain).revision)
      if (theirs >= this.#engine.member.store.revision) break
    }
    const mine = this.#engine.member.store.revision
    return theirs === mine ? undefined : `etcd is at revision ${theirs}, the engine at ${mine}`
  }

  /** Pairs the leases whose IDs etcd and the engine have chosen since. */
  async #pairLeases(): Promise<undefined> {
    const theirs = ((await respond(this.#etcd, 'LeaseLeases', {})).leases ?? []) as {
      ID: number | string
    }[]
    const mine = this.#engine.leases().map(decimal)
    const theirNew = theirs
      .map(({ ID }) => String(ID))
      .filter((id) => !this.#ids.has(id) && !mine.includes(id))
    const myNew = mine.filter(
      (id) => ![...this.#ids.values()].includes(id) && !theirs.some(({ ID }) => String(ID) === id),
    )
    theirNew.forEach((id, i) => {
      const engine = myNew[i]
      if (engine !== undefined) this.#pair(id, engine)
    })
    return undefined
  }

  #pair(theirs: string, mine: string): void {
    this.#ids.set(theirs, mine)
    this.#words.set(theirs, mine)
    this.#words.set(hex(theirs), hex(mine))
  }

  /** A message of etcd with the engine's IDs of server-chosen leases. */
  #translated<T>(said: T): T {
    const written = JSON.stringify(said)
    const renamed = written.replace(/\w{14,}/g, (word) => this.#words.get(word) ?? word)
    return renamed === written ? said : (JSON.parse(renamed) as T)
  }

  #open(name: string): Streaming {
    const streaming: Streaming = {
      name,
      rpc: 0,
      stream: undefined as never,
      ended: undefined,
      theirs: [],
      compared: 0,
    }
    streaming.stream = this.#etcd.client.open('Watch', (message) => streaming.theirs.push(message))
    void streaming.stream.ended.then((error) => {
      streaming.ended = error
    })
    return streaming
  }

  #message(streaming: Streaming, request: Plain): void {
    streaming.stream.send(request)
    const [kind, body] = Object.entries(request)[0] as [string, Plain]
    const call =
      kind === 'create_request'
        ? 'WatchCreate'
        : kind === 'cancel_request'
          ? 'WatchCancel'
          : 'WatchProgress'
    const message = readRequest(call, body)
    if (streaming.rpc === 0) streaming.rpc = this.#engine.send(message)
    else this.#engine.send(message, streaming.rpc)
  }

  async #until(holds: () => boolean): Promise<void> {
    for (const until = performance.now() + PATIENCE_MS; !holds() && performance.now() < until; )
      await sleep(performance.now() + 20 > until ? 5 : 0)
  }
}

async function respond(etcd: LiveEtcd, call: string, request: Plain): Promise<Plain> {
  const answer = await etcd.client.call(call, request)
  if ('error' in answer)
    throw new Error(`${call} ${JSON.stringify(request)}: ${answer.error.message}`)
  return answer.response
}

/** Whether the server chooses the lease ID of a call. */
function namesNoLease(call: string, request: Plain): boolean {
  if (call === 'LeaseGrant') return !request.ID
  if (call === 'Lock' || call === 'Campaign') return !request.lease
  return (
    (call === 'Proclaim' || call === 'Resign') &&
    request.leader !== undefined &&
    !(request.leader as Plain).lease
  )
}

function watchId(message: Plain): number {
  return Number(message.watch_id ?? 0)
}

function hex(id: string): string {
  const bits = BigInt.asUintN(64, BigInt(id))
  const all: LeaseId = fromHalves(Number(bits >> 32n), Number(bits & 0xffff_ffffn))
  return all.replace(/^0+/, '')
}
