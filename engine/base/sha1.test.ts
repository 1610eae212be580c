import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { sha1 } from './sha1'

test('the member ID of every etcd tutorial comes out', () => {
  expect(sha1('http://localhost:2380etcd-cluster').slice(0, 16)).toBe('8e9e05c52164694d')
  expect(sha1('http://127.0.0.1:2380etcd-cluster').slice(0, 16)).toBe('b71f75320dc06a6c')
})

test('lengths around the ends of blocks are correct', () => {
  for (let length = 0; length < 200; length++) {
    const bytes = String.fromCharCode(...Array.from({ length }, (_, i) => (i * 37 + length) & 0xff))
    expect(sha1(bytes)).toBe(createHash('sha1').update(bytes, 'latin1').digest('hex'))
  }
})
