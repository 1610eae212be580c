import { canReplay } from '../../commands/replay'
import ReplayForm from '../menus/replay-form'
import { useApp, useRun, useUi } from '../parts/app-context'
import { Icon } from '../parts/icon'
import { Menu, type MenuGroup } from '../parts/menu'
import { isInSheet, usePanels } from '../parts/panels'
import BranchList from './branch-list'
import { Speed } from './speed'
import { useStepItems } from './step-by'

/** The rest of the transport, on a phone. */
export default function PhoneMore() {
  const { commands, run } = useApp()
  const steps = useStepItems()
  const open = useUi((state) => state.panel)
  const panels = usePanels(open)
  const other = useRun((state) => state.branches.find(({ current }) => !current)?.id ?? null)
  const comparing = useRun((state) => state.compare !== null)
  const speed = useRun((state) => state.speed)
  const undo = useRun((state) => state.undo)
  const redo = useRun((state) => state.redo)
  const several = useRun((state) => state.branches.length > 1)
  const replay = useRun((state) => canReplay(state.story, state.end))
  const columns = (): MenuGroup[][] => [
    [
      {
        items: [
          { word: 'To the start', icon: 'start', onChoose: () => commands.seek(0) },
          { word: 'To the end', icon: 'end', onChoose: () => commands.seek(run.getState().end) },
          { word: 'Speed…', line: `${speed}×`, icon: 'clock', step: () => <Speed /> },
        ],
      },
      {
        items: [
          {
            word: 'Undo',
            note: undo ?? '',
            icon: 'undo',
            off: undo === null ? 'Nothing to undo' : null,
            onChoose: commands.undo,
          },
          {
            word: 'Redo',
            note: redo ?? '',
            icon: 'redo',
            off: redo === null ? 'Nothing to redo' : null,
            onChoose: commands.redo,
          },
          ...(several
            ? [{ word: 'Branches…', icon: 'branch' as const, step: () => <BranchList /> }]
            : []),
          ...(replay
            ? [
                {
                  word: 'Replay with…',
                  icon: 'replay' as const,
                  step: (done: () => void) => <ReplayForm onDone={done} />,
                },
              ]
            : []),
        ],
      },
      {
        name: 'Panels',
        items: [
          ...panels
            .filter(({ panel }) => !isInSheet(panel, panels))
            .map(({ panel, word, icon }) => ({ word, icon, onChoose: () => commands.show(panel) })),
          ...(other === null
            ? []
            : [
                {
                  word: comparing ? 'Close compare' : 'Compare',
                  icon: 'compare' as const,
                  onChoose: () => commands.compare(comparing ? null : other),
                },
              ]),
        ],
      },
      { name: 'Step by', items: steps.map(({ line: _, ...item }) => item) },
    ],
  ]
  return (
    <Menu
      name="More of the transport"
      className="icon-button"
      align="end"
      button={<Icon name="more" />}
      columns={columns}
    />
  )
}
