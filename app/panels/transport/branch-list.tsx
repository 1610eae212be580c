import { useState } from 'react'
import { visible } from '../../../engine/text/visible'
import type { BranchView } from '../../../engine/worker/protocol'
import { clockText } from '../../draw/figures'
import { useApp, useRun } from '../parts/app-context'

/** Every branch, listed below its parent, with the commands for it. */
export default function BranchList() {
  const branches = useRun((state) => state.branches)
  return (
    <div className="branches">
      <h3>Branches of this run</h3>
      <p className="muted small">
        An act in the past starts a branch. The future that was there stays under its name.
      </p>
      <ul aria-label="Branches">
        {inOrder(branches).map(({ branch, depth }) => (
          <Row key={branch.id} branch={branch} depth={depth} />
        ))}
      </ul>
    </div>
  )
}

/** The branches, children below their parents. */
function inOrder(
  branches: BranchView[],
  parent: number | null = null,
  depth = 0,
): { branch: BranchView; depth: number }[] {
  const children = branches.filter((branch) => branch.parent === parent)
  return children.flatMap((branch) => [
    { branch, depth },
    ...inOrder(branches, branch.id, depth + 1),
  ])
}

function Row({ branch, depth }: { branch: BranchView; depth: number }) {
  const { commands } = useApp()
  const comparing = useRun((state) => state.compare?.with === branch.id)
  const last = useRun((state) => state.branches.length === 2)
  const [renaming, setRenaming] = useState(false)
  const { id, name, current, forkAt, end } = branch
  const facts = `${depth > 0 && forkAt > 0 ? `from ${clockText(forkAt)} s, ` : ''}played to ${clockText(end)} s`
  return (
    <li
      style={{ '--depth': Math.min(depth, 6) } as React.CSSProperties}
      aria-current={current ? 'true' : undefined}
    >
      {renaming ? (
        <Rename branch={branch} onDone={() => setRenaming(false)} />
      ) : (
        <p>
          <b>{visible(name)}</b>
          {current && <span>you are here</span>}
          <span className="muted small">{facts}</span>
        </p>
      )}
      <p>
        {!current && (
          <>
            <button
              type="button"
              aria-label={`Go to ${visible(name)}`}
              onClick={() => commands.branch({ type: 'switch', id })}
            >
              Go
            </button>
            <button
              type="button"
              aria-pressed={comparing}
              aria-label={`Compare with ${visible(name)}`}
              onClick={() => commands.compare(comparing ? null : id)}
            >
              Compare
            </button>
          </>
        )}
        <button
          type="button"
          aria-label={`Rename ${visible(name)}`}
          onClick={() => setRenaming(true)}
        >
          Rename
        </button>
        {!current && (
          <button
            type="button"
            aria-label={`Delete ${visible(name)}`}
            title="Undo brings it back"
            onClick={() => {
              commands.branch({ type: 'delete', id })
              if (last) focusUndo()
            }}
          >
            Delete
          </button>
        )}
      </p>
    </li>
  )
}

/**
 * The list disappears with the last other branch. The focus then moves to Undo, which restores it.
 */
function focusUndo(): void {
  const undo =
    document.querySelector<HTMLElement>('[data-undo]') ?? document.getElementById('stage')
  undo?.focus({ preventScroll: true })
}

function Rename({ branch, onDone }: { branch: BranchView; onDone(): void }) {
  const { commands } = useApp()
  const [name, setName] = useState(branch.name)
  return (
    <form
      className="branch-rename"
      onSubmit={(event) => {
        event.preventDefault()
        commands.branch({ type: 'rename', id: branch.id, name })
        onDone()
      }}
    >
      <label>
        <span className="sr-only">New name of {branch.name}</span>
        <input
          // biome-ignore lint/a11y/noAutofocus: the field replaces the pressed button
          autoFocus
          value={name}
          maxLength={60}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <button type="submit" disabled={name.trim() === ''}>
        Save
      </button>
    </form>
  )
}
