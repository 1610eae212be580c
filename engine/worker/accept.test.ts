import { expect, test } from 'vitest'
import { accept } from './accept'
import type { ToWorker } from './protocol'

const TAKEN: ToWorker[] = [
  { type: 'pace', playing: true, speed: 1, slow: false },
  { type: 'step', to: 'move', back: true },
  { type: 'step', to: 'difference', back: false },
  {
    type: 'interest',
    interest: {
      leases: { from: 0, count: 10, sort: 'remaining', around: 412 },
      keys: { from: 0, count: 10 },
      log: { from: 'tail', count: 10 },
      lab: true,
      cells: true,
    },
  },
  { type: 'pace', playing: true },
]

test('valid messages of the page come through unchanged', () => {
  for (const message of TAKEN) expect(accept(message)).toEqual({ ok: true, message })
})

test('invalid messages are refused with the place', () => {
  expect(accept({ type: 'step', to: 'year', back: false })).toMatchObject({
    ok: false,
    reason: expect.stringMatching(/^step: to/),
  })
  expect(accept({ type: 'pace', playing: true, speed: 1, slow: 'yes' })).toMatchObject({
    ok: false,
    reason: expect.stringMatching(/^pace: slow/),
  })
  const [, , , asked] = TAKEN
  const around = {
    ...asked,
    interest: {
      ...(asked as { interest: object }).interest,
      leases: { from: 0, count: 1, sort: 'id', around: 1.5 },
    },
  }
  expect(accept(around)).toMatchObject({
    ok: false,
    reason: expect.stringMatching(/^interest: interest.leases.around/),
  })
})
