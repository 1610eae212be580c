import { expect, test } from 'vitest'
import { keyName, type PresentFocus, presentActFor } from './present-keys'

const press = (key: string, focus: PresentFocus = 'none', shortcuts = true, modified = false) =>
  presentActFor({ key, shift: false, modified }, focus, 3, shortcuts)

test('slide remotes go from stop to stop, with any focus', () => {
  for (const focus of ['none', 'button', 'choice', 'slider', 'hands', 'field', 'flag'] as const) {
    expect(press('PageDown', focus), focus).toBe('next')
    expect(press('PageUp', focus), focus).toBe('previous')
  }
  expect(['ArrowRight', 'ArrowDown', '.', 'ArrowLeft', 'ArrowUp'].map((key) => press(key))).toEqual(
    ['next', 'next', 'next', 'previous', 'previous'],
  )
})

test('the arrows move the flag that was taken, and count hands', () => {
  expect(press('ArrowRight', 'flag')).toBeNull()
  expect(press('ArrowUp', 'hands')).toBeNull()
  expect(press('ArrowRight', 'hands')).toBe('next')
})

test('a letter goes to its answer, from a field for hands too; there Enter shows the answer', () => {
  expect(press('a')).toEqual({ choice: 0 })
  expect(press('C', 'hands')).toEqual({ choice: 2 })
  expect(press('d')).toBeNull()
  expect(press('7', 'hands')).toBeNull()
  expect(press('Enter', 'hands')).toBe('answer')
  expect(press('Enter')).toBeNull()
})

test('Escape leaves, from a field for hands only the field; a text field keeps its characters', () => {
  expect([press('Escape'), press('p')]).toEqual(['leave', 'leave'])
  expect(press('Escape', 'hands')).toBeNull()
  expect(['Escape', '.', 'n', 'a', 'ArrowLeft'].map((key) => press(key, 'field'))).toEqual([
    null,
    null,
    null,
    null,
    null,
  ])
})

test('without shortcuts no single character is a key; with Ctrl no key counts', () => {
  expect(['.', 'n', 'q', 'p', 'a'].map((key) => press(key, 'none', false))).toEqual([
    null,
    null,
    null,
    null,
    null,
  ])
  expect(press('PageDown', 'none', false)).toBe('next')
  expect(press('PageDown', 'none', true, true)).toBeNull()
})

test('a room reads keys by their names', () => {
  expect([' ', 'ArrowRight', 'a', 'PageDown'].map(keyName)).toEqual(['Space', '→', 'A', 'PageDown'])
})
