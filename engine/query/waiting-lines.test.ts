import { expect, test } from 'vitest'
import { Timeline } from '../replay/timeline'
import { DEFAULT_CONFIG } from '../sim/command'
import { clientViews } from './clients'
import { Ledger } from './ledger'

test('a terminal shows the waiting lines of a script, until none is left', () => {
  const timeline = new Timeline({
    leasescope: 1,
    seed: 1,
    config: DEFAULT_CONFIG,
    commands: [
      {
        type: 'console',
        terminal: 't1',
        text: 'sleep 1\n# a note\nsleep 2\necho done',
        mode: 'strict',
        at: 0,
      },
    ],
  })
  const waiting = () => {
    const ledger = new Ledger()
    ledger.follow(timeline.trace)
    return clientViews({ sim: timeline.sim, ledger, last: timeline.lastEvent }).find(
      ({ id }) => id === 't1',
    )?.instructions
  }
  timeline.advance(500)
  expect(waiting()).toEqual(['# a note', 'sleep 2', 'echo done'])
  timeline.advance(1500)
  expect(waiting()).toEqual(['echo done'])
  timeline.advance(4000)
  expect(waiting()).toEqual([])
})
