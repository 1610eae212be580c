// The examples in the doc comments of what the package exports are run.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import * as leasescope from '../index'
import { documented, examplesIn } from '../test/examples'

const files = readdirSync(import.meta.dirname).filter((name) => /^[\w-]+\.ts$/.test(name))
const exported = files.flatMap((file) => {
  const path = join(import.meta.dirname, file)
  return documented(path, readFileSync(path, 'utf8'))
})
const isPublic = ({ name }: { name: string }) => name.split('.')[0]! in leasescope

describe('what the package exports', () => {
  test.each(exported.filter(isPublic))('$name has a doc comment', ({ doc }) => {
    expect(doc).not.toBeNull()
  })

  test.each(
    exported.filter(isPublic).flatMap(({ name, doc }) => {
      const examples = examplesIn(doc ?? '')
      return examples.map((code, index) => ({ name, code, number: index + 1 }))
    }),
  )('the example of $name holds', ({ code }) => {
    const names = Object.keys(leasescope)
    const run = new Function('expect', ...names, code)
    run(expect, ...Object.values(leasescope))
  })
})
