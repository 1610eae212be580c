// What can be done with a run's futures: undo and redo, the branches, and the same story with a dial changed.

import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import type { BranchView, Change } from '../../../engine/worker/protocol'
import { clockText } from '../../draw/figures'
import { useApp, useRun } from '../app-context'
import { BranchIcon } from '../icons'
import { Disclosure } from '../popover'

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
        <span aria-hidden="true">↶</span> Undo
      </button>
      <button
        type="button"
        className="button"
        aria-disabled={redo === null}
        title={redo === null ? 'Nothing to redo' : `Redo: ${redo} (Ctrl+Shift+Z)`}
        onClick={() => redo !== null && commands.redo()}
      >
        <span aria-hidden="true">↷</span> Redo
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
      <Vary />
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

type Dial = 'ttl' | 'latencyMs' | 'members' | 'etcd' | 'seed'

const dials: { dial: Dial; word: string }[] = [
  { dial: 'ttl', word: 'another TTL' },
  { dial: 'latencyMs', word: 'another latency' },
  { dial: 'members', word: 'another number of members' },
  { dial: 'etcd', word: 'another version of etcd' },
  { dial: 'seed', word: 'another seed' },
]

const choices = { etcd: ['3.4', '3.5', '3.6'], members: ['1', '3', '5', '7'] }

/** The same commands at the same times, with one thing changed. */
function Vary() {
  const { commands } = useApp()
  const config = useRun((state) => state.config)
  const seed = useRun((state) => state.seed)
  const ttl = useRun((state) => state.leases.rows[0]?.ttlSeconds ?? 10)
  const [dial, setDial] = useState<Dial>('ttl')
  const [from, setFrom] = useState(String(ttl))
  const [to, setTo] = useState('')
  const id = useId()
  const change = changeOf(dial, from, to)
  const now = { ttl: null, latencyMs: `${config?.latencyMs} ms`, members: config?.members, etcd: config?.etcd, seed }[dial]
  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    if (change !== null) commands.vary(change)
  }
  return (
    <form className="vary" aria-labelledby={id} onSubmit={onSubmit}>
      <h3 id={id}>The same story again with…</h3>
      <select
        aria-label="What to change"
        value={dial}
        onChange={(event) => {
          setDial(event.target.value as Dial)
          setTo('')
        }}
      >
        {dials.map(({ dial: each, word }) => (
          <option key={each} value={each}>
            {word}
          </option>
        ))}
      </select>
      {dial === 'ttl' ? (
        <label>
          {' '}
          TTL{' '}
          <input
            className="field-short"
            type="number"
            min={1}
            aria-label="TTL now (seconds)"
            value={from}
            onChange={(event) => setFrom(event.target.value)}
          />{' '}
          s
        </label>
      ) : (
        <span className="figure"> {now}</span>
      )}
      <span>
        {' → '}
        {dial === 'etcd' || dial === 'members' ? (
          <select
            aria-label={dial === 'etcd' ? 'New version' : 'New number of members'}
            value={to}
            onChange={(event) => setTo(event.target.value)}
          >
            <option value="">…</option>
            {choices[dial].map((choice) => (
              <option key={choice}>{choice}</option>
            ))}
          </select>
        ) : (
          <input
            className="field-short"
            type="number"
            min={dial === 'ttl' ? 1 : 0}
            aria-label={dial === 'ttl' ? 'New TTL (seconds)' : dial === 'seed' ? 'New seed' : 'New latency (milliseconds)'}
            value={to}
            onChange={(event) => setTo(event.target.value)}
          />
        )}
      </span>{' '}
      <button type="submit" className="button" disabled={change === null}>
        Run again
      </button>
    </form>
  )
}

function changeOf(dial: Dial, from: string, to: string): Change | null {
  if (to === '') return null
  const value = Number(to)
  if (dial === 'etcd') return { config: { etcd: to as '3.4' } }
  if (!Number.isInteger(value) || value < 0) return null
  if (dial === 'seed') return { seed: value }
  if (dial === 'members') return { config: { members: value } }
  if (dial === 'latencyMs') return { config: { latencyMs: value } }
  return value > 0 && Number(from) > 0 && Number(from) !== value ? { ttl: { from: Number(from), to: value } } : null
}
