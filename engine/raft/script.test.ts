// Every story of testdata is played and must give exactly the trace it shows. REWRITE=1 writes the
// traces anew: commit what it wrote only where the change can be explained.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { playScript } from './rafttest/script'

const FOLDER = join(import.meta.dirname, 'testdata')
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'))

describe.each(files)('%s', (name) => {
  const path = join(FOLDER, name)
  const text = readFileSync(path, 'utf8')

  test('gives the trace it shows', () => {
    const played = playScript(text)
    if (process.env.REWRITE === '1') writeFileSync(path, played)
    else expect(played).toBe(text)
  })

  test('gives it too where every peer is saved and loaded before each step', () => {
    expect(playScript(text, true)).toBe(playScript(text))
  })
})

test('a command that is not known is refused', () => {
  expect(() => playScript('add-nodes 1\nsing 1\n')).toThrow('what is "sing 1"?')
})
