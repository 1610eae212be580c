import type { Timeline } from '../replay/timeline'
import type { Due } from '../sim/moves'

/** Whether only the members' own loops are due, and no lease counts down. */
export function isQuiet({ sim, commandsAhead }: Timeline): boolean {
  if (commandsAhead > 0 || sim.servers.some(({ member }) => member.lessor.size > 0)) return false
  const isWhole =
    sim.servers.every(({ state }) => state === 'up') &&
    sim.partition === null &&
    sim.cuts.length === 0
  return isWhole && sim.moves().every(({ due }) => isRoutine(due))
}

/**
 * Periodic work that changes nothing: the loops of members and their heartbeats. An entry on its
 * way to the others or to a disk is not routine.
 */
function isRoutine(due: Due): boolean {
  if (due.type === 'member-timer') return due.timer !== 'disk'
  return (
    due.type === 'deliver-peer' &&
    due.delivery.message.type === 'raft' &&
    /^MsgHeartbeat/.test(due.delivery.message.message.type)
  )
}
