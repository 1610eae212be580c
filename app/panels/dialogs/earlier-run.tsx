import { type FormEvent, useRef, useState } from 'react'
import type { Scenario } from '../../scene/scenario'
import type { Earlier, Kept } from '../../share/kept'

interface EarlierRunProps {
  earlier: Earlier
  scenarios: readonly Scenario[]
  onOpen(): void
  onRemove(): void
  onChange(change: Partial<Pick<Kept, 'name' | 'pinned'>>): void
}

/** An earlier run. The reader can open, name, pin or delete it. */
export function EarlierRun({
  earlier: { kept },
  scenarios,
  onOpen,
  onRemove,
  onChange,
}: EarlierRunProps) {
  const [naming, setNaming] = useState(false)
  const rename = useRef<HTMLButtonElement>(null)
  const name = kept === null ? 'Kept by another version of this page' : titleOf(kept, scenarios)
  const about = kept === null ? '' : `, ${aboutOf(kept)}`
  if (kept !== null && naming)
    return (
      <li>
        <NameForm
          name={kept.name ?? ''}
          onDone={(given) => {
            setNaming(false)
            if (given !== null) onChange({ name: given === '' ? null : given })
            requestAnimationFrame(() => rename.current?.focus())
          }}
        />
      </li>
    )
  return (
    <li>
      <span>
        <b>{name}</b>
        {kept && <span className="earlier-about"> {aboutOf(kept)}</span>}
      </span>
      {kept && (
        <>
          <button
            type="button"
            className="pick"
            aria-label={`Open ${name}${about}`}
            onClick={onOpen}
          >
            Open
          </button>
          <button
            type="button"
            className="pick"
            ref={rename}
            aria-label={`Name ${name}${about}`}
            onClick={() => setNaming(true)}
          >
            Name
          </button>
          <button
            type="button"
            className="pick"
            aria-pressed={kept.pinned}
            aria-label={`Pin ${name}${about}`}
            title="A pinned run is never removed to make room"
            onClick={() => onChange({ pinned: !kept.pinned })}
          >
            Pin
          </button>
        </>
      )}
      <button
        type="button"
        className="pick"
        aria-label={`Delete ${name}${about}`}
        onClick={onRemove}
      >
        Delete
      </button>
    </li>
  )
}

/** Returns the name, or null if the reader leaves it unchanged. */
function NameForm({ name, onDone }: { name: string; onDone(name: string | null): void }) {
  const [text, setText] = useState(name)
  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    onDone(text.trim())
  }
  return (
    <form className="earlier-name" onSubmit={onSubmit}>
      <input
        // biome-ignore lint/a11y/noAutofocus: the field takes the place of the button that was pressed
        autoFocus
        aria-label="Name of the run"
        maxLength={60}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          // The dialog stays open.
          event.preventDefault()
          event.stopPropagation()
          onDone(null)
        }}
      />
      <button type="submit" className="pick">
        Save
      </button>
    </form>
  )
}

function titleOf(
  { name, scenario, labRun, session }: Kept,
  scenarios: readonly Scenario[],
): string {
  if (name !== null) return name
  if (scenario !== null) return scenarios.find((each) => each.name === scenario)?.title ?? scenario
  if (labRun !== null) return 'A run of programs'
  const { seed, config } = session.branches[0] ?? {}
  return `Seed ${seed ?? '?'}, ${config?.members ?? '?'} ${config?.members === 1 ? 'member' : 'members'}`
}

function aboutOf({ session: { branches, cursor }, at }: Kept): string {
  const listed = branches.filter(({ deleted, provisional }) => !deleted && !provisional)
  const commands = listed.reduce((sum, branch) => sum + branch.commands.length, 0)
  return [
    `${commands} ${commands === 1 ? 'command' : 'commands'}`,
    ...(listed.length > 1 ? [`${listed.length} branches`] : []),
    `at ${(cursor / 1000).toFixed(1)} s`,
    ...(at > 0
      ? [new Date(at).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' })]
      : []),
  ].join(' · ')
}
