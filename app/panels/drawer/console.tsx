import { useEffect } from 'react'
import { TERMINAL } from '../../commands/gestures'
import { transcriptText } from '../../commands/transcript'
import { useApp, usePrefs, useRun } from '../parts/app-context'
import { focusConsole } from '../parts/focus'
import { Icon } from '../parts/icon'
import { Menu } from '../parts/menu'
import { PanelHead } from './panel-head'
import { Prompt } from './prompt'
import { Running } from './running'
import { Transcript } from './transcript'
import './console.css'

/** A terminal with etcdctl, on the run's own clock. */
export default function Console() {
  const { commands } = useApp()
  const all = useRun((state) => state.console)
  const answering = useRun((state) => state.answering)
  const waiting = useRun((state) => state.clients.find(({ id }) => id === TERMINAL)?.instructions)
  const entries = all.filter(({ terminal }) => terminal === TERMINAL)
  useEffect(() => {
    // A reader who opens it wants to type. On a touch screen, focus would open the keyboard.
    if (document.activeElement !== document.body && matchMedia('(pointer: fine)').matches)
      focusConsole()
  }, [])
  return (
    <>
      <PanelHead title="Console" quiet>
        <Mode />
        <button
          type="button"
          className="quiet"
          disabled={entries.length === 0}
          onClick={() => void commands.copyText(transcriptText(entries), 'Transcript')}
        >
          Copy
        </button>
      </PanelHead>
      <Transcript entries={entries} />
      <p className="sr-only" role="status">
        {answering ? 'The clock runs until the console has its answer' : ''}
      </p>
      <Running entries={entries} waiting={waiting ?? []} />
      <Prompt />
    </>
  )
}

/** The console's mode, and whether a line waits in a paused run. */
function Mode() {
  const { prefs } = useApp()
  const mode = usePrefs((state) => state.consoleMode)
  const hold = usePrefs((state) => state.hold)
  const modes = [
    { each: 'guided' as const, note: 'A note explains common mistakes.' },
    { each: 'strict' as const, note: 'It answers exactly as etcdctl does.' },
  ]
  const holds = [
    {
      each: false,
      word: 'Run the clock until the answer',
      note: 'A line of a paused run gets its answer at once.',
    },
    {
      each: true,
      word: 'Leave the line in flight',
      note: 'A line of a paused run waits for your steps.',
    },
  ]
  return (
    <Menu
      name="Console mode"
      label={`${mode}: console mode`}
      className="quiet"
      align="end"
      button={
        <>
          {mode}
          <Icon name="chevron" small />
        </>
      }
      columns={() => [
        [
          {
            name: 'Answers',
            items: modes.map(({ each, note }) => ({
              word: each,
              note,
              checked: mode === each,
              onChoose: () => prefs.setState({ consoleMode: each }),
            })),
          },
          {
            name: 'While paused',
            items: holds.map(({ each, word, note }) => ({
              word,
              note,
              checked: hold === each,
              onChoose: () => prefs.setState({ hold: each }),
            })),
          },
        ],
      ]}
    />
  )
}
