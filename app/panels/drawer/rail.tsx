import type { Panel } from '../../store/ui'
import { useApp, usePrefs, useRun, useUi } from '../parts/app-context'
import { Icon, type IconName } from '../parts/icon'

const words: { panel: Panel; word: string; icon: IconName }[] = [
  { panel: 'why', word: 'Why?', icon: 'why' },
  { panel: 'log', word: 'Log', icon: 'log' },
  { panel: 'keys', word: 'Keys', icon: 'key' },
  { panel: 'console', word: 'Console', icon: 'console' },
  { panel: 'moves', word: 'Moves', icon: 'fork' },
  { panel: 'program', word: 'Program', icon: 'program' },
  { panel: 'storage', word: 'Storage', icon: 'storage' },
]

/** Opens the panels. The last ones are there when there is something behind them. */
export function Rail() {
  const { commands } = useApp()
  const open = useUi((state) => state.panel)
  const moves = usePrefs((state) => state.stepBy === 'move')
  const programs = useRun((state) => state.clients.some(({ script }) => script !== null))
  const storage = useRun((state) => state.storage !== null)
  const present: Record<Panel, boolean> = { why: true, log: true, keys: true, console: true, moves, program: programs, storage }
  const branches = useRun((state) => state.branches)
  const compare = useRun((state) => state.compare)
  return (
    <nav className="rail" aria-label="Panels">
      {words
        .filter(({ panel }) => present[panel] || panel === open)
        .map(({ panel, word, icon }) => (
          <button
            key={panel}
            type="button"
            title={word}
            aria-pressed={panel === open}
            aria-controls={panel === open ? 'drawer' : undefined}
            onClick={() => (panel === open ? commands.show(null) : panel === 'why' ? commands.whyNow() : commands.show(panel))}
          >
            <Icon name={icon} />
            <span className="rail-word">{word}</span>
          </button>
        ))}
      {branches.length > 1 && (
        <button
          type="button"
          title="Compare"
          aria-pressed={compare !== null}
          onClick={() => commands.compare(compare === null ? (branches.find(({ current }) => !current)?.id ?? null) : null)}
        >
          <Icon name="compare" />
          <span className="rail-word">Compare</span>
        </button>
      )}
    </nav>
  )
}
