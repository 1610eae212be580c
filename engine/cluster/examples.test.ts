// Every export of the package has a doc comment, and the examples run.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import * as leasescope from '../index'
import { documented, examplesIn } from '../test/examples'

const engine = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(engine, path), 'utf8')

/** The files of the index, each with its exported names. */
const files = new Map<string, Set<string>>()
for (const [, names = '', path = ''] of read('index.ts').matchAll(
  /^export (?:type )?\{ (.+) \} from '\.\/(.+)'$/gm,
)) {
  const known = files.get(path) ?? new Set()
  for (const name of names.split(', ')) known.add(name.split(' as ')[0]!)
  files.set(path, known)
}

/** Their documentation, in cluster/ also that of class members. */
const documentation = [...files].flatMap(([path, names]) =>
  documented(path, read(`${path}.ts`)).filter(
    ({ name }) =>
      names.has(name) || (path.startsWith('cluster/') && names.has(name.split('.')[0]!)),
  ),
)

describe('what the package exports', () => {
  test('is found', () => {
    const names = documentation.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['Cluster.advance', 'Attempt.wait', 'Timeline']))
    const missing = Object.keys(leasescope).filter((name) => !names.includes(name))
    expect(missing).toEqual([])
  })

  test.each(documentation)('$name has a doc comment', ({ doc, kind }) => {
    expect(doc).not.toBeNull()
    if (kind === 'callable' && !/@internal/.test(doc!)) expect(doc).toContain('@example')
  })

  test.each(
    documentation.flatMap(({ name, doc }) => examplesIn(doc ?? '').map((code) => ({ name, code }))),
  )('the example of $name holds', ({ code }) => {
    const run = new Function('expect', ...Object.keys(leasescope), code)
    run(expect, ...Object.values(leasescope))
  })
})
