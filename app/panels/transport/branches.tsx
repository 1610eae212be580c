import { useEffect, useRef } from 'react'
import { visible } from '../../../engine/text/visible'
import { useApp, useRun } from '../parts/app-context'
import { Icon } from '../parts/icon'
import { lazyComponent, Part } from '../parts/lazy-part'
import { Disclosure } from '../parts/popover'

const branchList = lazyComponent('The list of branches', () => import('./branch-list'))

/** The branches of the run; visible from the second branch on. */
export function Branches() {
  const branches = useRun((state) => state.branches)
  if (branches.length < 2) return null
  const current = branches.find((branch) => branch.current)
  return (
    <>
      <span className="transport-line" />
      <Disclosure
        className="branches-button"
        label="Branches"
        align="end"
        menu="branches"
        button={
          <>
            <Icon name="branch" />
            <span className="sr-only">Branch: </span>
            <span className="branch-name">{visible(current?.name ?? 'main')}</span>
            <span className="sr-only">, {branches.length} branches</span>
            <Icon name="chevron" small />
          </>
        }
      >
        <Part of={branchList} props={{}} />
      </Disclosure>
    </>
  )
}

/**
 * Says that the future is kept after an act in the past has made a branch. Undo also moves to
 * another branch, but redo leaves that branch again: it gets no notice.
 */
export function useForkNotice(): void {
  const { commands } = useApp()
  const branches = useRun((state) => state.branches)
  const redo = useRun((state) => state.redo)
  const before = useRef(branches)
  useEffect(() => {
    const known = before.current
    before.current = branches
    const [left, here] = [known, branches].map((list) => list.find(({ current }) => current))
    if (
      !left ||
      !here ||
      redo !== null ||
      here.parent !== left.id ||
      known.some(({ id }) => id === here.id)
    )
      return
    commands.notice(`“${visible(left.name)}” keeps its future. You are on “${visible(here.name)}”.`)
  }, [branches, redo, commands])
}
