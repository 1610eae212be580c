import { expect, test } from 'vitest'
import { createEntries } from './entries'

/** A browser's history of one page. */
function browser(hash = '') {
  const list: { hash: string; state: unknown }[] = [{ hash, state: null }]
  let at = 0
  const history = {
    get state() {
      return list[at]!.state
    },
    replaceState(state: unknown) {
      list[at]!.state = state
    },
  }
  let keys = 0
  const begin = () => createEntries(history, list[at]!.hash, () => `k${++keys}`)
  let entries = begin()
  return {
    get entries() {
      return entries
    },
    reload: () => {
      entries = begin()
    },
    follow(next: string) {
      list.length = ++at
      list.push({ hash: next, state: null })
      return entries.moved(next)
    },
    go(by: number) {
      at += by
      return entries.moved(list[at]!.hash)
    },
  }
}

test('a followed link is a new entry, and back is the previous one', () => {
  const page = browser()
  expect(page.follow('#r1?a')).toEqual({ type: 'new', from: 'k1', to: 'k2' })
  page.entries.arrived()
  expect(page.follow('#r1?b')).toEqual({ type: 'new', from: 'k2', to: 'k3' })
  page.entries.arrived()
  expect(page.go(-1)).toEqual({ type: 'back', from: 'k3', to: 'k2' })
  expect(page.go(-1)).toEqual({ type: 'back', from: 'k2', to: 'k1' })
  expect(page.go(2)).toEqual({ type: 'back', from: 'k1', to: 'k3' })
  expect(page.entries).toMatchObject({ key: 'k3', hash: '#r1?b' })
})

test('a place on the page is the same run, and so is the way back from it', () => {
  const page = browser()
  expect(page.follow('#stage')).toEqual({ type: 'same' })
  expect(page.go(-1)).toEqual({ type: 'same' })
  expect(page.entries.hash).toBe('')
})

test('a refused address is another entry of the run that stays', () => {
  const page = browser()
  expect(page.follow('#r1?bad')).toMatchObject({ type: 'new' })
  page.entries.refused()
  expect(page.go(-1)).toEqual({ type: 'same' })
})

test('a refusal that does not concern an address changes nothing', () => {
  const page = browser()
  page.follow('#r1?a')
  page.entries.arrived()
  page.entries.refused()
  expect(page.entries.key).toBe('k2')
})

test('entries keep their keys over a reload', () => {
  const page = browser()
  page.follow('#r1?a')
  page.reload()
  expect(page.entries.key).toBe('k2')
  expect(page.go(-1)).toEqual({ type: 'back', from: 'k2', to: 'k1' })
})

test('until the run of an address is open, the run on the page belongs to the previous entry', () => {
  const page = browser()
  page.follow('#r1?a')
  expect(page.entries.shown).toEqual({ key: 'k1', hash: '' })
  page.entries.arrived()
  expect(page.entries.shown).toEqual({ key: 'k2', hash: '#r1?a' })
  page.go(-1)
  expect(page.entries.shown).toEqual({ key: 'k2', hash: '#r1?a' })
})
