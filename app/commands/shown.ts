// The panel that a stop of the story opens when it is reached. A later choice of the reader wins.

import type { StoryView } from '../../engine/worker/protocol'
import type { RunStore } from '../store/run'
import type { UiStore } from '../store/ui'
import type { Commands } from './commands'

/**
 * Opens the panel of each stop that is reached from now on. A shared run keeps the panel it came
 * with until its next stop.
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
 * In an embedded page a panel covers the stage, and no rail leads back. The panel opens when its
 * stop needs it, and closes at the next stop.
 */
function followClosely(
  ui: UiStore,
  commands: Pick<Commands, 'show'>,
  needed: NeededPanel | null,
): void {
  const { panel } = ui.getState()
  if (needed !== null || panel === 'inside' || panel === 'growth') commands.show(needed)
}

/** A panel that its stop depends on: neither the stage nor the timeline shows its content. */
export type NeededPanel = 'inside' | 'growth'

/**
 * The panel that replaces the timeline in Present, which has no drawer. A question about a time
 * keeps the timeline, because its flag is there.
 */
export function panelForRoom(story: StoryView | null): NeededPanel | null {
  const panel = story?.show?.panel
  if (story?.ask?.kind === 'when' && story.ask.state === 'open') return null
  return panel === 'inside' || panel === 'growth' ? panel : null
}
