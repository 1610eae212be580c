import { expect, test } from 'vitest'
import { scaleOf, TRUE_AXIS } from '../../draw/timeline/scale'
import { OPEN_QUESTION, STORY_AT_START } from '../../scene/test-story'
import type { Draft } from '../../store/ui'
import { axisLabels, axisPlaces, FIRST_MS } from './flags'

const scale = scaleOf(TRUE_AXIS, { from: 0, to: 20_000 }, 128, 960)
const half = { now: 22, flag: 46, truth: 60, parts: 60 }

test('labels of the axis do not overlap, wherever now and the fork are', () => {
  for (let now = 3000; now < 17_000; now += 500)
    for (const parts of [now - 900, now, now + 300])
      for (const flag of ['first', now + 400, now + 2500] as const)
        for (const truth of [null, now - 200, now + 2600]) {
          const places = axisPlaces(scale, now, { flag, truth, parts })
          const all = [['now', scale.x(now)], ...Object.entries(places)].filter(
            (each): each is [keyof typeof half, number] => each[1] !== null,
          )
          for (const [a, x] of all)
            for (const [b, y] of all)
              if (a < b)
                expect(Math.abs(x - y), `${a} and ${b} at ${now}`).toBeGreaterThanOrEqual(
                  half[a] + half[b],
                )
        }
})

test('a label without neighbours is at its time', () => {
  expect(axisPlaces(scale, 5000, { flag: 'first', truth: 15_000, parts: 1000 })).toEqual({
    flag: scale.x(5000 + FIRST_MS),
    truth: scale.x(15_000),
    parts: scale.x(1000),
  })
  expect(axisPlaces(scale, 5000, { flag: null, truth: null, parts: null })).toEqual({
    flag: null,
    truth: null,
    parts: null,
  })
})

test('a flag waits while its question is open, and disappears when the reader gave no answer', () => {
  const story = (state: 'open' | 'decided') => ({
    ...STORY_AT_START,
    reached: 0,
    at: 0,
    here: true,
    ask: { ...OPEN_QUESTION, state },
  })
  expect(axisLabels(story('open'), null, 7).flag).toBe('first')
  expect(axisLabels(story('open'), { stop: 0, answer: 9000 } as Draft, 7)).toEqual({
    flag: 9000,
    truth: null,
    parts: 7,
  })
  expect(axisLabels(story('decided'), null, null).flag).toBeNull()
})
