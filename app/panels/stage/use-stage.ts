import { useEffect, useMemo } from 'react'
import type {
  ClientView,
  KeyRow,
  LeaseRow,
  LockView,
  MemberView,
  StorageView,
} from '../../../engine/worker/protocol'
import { clientsOnStage, leasesInOrder } from '../../draw/stage-cast'
import { MOST_DIALS, type StageLayout } from '../../draw/stage-layout'
import { type End, linksOf } from '../../draw/stage-links'
import { useApp, useRun } from '../parts/app-context'

/** All parts of the run on the stage. */
export interface Cast {
  clients: ClientView[]
  members: MemberView[]
  leases: LeaseRow[]
  keys: KeyRow[]
  locks: LockView[]
  storage: StorageView | null
  /** There are more living leases than dials. */
  cells: boolean
}

export function useCast(): Cast {
  const all = useRun((state) => state.clients)
  const entries = useRun((state) => state.console)
  const members = useRun((state) => state.members)
  const rows = useRun((state) => state.leases.rows)
  const live = useRun((state) => state.live)
  const keys = useRun((state) => state.keys.rows)
  const lab = useRun((state) => state.lab)
  const storage = useRun((state) => state.storage)
  const clients = useMemo(() => clientsOnStage(all, entries), [all, entries])
  const leases = useMemo(() => leasesInOrder(rows), [rows])
  return {
    clients,
    members,
    leases: fitting(leases),
    keys,
    locks: lab?.locks ?? [],
    storage,
    cells: live > MOST_DIALS,
  }
}

/** Ended leases are left out first when there are more leases than dials. */
function fitting(leases: LeaseRow[]): LeaseRow[] {
  if (leases.length <= MOST_DIALS) return leases
  const living = leases.filter(({ state }) => state !== 'gone')
  const room = Math.max(0, MOST_DIALS - living.length)
  const ended = leases.filter(({ state }) => state === 'gone').slice(-room || leases.length)
  return leases
    .filter((lease) => lease.state !== 'gone' || (room > 0 && ended.includes(lease)))
    .slice(0, MOST_DIALS)
}

/** Requests all living leases as numbers while the stage draws the leases as cells. */
export function useCells(wanted: boolean): void {
  const { commands, ui } = useApp()
  useEffect(() => {
    if ((ui.getState().interest.cells ?? false) !== wanted)
      commands.changeInterest({ cells: wanted || undefined })
  }, [commands, ui, wanted])
}

/** The rectangles of the cards, which no words of a wire cover, and the members by name. */
export function useObstacles(layout: StageLayout, members: Cast['members']) {
  const list = members.map(({ name }) => name).join(' ')
  return useMemo(() => {
    const { clients, members: others, truth } = layout
    const cards = [
      ...clients.boxes,
      ...others.boxes,
      ...(truth.storage === null ? [] : [truth.storage]),
    ]
    return { cards, names: list.split(' ') }
  }, [layout, list])
}

/**
 * Links from the positions of the cards. A new or removed card causes a new computation, a change
 * of numbers does not.
 */
export function useLinks(
  clients: Cast['clients'],
  members: Cast['members'],
  layout: StageLayout,
  bend?: number,
) {
  const names = `${clients.map(({ id }) => id).join(' ')}|${members.map(({ name }) => name).join(' ')}`
  return useMemo(() => {
    const [ids = [], others = []] = names.split('|').map((part) => part.split(' ').filter(Boolean))
    const ends = (list: string[], boxes: readonly End['box'][]) =>
      list.flatMap((name, i): End[] => {
        const box = boxes[i] ?? (boxes.length === 1 ? boxes[0] : undefined)
        return box ? [{ name, box }] : []
      })
    return linksOf(
      ends(ids, layout.clients.boxes),
      ends(others, layout.members.boxes),
      layout.truth.storage,
      bend,
    )
  }, [names, layout, bend])
}
