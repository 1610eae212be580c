import { useApp, useRun } from '../parts/app-context'
import { Now } from '../parts/figure'
import { Icon } from '../parts/icon'
import './transport.css'

/** Time: to the start, back, play, forward, to the end; the clock; the speed. */
export function Transport() {
  const { commands, run } = useApp()
  const playing = useRun((state) => state.playing)
  return (
    <section className="transport" aria-label="Time">
      <div>
        <button type="button" className="icon-button" aria-label="To the start" onClick={() => commands.seek(0)}>
          <Icon name="start" />
        </button>
        <button type="button" className="icon-button" aria-label="Step back" onClick={() => commands.step('event', true)}>
          <Icon name="back" />
        </button>
        <button type="button" className="pick play" onClick={() => commands.toggle()}>
          <Icon name={playing ? 'pause' : 'play'} />
          {playing ? 'Pause' : 'Play'}
        </button>
        <button type="button" className="icon-button" aria-label="Step forward" onClick={() => commands.step('event', false)}>
          <Icon name="forward" />
        </button>
        <button type="button" className="icon-button" aria-label="To the end" onClick={() => commands.seek(run.getState().end)}>
          <Icon name="end" />
        </button>
      </div>
      <p className="clock">
        <Now /> <small>s</small>
      </p>
      <div className="transport-end" />
    </section>
  )
}
