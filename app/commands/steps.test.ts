import { expect, test } from 'vitest'
import { STEPS } from '../store/prefs'
import { stepMessage, stepsFor, stepWords, usableStep } from './steps'

test('a difference is a step while two branches are compared, and never else', () => {
  expect(stepsFor(false)).toEqual(['event', 'lease', 'fault', 'move', '100ms', '1s'])
  expect(stepsFor(true)).toEqual([...STEPS])
  expect(usableStep('difference', false)).toBe('event')
  expect(usableStep('difference', true)).toBe('difference')
  expect(usableStep('fault', false)).toBe('fault')
})

test('amounts of time are sought, everything else is stepped to', () => {
  expect(stepMessage('100ms', false, 50)).toEqual({ type: 'seek', at: 150 })
  expect(stepMessage('1s', true, 400)).toEqual({ type: 'seek', at: 0 })
  expect(stepMessage('fault', true, 400)).toEqual({ type: 'step', to: 'fault', back: true })
  expect(stepMessage('move', false, 400)).toEqual({ type: 'step', to: 'move', back: false })
})

test('each step has a word of its own', () => {
  expect(new Set(Object.values(stepWords)).size).toBe(STEPS.length)
})
