// The servers of a run. Each is a process of etcd that may be frozen, killed, terminated,
// restarted, or join while the others run. The outputs of a member become timers, messages and
// replies here. The messages of other members come in here.

import { assert, unreachable } from '../base/assert'
import { errors } from '../base/errors'
import type { MemberId, MemberInfo } from '../base/rpc'
import type { ClientId, EventBody, EventId, MemberName } from '../base/trace'
import type {
  MemberInput,
  MemberOutput,
  MemberTrace,
  PeerMessage,
  SavedMember,
} from '../member/member'
import { Member } from '../member/member'
import type { MemberOptions } from '../member/member-options'
import { joiningOptions, memberOptions } from './bootstrap'
import type { SavedConnections } from './connections'
import { Connections } from './connections'
import type { RunContext } from './context'
import type { Due, PeerDelivery } from './moves'
import { CONNECTION, isStreamed } from './moves'

/**
 * A paused server is frozen: its messages are held until it continues. A server that is down has
 * only its disk.
 */
export type ServerState = 'up' | 'paused' | 'down'

/** One process of etcd, running or not. */
export interface Server {
  member: Member
  state: ServerState
  /** It got SIGTERM and hands its leadership over. */
  stopping: boolean
  /**
   * It has restarted and has known no leader since: etcd serves clients only then (embed/serve.go:
   * ReadyNotify).
   */
  unready?: boolean
  /** Messages that came while it was paused. */
  held: Due[]
  /** Null for a member of the first configuration. */
  joined: Joined | null
}

/** A member that joined while the cluster ran, and the members that it learned of. */
interface Joined {
  info: MemberInfo
  joins: readonly MemberInfo[]
}

export interface SavedServers {
  servers: {
    state: ServerState
    stopping: boolean
    unready?: true
    diskMs: number
    member: SavedMember
    held: Due[]
    joined: Joined | null
  }[]
  connections: SavedConnections
  told: number
}

/** An elected cluster has run for this long before time 0. */
const LONG_AGO = -3_600_000

export class Servers implements MemberTrace {
  readonly #context: RunContext
  readonly #list: Server[]
  #connections = new Connections()
  /**
   * Closes the member's ends of all connections and answers with those that their clients have not
   * closed.
   */
  onEnded: (member: MemberName) => { client: ClientId; owner: string; epoch: number }[] = () => []
  /** A restarted member knows a leader: it serves clients. */
  onReady: (cause: EventId) => void = () => undefined
  /** The log index up to which the effects of entries are reported. */
  #told = 0
  /** While the cluster starts up before time 0: messages between members arrive at once. */
  #before: PeerDelivery[] | null = null
  /** How many members have restarted and do not serve clients yet. */
  #starting = 0

  constructor(context: RunContext, saved?: SavedServers) {
    this.#context = context
    const { config, seed } = context
    const options = memberOptions(config, seed)
    if (saved === undefined) {
      this.#list = options.map((each) => ({
        member: new Member(each),
        state: 'up',
        stopping: false,
        held: [],
        joined: null,
      }))
      this.connect(config.boot === 'elected' ? LONG_AGO : 0)
      return
    }
    this.#list = saved.servers.map(
      ({ member, state, stopping, unready, diskMs, held, joined }, i) => ({
        member: Member.load(
          withDisk(
            joined === null ? options[i]! : joiningOptions(config, seed, joined.info, joined.joins),
            diskMs,
          ),
          member,
        ),
        state,
        stopping,
        ...(unready ? { unready } : {}),
        held: [...held],
        joined,
      }),
    )
    this.#connections = Connections.load(saved.connections)
    this.#starting = this.#list.filter(({ unready }) => unready).length
    this.#told = saved.told
  }

  /** m1 first, joined members after the first ones; down ones too. */
  get list(): readonly Server[] {
    return this.#list
  }

  get members(): readonly Member[] {
    return this.#list.map(({ member }) => member)
  }

  /** The member of that name, which must exist. */
  server(name: MemberName): Server {
    const server = this.#list.find(({ member }) => member.options.name === name)
    assert(server !== undefined, `no member ${name}`)
    return server
  }

  /**
   * Whether the member would take a message. A joining member takes none before its Raft starts.
   * True for a name that is no member's.
   */
  isUp(name: string): boolean {
    return this.#list.every(
      ({ member, state }) =>
        member.options.name !== name || (state !== 'down' && !member.isJoining),
    )
  }

  /** The members of the cluster, by the member that is up and has applied most. */
  get known(): MemberInfo[] {
    const up = this.#list.filter(({ state }) => state !== 'down').map(({ member }) => member)
    const applied = (member: Member): number => member.consensus.applied
    return (up.sort((a, b) => applied(b) - applied(a))[0] ?? this.members[0]!).membership.list()
  }

  /** The members that were added and have never started. */
  get added(): MemberInfo[] {
    return this.known.filter(({ ID }) => this.#list.every(({ member }) => member.options.ID !== ID))
  }

  // What members write to -------------------------------------------------------------------------

  emit(body: EventBody, ...causes: EventId[]): EventId {
    return this.#context.emit(body, ...causes)
  }

  /** Whether the effect of this entry is not yet reported. The call marks it as reported. */
  tells(index: number): boolean {
    if (index <= this.#told) return false
    this.#told = index
    return true
  }

  /**
   * How many ms one member has been connected to another. Null without a connection, and where one
   * of them has never started.
   */
  connectedFor(member: MemberId, to: MemberId): number | null {
    const [a, b] = [this.#nameOf(member), this.#nameOf(to)]
    const since = a === undefined || b === undefined ? undefined : this.#connections.since(a, b)
    return since === undefined ? null : this.#context.now - since
  }

  // Steps -----------------------------------------------------------------------------------------

  /** Steps a member with an input and handles its outputs. */
  step(member: Member, input: MemberInput, cause: EventId): void {
    const { isJoining } = member
    this.#do(member, member.step(input, this.#context.now, this, cause))
    if (isJoining && !member.isJoining) {
      this.connect(this.#context.now)
      this.onReady(cause)
    }
    if (this.#starting > 0 && member.consensus.lead !== null)
      this.#isReady(this.server(member.options.name), cause)
  }

  #isReady(server: Server, cause: EventId): void {
    if (!server.unready) return
    server.unready = false
    this.#starting--
    this.onReady(cause)
  }

  /** A message between two members arrives, or does not. */
  deliver({ from, to, message, cause, lost }: PeerDelivery): void {
    const what = describePeer(message)
    const isOpen =
      message.type === 'downgrade-answer' ? this.server(to).state !== 'down' : this.isUp(to)
    if (lost || !this.#context.post.links.reaches(from, to) || !isOpen) {
      const told = this.emit({ type: 'message-lost', from, to, what }, cause)
      if (!lost) this.#refuseQuestion(from, to, message, told)
      return this.#reportLostSnapshot(from, to, message, told)
    }
    const received = this.emit({ type: 'peer-received', member: to, from, what }, cause)
    this.step(
      this.server(to).member,
      { type: 'message', from: this.server(from).member.options.ID, message },
      received,
    )
  }

  /**
   * The transport reports to the sender of a snapshot that the snapshot, or its answer, was lost.
   * Until then the sender would send no entries there.
   */
  #reportLostSnapshot(
    from: MemberName,
    to: MemberName,
    message: PeerMessage,
    cause: EventId,
  ): void {
    const isAnswer = message.type === 'snapshot-taken'
    if (!isAnswer && !(message.type === 'raft' && message.message.type === 'MsgSnap')) return
    const [sender, receiver] = isAnswer ? [to, from] : [from, to]
    const server = this.server(sender)
    if (server.state === 'down') return
    const { post, now } = this.#context
    const report = post.atOnce(
      sender,
      sender,
      { type: 'snapshot-lost', to: this.server(receiver).member.options.ID },
      now,
      cause,
    )
    if (server.state === 'paused') server.held.push({ type: 'deliver-peer', delivery: report })
    else this.deliver(report)
  }

  /**
   * The machine of an ended member refuses another member's request about a lease or a downgrade.
   */
  #refuseQuestion(from: MemberName, to: MemberName, asked: PeerMessage, cause: EventId): void {
    const { post, now } = this.#context
    if (this.isUp(to) || !post.links.reaches(from, to)) return
    if (asked.type === 'lease-forward')
      post.sendPeer({ from: to, to: from, message: { type: 'lease-refused' }, cause }, now)
    if (asked.type !== 'downgrade-ask') return
    post.sendPeer(
      {
        from: to,
        to: from,
        message: { type: 'downgrade-answer', id: asked.id, isKnown: false },
        cause,
      },
      now,
    )
  }

  #reach(a: MemberName, b: MemberName): boolean {
    const { links } = this.#context.post
    return links.reaches(a, b) && links.reaches(b, a)
  }

  #do(member: Member, outputs: MemberOutput[]): void {
    const { name } = member.options
    const { now, timers, post, routes } = this.#context
    for (const output of outputs) {
      switch (output.type) {
        case 'timer':
          timers.set(output.at, {
            type: 'member-timer',
            member: name,
            timer: output.timer,
            cause: output.cause,
          })
          break
        case 'send': {
          const to = this.#nameOf(output.to)
          if (to !== undefined) this.#send(name, to, output.message, output.cause)
          break
        }
        case 'reply': {
          const { client, rpc, reply } = output
          const sent = this.emit(
            { type: 'reply-sent', client, member: name, rpc, reply },
            output.cause,
          )
          const epoch = routes.servedOn(name, client, rpc)
          if (!isStreamed(reply)) routes.served(name, client, rpc)
          post.send(
            name,
            client,
            { client, member: name, rpc, epoch, body: { type: 'reply', reply }, cause: sent },
            now,
          )
          break
        }
        case 'exit':
          this.end(this.server(name), 'member-left', output.cause)
          break
        case 'stopped':
          // The process is gone, so later outputs of this step have no effect.
          this.end(this.server(name), 'member-stopped', output.cause)
          return
        case 'panic': {
          const panicked = this.emit(
            { type: 'member-panicked', member: name, message: output.message },
            output.cause,
          )
          this.end(this.server(name), 'member-crashed', panicked)
          return
        }
        default:
          unreachable(output)
      }
    }
  }

  #send(from: MemberName, to: MemberName, message: PeerMessage, cause: EventId): void {
    const { now, post } = this.#context
    const sent = this.emit(
      { type: 'peer-sent', member: from, to, what: describePeer(message) },
      cause,
    )
    if (this.#before !== null) this.#before.push(post.atOnce(from, to, message, now, sent))
    else post.sendPeer({ from, to, message, cause: sent }, now)
  }

  // Processes -------------------------------------------------------------------------------------

  /**
   * Starts the cluster. Elected: before time 0 it has run until m1 leads and every member has
   * applied all entries.
   */
  boot(cause: EventId): void {
    const { boot } = this.#context.config
    for (const member of this.members)
      this.step(member, { type: 'boot', hurried: boot === 'cold' }, cause)
    if (boot === 'cold') return
    this.#before = []
    const [leader] = this.members
    this.#inAdvance(leader!, { type: 'campaign' }, cause)
    for (const member of this.members) this.#inAdvance(member, { type: 'publish' }, cause)
    // The cluster's version, which the leader sets.
    this.#inAdvance(leader!, { type: 'publish' }, cause)
    // A heartbeat carries the last commit index to the others.
    for (let ticks = 0; ticks < 2 && this.members.length > 1; ticks++)
      this.#inAdvance(leader!, { type: 'timer', timer: 'tick' }, cause)
    this.#before = null
  }

  #inAdvance(member: Member, input: MemberInput, cause: EventId): void {
    this.step(member, input, cause)
    for (let next = this.#before?.shift(); next !== undefined; next = this.#before?.shift())
      this.deliver(next)
  }

  pause(server: Server, cause: EventId): void {
    if (server.state !== 'up') return
    server.state = 'paused'
    this.connect(this.#context.now)
    this.emit({ type: 'member-paused', member: server.member.options.name }, cause)
  }

  /** The messages and timers of the pause come now, in their order. */
  resume(server: Server, cause: EventId): void {
    if (server.state !== 'paused') return
    const { timers, now } = this.#context
    server.state = 'up'
    this.connect(now)
    this.emit({ type: 'member-resumed', member: server.member.options.name }, cause)
    timers.bringBack(server.held, now)
    server.held = []
  }

  /**
   * The member gets SIGTERM. A leader of several members runs on until its leadership is handed
   * over or the request timeout is over (server.go: TransferLeadership, Stop).
   */
  stop(server: Server, cause: EventId): void {
    if (server.state !== 'up' || server.stopping) return
    const stopping = this.emit(
      { type: 'member-stopping', member: server.member.options.name },
      cause,
    )
    server.stopping = true
    this.step(server.member, { type: 'stop' }, stopping)
  }

  /**
   * The process is killed, or ends. Its timers are gone, and the calls to it end as their
   * connections do.
   */
  end(
    server: Server,
    how: 'member-crashed' | 'member-left' | 'member-stopped',
    cause: EventId,
  ): void {
    if (server.state === 'down') return
    const { now, timers, post } = this.#context
    const { name } = server.member.options
    server.state = 'down'
    server.stopping = false
    server.held = []
    this.connect(now)
    const ended = this.emit({ type: how, member: name }, cause)
    timers.dropOf(name)
    const reply = errors.ConnectionClosed
    this.#context.routes.ended(name)
    for (const { client, owner, epoch } of this.onEnded(name))
      post.send(
        name,
        owner,
        {
          client,
          member: name,
          rpc: CONNECTION,
          epoch,
          body: { type: 'reply', reply },
          cause: ended,
        },
        now,
      )
    // Open requests about leases break with their connections.
    for (const { member } of this.#list) {
      if (!member.forwardsTo(server.member.options.ID)) continue
      post.sendPeer(
        { from: name, to: member.options.name, message: { type: 'lease-refused' }, cause: ended },
        now,
      )
    }
  }

  restart(server: Server, cause: EventId): void {
    if (server.state !== 'down') return
    const { options } = server.member
    server.member = new Member(options, { crashed: server.member })
    server.state = 'up'
    if (!server.unready) this.#starting++
    server.unready = true
    this.connect(this.#context.now)
    const restarted = this.emit({ type: 'member-restarted', member: options.name }, cause)
    this.step(server.member, { type: 'boot', hurried: true }, restarted)
  }

  /**
   * The clock runs at so many percent from now on. The waits of the member end by that clock, so
   * its timers are set again.
   */
  changeClock({ member }: Server, percent: number, cause: EventId): void {
    const { now, schedule, timers } = this.#context
    const { name } = member.options
    const deadlines = member.setClock(percent, now)
    this.emit({ type: 'member-clock-changed', member: name, percent, deadlines }, cause)
    for (const { entry } of schedule.list()) {
      if (entry.type !== 'member-timer' || entry.member !== name) continue
      const dueAt = member.dueAt(entry.timer)
      if (dueAt !== undefined) timers.set(Math.max(now, dueAt), entry)
    }
  }

  /**
   * The process of an added member starts, and learns of the cluster from the running members.
   * Without a running member nothing starts.
   */
  join(
    { name, clientURLs, peerURLs }: { name: MemberName; clientURLs: string[]; peerURLs: string[] },
    cause: EventId,
  ): void {
    const added = this.added.find(({ peerURLs: urls }) =>
      urls.some((url) => peerURLs.includes(url)),
    )
    if (added === undefined || this.#list.some(({ member }) => member.options.name === name)) return
    const { config, seed, now } = this.#context
    const joined: Joined = { info: { ...added, name, clientURLs, peerURLs }, joins: this.known }
    const member = new Member(joiningOptions(config, seed, joined.info, joined.joins))
    this.#list.push({ member, state: 'up', stopping: false, held: [], joined })
    this.connect(now)
    const event = this.emit({ type: 'member-joined', member: name, peer: added.ID }, cause)
    this.step(member, { type: 'boot', hurried: true }, event)
  }

  /** The connections between members may have changed. */
  connect(now: number): void {
    const names = this.members.map(({ options }) => options.name)
    const runs = (name: MemberName): boolean => this.server(name).state === 'up' && this.isUp(name)
    this.#connections.update(names, (a, b) => runs(a) && runs(b) && this.#reach(a, b), now)
  }

  save(): SavedServers {
    return {
      servers: this.#list.map(({ member, state, stopping, unready, held, joined }) => ({
        member: member.save(),
        state,
        stopping,
        ...(unready ? { unready } : {}),
        diskMs: member.options.diskMs,
        held: [...held],
        joined,
      })),
      connections: this.#connections.save(),
      told: this.#told,
    }
  }

  /** Undefined if no member with that ID has ever started. */
  #nameOf(id: MemberId): MemberName | undefined {
    return this.#list.find(({ member }) => member.options.ID === id)?.member.options.name
  }
}

/** The same object for equal options: the results are computed once for each. */
function withDisk(options: MemberOptions, diskMs: number): MemberOptions {
  return options.diskMs === diskMs ? options : { ...options, diskMs }
}

function describePeer(message: PeerMessage): string {
  return message.type === 'raft' ? message.message.type : message.type
}
