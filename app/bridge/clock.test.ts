import { expect, test } from 'vitest'
import { createClock } from './clock'

function made(calm = false) {
  let queued: ((wallTime: number) => void) | null = null
  const state = { busy: false, ticks: 0 }
  const clock = createClock(
    {
      requestFrame: (callback) => {
        queued = callback
      },
      isCalm: () => calm,
    },
    () => {
      state.ticks++
      return state.busy
    },
  )
  const frame = (wallTime: number) => {
    const run = queued
    queued = null
    run?.(wallTime)
    return run !== null
  }
  return { clock, frame, state, asleep: () => queued === null }
}

test('a painter paints when it comes, and then whenever the instant changes, until it goes', () => {
  const { clock, frame } = made()
  const painted: number[] = []
  const remove = clock.add((now) => painted.push(now))
  clock.set(100, true)
  clock.set(116, true)
  frame(16)
  expect(painted).toEqual([0, 116])
  remove()
  clock.set(200, true)
  frame(32)
  expect(painted).toEqual([0, 116])
})

test('the loop sleeps when there is nothing to ask and nothing to paint, and can be woken', () => {
  const { clock, frame, state, asleep } = made()
  clock.set(100, false)
  frame(0)
  expect(asleep()).toBe(true)
  clock.set(100, false)
  frame(16)
  expect(asleep()).toBe(true)
  state.busy = true
  clock.wake()
  frame(32)
  expect(asleep()).toBe(false)
  expect(state.ticks).toBe(3)
})

test('with reduced motion, countdowns are drawn once a second while playing, and at once when paused', () => {
  const { clock, frame } = made(true)
  const painted: number[] = []
  clock.add((now) => painted.push(now))
  for (const wall of [0, 300, 600, 999, 1000, 1500]) {
    clock.set(wall + 1, true)
    frame(wall)
  }
  expect(painted).toEqual([0, 1, 1001])
  clock.set(1600, false)
  frame(1600)
  expect(painted).toEqual([0, 1, 1001, 1600])
})
