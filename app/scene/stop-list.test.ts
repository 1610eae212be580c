import { expect, test } from 'vitest'
import type { Stop } from '../../engine/worker/protocol'
import { freed, NO_STOPS, type StopList, told, written } from './stop-list'

const stop = (second: number): Stop => ({ when: { type: 'at', at: second * 1000 } })
const [one, two, three] = [[stop(1)], [stop(1), stop(2)], [stop(3)]] as const

function after(...steps: ((state: StopList) => StopList)[]): StopList {
  return steps.reduce((state, step) => step(state), NO_STOPS)
}

test("the author's last list stays, even if the worker still sends an older list", () => {
  const state = after(
    (s) => written(s, one),
    (s) => written(s, two),
    (s) => told(s, one),
  )
  expect(state).toEqual({ list: two, waits: true, turn: 0 })
  expect(told(state, [...two])).toEqual({ list: two, waits: false, turn: 0 })
})

test('a list from elsewhere replaces it, and the form begins again', () => {
  const state = after(
    (s) => written(s, one),
    (s) => told(s, one),
    (s) => told(s, three),
  )
  expect(state).toEqual({ list: three, waits: false, turn: 1 })
  expect(told(state, three)).toBe(state)
})

test('after a deletion the next stop takes the place, and the form begins again', () => {
  const state = after(
    (s) => written(s, two),
    (s) => written(s, two.slice(1)),
  )
  expect(state).toEqual({ list: two.slice(1), waits: true, turn: 1 })
  expect(told(state, two.slice(1)).turn).toBe(1)
})

test('the same list is not sent again, so nothing waits for an answer that never comes', () => {
  const state = after((s) => told(s, one))
  expect(written(state, [...one])).toBe(state)
})

test("a refused list is replaced by the worker's list", () => {
  const state = after(
    (s) => told(s, one),
    (s) => written(s, two),
    freed,
    (s) => told(s, one),
  )
  expect(state.list).toEqual(one)
})
