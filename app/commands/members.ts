// Membership changes as gestures. Each has its console line and its cost in words.

import { hasVote, isRunning, isUnstarted, type Known, majorityOf, quorumOf } from '../draw/quorum'
import { consoleLines, type Gesture } from './gestures'

/**
 * An entry of the menu of members or of one member: a label, the effect on the quorum, and the
 * gesture.
 */
export interface MemberAct {
  word: string
  note: string
  gesture: Gesture
}

/** The warning before the number of voters changes. */
function costs(from: number, to: number): string {
  const [before, after] = [majorityOf(from), majorityOf(to)]
  const must =
    before === after ? `${after} must still agree` : `${after} must agree instead of ${before}`
  const mayFail = (voters: number) => voters - majorityOf(voters)
  const spare =
    mayFail(from) === mayFail(to)
      ? `${mayFail(to)} may still fail`
      : `${mayFail(to)} may fail instead of ${mayFail(from)}`
  return `${to} voters instead of ${from}: ${must}, ${spare}.`
}

/** Adds the next member, as a learner or as a voter. */
export function additions(members: readonly Known[]): MemberAct[] {
  const { name, peerUrl } = nextMember(members)
  const { voters, needed } = quorumOf(members)
  const line = `etcdctl member add ${name}${asked(members)} --peer-urls=${peerUrl}`
  return [
    {
      word: 'As a learner',
      note: `It copies the log and has no vote: ${needed} of ${voters} must still agree. Start it, then promote it.`,
      gesture: strictly(`${line} --learner`),
    },
    {
      word: 'With a vote',
      note: `${costs(voters, voters + 1)} It counts at once, even before it starts.`,
      gesture: strictly(line),
    },
  ]
}

/** The membership changes for one member; none for a removed member. */
export function membershipActs(member: Known, members: readonly Known[]): MemberAct[] {
  const { voters, needed } = quorumOf(members)
  const { id, status } = member
  if (status === 'removed') return []
  const acts: MemberAct[] = []
  if (status === 'learner' || status === 'unstarted-learner')
    acts.push({
      word: 'Promote',
      note: `${costs(voters, voters + 1)} etcd refuses while it has less than 90 % of the log.`,
      gesture: strictly(`etcdctl member promote${asked(members)} ${id}`),
    })
  const isLast = hasVote(member) && voters === 1
  const cost = hasVote(member)
    ? costs(voters, voters - 1)
    : `It has no vote: ${needed} of ${voters} must still agree.`
  acts.push({
    word: 'Remove from the cluster',
    note: isLast ? 'It is the only voter: etcd refuses.' : `${cost} Its ID never comes back.`,
    gesture: strictly(`etcdctl member remove${asked(members)} ${id}`),
  })
  return acts
}

/**
 * Starts an added member: the line that starts its etcd. Its name follows from its port, or is the
 * next free one.
 */
export function startOf({ peerUrl }: Known, members: readonly Known[]): Gesture {
  const started = members.filter((member) => !isUnstarted(member))
  const taken = started.map(({ name }) => name)
  const name =
    numbers.map(nameOf).find((each) => urlsOf(each).peerUrl === peerUrl && !taken.includes(each)) ??
    nextMember(started).name
  const clientUrl = clientUrlBeside(peerUrl)
  const cluster = [...started.filter(({ status }) => status !== 'removed'), { name, peerUrl }]
  const flags = [
    `--name ${name}`,
    '--initial-cluster-state existing',
    `--initial-cluster ${cluster.map((each) => `${each.name}=${each.peerUrl}`).join(',')}`,
    `--listen-peer-urls ${peerUrl}`,
    `--initial-advertise-peer-urls ${peerUrl}`,
    `--listen-client-urls ${clientUrl}`,
    `--advertise-client-urls ${clientUrl}`,
  ]
  return strictly(`etcd ${flags.join(' ')} &`)
}

/**
 * The leader transfers its leadership to another voter. etcdctl must send this request to the
 * leader.
 */
export function handOver(leader: Known, to: Known, members: readonly Known[]): Gesture {
  const endpoint =
    members[0]?.name === leader.name
      ? ''
      : ` --endpoints=${leader.clientUrl.replace(/^http:\/\//, '')}`
  return strictly(`etcdctl move-leader${endpoint} ${to.id}`)
}

function strictly(line: string): Gesture {
  return consoleLines(line, 'strict')
}

/**
 * etcdctl sends to the first member by default. If that member does not serve, the line names
 * another endpoint.
 */
function asked(members: readonly Known[]): string {
  const serves = (member: Known) => isRunning(member) && member.status === 'voter'
  const [first] = members
  if (first === undefined || serves(first)) return ''
  const other =
    members.find((member) => serves(member) && member.role === 'leader') ?? members.find(serves)
  return other === undefined ? '' : ` --endpoints=${other.clientUrl.replace(/^http:\/\//, '')}`
}

const numbers = Array.from({ length: 99 }, (_, i) => i + 1)
const nameOf = (number: number) => `m${number}`

/** The name and the peer URL of the next member. No present or added member uses either. */
function nextMember(members: readonly Known[]): { name: string; peerUrl: string } {
  const isFree = (name: string) =>
    members.every((member) => member.name !== name && member.peerUrl !== urlsOf(name).peerUrl)
  const name = numbers.map(nameOf).find(isFree) ?? 'm100'
  return { name, peerUrl: urlsOf(name).peerUrl }
}

/**
 * m1's ports are 2379 and 2380, m2's 22379 and 22380, and so on up to the highest port. Further
 * members get ports in between.
 */
function urlsOf(name: string): { peerUrl: string } {
  const number = Number(name.slice(1))
  const port =
    number === 1 ? 2380 : number <= 6 ? number * 10_000 + 2380 : 12_380 + (number - 7) * 10
  return { peerUrl: `http://127.0.0.1:${port}` }
}

/** The client port is the one below, as in etcd's defaults. */
function clientUrlBeside(peerUrl: string): string {
  return peerUrl.replace(/:(\d+)$/, (_, port: string) => `:${Number(port) - 1}`)
}
