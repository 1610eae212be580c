import { useApp, useRun } from '../parts/app-context'

/**
 * Says that the engine, or its file, takes long, and offers to stop it. It floats above the
 * transport, so that nothing moves.
 */
export function Working() {
  const { stopEngine } = useApp()
  const waiting = useRun((state) => state.waiting)
  return (
    <p className="working" role="status" aria-label="Engine">
      {waiting !== 'none' && (
        <span>
          {waiting === 'loading' || waiting === 'stalled' ? 'loading the engine…' : 'working…'}
        </span>
      )}
      {waiting === 'long' && (
        <button
          type="button"
          className="pick"
          title="End this and go back to the run before"
          onClick={stopEngine}
        >
          Stop
        </button>
      )}
      {waiting === 'stalled' && (
        <button
          type="button"
          className="pick"
          title="Load the page again"
          onClick={() => location.reload()}
        >
          Reload
        </button>
      )}
    </p>
  )
}
