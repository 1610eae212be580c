import type { MemberName } from '../base/trace'

/** What is done to members and links. A member that does not exist is nobody to do anything to. */
export type Fault =
  /** Killed: what was not on its disk is gone. */
  | { type: 'crash'; member: MemberName }
  | { type: 'restart'; member: MemberName }
  /** Frozen (SIGSTOP): time passes it by until it is resumed. */
  | { type: 'pause'; member: MemberName }
  | { type: 'resume'; member: MemberName }
  /** Who is in different groups cannot reach each other; who is in none reaches everybody. */
  | { type: 'partition'; groups: string[][] }
  | { type: 'heal' }
  /** A client's process: paused as by a long collection of garbage or a closed lid, killed, started again from its first line. One that does not exist is nobody. */
  | { type: 'pause-client' | 'resume-client' | 'crash-client' | 'restart-client'; client: string }
  /** A client's clock runs at so many percent from now on: 10–1000, 100 is true. */
  | { type: 'clock'; client: string; percent: number }

const CLIENT = /^[A-Za-z_][\w-]*$/
const MEMBER = /^m\d/

const OF_A_MEMBER = ['crash', 'restart', 'pause', 'resume'] as const

/** The words that the console has for faults, and how they are used. */
export const FAULT_WORDS = ['crash m1', 'restart m1', 'pause m1', 'resume m1', 'partition m1,m2 m3', 'heal', 'clock a 120'] as const

/** A fault in the console's words: `crash m1`, `partition m1,svc m2,m3`, `heal`. Null for words that are none; a sentence for one that is used wrongly. */
export function readFault(words: readonly string[], members: readonly MemberName[]): Fault | string | null {
  const [word = '', ...args] = words
  if (word === 'heal') return args.length === 0 ? { type: 'heal' } : 'heal takes no arguments'
  if (word === 'clock') {
    const percent = Number(args[1])
    const good = args.length === 2 && CLIENT.test(args[0]!) && Number.isInteger(percent) && percent >= 10 && percent <= 1000
    return good ? { type: 'clock', client: args[0]!, percent } : 'clock takes a client and a percentage, such as: clock a 120'
  }
  if (word === 'partition') {
    if (args.length < 2) return 'partition takes two groups or more, such as: partition m1,m2 m3'
    return { type: 'partition', groups: args.map((group) => group.split(',').filter((name) => name !== '')) }
  }
  const type = OF_A_MEMBER.find((known) => known === word)
  if (type === undefined) return null
  const [member] = args
  if (member === undefined || args.length > 1) return `${type} takes one member or client, such as: ${type} m1`
  if (members.includes(member)) return { type, member }
  return CLIENT.test(member) && !MEMBER.test(member) ? { type: `${type}-client`, client: member } : `there is no member ${member}`
}

/** The same words back. */
export function faultText(fault: Fault): string {
  if (fault.type === 'heal') return 'heal'
  if (fault.type === 'clock') return `clock ${fault.client} ${fault.percent}`
  if (fault.type === 'partition') return `partition ${fault.groups.map((group) => group.join(',')).join(' ')}`
  return 'client' in fault ? `${fault.type.replace('-client', '')} ${fault.client}` : `${fault.type} ${fault.member}`
}
