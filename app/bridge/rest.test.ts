import { expect, test } from 'vitest'
import { createClock } from './clock'
import { createRest } from './rest'

/** A loop whose animation frames come on the test's command. */
function loop() {
  const frames: ((wallTime: number) => void)[] = []
  let running = true
  const rest = createRest(
    (callback) => frames.push(callback),
    () => running,
  )
  let ticks = 0
  const clock = createClock({ requestFrame: rest.requestFrame, isCalm: () => false }, () => {
    ticks++
    return true
  })
  const turn = (times: number) => {
    for (let i = 0; i < times; i++) frames.shift()?.(i)
    return { ticks, waiting: frames.length }
  }
  const stand = () => {
    running = false
  }
  return { rest, clock, turn, stand }
}

test('a paused run is painted, in view or not', () => {
  const { clock, turn, stand } = loop()
  stand()
  clock.wake()
  expect(turn(5)).toEqual({ ticks: 5, waiting: 1 })
})

test('a playing run out of view causes no requests and no frames', () => {
  const { clock, turn } = loop()
  clock.wake()
  expect(turn(5)).toEqual({ ticks: 0, waiting: 0 })
})

test('the loop runs in view, rests off the screen, and continues when back in view', () => {
  const { rest, clock, turn } = loop()
  rest.see(true)
  clock.wake()
  expect(turn(5)).toEqual({ ticks: 5, waiting: 1 })
  rest.see(false)
  clock.wake()
  expect(turn(5)).toEqual({ ticks: 5, waiting: 0 })
  rest.see(true)
  rest.see(true)
  expect(turn(5)).toEqual({ ticks: 10, waiting: 1 })
})
