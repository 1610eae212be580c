import { usableStep } from '../../commands/steps'
import { useApp, usePrefs, useRun, useUi } from '../parts/app-context'
import { Icon } from '../parts/icon'
import { lazyComponent, Part } from '../parts/lazy-part'
import { PHONE, useMedia } from '../parts/media'
import { Branches, useForkNotice } from './branches'
import { Clock } from './clock'
import { Replay } from './replay'
import { Speed } from './speed'
import { StepBy } from './step-by'
import { Undo } from './undo'
import { Working } from './working'
import './transport.css'

const openWhole = lazyComponent('The link', () => import('./open-whole'))
const phoneMore = lazyComponent('The menu', () => import('./phone-more'))

/**
 * Time: to the start, back, play, forward, to the end; the clock; the speed; and the commands for
 * the futures of a run.
 */
export function Transport() {
  const stopped = useRun((state) => state.stopped !== null)
  const phone = useMedia(PHONE)
  const embedded = useUi((state) => state.embedded)
  useForkNotice()
  return (
    <section className="transport" aria-label="Time" inert={stopped}>
      <Working />
      {phone || embedded ? (
        <>
          <div>
            {embedded && <End start />}
            <Step back />
            <Play />
            <Step back={false} />
          </div>
          <Clock />
          <div className="transport-end">
            <Part of={embedded ? openWhole : phoneMore} props={{}} />
          </div>
        </>
      ) : (
        <>
          <div>
            <End start />
            <Step back />
            <Play />
            <Step back={false} />
            <End start={false} />
            <span className="transport-line" />
            <StepBy />
          </div>
          <Clock />
          <div className="transport-end">
            <Speed />
            <Undo />
            <Branches />
            <Replay />
          </div>
        </>
      )}
    </section>
  )
}

export function Play() {
  const { commands } = useApp()
  const playing = useRun((state) => state.playing)
  return (
    <button
      type="button"
      className="pick play"
      title={playing ? 'Pause (Space)' : 'Play (Space)'}
      onClick={() => commands.toggle()}
    >
      <Icon name={playing ? 'pause' : 'play'} />
      {playing ? 'Pause' : 'Play'}
    </button>
  )
}

/** One step of the size that is selected beside it. */
function Step({ back }: { back: boolean }) {
  const { commands } = useApp()
  const by = usePrefs((state) => state.stepBy)
  const comparing = useRun((state) => state.compare !== null)
  const word = names[usableStep(by, comparing)][back ? 0 : 1]
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={word}
      title={word}
      onClick={() => commands.stepOnce(back)}
    >
      <Icon name={back ? 'back' : 'forward'} />
    </button>
  )
}

const names = {
  event: ['Previous event', 'Next event'],
  lease: ['Previous lease event', 'Next lease event'],
  fault: ['Previous fault', 'Next fault'],
  move: ['Previous move', 'Next move'],
  '100ms': ['100 ms back', '100 ms on'],
  '1s': ['1 s back', '1 s on'],
  difference: ['Previous difference', 'Next difference'],
} as const

function End({ start }: { start: boolean }) {
  const { commands, run } = useApp()
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={start ? 'To the start' : 'To the end'}
      title={start ? 'To the start (Home)' : 'To the end of what was played (End)'}
      onClick={() => commands.seek(start ? 0 : run.getState().end)}
    >
      <Icon name={start ? 'start' : 'end'} />
    </button>
  )
}
