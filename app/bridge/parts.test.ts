import { expect, test } from 'vitest'
import { isOutdated, PartError, part, prefetchParts } from './parts'

test('a part that failed loads on the next request, and only then', async () => {
  let calls = 0
  const get = part(async () => {
    calls++
    if (calls === 1) throw new Error('offline')
    return 'here'
  })
  await expect(get()).rejects.toThrow(new PartError('offline'))
  await expect(get()).resolves.toBe('here')
  await expect(get()).resolves.toBe('here')
  expect(calls).toBe(2)
})

test('idle time fetches every part, past those that fail', async () => {
  const loaded: string[] = []
  part(async () => {
    throw new Error('gone')
  })
  part(async () => {
    loaded.push('first')
    part(async () => loaded.push('one that came with it'))
  })
  await prefetchParts()
  expect(loaded).toEqual(['first', 'one that came with it'])
})

test('a page with another entry script is a newer version; a server that does not answer is none', async () => {
  const script = { getAttribute: () => './assets/index-A.js' }
  const document = {
    querySelector: () => script,
    baseURI: 'http://127.0.0.1/x/#r1.abc',
  } as unknown as Document
  const asked: string[] = []
  const serving = (text: string) => async (url: string) => {
    asked.push(url)
    return text
  }
  expect(await isOutdated(document, serving('<script src="./assets/index-A.js">'))).toBe(false)
  expect(await isOutdated(document, serving('<script src="./assets/index-B.js">'))).toBe(true)
  expect(asked).toEqual(['http://127.0.0.1/x/', 'http://127.0.0.1/x/'])
  expect(await isOutdated(document, () => Promise.reject(new Error('offline')))).toBe(false)
})
