// The panels that the reader can open now, in the order of the rail.

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

/** A phone has room for three panels beside What if…, and a program is more useful than the log. */
export function isInSheet(panel: Panel, panels: readonly PanelButton[]): boolean {
  const third =
    (['stops', 'program'] as const).find((each) => panels.some((there) => there.panel === each)) ??
    'log'
  return panel === 'why' || panel === 'console' || panel === third
}

/** The last panels appear when they have content. The `open` panel always appears. */
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
