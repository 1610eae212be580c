import { expect, test } from 'vitest'
import { FIRST_NEEDS } from '../../engine/text/ttl-needs'
import { ttlFigure, ttlFigures } from '../../engine/worker/ttl-figures'
import { advice, figureDetail, figureTitle, figureValue } from './ttl-words'

test('each figure is a sentence with its sum, and the value measured in the run', () => {
  const { figures, gap } = ttlFigures(FIRST_NEEDS)
  const said = figures.map(
    (figure) => `${figureTitle(figure)} ${figureValue(figure)}. ${figureDetail(figure, gap)}`,
  )
  expect(said[0]).toBe(
    'A client dies: its lease ends after at most 10.54 s. Seconds: 0.03 to the leader + 10 TTL + 0.5 next pass + 0.01 agreement. In the run: 10.54 s.',
  )
  expect(said[1]).toBe(
    'A client pauses: its lease survives up to 6.49 s. Seconds: 10 TTL − 3.507 between two keep-alives. In the run it survives that.',
  )
  expect(said[4]).toBe(
    'All clients send keep-alives 28.5 a second. One for each client every 3.51 s. In the run: 28.5.',
  )
  for (const text of said) expect(text).not.toMatch(/undefined|null|NaN/)
})

test('a lease whose keep-alives are too rare survives no pause', () => {
  const figure = ttlFigure('pause', { ...FIRST_NEEDS, ttlSeconds: 3, keepAliveMs: 5000 })
  expect(figureDetail(figure, 5000)).toBe(
    'The keep-alives come too seldom: the lease may end between two of them.',
  )
})

test('the advice names the least TTL, and says that etcd raises a short TTL', () => {
  expect(advice({ least: 6, granted: 10 }, FIRST_NEEDS)).toBe(
    '6 s is the least TTL that always survives a pause of 3 s.',
  )
  expect(
    advice({ least: null, granted: 2 }, { ...FIRST_NEEDS, ttlSeconds: 1, pauseMs: 60_000 }),
  ).toBe(
    'No TTL up to 120 s always survives a pause of 60 s. etcd raises a TTL of 1 s to 2 s, so that it outlives an election.',
  )
})
