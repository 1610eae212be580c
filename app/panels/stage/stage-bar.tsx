import { useState } from 'react'
import { cuts, faultLine, groupsText } from '../../commands/faults'
import { additions, quorumOf } from '../../commands/members'
import { useApp, useRun } from '../parts/app-context'
import { Menu } from '../parts/menu'
import { FlightTools, LinkTools } from './network-tools'

const sizes = [1, 3, 5, 7]

/** Above the world: how many members it has, what can be done to its network, and what is the matter with it. */
export function StageBar({ heartbeats, onHeartbeats }: { heartbeats: boolean; onHeartbeats(shown: boolean): void }) {
  const count = useRun((state) => state.members.length)
  const { commands } = useApp()
  return (
    <div className="stage-bar">
      <label>
        Members{' '}
        <select value={count} onChange={(event) => commands.openCluster(Number(event.target.value))}>
          {sizes.includes(count) ? null : <option value={count}>{count === 0 ? '–' : count}</option>}
          {sizes.map((size) => (
            <option key={size} value={size}>
              {size}
            </option>
          ))}
        </select>
      </label>
      <Additions />
      <NetworkButtons />
      {count > 1 && (
        <label className="check">
          <input type="checkbox" checked={heartbeats} onChange={(event) => onHeartbeats(event.target.checked)} />
          Show heartbeats
        </label>
      )}
      {count > 1 && <Votes />}
      <Trouble />
    </div>
  )
}

/** The next member, as a learner or with a vote. */
function Additions() {
  const members = useRun((state) => state.members)
  const { commands } = useApp()
  const items = additions(members).map(({ word, note, gesture }) => ({
    word,
    note,
    line: gesture.line,
    onChoose: () => commands.perform(gesture),
  }))
  return <Menu name="Add a member" className="button small" button={<span aria-hidden="true">Add a member ▾</span>} items={items} />
}

/** Who has a vote, how many of them must agree, and how many are there to do so. */
function Votes() {
  const members = useRun((state) => state.members)
  const { voters, needed, running } = quorumOf(members)
  return (
    <p className="votes">
      <b>{needed}</b> of <b>{voters}</b> voters must agree,{' '}
      {running < needed ? (
        <span className="votes-few">
          <span aria-hidden="true">✕</span> only <b>{running}</b> {running === 1 ? 'runs' : 'run'}
        </span>
      ) : (
        <>
          <b>{running}</b> {running === 1 ? 'runs' : 'run'}
        </>
      )}
    </p>
  )
}

function NetworkButtons() {
  const members = useRun((state) => state.members)
  const whole = useRun(({ partition, network }) => partition === null && network.cuts.length === 0 && network.dials.length === 0)
  // Comes with the first trouble, and stays when there is nothing left to heal, so that the focus has somewhere to be.
  const [troubled, setTroubled] = useState(!whole)
  if (!whole && !troubled) setTroubled(true)
  const clients = useRun((state) => state.clients)
  const { commands } = useApp()
  // An old leader that is cut off or frozen may lead on in an old term.
  const [leader] = members.filter(({ role, paused }) => role === 'leader' && !paused).sort((a, b) => b.term - a.term)
  const items = cuts(
    members.filter(({ standing }) => !standing.startsWith('unstarted')).map(({ name }) => name),
    clients.filter(({ kind }) => kind === 'program').map(({ id }) => id),
    leader?.name ?? null,
  ).map(({ word, groups }) => ({
    word,
    line: faultLine({ type: 'partition', groups }),
    onChoose: () => commands.fault({ type: 'partition', groups }),
  }))
  return (
    <>
      {items.length > 0 && (
        <Menu name="Partitions" className="button small" button={<span aria-hidden="true">Partition ▾</span>} items={items} />
      )}
      <LinkTools />
      <FlightTools />
      {troubled && (
        <button type="button" className="button small" aria-disabled={whole} onClick={() => !whole && commands.fault({ type: 'heal' })}>
          Heal the network
        </button>
      )}
    </>
  )
}

/** Said aloud when it begins. */
function Trouble() {
  const partition = useRun((state) => state.partition)
  const { cuts, dials } = useRun((state) => state.network)
  const nobody = useRun((state) => state.nobodyCounts)
  return (
    <p className="trouble" role="status">
      {partition && (
        <span className="trouble-line">
          <span aria-hidden="true">✕</span> Partition: <b>{groupsText(partition)}</b>
        </span>
      )}
      {cuts.map(({ from, to }) => (
        <span className="trouble-line" key={`${from} ${to}`}>
          <span aria-hidden="true">⇥</span> One way: <b>{from.join(' ')}</b> is not heard by <b>{to.join(' ')}</b>
        </span>
      ))}
      {dials.length > 0 && (
        <span className="trouble-line">
          <span aria-hidden="true">≈</span> Links: <b>{dials.join('; ')}</b>
        </span>
      )}
      {nobody && (
        <span className="trouble-line">
          <span aria-hidden="true">◌</span> <b>No primary: nobody is counting</b>
        </span>
      )}
    </p>
  )
}
