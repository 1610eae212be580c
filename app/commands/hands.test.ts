import { expect, test } from 'vitest'
import { OPEN_QUESTION as ask } from '../scene/test-story'
import { choicesOf, handsText, leading, readHands, typedText } from './hands'

const TIMES = [14_200, 18_200, 21_900]

test('a question about a time offers times in tenths; none is marked before the verdict', () => {
  expect(choicesOf(ask, TIMES)).toEqual([
    { letter: 'A', word: '14.2 s', answer: 14_200, right: null },
    { letter: 'B', word: '18.2 s', answer: 18_200, right: null },
    { letter: 'C', word: '21.9 s', answer: 21_900, right: null },
  ])
  expect(choicesOf({ ...ask, truth: 21_915 }, TIMES).map(({ right }) => right)).toEqual([
    false,
    false,
    true,
  ])
  expect(choicesOf(ask, null)).toEqual([])
  expect(choicesOf(null, TIMES)).toEqual([])
})

test('choices are answered by their place, names by themselves', () => {
  const choose = choicesOf({ ...ask, kind: 'choose', choices: ['yes', 'no'], truth: 1 }, null)
  expect(choose).toMatchObject([
    { letter: 'A', answer: 0, right: false },
    { letter: 'B', answer: 1, right: true },
  ])
  expect(
    choicesOf({ ...ask, kind: 'which', of: 'lease', choices: ['L1', 'L2'] }, null),
  ).toMatchObject([{ answer: 'L1' }, { answer: 'L2' }])
})

test('the class answers with most hands; two answers with as many are none', () => {
  const choices = choicesOf(ask, TIMES)
  expect(leading(choices, [])).toBeNull()
  expect(leading(choices, [11, 6, 3])).toBe(14_200)
  expect(leading(choices, [6, 6, 3])).toBeNull()
})

test('the verdict counts hands, and says nothing before it', () => {
  const decided = choicesOf({ ...ask, truth: 21_915 }, TIMES)
  expect(handsText(choicesOf(ask, TIMES), [11, 6, 3])).toBeNull()
  expect(handsText(decided, [11, 6, 3])).toBe('3 of 20 hands were right.')
  expect(handsText(decided, [0, 0, 1])).toBe('1 of 1 hand was right.')
  expect(handsText(decided, [])).toBeNull()
})

test('hands are whole numbers of at most three digits', () => {
  expect(['', '0', '30', '999', '1000', '-1', '1.5', 'x'].map(readHands)).toEqual([
    0,
    0,
    30,
    999,
    null,
    null,
    null,
    null,
  ])
})

test('a key of another window types into a field for hands as it would there', () => {
  expect(typedText('11', 0, 2, '7')).toBe('7')
  expect(typedText('11', 1, 1, '7')).toBe('171')
  expect(typedText('12', 2, 2, 'Backspace')).toBe('1')
  expect(typedText('12', 0, 2, 'Backspace')).toBe('')
  expect(typedText('', 0, 0, 'Backspace')).toBe('')
  expect(['ArrowUp', 'Escape', 'x', 'F1'].map((key) => typedText('1', 0, 0, key))).toEqual([
    null,
    null,
    null,
    null,
  ])
})
