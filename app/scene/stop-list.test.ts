import { expect, test } from 'vitest'
import type { Stop } from '../../engine/worker/protocol'
import { freed, NO_STOPS, type StopList, told, written } from './stop-list'

const stop = (second: number): Stop => ({ when: { type: 'at', at: second * 1000 } })
const [one, two, three] = [[stop(1)], [stop(1), stop(2)], [stop(3)]] as const

function after(...steps: ((state: StopList) => StopList)[]): StopList {
  return steps.reduce((state, step) => step(state), NO_STOPS)
}

test('what the author wrote last stays, whatever older list the worker still tells', () => {
  const state = after(
    (s) => written(s, one),
    (s) => written(s, two),
    (s) => told(s, one),
  )
  expect(state).toEqual({ list: two, waits: true, turn: 0 })
  expect(told(state, [...two])).toEqual({ list: two, waits: false, turn: 0 })
})

test('a list from elsewhere takes its place, and the form begins again', () => {
  const state = after(
    (s) => written(s, one),
    (s) => told(s, one),
    (s) => told(s, three),
  )
  expect(state).toEqual({ list: three, waits: false, turn: 1 })
  expect(told(state, three)).toBe(state)
})

test('where a stop is deleted the next one has its place, and the form begins again', () => {
  const state = after(
    (s) => written(s, two),
    (s) => written(s, two.slice(1)),
  )
  expect(state).toEqual({ list: two.slice(1), waits: true, turn: 1 })
  expect(told(state, two.slice(1)).turn).toBe(1)
})

test('the same list again is not sent, so that nothing waits for an answer that never comes', () => {
  const state = after((s) => told(s, one))
  expect(written(state, [...one])).toBe(state)
})

test('a refused list gives way to what is true', () => {
  const state = after(
    (s) => told(s, one),
    (s) => written(s, two),
    freed,
    (s) => told(s, one),
  )
  expect(state.list).toEqual(one)
})
