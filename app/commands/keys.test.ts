import { expect, test } from 'vitest'
import { embeddedShortcut, focusOf, shortcutFor } from './keys'

const press = (key: string, shift = false, modified = false) => ({ key, shift, modified })

test('the keys of the help table', () => {
  expect(shortcutFor(press(' '), 'none', true)).toBe('toggle')
  expect(shortcutFor(press('ArrowRight'), 'none', true)).toBe('next-event')
  expect(shortcutFor(press('ArrowLeft', true), 'none', true)).toBe('previous-lease')
  expect(shortcutFor(press('['), 'none', true)).toBe('slower')
  expect(shortcutFor(press('Home'), 'none', true)).toBe('start')
  expect(shortcutFor(press('/'), 'none', true)).toBe('console')
  expect(shortcutFor(press('?', true), 'button', true)).toBe('help')
  expect(shortcutFor(press('x'), 'none', true)).toBeNull()
  expect(shortcutFor(press('toString'), 'none', true)).toBeNull()
})

test('a field takes every key, and the reader can have them all back', () => {
  for (const key of [' ', 'ArrowRight', '[', '/', '?', 'Home']) {
    expect(shortcutFor(press(key), 'field', true)).toBeNull()
    expect(shortcutFor(press(key), 'none', false)).toBeNull()
    expect(shortcutFor(press(key, false, true), 'none', true)).toBeNull()
  }
})

test('a control keeps the keys that operate it', () => {
  expect(shortcutFor(press(' '), 'button', true)).toBeNull()
  expect(shortcutFor(press('ArrowRight'), 'button', true)).toBe('next-event')
  expect(shortcutFor(press('ArrowRight'), 'slider', true)).toBeNull()
  expect(shortcutFor(press('Home'), 'slider', true)).toBeNull()
  expect(shortcutFor(press(' '), 'slider', true)).toBe('toggle')
  expect(shortcutFor(press('ArrowRight'), 'choice', true)).toBeNull()
})

test('the kind of focus follows from the tag of the element', () => {
  expect(focusOf('TEXTAREA', null, null, false)).toBe('field')
  expect(focusOf('SELECT', null, null, false)).toBe('field')
  expect(focusOf('INPUT', 'number', null, false)).toBe('field')
  expect(focusOf('INPUT', 'range', null, false)).toBe('slider')
  expect(focusOf('INPUT', 'radio', null, false)).toBe('choice')
  expect(focusOf('BUTTON', 'button', 'tab', false)).toBe('choice')
  expect(focusOf('BUTTON', 'button', 'menuitem', false)).toBe('choice')
  expect(focusOf('BUTTON', 'button', null, false)).toBe('button')
  expect(focusOf('BODY', null, null, false)).toBe('none')
  expect(focusOf('DIV', null, null, true)).toBe('field')
})

test('an embedded page has the keys of its own parts, and leaves the others to the browser', () => {
  for (const key of [' ', 'ArrowRight', 'ArrowLeft', '.', ',', 'w', '[', ']', 'Home', 'End'])
    expect(embeddedShortcut(press(key), 'none', true), key).toBe(
      shortcutFor(press(key), 'none', true),
    )
  for (const key of ['/', 'l', 's', 'p', 'b', '?'])
    expect(embeddedShortcut(press(key), 'none', true), key).toBeNull()
  expect(embeddedShortcut(press(' '), 'field', true)).toBeNull()
})
