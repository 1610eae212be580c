import type { MemberView } from '../../engine/worker/protocol'
import { cutOff, type Fault, faultLine } from '../commands/faults'
import { useApp, useRun } from './app-context'
import { BoltIcon } from './icons'
import { Menu } from './menu'

/** What can be done to a member, as it stands. */
export function FaultMenu({ member }: { member: MemberView }) {
  const members = useRun((state) => state.members)
  const partition = useRun((state) => state.partition)
  const { commands } = useApp()
  const { name, role, paused } = member
  const apart = cutOff(
    name,
    members.filter(({ standing }) => !standing.startsWith('unstarted')).map((each) => each.name),
    partition,
  )
  const item = (word: string, fault: Fault) => ({ word, line: faultLine(fault), onChoose: () => commands.fault(fault) })
  const items = [
    ...(role === 'down' ? [item('Restart', { type: 'restart', member: name })] : [item('Crash', { type: 'crash', member: name })]),
    ...(paused ? [item('Go on', { type: 'resume', member: name })] : []),
    ...(role !== 'down' && !paused ? [item('Freeze', { type: 'pause', member: name })] : []),
    ...(apart ? [item('Cut off from the others', { type: 'partition', groups: apart })] : []),
    ...(partition ? [item('Heal the network', { type: 'heal' })] : []),
  ]
  return <Menu name={`Faults of ${name}`} className="button small icon-only ghost fault-button" button={<BoltIcon />} items={items} />
}
