import { expect, test } from 'vitest'
import { NEW_RUN_CONFIG } from '../../engine/sim/command'
import type { Config, Recording, ToWorker } from '../../engine/worker/protocol'
import { opening, openingStory } from '../scene/opening'
import { createPrefsStore } from '../store/prefs'
import { createRunStore } from '../store/run'
import { createUiStore, type UiState } from '../store/ui'
import { createCommands } from './commands'

/** The run that `start` opens while a run of that version is on the page. */
function started(
  etcd: Config['etcd'],
  ui: Partial<UiState>,
  start: (commands: ReturnType<typeof createCommands>) => void,
): Recording {
  const run = createRunStore()
  const uiStore = createUiStore()
  run.setState({ config: { ...opening.config, etcd }, seed: 9 })
  uiStore.setState(ui)
  const sent: ToWorker[] = []
  const prefs = createPrefsStore(() => {
    throw new Error('no storage')
  })
  const commands = createCommands({
    run,
    ui: uiStore,
    prefs,
    send: (message) => sent.push(message),
    isCalm: () => true,
    copy: async () => true,
  })
  start(commands)
  const message = sent.find(({ type }) => type === 'open')
  if (message?.type !== 'open') throw new Error('no run was opened')
  return message.recording
}

const ways = [
  ['My run', (commands: ReturnType<typeof createCommands>) => commands.openCluster(3)],
  [
    'a recipe',
    (commands: ReturnType<typeof createCommands>) =>
      commands.startLab({ source: 'stop', clients: 2, members: 1, checkTokens: false }),
  ],
] as const

test.each(ways)(
  '%s is of the version of new runs, after a story and after a run from elsewhere',
  (_, start) => {
    expect(opening.config.etcd).toBe(NEW_RUN_CONFIG.etcd)
    expect(started('3.4', { scenario: openingStory }, start).config.etcd).toBe('3.6')
    expect(started('3.4', { foreign: 'link' }, start).config.etcd).toBe('3.6')
    expect(started('3.4', { foreign: 'file' }, start).config.etcd).toBe('3.6')
  },
)

test.each(ways)(
  '%s goes on with the version that the reader chose for a run of their own',
  (_, start) => {
    expect(started('3.5', {}, start)).toMatchObject({ seed: 9, config: { etcd: '3.5' } })
  },
)
