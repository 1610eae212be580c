// `etcd --name m1 --listen-client-urls …` on a console whose cluster already runs.

import { text } from '../base/bytes'
import type { Bytes } from '../base/rpc'

interface KnownMember {
  isDown?: boolean
  name: string
  peerURLs: readonly string[]
  clientURLs: readonly string[]
}

export interface EtcdLine {
  stderr: string
  exit: number
  notes: string[]
  /** The added member that starts now. */
  start?: { name: string; clientURLs: string[]; peerURLs: string[] }
  /** The member that was down and restarts. */
  restart?: string
}

/**
 * The output of a shell for a line that starts etcd. In guided mode, a line with a running member's
 * URLs counts as that member's start.
 */
export function etcdLine(
  args: readonly Bytes[],
  {
    members,
    added = [],
  }: { members: readonly KnownMember[]; added?: readonly { peerURLs: readonly string[] }[] },
  guided: boolean,
): EtcdLine {
  const flags = readFlags(args)
  const clientURLs = urls(flags['listen-client-urls'] ?? 'http://localhost:2379')
  const peerURLs = urls(
    flags['listen-peer-urls'] ?? flags['initial-advertise-peer-urls'] ?? 'http://localhost:2380',
  )
  const same = (a: readonly string[], b: readonly string[]) =>
    a.some((url) => b.some((other) => address(url) === address(other)))
  const taken = members.find(
    (member) => same(member.clientURLs, clientURLs) || same(member.peerURLs, peerURLs),
  )
  if (taken?.isDown) return { stderr: '', exit: 0, notes: [], restart: taken.name }
  if (taken === undefined && flags['initial-cluster-state'] === 'existing')
    return joining(flags, clientURLs, members, added)
  if (taken === undefined) {
    return {
      stderr: 'not modelled here: a new member with URLs that no member of the cluster has\n',
      exit: 1,
      notes: [],
    }
  }
  if (guided) {
    const { name = taken.name } = flags
    const called = name === taken.name ? '' : ` under the name ${taken.name}, not ${name}`
    return {
      stderr: '',
      exit: 0,
      notes: [`The member with these URLs already runs${called}. This line counts as its start.`],
    }
  }
  // etcd listens for its peers first.
  const busy = same(taken.peerURLs, peerURLs) ? peerURLs : clientURLs
  return {
    stderr: `etcdmain: listen tcp ${address(busy[0] ?? '')}: bind: address already in use\n`,
    exit: 1,
    notes: [],
  }
}

/**
 * A joining member must have been added with the peer URLs that the others use
 * (etcdserver/cluster_util.go: GetClusterFromRemotePeers).
 */
function joining(
  flags: Record<string, string>,
  clientURLs: string[],
  members: readonly KnownMember[],
  added: readonly { peerURLs: readonly string[] }[],
): EtcdLine {
  const { name = 'default' } = flags
  const peerURLs = urls(
    flags['initial-advertise-peer-urls'] ?? flags['listen-peer-urls'] ?? 'http://localhost:2380',
  )
  const isAdded = added.some((member) =>
    member.peerURLs.some((url) => peerURLs.some((other) => address(url) === address(other))),
  )
  if (!isAdded)
    return {
      stderr: 'etcdmain: error validating peerURLs: member count is unequal\n',
      exit: 1,
      notes: [],
    }
  if (members.some((member) => member.name === name))
    return {
      stderr: `not modelled here: a second member with the name ${name}\n`,
      exit: 1,
      notes: [],
    }
  return {
    stderr: '',
    exit: 0,
    notes: [],
    start: { name, clientURLs: advertised(flags, clientURLs), peerURLs },
  }
}

function advertised(flags: Record<string, string>, clientURLs: string[]): string[] {
  const flag = flags['advertise-client-urls']
  return flag === undefined ? clientURLs : urls(flag)
}

function urls(flag: string): string[] {
  return flag.split(',').map((url) => url.trim())
}

function address(url: string): string {
  return url
    .replace(/^\w+:\/\//, '')
    .replace(/\/$/, '')
    .replace(/^localhost:/, '127.0.0.1:')
}

function readFlags(args: readonly Bytes[]): Record<string, string> {
  const flags: Record<string, string> = {}
  for (let i = 0; i < args.length; i++) {
    const [, name, value] = /^--?([\w-]+)(?:=([\s\S]*))?$/.exec(args[i]!) ?? []
    if (name === undefined) continue
    const next = args[i + 1]
    if (value !== undefined) flags[name] = text(value)
    else if (next !== undefined && !next.startsWith('-')) {
      flags[name] = text(next)
      i++
    }
  }
  return flags
}
