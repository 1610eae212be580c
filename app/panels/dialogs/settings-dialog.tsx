import { type FormEvent, useEffect, useRef, useState } from 'react'
import { type Difference, differenceRows } from '../../../engine/text/differences'
import type { Config } from '../../../engine/worker/protocol'
import { useApp, useRun } from '../parts/app-context'

type Settings = Pick<Config, 'etcd'> & {
  endpoints: 'first' | 'all'
  checkpoint: 'off' | 'on' | 'persist'
  differences: Partial<Record<Difference, boolean>>
}

const versions = ['3.4', '3.5', '3.6'] as const
const endpointWords = { first: 'the first member only', all: 'every member: another one where theirs is gone' }
const checkpointWords = { off: 'off', on: 'on', persist: 'on, and written to the disk' }

/** What a run is set to beside its seed and its size. A change plays the same commands again, as a branch. */
export default function SettingsDialog({ onClose }: { onClose(): void }) {
  const config = useRun((state) => state.config)
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => ref.current?.showModal(), [])
  return (
    <dialog ref={ref} className="settings" aria-labelledby="settings-title" onClose={onClose}>
      <h2 id="settings-title">How this run is set</h2>
      {config && <SettingsForm before={settingsOf(config)} close={() => ref.current?.close()} />}
    </dialog>
  )
}

function settingsOf({ etcd, clientEndpoints, checkpoint, differences }: Config): Settings {
  return { etcd, endpoints: clientEndpoints ?? 'first', checkpoint: checkpoint ?? 'off', differences: differences ?? {} }
}

/** What is otherwise than before; null where nothing is. */
function changeOf(before: Settings, after: Settings): Partial<Config> | null {
  const change: Partial<Config> = {
    ...(after.etcd === before.etcd ? {} : { etcd: after.etcd }),
    ...(after.endpoints === before.endpoints ? {} : { clientEndpoints: after.endpoints }),
    ...(after.checkpoint === before.checkpoint ? {} : { checkpoint: after.checkpoint }),
    ...(differenceRows.every(({ name }) => after.differences[name] === before.differences[name]) ? {} : { differences: after.differences }),
  }
  return Object.keys(change).length === 0 ? null : change
}

function SettingsForm({ before, close }: { before: Settings; close(): void }) {
  const { commands } = useApp()
  const [settings, setSettings] = useState(before)
  const set = (change: Partial<Settings>) => setSettings({ ...settings, ...change })
  const change = changeOf(before, settings)
  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    if (change === null) return
    commands.vary({ config: change })
    close()
  }
  return (
    <form className="settings-form" onSubmit={onSubmit}>
      <p>A change plays the same commands again, as a branch: what was there stays, and the two can be compared.</p>
      <label>
        As etcd
        <select value={settings.etcd} onChange={(event) => set({ etcd: event.target.value as Settings['etcd'] })}>
          {versions.map((version) => (
            <option key={version}>{version}</option>
          ))}
        </select>
      </label>
      <Choice word="Clients know" value={settings.endpoints} words={endpointWords} onChoose={(endpoints) => set({ endpoints })} />
      <Choice
        word="Checkpoints of leases"
        value={settings.checkpoint}
        words={checkpointWords}
        onChoose={(checkpoint) => set({ checkpoint })}
      />
      <h3>How 3.4, 3.5 and 3.6 differ</h3>
      <Differences settings={settings} onSwitch={(differences) => set({ differences })} />
      <p className="dialog-actions">
        <button type="submit" className="button main" disabled={change === null}>
          Run again with these
        </button>
        <button type="button" className="button" onClick={close}>
          {change === null ? 'Close' : 'Cancel'}
        </button>
      </p>
    </form>
  )
}

function Choice<T extends string>({
  word,
  value,
  words,
  onChoose,
}: {
  word: string
  value: T
  words: Record<T, string>
  onChoose(value: T): void
}) {
  return (
    <label>
      {word}
      <select value={value} onChange={(event) => onChoose(event.target.value as T)}>
        {(Object.keys(words) as T[]).map((each) => (
          <option key={each} value={each}>
            {words[each]}
          </option>
        ))}
      </select>
    </label>
  )
}

/** Each row with its switch: as the version has it, until one sets it otherwise. */
function Differences({
  settings: { etcd, differences },
  onSwitch,
}: {
  settings: Settings
  onSwitch(differences: Settings['differences']): void
}) {
  return (
    <table className="differences">
      <thead>
        <tr>
          <th scope="col">In this run</th>
          {versions.map((version) => (
            <th key={version} scope="col" aria-current={version === etcd ? 'true' : undefined}>
              {version}
            </th>
          ))}
        </tr>
      </thead>
      {differenceRows.map(({ name, title, what, source, has }) => {
        const on = differences[name] ?? has[etcd]
        const { [name]: _, ...others } = differences
        const otherwise = on !== has[etcd]
        return (
          <tbody key={name} data-otherwise={otherwise || undefined}>
            <tr>
              <th scope="row">
                <label className="check">
                  <input
                    type="checkbox"
                    checked={on}
                    aria-describedby={`difference-${name}`}
                    onChange={() => onSwitch(on === has[etcd] ? { ...others, [name]: !on } : others)}
                  />
                  {title}
                </label>
                {otherwise && <b className="otherwise"> ≠ {etcd}</b>}
              </th>
              {versions.map((version) => (
                <td key={version}>{has[version] ? 'yes' : <span className="muted">no</span>}</td>
              ))}
            </tr>
            <tr>
              <td colSpan={4} id={`difference-${name}`}>
                {what} <span className="muted">({source})</span>
              </td>
            </tr>
          </tbody>
        )
      })}
    </table>
  )
}
