import { expect, test } from 'vitest'
import type { ToWorker } from '../../engine/worker/protocol'
import { createPrefsStore } from '../store/prefs'
import { createRunStore } from '../store/run'
import { createUiStore } from '../store/ui'
import { createCommands } from './commands'

function page() {
  const [run, sent] = [createRunStore(), [] as ToWorker[]]
  const prefs = createPrefsStore(() => ({ getItem: () => null, setItem() {}, removeItem() {} }))
  const send = (message: ToWorker) => void sent.push(message)
  const commands = createCommands({
    run,
    ui: createUiStore(),
    prefs,
    send,
    isCalm: () => false,
    copy: async () => true,
  })
  return { run, sent, commands }
}

test('Play and pause leave the speed as it is: the page may not have heard yet of the last one', () => {
  const { sent, commands } = page()
  commands.setSpeed(20)
  commands.toggle()
  commands.pause()
  expect(sent).toEqual([
    { type: 'speed', speed: 20 },
    { type: 'pace', playing: true },
    { type: 'pace', playing: false },
  ])
})

test('two steps of the speed before the next frame are two steps', () => {
  const { run, sent, commands } = page()
  commands.changeSpeed(true)
  commands.changeSpeed(true)
  expect(sent).toEqual([2, 5].map((speed) => ({ type: 'speed', speed })))
  run.setState({ speed: 5 })
  commands.changeSpeed(false)
  expect(sent.at(-1)).toEqual({ type: 'speed', speed: 2 })
})

test('another run begins at 1×, after any speed of the last one', () => {
  const { run, sent, commands } = page()
  run.setState({ speed: 100 })
  commands.openOpening()
  commands.changeSpeed(true)
  expect(sent.at(-1)).toEqual({ type: 'speed', speed: 2 })
})
