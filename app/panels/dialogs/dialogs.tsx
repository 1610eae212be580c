import { type ReactNode, useEffect, useRef } from 'react'
import { keyTable } from '../../commands/keys'
import { useApp, usePrefs, useRun, useUi } from '../parts/app-context'

function Dialog({ open, title, onClose, children }: { open: boolean; title: string; onClose(): void; children: ReactNode }) {
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (open) ref.current?.showModal()
    else ref.current?.close()
  }, [open])
  return (
    <dialog ref={ref} aria-labelledby={`${title}-title`} onClose={onClose}>
      {open && (
        <>
          <h2 id={`${title}-title`}>{title}</h2>
          {children}
          <form method="dialog">
            <button type="submit" className="button main">
              Close
            </button>
          </form>
        </>
      )}
    </dialog>
  )
}

export function HelpDialog() {
  const open = useUi((state) => state.help)
  const shortcuts = usePrefs((state) => state.shortcuts)
  const { ui, prefs } = useApp()
  return (
    <Dialog open={open} title="Help" onClose={() => ui.setState({ help: false })}>
      <p>
        A lease is a promise with a time limit. An etcd server keeps a key only while the lease that it hangs on is renewed. Here you can
        watch that on a virtual clock: pause it, step it, rewind it, and do something else instead.
      </p>
      <h3>Keys</h3>
      <table>
        <tbody>
          {keyTable.map(({ keys, what }) => (
            <tr key={keys}>
              <th scope="row">
                <kbd>{keys}</kbd>
              </th>
              <td>{what}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <label className="check">
        <input type="checkbox" checked={shortcuts} onChange={(event) => prefs.setState({ shortcuts: event.target.checked })} />
        These keys are on
      </label>
      <h3>Shapes</h3>
      <ul className="shapes">
        <li>
          <span aria-hidden="true">●</span> a live lease; a filled dot on a link is a request
        </li>
        <li>
          <span aria-hidden="true">▲</span> less than a quarter of its time is left
        </li>
        <li>
          <span aria-hidden="true">◆</span> its time is up, and the revoke has not been applied yet
        </li>
        <li>
          <span aria-hidden="true">○</span> gone; a hollow dot on a link is a reply
        </li>
        <li>
          <span className="hatch" aria-hidden="true" /> hatched: a client believes that it holds the lease, and it does not
        </li>
      </ul>
    </Dialog>
  )
}

/** Where the clipboard is not to be had, the recording is here to be copied by hand. */
export function RecordingDialog() {
  const text = useUi((state) => state.recordingText)
  const { ui } = useApp()
  return (
    <Dialog open={text !== null} title="Recording" onClose={() => ui.setState({ recordingText: null })}>
      <p>The browser did not allow copying. This is the whole run:</p>
      <textarea readOnly rows={10} aria-label="Recording" value={text ?? ''} onFocus={(event) => event.target.select()} />
    </Dialog>
  )
}

/** The worker did not take something; the run goes on as if it had not been sent. */
export function RefusedNotice() {
  const refused = useUi((state) => state.refused)
  const { ui } = useApp()
  return (
    <div role="status" aria-label="Not taken" className="refused-place">
      {refused !== null && (
        <div className="refused">
          <p>
            <b>✕ Not taken; the run goes on.</b> <code>{refused}</code>
          </p>
          <button type="button" className="button small" onClick={() => ui.setState({ refused: null })}>
            Dismiss
          </button>
        </div>
      )}
    </div>
  )
}

/** The engine threw: the page says so and does not limp on. */
export function StoppedBanner() {
  const stopped = useRun((state) => state.stopped)
  const { commands } = useApp()
  if (!stopped) return null
  const { recording } = stopped
  return (
    <div className="stopped" role="alert">
      <p>
        <b>✕ The run has stopped: something that cannot happen did.</b> <code>{stopped.message}</code>
      </p>
      {recording && (
        <button type="button" className="button" onClick={() => void commands.deliverRecording(JSON.stringify(recording))}>
          Copy recording
        </button>
      )}
      <button type="button" className="button" onClick={() => location.reload()}>
        Load the page again
      </button>
    </div>
  )
}
