import type { Spacing } from '../../draw/timeline/window'
import { useApp, useRun, useUi } from '../parts/app-context'
import { Icon } from '../parts/icon'
import { Menu } from '../parts/menu'

interface Props {
  /** The spacing in use. The panel Why? may have changed the spacing. */
  spacing: Spacing
  zoom(by: number | null): void
  table: boolean
  showTable(table: boolean): void
}

/** The menu at the corner of the timeline: mode, spacing, zoom and height. */
export function TimelineOptions({ spacing, zoom, table, showTable }: Props) {
  const { commands, prefs, run, ui } = useApp()
  const { mode, full, allRowsAt } = useUi((state) => state.timeline)
  const stop = useRun(({ story }) => (story?.show?.rows === undefined ? null : story.reached))
  const traffic = useUi((state) => state.heartbeats)
  const several = useRun((state) => state.members.length > 1)
  const space = (next: Spacing) => () => {
    prefs.setState({ spacing: next })
    commands.changeTimeline({
      window: null,
      spacing: null,
      spacedFor: run.getState().why?.event ?? null,
    })
  }
  const show = (next: typeof mode) => () => commands.changeTimeline({ mode: next })
  return (
    <Menu
      name="Timeline options"
      button={<Icon name="more" />}
      className="icon-button timeline-options"
      align="end"
      columns={() => [
        [
          {
            name: 'Show',
            items: [
              { word: 'Rows', checked: mode === 'rows', onChoose: show('rows') },
              { word: 'Space-time', checked: mode === 'space-time', onChoose: show('space-time') },
            ],
          },
          {
            name: 'Spacing',
            items: [
              { word: 'True time', checked: spacing === 'true', onChoose: space('true') },
              { word: 'By event', checked: spacing === 'event', onChoose: space('event') },
            ],
          },
          {
            items: [
              ...(stop === null
                ? []
                : [
                    {
                      word: allRowsAt === stop ? 'Rows of this stop' : 'All rows',
                      onChoose: () =>
                        commands.changeTimeline({ allRowsAt: allRowsAt === stop ? null : stop }),
                    },
                  ]),
              ...(several
                ? [
                    {
                      word: traffic
                        ? 'Hide messages between members'
                        : 'Show messages between members',
                      onChoose: () => ui.setState({ heartbeats: !traffic }),
                    },
                  ]
                : []),
              { word: table ? 'As a picture' : 'As a table', onChoose: () => showTable(!table) },
              { word: 'Zoom in', line: '+', onChoose: () => zoom(0.5) },
              { word: 'Zoom out', line: '-', onChoose: () => zoom(2) },
              { word: 'Fit', line: '0', onChoose: () => zoom(null) },
              {
                word: full ? 'Normal height' : 'Full height',
                line: 'F',
                onChoose: () => commands.changeTimeline({ full: !full }),
              },
            ],
          },
        ],
      ]}
    />
  )
}
