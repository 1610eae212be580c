// The same run with another library in one client, as a branch that is compared with this one.

import { type FormEvent, useId, useState } from 'react'
import { visible } from '../../../engine/text/visible'
import {
  LIBRARIES,
  LIBRARY_NAMES,
  LIBRARY_NOTES,
  libraryChange,
  libraryOf,
} from '../../commands/libraries'
import { useApp, useRun } from '../parts/app-context'

/** `clients`: the clients to choose from. A single one has no field. */
export function LibraryForm({ clients, onDone }: { clients: readonly string[]; onDone(): void }) {
  const { commands } = useApp()
  const config = useRun((state) => state.config)
  const id = useId()
  const [client = '', setClient] = useState(clients[0])
  const [library, setLibrary] = useState('')
  if (config === null) return null
  const now = libraryOf(config, client)
  const others = LIBRARIES.filter((each) => each !== now)
  // etcdctl's library belongs to a terminal: a program seldom has it.
  const first = others.find((each) => each !== 'etcdctl') ?? now
  const chosen = others.find((each) => each === library) ?? first
  const change = libraryChange(config, client, chosen)
  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    if (change === null) return
    commands.again({ library: change })
    onDone()
  }
  return (
    <form className="step-form" onSubmit={onSubmit}>
      {clients.length > 1 && (
        <div className="step-row">
          <label htmlFor={`${id}-client`}>Client</label>
          <select
            id={`${id}-client`}
            value={client}
            onChange={(event) => setClient(event.target.value)}
          >
            {clients.map((each) => (
              <option key={each} value={each}>
                {visible(each)}
              </option>
            ))}
          </select>
        </div>
      )}
      <div className="step-row">
        <label htmlFor={`${id}-library`}>In place of {LIBRARY_NAMES[now]}</label>
        <select
          id={`${id}-library`}
          value={chosen}
          aria-describedby={`${id}-note`}
          onChange={(event) => setLibrary(event.target.value)}
        >
          {others.map((each) => (
            <option key={each} value={each}>
              {LIBRARY_NAMES[each]}
            </option>
          ))}
        </select>
      </div>
      <p id={`${id}-note`} className="muted small library-note">
        {LIBRARY_NOTES[chosen]}
      </p>
      <p className="step-end">
        <button type="submit" className="pick">
          Replay and compare
        </button>
      </p>
    </form>
  )
}
