import { describe, expect, test } from 'vitest'
import { withExtensions } from './extensions'

const everywhere = () => true

describe('relative imports of emitted files', () => {
  test.each([
    ["import { a } from './a'", "import { a } from './a.js'"],
    ["import './a'", "import './a.js'"],
    ["export * from '../b/c'", "export * from '../b/c.js'"],
    ['export { a } from "./a"', 'export { a } from "./a.js"'],
    ["const a = await import('./a')", "const a = await import('./a.js')"],
    ["import { a } from './a'\nimport { b } from './b'", undefined],
  ])('%s', (text, wanted) => {
    expect(withExtensions('lib/x.js', text, everywhere)).toBe(
      wanted ?? text.replaceAll(/\.\/(.)/g, './$1.js'),
    )
  })

  test('imports inside types get extensions too', () => {
    expect(
      withExtensions('lib/x.d.ts', 'export declare const x: import("./c").C', everywhere),
    ).toBe('export declare const x: import("./c.js").C')
  })

  test.each([
    "import { join } from 'node:path'",
    "import * as v from 'valibot'",
    "import { a } from './a.js'",
    "const text = './a'",
    "// from './a'",
  ])('%s is not changed', (text) => {
    expect(withExtensions('lib/x.js', text, everywhere)).toBe(text)
  })

  test('an import of the folder itself becomes one of its index', () => {
    const exists = (path: string) => path === 'lib/index.d.ts'
    expect(withExtensions('lib/raft/x.d.ts', "import '..'", exists)).toBe("import '../index.js'")
  })

  test('an import of a file that was not emitted is an error with both names', () => {
    const exists = (path: string) => path.endsWith('.d.ts')
    expect(() => withExtensions('lib/x.js', "import './a'", exists)).toThrow(
      'lib/x.js: ./a does not exist as .js',
    )
    expect(withExtensions('lib/x.d.ts', "import './a'", exists)).toBe("import './a.js'")
  })
})
