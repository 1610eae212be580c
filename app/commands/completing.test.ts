import { expect, test } from 'vitest'
import { completed } from './completing'

const named = (...texts: string[]) => texts.map((text) => ({ text, help: '' }))

test('the only candidate is filled in, with a space after it', () => {
  expect(completed('etcdctl le', { from: 8, to: 10, candidates: named('lease') })).toEqual({
    text: 'etcdctl lease ',
    cursor: 14,
    offers: [],
  })
  expect(completed('etcdctl le grant', { from: 8, to: 10, candidates: named('lease') })?.text).toBe(
    'etcdctl lease grant',
  )
})

test('a flag that wants a value gets no space', () => {
  expect(
    completed('etcdctl get --so', { from: 12, to: 16, candidates: named('--sort-by=') })?.text,
  ).toBe('etcdctl get --sort-by=')
})

test('the common part of several candidates is filled in, and all are offered', () => {
  const candidates = named('keep-alive', 'keep-up')
  expect(completed('lease k', { from: 6, to: 7, candidates })).toEqual({
    text: 'lease keep-',
    cursor: 11,
    offers: candidates,
  })
})

test('without a candidate, Tab is the browser’s', () => {
  expect(completed('x', { from: 0, to: 1, candidates: [] })).toBeNull()
})
