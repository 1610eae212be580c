import type { MemberView } from '../../../engine/worker/protocol'
import type { Commands } from '../../commands/commands'
import { cutOff, type Fault, faultLine, isSilenced } from '../../commands/faults'
import type { Gesture } from '../../commands/gestures'
import { membershipActs } from '../../commands/members'
import { useApp, useRun } from '../parts/app-context'
import { BoltIcon } from '../parts/icons'
import { Menu, type MenuItem } from '../parts/menu'

/** Milliseconds for a write: nearly an election timeout. */
const SLOW_DISK_MS = 800

/** Of a hundred: half as fast again, and half as fast. */
const FAST_CLOCK = 150
const SLOW_CLOCK = 50
const HOUR_BACK_S = -3600

/** What can be done to a member, as it stands. */
export function FaultMenu({ member }: { member: MemberView }) {
  const members = useRun((state) => state.members)
  const partition = useRun((state) => state.partition)
  const { commands } = useApp()
  const { name, role, paused, diskMs, clockPercent, stopping } = member
  const others = members.map((each) => each.name).filter((other) => other !== name)
  const network = useRun((state) => state.network)
  const apart = cutOff(
    name,
    members.filter(({ standing }) => !standing.startsWith('unstarted')).map((each) => each.name),
    partition,
  )
  const isTroubled = partition !== null || network.cuts.length > 0 || network.dials.length > 0
  const item = (word: string, fault: Fault) => ({ word, line: faultLine(fault), onChoose: () => commands.fault(fault) })
  const items = [
    ...(role === 'down' ? [item('Restart', { type: 'restart', member: name })] : [item('Crash', { type: 'crash', member: name })]),
    ...(paused ? [item('Go on', { type: 'resume', member: name })] : []),
    ...(role !== 'down' && !paused ? [item('Freeze', { type: 'pause', member: name })] : []),
    ...(role !== 'down' && !paused && !stopping ? [item('Stop gracefully', { type: 'stop', member: name })] : []),
    ...(apart ? [item('Cut off from the others', { type: 'partition', groups: apart })] : []),
    ...(others.length > 0 && !isSilenced(network.cuts, name, others[0]!)
      ? [item('Nobody hears it', { type: 'cut', from: [name], to: others })]
      : []),
    ...(others.length > 0 && !isSilenced(network.cuts, others[0]!, name)
      ? [item('It hears nobody', { type: 'cut', from: others, to: [name] })]
      : []),
    diskMs === SLOW_DISK_MS
      ? item('Disk as fast as can be', { type: 'disk', member: name, ms: 0 })
      : item('Slow disk', { type: 'disk', member: name, ms: SLOW_DISK_MS }),
    ...(clockPercent === 100
      ? [
          item('Fast clock', { type: 'member-clock', member: name, percent: FAST_CLOCK }),
          item('Slow clock', { type: 'member-clock', member: name, percent: SLOW_CLOCK }),
        ]
      : [item('Clock that runs true', { type: 'member-clock', member: name, percent: 100 })]),
    item('Wall clock an hour back', { type: 'wall-clock', member: name, seconds: HOUR_BACK_S }),
    ...(isTroubled ? [item('Heal the network', { type: 'heal' })] : []),
    ...membershipItems(member, members, commands),
  ]
  return <Menu name={`Faults of ${name}`} className="button small icon-only ghost fault-button" button={<BoltIcon />} items={items} />
}

/** Of a member that was added and has not started: no process, no faults. */
export function UnstartedMenu({ member }: { member: MemberView }) {
  const members = useRun((state) => state.members)
  const { commands } = useApp()
  return (
    <Menu
      name={`Membership of ${member.name}`}
      className="button small icon-only ghost fault-button"
      button={<span aria-hidden="true">⋯</span>}
      items={membershipItems(member, members, commands, performAndLeave)}
    />
  )
}

/** What is pressed goes away with what it does: the focus goes where Space plays and the arrows step. */
export function performAndLeave(commands: Commands, gesture: Gesture): void {
  commands.perform(gesture)
  document.getElementById('stage')?.focus({ preventScroll: true })
}

function membershipItems(
  member: MemberView,
  members: readonly MemberView[],
  commands: Commands,
  act = (_: Commands, gesture: Gesture) => commands.perform(gesture),
): MenuItem[] {
  return membershipActs(member, members).map(({ word, note, gesture }) => ({
    word,
    note,
    line: gesture.line,
    onChoose: () => act(commands, gesture),
  }))
}
