import { WhatIf } from '../menus/what-if'
import { useApp, useRun, useUi } from '../parts/app-context'
import { Icon } from '../parts/icon'
import { PHONE, useMedia } from '../parts/media'
import { isInSheet, type PanelButton, usePanels } from '../parts/panels'

/**
 * Opens the panels; on a phone it is the bar of their sheet, and the transport's menu has the
 * others.
 */
export function Rail() {
  const open = useUi((state) => state.panel)
  const phone = useMedia(PHONE)
  const panels = usePanels(open)
  return (
    <nav className="rail" aria-label="Panels">
      {panels
        .filter(({ panel }) => !phone || isInSheet(panel, panels))
        .map((button) => (
          <RailButton key={button.panel} button={button} open={button.panel === open} />
        ))}
      {phone ? <WhatIf inBar /> : <Compare />}
    </nav>
  )
}

function RailButton({
  button: { panel, word, icon },
  open,
}: {
  button: PanelButton
  open: boolean
}) {
  const { commands } = useApp()
  return (
    <button
      type="button"
      title={word}
      data-panel={panel}
      aria-pressed={open}
      aria-controls={open ? 'drawer' : undefined}
      onClick={() =>
        open
          ? commands.show(null)
          : panel === 'why'
            ? commands.whyNow()
            : panel === 'stops'
              ? commands.stopHere()
              : commands.show(panel)
      }
    >
      <Icon name={icon} />
      <span className="rail-word">{word}</span>
    </button>
  )
}

/** Compare has no panel: it replaces the stage. Its button appears with the second branch. */
function Compare() {
  const { commands } = useApp()
  const other = useRun((state) => state.branches.find(({ current }) => !current)?.id ?? null)
  const comparing = useRun((state) => state.compare !== null)
  if (other === null) return null
  return (
    <button
      type="button"
      title="Compare"
      aria-pressed={comparing}
      onClick={() => commands.compare(comparing ? null : other)}
    >
      <Icon name="compare" />
      <span className="rail-word">Compare</span>
    </button>
  )
}
