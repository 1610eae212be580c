// What a stop of the story shows, once it is reached. The reader's own choice after that wins.

import type { StoryView } from '../../engine/worker/protocol'
import type { RunStore } from '../store/run'
import type { UiStore } from '../store/ui'
import type { Commands } from './commands'

/**
 * Opens the panel of each stop that is reached from now on. A run that came with its panel keeps
 * that one until its next stop.
 */
export function followStops(
  run: RunStore,
  ui: UiStore,
  commands: Pick<Commands, 'show' | 'whyNow'>,
): void {
  run.subscribe(({ story, opened }, before) => {
    if (story?.reached === before.story?.reached && opened === before.opened) return
    if (ui.getState().embedded) return followClosely(ui, commands, panelForRoom(story))
    const panel = story?.show?.panel
    if (panel === undefined || (opened !== before.opened && ui.getState().brought)) return
    if (panel === 'why') commands.whyNow()
    else commands.show(panel)
  })
}

/**
 * In an embedded page a panel lies over the stage and no rail leads back to it: it comes where its
 * stop needs it, and goes with the next one.
 */
function followClosely(
  ui: UiStore,
  commands: Pick<Commands, 'show'>,
  needed: NeededPanel | null,
): void {
  const { panel } = ui.getState()
  if (needed !== null || panel === 'inside' || panel === 'growth') commands.show(needed)
}

/**
 * A panel without which its stop cannot be understood: nothing of it is on the stage or the
 * timeline.
 */
export type NeededPanel = 'inside' | 'growth'

/**
 * The panel that takes the timeline's place in Present, where there is no drawer. A question about
 * a time keeps the timeline, on which its flag is.
 */
export function panelForRoom(story: StoryView | null): NeededPanel | null {
  const panel = story?.show?.panel
  if (story?.ask?.kind === 'when' && story.ask.state === 'open') return null
  return panel === 'inside' || panel === 'growth' ? panel : null
}
