// Which panels can be opened now, in the order of the rail.

import type { Panel } from '../../store/ui'
import { usePrefs, useRun, useUi } from './app-context'
import type { IconName } from './icon'

export interface PanelButton {
  panel: Panel
  word: string
  icon: IconName
}

const all: readonly PanelButton[] = [
  { panel: 'why', word: 'Why?', icon: 'why' },
  { panel: 'log', word: 'Log', icon: 'log' },
  { panel: 'keys', word: 'Keys', icon: 'key' },
  { panel: 'console', word: 'Console', icon: 'console' },
  { panel: 'moves', word: 'Moves', icon: 'fork' },
  { panel: 'program', word: 'Program', icon: 'program' },
  { panel: 'storage', word: 'Storage', icon: 'storage' },
  { panel: 'inside', word: 'Inside', icon: 'hex' },
  { panel: 'growth', word: 'Growth', icon: 'many' },
  { panel: 'stops', word: 'Stops', icon: 'flag' },
]

/** On a phone three have room beside What if…, and a program is worth more than the log. */
export function isInSheet(panel: Panel, panels: readonly PanelButton[]): boolean {
  const third =
    (['stops', 'program'] as const).find((each) => panels.some((there) => there.panel === each)) ??
    'log'
  return panel === 'why' || panel === 'console' || panel === third
}

/** The last ones are there when there is something behind them; `open` is there in any case. */
export function usePanels(open: Panel | null): readonly PanelButton[] {
  const moves = usePrefs((state) => state.stepBy === 'move')
  const program = useRun((state) => state.clients.some(({ program }) => program !== null))
  const storage = useRun((state) => state.storage !== null)
  const stops = useUi((state) => state.trying)
  const present: Partial<Record<Panel, boolean>> = {
    moves,
    program,
    storage,
    inside: false,
    growth: false,
    stops,
  }
  return all.filter(({ panel }) => panel === open || (present[panel] ?? true))
}
