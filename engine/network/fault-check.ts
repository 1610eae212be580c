// Checks a fault against the current run. A fault with an unknown name is refused, and a fault
// without effect is reported.

import { existing, noMember } from './exists'
import type { Fault } from './fault'

type State = 'up' | 'paused' | 'down'

/** The current state of the run. */
export interface FaultWorld {
  /** Every member that has started, m1 first. */
  members: readonly { name: string; state: State }[]
  /** Every client by name, with the states of its program and of its console's processes. */
  clients: readonly { name: string; program: State | null; processes: readonly State[] }[]
  /** Other names that links and groups may use. */
  others: readonly string[]
  /** No cut exists, and every link is as configured. */
  isWhole: boolean
  isInFlight(message: number): boolean
}

/**
 * `refused`: a name is unknown. `nothing`: the fault has no effect. Both carry a sentence; null for
 * a fault that has an effect.
 */
export type Verdict = { type: 'refused' | 'nothing'; message: string } | null

const refused = (message: string): Verdict => ({ type: 'refused', message })
const nothing = (message: string): Verdict => ({
  type: 'nothing',
  message: `${message}: nothing changed`,
})

/** Checks a fault against the current state. */
export function judgeFault(fault: Fault, world: FaultWorld): Verdict {
  switch (fault.type) {
    case 'heal':
      return world.isWhole ? nothing('the network is whole') : null
    case 'message':
      return world.isInFlight(fault.message)
        ? null
        : refused(`message ${fault.message} is not in flight`)
    case 'partition':
      return judgeNames(fault.groups.flat(), world)
    case 'cut':
      return judgeNames([...fault.from, ...fault.to], world)
    case 'link':
      return fault.link === null ? null : judgeNames([fault.link.from, fault.link.to], world)
    default:
      return 'client' in fault ? judgeClient(fault, world) : judgeMember(fault, world)
  }
}

function judgeNames(names: readonly string[], world: FaultWorld): Verdict {
  const known = [...world.members, ...world.clients].map(({ name }) => name)
  const unknown = names.find((name) => !known.includes(name) && !world.others.includes(name))
  return unknown === undefined
    ? null
    : refused(`there is no member or client ${unknown}; ${existing(known)}`)
}

function judgeMember(fault: Extract<Fault, { member: string }>, { members }: FaultWorld): Verdict {
  const { type, member: name } = fault
  const found = members.find((each) => each.name === name)
  if (found === undefined) {
    const names = members.map((each) => each.name)
    return refused(noMember(name, names))
  }
  const { state } = found
  if (type === 'restart' && state !== 'down') return nothing(`${name} is ${state}`)
  if (type === 'resume' && state !== 'paused') return nothing(`${name} is not paused`)
  if (type === 'pause' && state !== 'up') return nothing(`${name} is ${state}`)
  return (type === 'crash' || type === 'stop') && state === 'down'
    ? nothing(`${name} is down`)
    : null
}

function judgeClient(fault: Extract<Fault, { client: string }>, { clients }: FaultWorld): Verdict {
  const { type, client: name } = fault
  const found = clients.find((each) => each.name === name)
  if (found === undefined) {
    const known = clients.map((each) => each.name)
    return refused(`there is no client ${name}; ${existing(known)}`)
  }
  const { program, processes } = found
  const states = [...(program === null ? [] : [program]), ...processes]
  switch (type) {
    case 'restart-client':
      if (program === null) return refused(`${name} has no program to restart`)
      return program === 'down' ? null : nothing(`${name} is ${program}`)
    case 'resume-client':
      return states.includes('paused') ? null : nothing(`${name} is not paused`)
    case 'pause-client':
      return states.includes('up') ? null : nothing(`${name} has no running process`)
    case 'crash-client':
      return states.some((state) => state !== 'down')
        ? null
        : nothing(`${name} has no running process`)
    default:
      return null
  }
}
