import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { citations, SEMANTICS, sections } from './papers'
import type { Source } from './tidy'

const root = join(import.meta.dirname, '../..')
const skipped = new Set(['node_modules', '.git', 'dist', 'lib', 'results', 'recordings', 'fonts'])
const files = [...textFiles(root)]
const read = (path: string) => readFileSync(join(root, path), 'utf8')

describe('the documents', () => {
  test('are found, and so are the sources', () => {
    const paths = files.map(({ path }) => path)
    for (const path of ['README.md', SEMANTICS, 'engine/lease/lessor.ts'])
      expect(paths).toContain(path)
  })
  test('have every section that the sources cite', () => {
    const known = sections(read(SEMANTICS))
    expect(known.size).toBeGreaterThan(80)
    expect(files.flatMap((file) => citations(file, known))).toEqual([])
  })
})

// Every rule is shown to fire, and beside it the nearest thing that is allowed.

describe('a citation', () => {
  const known = sections('## 1 The lessor\n\n### 1.6 Renewal\n\n## 4 Errors\n')
  const found = (path: string, text: string) => citations({ path, text }, known)

  test.each([
    ['engine/lease/a.ts', '// Renewals (semantics §1.7).', '1: no §1.7 in'],
    ['engine/lease/a.ts', '// Renewals (lessor.go; semantics §1.6, §9).', '1: no §9 in'],
    ['engine/lease/a.ts', '/**\n * Renewals (semantics\n * §1.7).\n */', '2: no §1.7 in'],
    ['engine/raft/testdata/a.txt', '# A leader (§6;\n# semantics §8.1).', '2: no §8.1 in'],
    ['engine/lease/a.ts', '// Renewals (§1.6).', '1: §1.6 of which document?'],
    ['engine/sim/a.ts', '// Moves (design §4).', '1: §4 of which document?'],
    [SEMANTICS, 'Later (§1.7).', '1: no §1.7 in'],
  ])('in %s is refused: %j', (path, text, message) => {
    expect(found(path, text)).toEqual([expect.stringContaining(`${path}:${message}`)])
  })
  test.each([
    ['engine/lease/a.ts', '// Renewals (lessor.go; semantics §1.6, §4) at 1.7.'],
    ['engine/lease/a.ts', '/**\n * Renewals (semantics\n * §1.6).\n */'],
    ['engine/lease/a.ts', '// Reads (dissertation §6.4; Raft §8).'],
    ['engine/raft/a.ts', '// Terms (§5.1).'],
    [SEMANTICS, 'Later (§1.6).'],
  ])('in %s is allowed: %j', (path, text) => {
    expect(found(path, text)).toEqual([])
  })
})

function* textFiles(folder: string): Generator<Source> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (skipped.has(entry.name)) continue
    const full = join(folder, entry.name)
    const path = relative(root, full).replaceAll('\\', '/')
    if (entry.isDirectory()) yield* textFiles(full)
    else if (
      /\.(?:tsx?|mjs|js|md|txt|patch|css)$/.test(path) &&
      !path.startsWith('engine/test/papers.')
    )
      yield { path, text: readFileSync(full, 'utf8') }
  }
}
