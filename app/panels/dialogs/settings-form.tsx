import { type FormEvent, useState } from 'react'
import { differenceRows } from '../../../engine/text/differences'
import { visible } from '../../../engine/text/visible'
import type { Config } from '../../../engine/worker/protocol'
import {
  LIBRARIES,
  LIBRARY_NAMES,
  LIBRARY_NOTES,
  libraryChange,
  libraryOf,
  libraryOwners,
} from '../../commands/libraries'
import { CHECKPOINTS, checkpointWords, SIZES, VERSIONS, versionWords } from '../../commands/replay'
import { type Settings, settingsChange, settingsOf } from '../../commands/settings'
import { useApp, useRun } from '../parts/app-context'

const endpointWords = { first: 'the first member only', all: 'all members (switch when one fails)' }

/** A change replays the same commands as a branch: the current run stays. */
export function SettingsForm({
  config,
  seed,
  onDone,
}: {
  config: Config
  seed: number
  onDone(): void
}) {
  const { commands } = useApp()
  const before = settingsOf(config, seed)
  const [settings, setSettings] = useState(before)
  const set = (change: Partial<Settings>) => setSettings({ ...settings, ...change })
  const change = settingsChange(before, settings)
  const sizes = (SIZES as readonly number[]).includes(before.members)
    ? SIZES
    : [...SIZES, before.members]
  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    if (change === null) return
    commands.vary(change)
    onDone()
  }
  return (
    <form className="settings-form" onSubmit={onSubmit}>
      <h3>This run</h3>
      <p className="muted">
        A change replays the same commands as a branch. What was there stays, and both can be
        compared.
      </p>
      <div className="settings-fields">
        <label>
          As etcd
          <select
            value={settings.etcd}
            onChange={(event) =>
              set({ etcd: VERSIONS.find((each) => each === event.target.value) ?? before.etcd })
            }
          >
            {VERSIONS.map((version) => (
              <option key={version} value={version}>
                {versionWords[version]}
              </option>
            ))}
          </select>
        </label>
        <label>
          Members
          <select
            value={settings.members}
            onChange={(event) => set({ members: Number(event.target.value) })}
          >
            {sizes.map((size) => (
              <option key={size}>{size}</option>
            ))}
          </select>
        </label>
        <label>
          Seed
          <input
            inputMode="numeric"
            pattern="\d{1,15}"
            required
            value={settings.seed}
            onChange={(event) => set({ seed: event.target.value })}
          />
        </label>
        <label>
          Clients know
          <select
            value={settings.endpoints}
            onChange={(event) => set({ endpoints: event.target.value === 'all' ? 'all' : 'first' })}
          >
            <option value="first">{endpointWords.first}</option>
            <option value="all">{endpointWords.all}</option>
          </select>
        </label>
        <label>
          Checkpoints of leases
          <select
            value={settings.checkpoint}
            onChange={(event) =>
              set({ checkpoint: CHECKPOINTS.find((each) => each === event.target.value) ?? 'off' })
            }
          >
            {CHECKPOINTS.map((each) => (
              <option key={each} value={each}>
                {checkpointWords[each]}
              </option>
            ))}
          </select>
        </label>
        <LibraryOfClient config={config} settings={settings} onChoose={set} />
      </div>
      <h3>
        Differences between {VERSIONS.slice(0, -1).join(', ')} and {VERSIONS.at(-1)}
      </h3>
      <Differences settings={settings} onSwitch={(differences) => set({ differences })} />
      <p className="dialog-actions settings-actions">
        <button type="submit" className="fill" disabled={change === null}>
          Replay with these
        </button>
        <button type="button" onClick={onDone}>
          {change === null ? 'Close' : 'Cancel'}
        </button>
      </p>
    </form>
  )
}

/** The library of one client at a time. */
function LibraryOfClient({
  config,
  settings: { library },
  onChoose,
}: {
  config: Config
  settings: Settings
  onChoose(change: Pick<Settings, 'library'>): void
}) {
  const clients = libraryOwners(useRun((state) => state.clients))
  const [client = clients[0], setClient] = useState<string>()
  if (client === undefined) return null
  const chosen = library?.to ?? libraryOf(config, client)
  return (
    <>
      {clients.length > 1 && (
        <label>
          Client
          <select
            value={client}
            onChange={(event) => {
              setClient(event.target.value)
              onChoose({ library: null })
            }}
          >
            {clients.map((each) => (
              <option key={each} value={each}>
                {visible(each)}
              </option>
            ))}
          </select>
        </label>
      )}
      <label>
        Library of {visible(client)}
        <select
          value={chosen}
          title={LIBRARY_NOTES[chosen]}
          onChange={(event) =>
            onChoose({ library: libraryChange(config, client, event.target.value) })
          }
        >
          {LIBRARIES.map((each) => (
            <option key={each} value={each}>
              {LIBRARY_NAMES[each]}
            </option>
          ))}
        </select>
      </label>
    </>
  )
}

/** Each row with its switch. The version decides, until the reader sets it. */
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
          {VERSIONS.map((version) => (
            <th key={version} scope="col" aria-current={version === etcd ? 'true' : undefined}>
              {version}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {differenceRows.map(({ name, title, what, source, has }) => {
          const on = differences[name] ?? has[etcd]
          const { [name]: _, ...others } = differences
          const otherwise = on !== has[etcd]
          return (
            <tr key={name}>
              <th scope="row">
                <label className="check">
                  <input
                    type="checkbox"
                    checked={on}
                    aria-describedby={`difference-${name}`}
                    onChange={() =>
                      onSwitch(on === has[etcd] ? { ...others, [name]: !on } : others)
                    }
                  />
                  {title}
                  {otherwise && <span className="bad">not as {etcd}</span>}
                </label>
                <p id={`difference-${name}`} className="muted small">
                  {what} ({source})
                </p>
              </th>
              {VERSIONS.map((version) => (
                <td key={version} data-current={version === etcd || undefined}>
                  {has[version] ? 'yes' : <span className="muted">no</span>}
                </td>
              ))}
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
