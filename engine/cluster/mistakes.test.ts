// Mistakes of a test, above all in plain JavaScript, end at once with a sentence.

import { describe, expect, test } from 'vitest'
import { Cluster } from '../index'

/** The values of plain JavaScript, which TypeScript would refuse. */
// biome-ignore lint/suspicious/noExplicitAny: no type is checked in plain JavaScript
const wrong = (value: unknown): any => value

describe('time', () => {
  test.each([
    ['a promise', async () => false],
    ['undefined', () => undefined],
    ['a value of type object', () => ({})],
  ])('a predicate that returns %s is refused', (got, predicate) => {
    const etcd = new Cluster()
    const words = `expected a predicate that returns true or false, got ${got}`
    expect(() => etcd.until(wrong(predicate))).toThrow(new RegExp(`^until: ${words}`))
    expect(() => etcd.advanceTo(wrong(predicate))).toThrow(new RegExp(`^advanceTo: ${words}`))
    expect(etcd.until(() => true)).toBe(undefined)
  })

  test('a span of more than 30 days is refused', () => {
    const etcd = new Cluster()
    const words = 'expected at most 30 days (2592000000 ms), got 1000000000000'
    expect(() => etcd.advance(1e12)).toThrow(words)
    expect(() => etcd.advanceTo('lease-expired', 1e12)).toThrow(words)
    expect(() => etcd.until(() => false, 1e12)).toThrow(words)
    expect(() => new Cluster({ timeoutMs: 1e12 })).toThrow(`timeoutMs: ${words}`)
    expect(etcd.now).toBe(0)
  })

  test('a timeout below 0 is refused', () => {
    const words = 'timeoutMs: expected whole milliseconds from 0 on, got -1'
    expect(() => new Cluster({ timeoutMs: -1 })).toThrow(words)
    expect(() => new Cluster().client('a', { timeoutMs: -1 })).toThrow(words)
  })
})

test('a client keeps its member', () => {
  const etcd = new Cluster({ members: 3 })
  expect(etcd.client('q', { member: 'm1' }).member).toBe('m1')
  expect(() => etcd.client('q', { member: 'm2' })).toThrow(
    'client q calls m1, and cannot call m2 as well: give another client another name',
  )
  expect(etcd.client('q').member).toBe('m1')
  expect(() => etcd.client('you', { member: 'm2' })).toThrow('client you calls the first member')
})
