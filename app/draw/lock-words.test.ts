import { expect, test } from 'vitest'
import type { LockView } from '../../engine/worker/protocol'
import { notExcluded, schemesText } from './lock-words'

const schemes: LockView['schemes'] = [
  { keys: 'plain', clients: ['a'] },
  { keys: 'queue', clients: ['b', 'c'] },
]
const holder = (client: string): LockView['holder'] => ({
  key: 'job',
  client,
  token: 3,
  lease: null,
  leaseName: null,
  deadline: null,
  revokedAt: null,
  dead: null,
})

test('the clients of the other kind are not kept out', () => {
  expect(notExcluded({ schemes, holder: holder('b') })).toBe('a is not kept out')
  expect(notExcluded({ schemes, holder: holder('a') })).toBe('b and c are not kept out')
})

test('a lock that is free, or held by a stranger, names all', () => {
  expect(notExcluded({ schemes, holder: null })).toBe('a, b and c do not exclude each other')
  expect(notExcluded({ schemes, holder: holder('z') })).toMatch(/do not exclude/)
  expect(notExcluded({ schemes: [], holder: null })).toBe('')
})

test('a sentence names the keys', () => {
  expect(schemesText({ name: 'job', schemes })).toBe(
    'a puts the key job, b and c put a key below job/. Neither looks at the other key.',
  )
  expect(schemesText({ name: 'job', schemes: [] })).toBe('')
})
