// What a stop of the story shows, once it is reached. The reader's own choice after that wins.

import type { RunStore } from '../store/run'
import type { UiStore } from '../store/ui'
import type { Commands } from './commands'

/** Opens the panel of each stop that is reached from now on. A run that came with its panel keeps that one until its next stop. */
export function followStops(run: RunStore, ui: UiStore, commands: Pick<Commands, 'show' | 'whyNow'>): void {
  run.subscribe(({ story, opened }, before) => {
    if (story?.reached === before.story?.reached && opened === before.opened) return
    const panel = story?.show?.panel
    if (panel === undefined || (opened !== before.opened && ui.getState().brought)) return
    if (panel === 'why') commands.whyNow()
    else commands.show(panel)
  })
}
