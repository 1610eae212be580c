// Transcripts of etcdctl: the lines of a terminal, played on virtual time and reduced to the parts
// that must be equal.

import type { EtcdVersion } from '../base/etcd-versions'
import { ETCD_VERSIONS } from '../base/etcd-versions'
import { DEFAULT_CONFIG } from '../sim/command'
import { Simulation } from '../sim/simulation'

/**
 * One line of a transcript. `exit` is absent if a shell shows none, and null if the recorder ended
 * the process after 40 s.
 */
export interface Recorded {
  line: string
  stdin?: string
  stdout?: string
  stderr?: string
  exit?: number | null
}

export interface Transcript {
  name: string
  /** The patch version that answered. */
  etcdctl: string
  members?: number
  commands: Recorded[]
}

export interface Shown {
  stdout: string
  stderr: string
  exit?: number
}

const TERMINAL = 't1'
/** Milliseconds after which the recorder ended a foreground process, and its wait after `join`. */
const RECORDER_LIMIT_MS = 40_000
const JOIN_MS = 4000
const MOST_MOVES = 1_000_000

/** The release of a patch version. Throws for a release that is not modelled. */
export function versionOf({ etcdctl }: Pick<Transcript, 'etcdctl'>): EtcdVersion {
  const version = ETCD_VERSIONS.find((each) => etcdctl.startsWith(`${each}.`))
  if (version === undefined) throw new Error(`no such version: ${etcdctl}`)
  return version
}

/** Plays a transcript's lines and returns the output of each. */
export function played({ commands, members = 1, ...of }: Transcript): Shown[] {
  const jobs = new Map<number, Shown>()
  let latest = 0
  const sim = new Simulation({ ...DEFAULT_CONFIG, members, etcd: versionOf(of) }, 1, (event) => {
    if (event.type === 'console-line') {
      latest = event.job
      jobs.set(event.job, { stdout: '', stderr: '' })
    } else if (event.type === 'console-exit') jobs.get(event.job)!.exit = event.exit
    else if (event.type === 'console-output' && event.stream !== 'note')
      jobs.get(event.job)![event.stream] += event.text
  })
  /** Enters a text, plays until the terminal is idle, and returns its last line. */
  const enter = (text: string, limitMs: number): Shown => {
    sim.submit({ type: 'console', terminal: TERMINAL, text, mode: 'strict' })
    const end = sim.now + limitMs
    for (let moves = 0; sim.isBusy(TERMINAL); moves++) {
      if (moves === MOST_MOVES) throw new Error(`${text} does not end`)
      if (sim.nextAt() > end) {
        sim.advance(end)
        sim.submit({ type: 'interrupt', terminal: TERMINAL })
      } else sim.step()
    }
    return jobs.get(latest)!
  }
  const added: string[] = []
  const shown = commands.map(({ line, stdin, exit }) => {
    const fill = (text: string): string =>
      text
        .replace(/\{L(\d+)\}/g, '$L$1')
        .replace(
          /\{M([1-3])\}/g,
          (_, number: string) => sim.members[Number(number) - 1]!.options.ID,
        )
        .replace(/\{M(\d+)\}/g, (_, number: string) => added[Number(number) - members - 1] ?? '')
    const here = stdin === undefined ? '' : ` <<EOF\n${fill(stdin).replaceAll('\\', '\\\\')}EOF`
    const join = /^join m(\d)$/.exec(line)?.[1]
    if (join !== undefined) {
      enter(`${joinLine(Number(join))}\nsleep ${JOIN_MS / 1000}`, Number.POSITIVE_INFINITY)
      return { stdout: '', stderr: '' }
    }
    const done = enter(
      fill(line) + here,
      exit === null ? RECORDER_LIMIT_MS : Number.POSITIVE_INFINITY,
    )
    const id = /^Member ([0-9a-f]+) added/.exec(done.stdout)?.[1]
    if (id !== undefined) added.push(id)
    return done
  })
  const ids = added.flatMap((id) => [id, BigInt(`0x${id}`).toString()])
  const hide = (text: string): string =>
    ids.reduce((left, id) => left.replaceAll(id, 'MEMBER'), text)
  return shown.map((each) => ({ ...each, stdout: hide(each.stdout), stderr: hide(each.stderr) }))
}

/** The line that starts the process of an added member, on the recorder's ports. */
function joinLine(number: number): string {
  const port = number * 10_000 + 2379
  const [client, peer] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${port + 1}`]
  const urls = `--listen-client-urls ${client} --advertise-client-urls ${client} --listen-peer-urls ${peer} --initial-advertise-peer-urls ${peer}`
  return `etcd --name m${number} ${urls} --initial-cluster-state existing`
}

/** Two texts in the form for comparison. Each of `ours` belongs to one of `theirs`. */
export function comparable(
  ours: readonly Shown[],
  theirs: readonly Recorded[],
): { ours: Shown[]; theirs: Shown[] } {
  const leases = leasesOf(ours, theirs)
  const form = (all: readonly Shown[]): Shown[] => {
    const name = namer()
    return all.map(({ stdout, stderr, exit }) => ({
      stdout: name(plain(leases(stdout))),
      stderr: name(plain(leases(stderr))),
      ...(exit === undefined || exit === null ? {} : { exit }),
    }))
  }
  const recorded = theirs.map(({ stdout = '', stderr = '', exit }) => ({
    stdout,
    stderr,
    ...(typeof exit === 'number' ? { exit } : {}),
  }))
  // An exit code counts only if one was recorded.
  return {
    ours: form(
      ours.map((each, i) =>
        recorded[i]?.exit === undefined ? { ...each, exit: undefined! } : each,
      ),
    ),
    theirs: form(recorded),
  }
}

/** Hides the leases that lines granted: `{L1}` in a recording, the ID itself in a run. */
function leasesOf(ours: readonly Shown[], theirs: readonly Recorded[]): (text: string) => string {
  const ids = ours.flatMap(({ stdout }, i) => {
    if (!/lease grant/.test(theirs[i]?.line ?? '')) return []
    const hex = stdout.match(/^lease ([0-9a-f]{16}) granted/)?.[1]
    const decimal = stdout.match(/"ID" ?: ?(\d+)/)?.[1]
    return hex !== undefined
      ? [hex]
      : decimal === undefined
        ? []
        : [BigInt(decimal).toString(16).padStart(16, '0')]
  })
  return (text) =>
    ids
      .reduce(
        (left, id) =>
          left.replaceAll(id, 'LEASE').replaceAll(BigInt(`0x${id}`).toString(), 'LEASE'),
        text,
      )
      .replace(/\{[Ll]\d+\}/g, 'LEASE')
      .replace(/\{[Mm]\d+\}/g, 'MEMBER')
}

/** Replaces every other ID by the order of its appearance, in hex and in decimal alike. */
function namer(): (text: string) => string {
  const ids = new Map<bigint, string>()
  const named = (id: bigint): string => {
    if (!ids.has(id)) ids.set(id, `ID${ids.size + 1}`)
    return ids.get(id)!
  }
  return (text) =>
    text.replace(
      /\b([0-9a-f]{15,16})\b|\b(\d{17,20})\b/g,
      (_, hex: string | undefined, decimal: string | undefined) =>
        named(hex !== undefined ? BigInt(`0x${hex}`) : BigInt(decimal!)),
    )
}

/**
 * Without durations, terms, sizes, and orders that differ between runs. Of help only the first line
 * is left.
 */
function plain(text: string): string {
  return sorted(
    firstOfHelp(text)
      .replace(
        /"(cluster_id|member_id|raft_term|dbSize|dbSizeInUse|raftIndex|raftTerm|raftAppliedIndex)":(\d+|\{\w+\})/g,
        '"$1":N',
      )
      .replace(
        /"(ClusterID|MemberID|RaftTerm|RaftIndex|RaftAppliedIndex|DBSize|DBSizeInUse)" : (\d+|\{\w+\})/g,
        '"$1" : N',
      )
      .replace(
        /"key":"([A-Za-z0-9+/=]+)"/g,
        (_, key: string) => `"key":${JSON.stringify(atob(key))}`,
      )
      .replace(/took:? =? ?(?:\{TOOK\}|[\d.]+[µm]?s)/g, 'took T')
      .replace(/"took":"[^"]*"/g, '"took":T')
      .replace(/"Took" : .*/g, '"Took" : T')
      .replace(/(?<=[|│]) *(?:\{TOOK\}|[\d.]+[µm]?s) *(?=[|│])/g, ' T ')
      .replace(/remaining\(\d+s\)|"ttl":\d+|"TTL" : \d+(?=\n"GrantedTTL")/g, 'REMAINING')
      .replace(/\b\d+ kB\b/g, 'SIZE')
      .replace(/\b\d+%/g, 'PERCENT')
      .replace(
        /(true|false)([,│| ]+)(true|false)([,│| ]+)\d+([,│| ]+)\d+([,│| ]+)\d+/g,
        '$1$2$3$4N$5N$6N',
      )
      .replace(/ {2,}/g, ' ')
      .replace(/^goroutine [\s\S]*/m, '')
      .replace(/─+/g, '─')
      .replace(/-{2,}/g, '-'),
  )
}

function firstOfHelp(text: string): string {
  if (text.startsWith('NAME:\n')) return text.split('\n').slice(0, 2).join('\n')
  const usage = text.search(/^(Usage:|The following options)/m)
  if (usage < 0) return text
  return text.startsWith('Error: ') ? text.slice(0, usage) : text.split('\n', 1)[0]!
}

/**
 * Lists of members and endpoints, whose order depends on random IDs and on the order of the
 * answers.
 */
function sorted(text: string): string {
  const byWords = (a: string, b: string): number => {
    const [left, right] = [a, b].map((each) =>
      each.replace(/\b[0-9a-f]{15,16}\b|\b\d{17,20}\b|MEMBER/g, ''),
    )
    return left! < right! ? -1 : left! > right! ? 1 : 0
  }
  if (/^ETCD_INITIAL_CLUSTER=/m.test(text)) {
    return text.replace(/(?<=^ETCD_INITIAL_CLUSTER=").*(?="$)/m, (all) =>
      all.split(',').sort(byWords).join(','),
    )
  }
  if (/"members":\[/.test(text)) {
    return text.replace(/(?<="members":\[\{).*(?=\}\])/, (all) =>
      all.split('},{').sort(byWords).join('},{'),
    )
  }
  const isList =
    /(, (un)?started, |is healthy: |^http:\S+, |^[|│] *(MEMBER|[0-9a-f]{15,16}) [|│])/m.test(text)
  return isList ? text.split('\n').sort(byWords).join('\n') : text
}
