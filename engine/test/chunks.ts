// A CommonJS bundle in memory. Each of its chunks is compiled once, and run as often as a test
// needs a separate world.

import { posix } from 'node:path'
import { Script } from 'node:vm'
import type { build } from 'vite'

type Built = Awaited<ReturnType<typeof build>>

/** The variable parts of a run of chunks. */
interface World {
  /** Modules outside the bundle. */
  outside: (name: string) => unknown
  /** The values of the variables that were named when `Chunks` was created. */
  given?: readonly unknown[]
  /** The chunk that replaces another one. */
  instead?: (path: string) => string
}

export class Chunks {
  readonly #scripts = new Map<string, Script>()

  /**
   * `names` are variables that every chunk has. Throws if the input is not the output of one build.
   */
  constructor(built: Built, names: readonly string[] = []) {
    if (!('output' in built)) throw new Error('the bundle is not one output')
    for (const chunk of built.output) {
      if (chunk.type !== 'chunk') continue
      const filename = chunk.fileName
      const parameters = ['require', 'exports', 'module', ...names].join(', ')
      this.#scripts.set(
        filename,
        new Script(`(function (${parameters}) {${chunk.code}\n})`, { filename }),
      )
    }
  }

  /**
   * Runs a chunk and everything that it requires, freshly. Returns its exports. Throws for an
   * unknown name.
   */
  open(name: string, { outside, given = [], instead = (path) => path }: World): unknown {
    const loaded = new Map<string, { exports: unknown }>()
    const open = (wanted: string): unknown => {
      const path = instead(posix.normalize(wanted))
      const script = this.#scripts.get(path)
      if (!script) throw new Error(`the bundle has no ${path}`)
      const before = loaded.get(path)
      if (before) return before.exports
      const module = { exports: {} }
      loaded.set(path, module)
      const require = (other: string) =>
        other.startsWith('.') ? open(posix.join(posix.dirname(path), other)) : outside(other)
      const evaluate = script.runInThisContext() as (...given: unknown[]) => void
      evaluate(require, module.exports, module, ...given)
      return module.exports
    }
    return open(name)
  }
}
