import { useApp, useUi } from '../parts/app-context'
import { CopyIcon } from '../parts/icons'

/** The last gesture as a shell line: what a button did is what could have been typed. */
export function GestureStrip() {
  const gesture = useUi((state) => state.gesture)
  const { commands } = useApp()
  if (gesture === null) return null
  return (
    <p className="strip">
      <span className="strip-word">{gesture.includes('etcdctl') ? 'as etcdctl:' : 'as typed:'}</span> <code title={gesture}>{gesture}</code>
      <button
        type="button"
        className="button small icon-only"
        aria-label="Copy the line"
        title="Copy the line"
        onClick={() => void commands.copyText(gesture, 'Line')}
      >
        <CopyIcon />
      </button>
    </p>
  )
}
