import { expect, test } from 'vitest'
import { createClock } from './clock'
import { createRest, readEmbedded } from './embedded'

test.each([
  ['', null],
  ['?present', null],
  ['?embed', { play: false, theme: null }],
  ['?embed&play', { play: true, theme: null }],
  ['?theme=dark&embed=1', { play: false, theme: 'dark' }],
  ['?embed&theme=pink', { play: false, theme: null }],
])('the address %s', (search, embedded) => {
  expect(readEmbedded(search)).toEqual(embedded)
})

/** A loop whose animation frames come when the test says so. */
function loop() {
  const frames: ((wallTime: number) => void)[] = []
  const rest = createRest((callback) => frames.push(callback))
  let ticks = 0
  const clock = createClock({ requestFrame: rest.requestFrame, isCalm: () => false }, () => {
    ticks++
    return true
  })
  const turn = (times: number) => {
    for (let i = 0; i < times; i++) frames.shift()?.(i)
    return { ticks, waiting: frames.length }
  }
  return { rest, clock, turn }
}

test('until it is seen nothing is asked, and no frame is waited for', () => {
  const { clock, turn } = loop()
  clock.wake()
  expect(turn(5)).toEqual({ ticks: 0, waiting: 0 })
})

test('while it is seen the loop goes on; off the screen it rests; back on the screen it goes on', () => {
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
