// What can be done with a run's futures: undo and redo, the branches, and the same story with a dial changed.

import { useEffect, useRef, useState } from 'react'
import type { BranchView } from '../../../engine/worker/protocol'
import { clockText } from '../../draw/figures'
import { useApp, useRun } from '../parts/app-context'
import { BranchIcon } from '../parts/icons'
import { Disclosure } from '../parts/popover'
import { Again } from './again'

export default function History() {
  const branches = useRun((state) => state.branches)
  const undo = useRun((state) => state.undo)
  const redo = useRun((state) => state.redo)
  const { commands } = useApp()
  const current = branches.find((branch) => branch.current)
  useForkNotice(branches, redo)
  return (
    <fieldset className="group history" aria-label="Undo and branches">
      {/* They stay when there is nothing to take back, so that the focus has somewhere to be. */}
      <button
        type="button"
        className="button"
        aria-disabled={undo === null}
        title={undo === null ? 'Nothing to undo' : `Undo: ${undo} (Ctrl+Z)`}
        onClick={() => undo !== null && commands.undo()}
      >
        <span aria-hidden="true">↶</span> <span className="plain-word">Undo</span>
      </button>
      <button
        type="button"
        className="button"
        aria-disabled={redo === null}
        title={redo === null ? 'Nothing to redo' : `Redo: ${redo} (Ctrl+Shift+Z)`}
        onClick={() => redo !== null && commands.redo()}
      >
        <span aria-hidden="true">↷</span> <span className="plain-word">Redo</span>
      </button>
      <Disclosure
        className="button branches-button"
        label="Branches"
        button={
          <>
            <BranchIcon /> <span className="sr-only">Branch: </span>
            <span className="branch-name">{current?.name ?? 'main'}</span> <span className="count">{branches.length}</span>
            <span aria-hidden="true"> ▾</span>
          </>
        }
      >
        <Branches branches={branches} />
      </Disclosure>
      <Again />
    </fieldset>
  )
}

/** Says that the future which was there is kept, when one is suddenly on another branch. What undo stands on is no fork: it can be done again. */
function useForkNotice(branches: BranchView[], redo: string | null): void {
  const { commands } = useApp()
  const before = useRef(branches)
  useEffect(() => {
    const known = before.current
    before.current = branches
    const [left, here] = [known, branches].map((list) => list.find(({ current }) => current))
    if (!left || !here || redo !== null || here.parent !== left.id || known.some(({ id }) => id === here.id)) return
    commands.notice(`“${left.name}” keeps its future; you are on “${here.name}”`)
  }, [branches, redo, commands])
}

function Branches({ branches }: { branches: BranchView[] }) {
  return (
    <div className="branches">
      <h3>Futures of this run</h3>
      <p className="hint">Act in the past, and the future that was there stays here under its name.</p>
      <ul aria-label="Branches">
        {inOrder(branches).map(({ branch, depth }) => (
          <Row key={branch.id} branch={branch} depth={depth} />
        ))}
      </ul>
    </div>
  )
}

/** Children under their parents. */
function inOrder(branches: BranchView[], parent: number | null = null, depth = 0): { branch: BranchView; depth: number }[] {
  const children = branches.filter((branch) => branch.parent === parent)
  return children.flatMap((branch) => [{ branch, depth }, ...inOrder(branches, branch.id, depth + 1)])
}

function Row({ branch, depth }: { branch: BranchView; depth: number }) {
  const { commands } = useApp()
  const comparing = useRun((state) => state.compare?.with === branch.id)
  const [renaming, setRenaming] = useState(false)
  const { id, name, current } = branch
  return (
    <li style={{ '--depth': Math.min(depth, 6) } as React.CSSProperties} aria-current={current ? 'true' : undefined}>
      {renaming ? (
        <Rename branch={branch} onDone={() => setRenaming(false)} />
      ) : (
        <p className="branch-title">
          <span aria-hidden="true">{depth > 0 ? '└ ' : ''}</span>
          <b>{name}</b>
          {current && <span className="branch-here"> ● you are here</span>}
          <span className="branch-facts">
            {depth > 0 && branch.forkAt > 0 ? `from ${clockText(branch.forkAt)} s, ` : ''}played to {clockText(branch.end)} s
          </span>
        </p>
      )}
      <p className="branch-acts">
        {!current && (
          <>
            <button
              type="button"
              className="button small"
              aria-label={`Go to ${name}`}
              onClick={() => commands.branch({ type: 'switch', id })}
            >
              Go
            </button>
            <button
              type="button"
              className="button small"
              aria-pressed={comparing}
              aria-label={`Compare with ${name}`}
              onClick={() => commands.compare(comparing ? null : id)}
            >
              Compare
            </button>
          </>
        )}
        <button type="button" className="button small" aria-label={`Rename ${name}`} onClick={() => setRenaming(true)}>
          Rename
        </button>
        {!current && (
          <button
            type="button"
            className="button small"
            aria-label={`Delete ${name}`}
            title="Undo brings it back"
            onClick={() => commands.branch({ type: 'delete', id })}
          >
            Delete
          </button>
        )}
      </p>
    </li>
  )
}

function Rename({ branch, onDone }: { branch: BranchView; onDone(): void }) {
  const { commands } = useApp()
  const [name, setName] = useState(branch.name)
  return (
    <form
      className="inline-form"
      onSubmit={(event) => {
        event.preventDefault()
        commands.branch({ type: 'rename', id: branch.id, name })
        onDone()
      }}
    >
      <label>
        <span className="sr-only">New name of {branch.name}</span>
        {/* biome-ignore lint/a11y/noAutofocus: the field takes the place of the button that was pressed */}
        <input autoFocus value={name} maxLength={60} onChange={(event) => setName(event.target.value)} />
      </label>
      <button type="submit" className="button small" disabled={name.trim() === ''}>
        Save
      </button>
    </form>
  )
}
