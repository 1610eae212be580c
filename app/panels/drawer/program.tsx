import { lazy, Suspense, useState } from 'react'
import { parseScript } from '../../../engine/client/script/parse'
import { useApp, useUi } from '../parts/app-context'
import { useSource } from './setup'

// The editor is the heaviest thing of the lab: it comes when somebody wants to write.
const Editor = lazy(() => import('./editor'))

const check = (text: string) => parseScript(text).faults

/** The program to change; its mistakes are marked where they are, and listed. */
export default function ProgramPane() {
  const { ui } = useApp()
  const setup = useUi((state) => state.labSetup)
  const source = useSource()
  // Taking the changes back starts the editor anew.
  const [rounds, setRounds] = useState(0)
  const faults = check(source)
  return (
    <div className="program-pane">
      <Suspense fallback={<p className="empty">The editor is being fetched…</p>}>
        <Editor
          label="Program"
          text={source}
          source={`${setup.recipe} ${rounds}`}
          check={check}
          onChange={(text) => ui.setState(({ labSetup }) => ({ labSetup: { ...labSetup, source: text } }))}
        />
      </Suspense>
      <div role="status" className="program-faults">
        {faults.length === 0 ? (
          <p>
            <span aria-hidden="true">✓</span> No mistake. Start runs it.
          </p>
        ) : (
          <ul>
            {faults.map(({ line, column, message }) => (
              <li key={`${line} ${column} ${message}`}>
                <b>
                  <span aria-hidden="true">✕</span> line {line}, column {column}:
                </b>{' '}
                {message}
              </li>
            ))}
          </ul>
        )}
      </div>
      {setup.source !== null && (
        <button
          type="button"
          className="button small"
          onClick={() => {
            ui.setState({ labSetup: { ...setup, source: null } })
            setRounds(rounds + 1)
          }}
        >
          Take the changes back
        </button>
      )}
      <Words />
    </div>
  )
}

const words: [code: string, means: string][] = [
  ['lease = grant 10', 'a lease of ten seconds'],
  ['keep lease · drop lease · revoke lease', 'heartbeat on, off; the end of it'],
  ['found = get /lock', 'its value, or nothing; also found.create, found.mod'],
  ['first = oldest /q/ · newest /q/ before mine.create', 'of the keys with a prefix, by creation'],
  ['put /lock $me with lease', '$me is the client’s name'],
  ['won = create /lock $me with lease', 'a transaction: only where there is no such key'],
  ['delete /lock if value = $me', 'a transaction; also: if create = won.create'],
  [
    'won = txn if create /a = 0 and value /b = x then put /a y and now = get /b else delete /b',
    'any transaction; mod, version and lease, !=, < and > too',
  ],
  ['wait /lock deleted · now = wait any /q/ changed', 'by a watch; changed tells what was put'],
  ['token = lock /job with lease · trylock … · unlock /job', 'concurrency.Mutex in one line'],
  ['lead = campaign /leader $me with lease · proclaim /leader x · resign /leader', 'concurrency.Election'],
  ['led = observe /leader', 'the next leader or value that the election tells'],
  ['enter /lock · leave', 'the critical section'],
  ['ok = write hello with token token', 'to the storage'],
  ['if not found goto try · if live lease goto on', 'live: by the client’s own clock'],
  ['sleep 500ms · goto try · stop', 'try: alone on a line is a label; … or goto try after a call catches its error'],
]

function Words() {
  return (
    <details className="lab-words">
      <summary>What a line may say</summary>
      <dl>
        {words.map(([code, means]) => (
          <div key={code}>
            <dt>
              <code>{code}</code>
            </dt>
            <dd>{means}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
