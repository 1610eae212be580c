import type { ReactNode } from 'react'
import { keyTable } from '../../commands/keys'
import { presentKeyTable } from '../../commands/present-keys'
import { useApp, usePrefs } from '../parts/app-context'
import { Dialog } from './dialog'

/** The idea, the keys, and the meaning of the shapes. */
export default function HelpDialog({ onClose }: { onClose(): void }) {
  const { prefs } = useApp()
  const shortcuts = usePrefs((state) => state.shortcuts)
  return (
    <Dialog title="Help" wide onClose={onClose}>
      <p>
        A lease is a promise with a time limit. etcd keeps a key only while its lease is renewed.
        Here time is virtual: pause it, step it, go back, and change what happens.
      </p>
      <p>
        At the left is what clients believe, in the middle how the members agree, at the right what
        is true. <b>Colour is the truth</b> of the store. <b>Ink is belief</b>. <b>Hatching</b>{' '}
        marks where they differ.
      </p>
      <div className="help-columns">
        <section aria-labelledby="help-keys">
          <h3 id="help-keys">Keys</h3>
          <KeyList table={keyTable} />
          <label className="check">
            <input
              type="checkbox"
              checked={shortcuts}
              onChange={(event) => prefs.setState({ shortcuts: event.target.checked })}
            />
            These keys are on
          </label>
        </section>
        <section aria-labelledby="help-shapes">
          <h3 id="help-shapes">Shapes</h3>
          <ul className="help-shapes">
            {shapes.map(({ word, shape }) => (
              <li key={word}>
                <svg viewBox="0 0 32 16" width="32" height="16" aria-hidden="true">
                  {shape}
                </svg>
                {word}
              </li>
            ))}
          </ul>
          <h3>Keys in Present</h3>
          <KeyList table={presentKeyTable} />
        </section>
      </div>
    </Dialog>
  )
}

function KeyList({ table }: { table: typeof keyTable }) {
  return (
    <dl className="help-keys">
      {table.map(({ keys, what }) => (
        <div key={keys}>
          <dt>
            {keys.split(/ \/ |, /).map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
          </dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
  )
}

const requestShape = (
  <>
    <path d="M2 8h26m-4-4 4 4-4 4" />
    <circle className="ink" cx="12" cy="8" r="4" />
  </>
)

const shapes: { word: string; shape: ReactNode }[] = [
  { word: 'lease granted', shape: <circle className="live" cx="16" cy="8" r="4" /> },
  { word: 'lease renewed', shape: <path className="renew" d="M11 8h10M16 3v10" /> },
  {
    word: 'lease expired or revoked',
    shape: <rect className="ink" x="12" y="4" width="8" height="8" />,
  },
  {
    word: 'new leader: a new deadline',
    shape: <path className="renew" d="M16 14V3m-4 4 4-4 4 4" />,
  },
  {
    word: 'no member counts: there is no leader',
    shape: <path className="grey hatch-lines" d="M4 14 12 2M12 14 20 2M20 14 28 2" />,
  },
  {
    word: 'acts, but its lease is gone',
    shape: <path className="red hatch-lines" d="M4 14 12 2M12 14 20 2M20 14 28 2" />,
  },
  {
    word: 'lock held, by the store',
    shape: <rect className="lock" x="4" y="4" width="24" height="8" rx="2" />,
  },
  {
    word: 'inside, by the client',
    shape: <rect className="ink" x="4" y="4" width="24" height="8" rx="2" />,
  },
  { word: 'request; a reply is hollow', shape: requestShape },
  { word: 'network cut', shape: <path className="red" d="M13 2v12M19 2v12" /> },
  { word: 'frozen', shape: <path className="line" d="M13 3v10M19 3v10" /> },
  { word: 'fault, or a broken rule', shape: <path className="red" d="m11 3 10 10m0-10L11 13" /> },
  { word: 'your answer', shape: <path className="ink" d="M11 14V2h11l-3 3 3 3H13v6z" /> },
]
