import type { Commands } from '../commands/commands'
import type { RunStore } from '../store/run'
import type { UiStore } from '../store/ui'
import { type Answer, isOtherEnd, observe, rewindTo, type SceneInput, stepScene, stopOnOf } from './machine'
import { OPENING_CLIENT } from './opening'

/** The line that the console is filled with when the reader goes on to it. */
export const FIRST_LINE = 'etcdctl lease grant 10'

export type Director = ReturnType<typeof createDirector>

/** Keeps the scene at what the run shows, and turns its buttons into the commands that any other control would send. */
export function createDirector(run: RunStore, ui: UiStore, commands: Commands) {
  function repace(): void {
    if (run.getState().playing) commands.play()
    else commands.pause()
  }
  function step(input: SceneInput): void {
    ui.setState(({ scene }) => ({ scene: stepScene(scene, input) }))
  }

  /** Pressed before the page knew of a lease: it is done as soon as there is one. */
  let pressedEarly = false
  function stopHeartbeat(): void {
    const { lease } = ui.getState().scene
    pressedEarly = lease === null
    if (lease === null) return
    step({ type: 'stop-pressed' })
    commands.heartbeat(OPENING_CLIENT, lease, false)
    commands.play()
  }

  // A scenario of the catalogue may have a client of the same name: it is not the one that the scene tells of.
  const rests = () => ui.getState().scenario !== null

  run.subscribe((state, before) => {
    if (rests()) return
    if (
      state.now === before.now &&
      state.clients === before.clients &&
      state.leases === before.leases &&
      state.log === before.log &&
      state.run === before.run
    )
      return
    const { scene } = ui.getState()
    const next = observe(scene, state)
    if (next === scene) return
    ui.setState({ scene: next })
    // However the heartbeat was stopped, the run now pauses on the end; and no longer does once it has come.
    if (stopOnOf(next) !== stopOnOf(scene)) repace()
    if (pressedEarly && next.lease !== null) stopHeartbeat()
  })
  run.subscribe((state, before) => {
    if (!rests() && before.playing && isOtherEnd(ui.getState().scene, state)) commands.play()
  })

  return {
    stopHeartbeat,
    answer: (answer: Answer) => step({ type: 'answered', answer }),
    rewind(): void {
      const { end } = ui.getState().scene
      if (end === null) return
      commands.pause()
      commands.seek(rewindTo(end))
    },
    renew(): void {
      const { lease } = ui.getState().scene
      if (lease === null) return
      commands.heartbeat(OPENING_CLIENT, lease, true)
      commands.play()
    },
    /** Past the moment at which the lease had ended before, and plays on from there. */
    skip(): void {
      const { end } = ui.getState().scene
      if (end === null) return
      commands.seek(end.at + 1)
      commands.play()
    },
    toConsole(): void {
      ui.setState({ tab: 'console', draft: FIRST_LINE })
    },
    dismiss(): void {
      step({ type: 'dismissed' })
      repace()
    },
    show: () => step({ type: 'shown' }),
  }
}
