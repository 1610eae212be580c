import { expect, test } from 'vitest'
import { createPrefsStore, defaultPrefs, readPrefs } from './prefs'

function storageWith(kept: string | null) {
  const items = new Map(kept === null ? [] : [['leasescope-prefs', kept]])
  return {
    items,
    getItem: (name: string) => items.get(name) ?? null,
    setItem: (name: string, value: string) => void items.set(name, value),
    removeItem: (name: string) => void items.delete(name),
  }
}

test('the choices are kept until the next visit', () => {
  const storage = storageWith(null)
  createPrefsStore(() => storage).setState({ theme: 'dark', hold: true })
  const next = createPrefsStore(() => storage).getState()
  expect(next).toEqual({ ...defaultPrefs, theme: 'dark', hold: true })
})

test('an invalid field becomes its default; the others are kept', () => {
  expect(readPrefs({ theme: 'pink', shortcuts: false, hold: 1, more: true })).toEqual({
    shortcuts: false,
  })
  expect(readPrefs('x')).toEqual({})
  const storage = storageWith('{"state":{"theme":7,"consoleMode":"strict"},"version":1}')
  expect(createPrefsStore(() => storage).getState()).toEqual({
    ...defaultPrefs,
    consoleMode: 'strict',
  })
})

test('a browser without storage has the defaults', () => {
  const store = createPrefsStore(() => {
    throw new Error('denied')
  })
  store.setState({ theme: 'dark' })
  expect(store.getState().theme).toBe('dark')
})

test('without storage space, the choices hold for this visit', () => {
  const storage = {
    ...storageWith(null),
    setItem: () => {
      throw new DOMException('full', 'QuotaExceededError')
    },
  }
  const prefs = createPrefsStore(() => storage)
  prefs.setState({ theme: 'dark' })
  expect(prefs.getState().theme).toBe('dark')
})
