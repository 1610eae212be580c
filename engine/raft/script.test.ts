// Every script of testdata is played and must give exactly its trace. REWRITE=1 writes the traces:
// commit a new trace only if you can explain the change.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { playScript } from './rafttest/script'

const FOLDER = join(import.meta.dirname, 'testdata')
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'))

describe.each(files)('%s', (name) => {
  const path = join(FOLDER, name)
  const text = readFileSync(path, 'utf8')

  test('the script gives its trace', () => {
    const played = playScript(text)
    if (process.env.REWRITE === '1') writeFileSync(path, played)
    else expect(played).toBe(text)
  })

  test('the script gives its trace if every peer is saved and loaded before each step', () => {
    expect(playScript(text, true)).toBe(playScript(text))
  })
})

test('an unknown command is refused', () => {
  expect(() => playScript('add-nodes 1\nsing 1\n')).toThrow('unknown line "sing 1"')
})
