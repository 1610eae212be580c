import { canReplay } from '../../commands/replay'
import { useRun } from '../parts/app-context'
import { Icon } from '../parts/icon'
import { lazyComponent, Part } from '../parts/lazy-part'
import { usePopover } from '../parts/popover'

const replayForm = lazyComponent('The form', () => import('../menus/replay-form'))

/** Replay appears once the run has something to replay. */
export function Replay() {
  const { trigger, box, open, close } = usePopover('end')
  const offered = useRun((state) => canReplay(state.story, state.end))
  if (!offered) return null
  return (
    <>
      <span className="transport-line" />
      <button
        type="button"
        className="replay-button"
        title="The same commands with other numbers, as a branch"
        {...trigger}
      >
        <Icon name="replay" />
        <span className="replay-word">Replay with…</span>
      </button>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would not be a popover */}
      <div className="popover" role="group" aria-label="Replay with other numbers" {...box}>
        {open && (
          <div className="replay-box">
            <h3>Replay with other numbers</h3>
            <Part of={replayForm} props={{ onDone: close }} />
          </div>
        )}
      </div>
    </>
  )
}
