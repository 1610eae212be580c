import { useApp, useRun, useUi } from '../parts/app-context'
import { lazyComponent, Part } from '../parts/lazy-part'
import './dialogs.css'

const helpDialog = lazyComponent('The help', () => import('./help-dialog'))
const library = lazyComponent('The library', () => import('./library'))
const recordingDialog = lazyComponent('The recording', () => import('./recording-dialog'))

/** The dialogs that the page itself opens. */
export function Dialogs() {
  const { ui } = useApp()
  const help = useUi((state) => state.help)
  const recording = useUi((state) => state.recordingText)
  const isLibrary = useUi((state) => state.library)
  return (
    <>
      {help && <Part of={helpDialog} props={{ onClose: () => ui.setState({ help: false }) }} />}
      {isLibrary && (
        <Part of={library} props={{ onClose: () => ui.setState({ library: false }) }} />
      )}
      {recording !== null && (
        <Part
          of={recordingDialog}
          props={{ text: recording, onClose: () => ui.setState({ recordingText: null }) }}
        />
      )}
      <StoppedBanner />
    </>
  )
}

/** The engine failed: the page says so, and offers the recording. */
function StoppedBanner() {
  const { commands } = useApp()
  const stopped = useRun((state) => state.stopped)
  if (!stopped) return null
  const { recording, message, what } = stopped
  return (
    <div className="stopped" role="alert">
      <p>
        <b className="bad">
          {what === 'not-loaded' ? 'The engine did not load.' : 'The engine stopped with an error.'}
        </b>{' '}
        <code>{message}</code>
      </p>
      {recording && (
        <button
          type="button"
          className="pick"
          onClick={() => void commands.deliverRecording(JSON.stringify(recording))}
        >
          Copy recording
        </button>
      )}
      <button type="button" className="pick" onClick={() => location.reload()}>
        Reload the page
      </button>
    </div>
  )
}
