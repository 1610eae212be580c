// The engine with a bug: a text patch is applied to its sources while they are bundled. A fuzzer
// that finds nothing proves little until it has found a planted bug.

import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import type { fuzz } from '../../fuzz/fuzz'
import type { checkRecording } from '../../replay/check-recording'
import { Chunks } from '../chunks'

const ENTRY = 'engine/test/flaws/entry.ts'
const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '../../..')

/** A flawed engine can draw runs and check recordings. */
export interface Flawed {
  fuzz: typeof fuzz
  checkRecording: typeof checkRecording
}

/** The names of the patches beside this file. */
export function flaws(): string[] {
  return readdirSync(here)
    .filter((file) => file.endsWith('.patch'))
    .map((file) => file.replace(/\.patch$/, ''))
    .sort()
}

/** The chunk of a file in the engine with a flaw, or in the sound one. */
const chunkOf = (file: string, flaw = 'sound') => `${flaw}/${file}.cjs`

/**
 * One bundle for all flaws: a chunk for each file of the sound engine, and one for each file with a
 * flaw in it.
 */
async function bundle(): Promise<Chunks> {
  const texts = new Map(
    flaws().flatMap((flaw) =>
      [...flawedFiles(flaw)].map(([file, text]) => [chunkOf(file, flaw), text] as const),
    ),
  )
  const pathOf = (id: string) => relative(root, id).split(sep).join('/')
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    root,
    ssr: { noExternal: true },
    build: {
      ssr: true,
      write: false,
      minify: false,
      target: 'node20',
      rolldownOptions: {
        input: [ENTRY, ...texts.keys()],
        treeshake: false,
        output: {
          format: 'cjs',
          preserveModules: true,
          entryFileNames: ({ facadeModuleId }) =>
            texts.has(facadeModuleId!) ? facadeModuleId! : chunkOf(pathOf(facadeModuleId!)),
        },
      },
    },
    plugins: [
      {
        name: 'flaws',
        enforce: 'pre',
        resolveId(id, importer) {
          if (texts.has(id)) return id
          // A file with a flaw has the same imports as the sound one.
          const file =
            importer !== undefined && texts.has(importer)
              ? importer.replace(/^[^/]*\/|\.cjs$/g, '')
              : null
          return file === null ? null : this.resolve(id, join(root, file))
        },
        load: (id) => (texts.has(id) ? { code: texts.get(id)!, moduleType: 'ts' } : null),
      },
    ],
  })
  return new Chunks(result)
}

let bundled: Promise<Chunks> | null = null

/** Loads the engine with a flaw beside the sound one. */
export async function load(flaw: string): Promise<Flawed> {
  bundled ??= bundle()
  const chunks = await bundled
  const own = new Set(flawedFiles(flaw).keys())
  const instead = (path: string) => {
    const file = path.replace(/^[^/]*\/|\.cjs$/g, '')
    return chunkOf(file, own.has(file) ? flaw : undefined)
  }
  const engine = chunks.open(chunkOf(ENTRY), {
    outside: createRequire(import.meta.url),
    instead,
  }) as Flawed
  return engine
}

/**
 * The files of the engine with a flaw's unified diff applied. The old text of a hunk must occur
 * exactly once in its file; line numbers are ignored.
 */
export function flawedFiles(flaw: string): Map<string, string> {
  const files = new Map<string, string>()
  const diff = readFileSync(join(here, `${flaw}.patch`), 'utf8')
  for (const part of diff.split(/^--- a\/.*\n/m).slice(1)) {
    const file = /^\+\+\+ b\/(.*)$/m.exec(part)?.[1]
    if (file === undefined) throw new Error('a patch names no file')
    let text = readFileSync(join(root, file), 'utf8')
    for (const hunk of part.split(/^@@.*\n/m).slice(1)) {
      const lines = hunk.split('\n').filter((line) => /^[ +-]/.test(line))
      const side = (other: string) =>
        lines
          .filter((line) => !line.startsWith(other))
          .map((line) => `${line.slice(1)}\n`)
          .join('')
      const before = side('+')
      if (text.split(before).length !== 2)
        throw new Error(`${file} has not exactly one place where this fits:\n${hunk}`)
      text = text.replace(before, () => side('-'))
    }
    files.set(file, text)
  }
  return files
}
