// The guided console does what the strict console does, and helps where tutorials mislead: lease
// IDs of the tutorial, a command that does not exist, the belief that put fails on an existing key.
// A note reports every help; nothing changes silently.

import { quoted, text } from '../base/bytes'
import { parseHexInt64 } from '../base/int64'
import { leaseName } from '../base/lease-name'
import type { Bytes, LeaseId, PutRequest, PutResponse, Reply } from '../base/rpc'
import { NO_LEASE } from '../base/rpc'
import { findCommand, stripFlags } from './flags'
import { commandsOf, flagsOf } from './grammar'
import type { Invocation } from './invocation'
import type { LeaseReader } from './line'
import { leaseText } from './print/simple'
import type { Etcdctl } from './versions'
import { quoteWord } from './words'

/** The guide's state for a terminal. Plain data. */
export interface Guide {
  /** IDs that were never granted, and the leases that they mean. */
  aliases: [LeaseId, LeaseId][]
  /** The latest granted lease, until a line uses its ID: the next unknown ID means this lease. */
  unused: LeaseId | null
}

export const newGuide = (): Guide => ({ aliases: [], unused: null })

/** The command line that the user meant, if the typed line is not a command. */
export function meantCommand(
  words: readonly Bytes[],
  etcdctl: Etcdctl,
): { words: Bytes[]; notes: string[] } {
  const notes: string[] = []
  let meant = [...words]
  if (meant[0] === '$' && meant.length > 1) meant = meant.slice(1)
  const [first] = meant
  const commands = (commandsOf(etcdctl).commands ?? []).map(({ name }) => name)
  if (first !== undefined && first !== 'help' && commands.includes(first)) {
    notes.push(`\`${first}\` is a command of etcdctl. This line runs as \`etcdctl ${first} …\`.`)
    meant = ['etcdctl', ...meant]
  }
  return { words: meant, notes }
}

/** Many articles use `lease renew`, but no etcdctl has it. `argv` is without the program's name. */
export function meantArguments(
  argv: readonly Bytes[],
  etcdctl: Etcdctl,
): { argv: Bytes[]; notes: string[] } {
  const found = findCommand(commandsOf(etcdctl), argv)
  const [group, ...deeper] = found.ok ? found.path.slice(1) : []
  const renews = ['renew', 'keepalive', 'refresh']
  const [wrong] =
    found.ok && group?.name === 'lease' && deeper.length === 0
      ? stripFlags(found.rest, flagsOf(found.path))
      : []
  if (wrong === undefined || !renews.includes(wrong)) return { argv: [...argv], notes: [] }
  const at = argv.indexOf(wrong)
  const once = wrong !== 'keepalive' && !argv.some((word) => word.startsWith('--once'))
  const meant = [
    ...argv.slice(0, at),
    'keep-alive',
    ...(once ? ['--once'] : []),
    ...argv.slice(at + 1),
  ]
  const instead = once ? 'lease keep-alive --once' : 'lease keep-alive'
  return {
    argv: meant,
    notes: [
      `etcdctl has no \`lease ${wrong}\`: it prints help, renews nothing and exits 0. This line runs as \`${instead}\`.`,
    ],
  }
}

/**
 * A reader of lease IDs that understands those of tutorials. `wasGranted` tells whether a lease
 * ever existed; `notes` collects the explanations.
 */
export function guidedLease(
  guide: Guide,
  wasGranted: (id: LeaseId) => boolean,
  notes: string[],
): LeaseReader {
  return (word) => {
    const read = parseHexInt64(word)
    const unsigned = !read.ok && /^[89a-f][0-9a-f]{15}$/i.test(word)
    if (!read.ok && !unsigned) return read
    const id = read.ok ? read.id : (word.toLowerCase() as LeaseId)
    const alias = guide.aliases.find(([from]) => from === id)
    if (alias !== undefined) return { ok: true, id: alias[1] }
    const tooLarge = `etcdctl refuses ${text(word)}: an ID is a signed number, at most 7fffffffffffffff.`
    if (id === NO_LEASE || wasGranted(id)) {
      if (guide.unused === id) guide.unused = null
    } else if (guide.unused !== null) {
      const standsFor = guide.unused
      guide.aliases.push([id, standsFor])
      guide.unused = null
      const never = `No lease ${text(word)} was granted. From now on this ID means the latest lease, ${leaseText(standsFor)}.`
      notes.push(unsigned ? `${tooLarge} ${never}` : never)
      return { ok: true, id: standsFor }
    }
    if (unsigned) notes.push(`${tooLarge} Here it means the negative number with the same bits.`)
    return { ok: true, id }
  }
}

/**
 * The part of the cluster that notes mention: its members, and every grant of the run in its order.
 */
export interface Surroundings {
  members: readonly { name: string; peerURLs: readonly string[] }[]
  granted: readonly LeaseId[]
}

/** Notes on an answer: the name of a new lease, and surprising effects. */
export function notesOnReply(
  invocation: Invocation,
  reply: Reply,
  { members, granted }: Surroundings,
): string[] {
  if (reply.type === 'LeaseGrant' && invocation.type === 'lease-grant') {
    const name = leaseName(granted.lastIndexOf(reply.ID) + 1, reply.ID)
    const named = `This lease is ${name}. $${name} stands for its ID.`
    const { ttlSeconds } = invocation
    if (reply.TTL <= ttlSeconds) return [named]
    return [
      `The minimum TTL of this cluster is ${reply.TTL} s (one and a half election timeouts). etcd raised ${ttlSeconds} s to it.`,
      named,
    ]
  }
  if (reply.type === 'Put' && invocation.type === 'put')
    return notesOnPut(invocation.request, reply)
  if (
    reply.type === 'error' &&
    invocation.type === 'member-add' &&
    reply.message.endsWith('Peer URLs already exists')
  ) {
    const taken = members.find(({ peerURLs }) =>
      invocation.request.peerURLs.some((url) => peerURLs.includes(url)),
    )
    const whose =
      taken === undefined ? 'Another member has' : `${taken.name}, which already runs, has`
    return [
      `${whose} this peer URL. \`member add\` is for a member that will join; a running member needs none.`,
    ]
  }
  return []
}

function notesOnPut(request: PutRequest, { prev_kv: before }: PutResponse): string[] {
  if (before === undefined) return []
  const key = text(request.key)
  const lost =
    before.lease !== NO_LEASE &&
    before.lease !== (request.lease ?? NO_LEASE) &&
    request.ignore_lease !== true
  if (!/lock/i.test(key) && !lost) return []
  const was = `${key} existed (value ${quoted(before.value)}${before.lease === NO_LEASE ? '' : `, lease ${leaseText(before.lease)}`})`
  const now =
    lost && request.lease === undefined ? ' The key is no longer attached to that lease.' : ''
  const put = `put ${txnWord(request.key)} ${txnWord(request.value ?? '')}${request.lease === undefined ? '' : ` --lease=${leaseText(request.lease)}`}`
  const txn = `etcdctl txn <<'EOF'\ncreate(${quoted(request.key)}) = "0"\n\n${put}\n\nget ${txnWord(request.key)}\n\nEOF`
  return [
    `${was}. put does not fail on an existing key: it overwrites.${now} To create a key only if it does not exist:\n${txn}`,
  ]
}

/** A word inside a transaction. */
function txnWord(bytes: Bytes): string {
  const plain = quoteWord(text(bytes))
  return plain === text(bytes) && plain !== '' ? plain : quoted(bytes)
}
