// The engine with a bug in it: a text patch is applied to its sources while they are bundled. A fuzzer that finds nothing proves little until it has found something.

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import type { checkRecording } from '../../replay/check-recording'
import type { fuzz } from '../fuzz'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '../../..')

/** What a flawed engine can do: draw runs, and check recordings. */
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

/** The engine with a flaw, loaded beside the sound one. */
export async function load(flaw: string): Promise<Flawed> {
  const files = flawedFiles(flaw)
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    root,
    ssr: { noExternal: true },
    build: { ssr: join(here, 'entry.ts'), write: false, minify: false, target: 'node20' },
    plugins: [{ name: 'flaw', load: (id) => files.get(relative(root, id).split(sep).join('/')) ?? null }],
  })
  if (!('output' in result)) throw new Error(`${flaw}: the bundle is not one output`)
  const [{ code }] = result.output
  return import(/* @vite-ignore */ `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`)
}

/** The files of the engine with a flaw's unified diff in them. What a hunk replaces must be in its file exactly once; line numbers mean nothing. */
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
      if (text.split(before).length !== 2) throw new Error(`${file} has not exactly one place where this fits:\n${hunk}`)
      text = text.replace(before, () => side('-'))
    }
    files.set(file, text)
  }
  return files
}
