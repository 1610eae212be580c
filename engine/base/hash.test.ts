import { expect, test } from 'vitest'
import { Digest, hash } from './hash'

test('the digits of known texts do not change', () => {
  expect([hash(''), hash('a'), hash('lease')]).toEqual([
    'a8b92b5ecd5e6560',
    '45c6dca2b6b2ce5c',
    'de2e81e01dbda05e',
  ])
})

test('text added in parts hashes as text added at once', () => {
  expect(new Digest().add('le').add('').add('ase').hex()).toBe(hash('lease'))
})

test('reading the digits changes nothing', () => {
  const digest = new Digest().add('a')
  digest.hex()
  expect(digest.add('b').hex()).toBe(hash('ab'))
})

test('similar texts have different digits', () => {
  const texts = new Set<string>()
  for (let i = 0; i < 20_000; i++) {
    texts.add(`lease ${i}`)
    texts.add('\0'.repeat(i % 300))
    texts.add(String.fromCharCode(i))
    texts.add(`${String.fromCharCode(i & 255)}${String.fromCharCode(i >> 8)}`)
  }
  const hashes = [...texts].map(hash)
  expect(new Set(hashes).size).toBe(texts.size)
  // Each half alone has 32 bits and collides now and then: about once in 60,000 texts.
  expect(new Set(hashes.map((h) => h.slice(0, 8))).size).toBeGreaterThan(texts.size - 10)
  expect(new Set(hashes.map((h) => h.slice(8))).size).toBeGreaterThan(texts.size - 10)
  expect(hashes.every((h) => /^[0-9a-f]{16}$/.test(h))).toBe(true)
})

test('each bit of the digits is set half of the time', () => {
  const counts = Array<number>(64).fill(0)
  for (let i = 0; i < 4000; i++) {
    const bits = BigInt(`0x${hash(`m${i}`)}`)
    for (let bit = 0; bit < 64; bit++) counts[bit]! += Number((bits >> BigInt(bit)) & 1n)
  }
  expect(Math.min(...counts)).toBeGreaterThan(1800)
  expect(Math.max(...counts)).toBeLessThan(2200)
})
