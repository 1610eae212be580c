// One script with the tests and the engine, and all mutants of a draw woven in.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative, sep } from 'node:path'
import { build } from 'vite'
import { Chunks } from '../chunks'
import type { Mutant } from './draw'
import { weave } from './draw'
import { Suite } from './suite'

export interface Hooks {
  /** Whether this mutant is the chosen one. */
  chosen(id: number): boolean
  /** Called at each turn of each loop: throws above a limit. */
  step(): void
}

/** Loads one test file and its imports freshly, and collects its tests. */
export type Load = (file: string, hooks: Hooks) => Suite

const ENTRY = 'mutants.cjs'

export async function bundle(
  root: string,
  tests: readonly string[],
  mutants: readonly Mutant[],
): Promise<Load> {
  const ids = new Map(mutants.map((mutant, id) => [mutant, id]))
  const pathOf = (id: string) => relative(root, id).split(sep).join('/')
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    root,
    ssr: { noExternal: true, external: ['fast-check', 'vite'] },
    build: {
      ssr: true,
      write: false,
      minify: false,
      target: 'node20',
      rolldownOptions: {
        input: Object.fromEntries(tests.map((test) => [test, join(root, test)])),
        output: {
          format: 'cjs',
          entryFileNames: `[name].${ENTRY}`,
          chunkFileNames: '[name]-[hash].cjs',
        },
      },
    },
    plugins: [
      {
        name: 'mutants',
        enforce: 'pre',
        resolveId: (id) => (id === 'vitest' ? '\0vitest' : null),
        load(id) {
          if (id === '\0vitest')
            return 'export const { test, it, describe, expect, vi, afterAll, afterEach } = __api'
          const path = pathOf(id)
          if (!/^engine\/.*\.ts$/.test(path)) return null
          const own = mutants.filter((mutant) => mutant.path === path)
          return weave(
            path,
            readFileSync(id, 'utf8'),
            own,
            (mutant) => `__chosen(${ids.get(mutant)})`,
          )
            .replaceAll('import.meta.dirname', JSON.stringify(dirname(id)))
            .replaceAll('import.meta.filename', JSON.stringify(id))
        },
      },
    ],
  })
  const outside = createRequire(join(root, 'package.json'))
  const chunks = new Chunks(result, ['__api', '__chosen', '__step'])
  return (file, { chosen, step }) => {
    const suite = new Suite()
    chunks.open(`${file}.${ENTRY}`, { outside, given: [suite.api, chosen, step] })
    return suite
  }
}
