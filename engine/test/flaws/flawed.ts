// The engine with a bug in it: a copy of its sources in a folder of its own, a text patch applied there, and the fuzzer run on it. A fuzzer that finds nothing proves
// little until it has been seen to find something.

import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '../../..')

export interface Find {
  seed: number
  property: string
  /** The whole of what the fuzzer printed. */
  text: string
}

/** The names of the patches beside this file. */
export function flaws(): string[] {
  return readdirSync(here)
    .filter((file) => file.endsWith('.patch'))
    .map((file) => file.replace(/\.patch$/, ''))
    .sort()
}

/** Runs the fuzzer on the engine with a flaw, one seed after the other from `seed` on; null where `runs` of them find nothing. */
export function hunt(flaw: string, seed: number, runs: number): Find | null {
  const folder = mkdtempSync(join(tmpdir(), 'leasescope-flaw-'))
  try {
    cpSync(join(root, 'engine'), join(folder, 'engine'), { recursive: true })
    cpSync(join(root, 'package.json'), join(folder, 'package.json'))
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
    patch(folder, readFileSync(join(here, `${flaw}.patch`), 'utf8'))
    const args = [join(folder, 'engine/cli/leasescope.mjs'), 'fuzz', '--seed', `${seed}`, '--runs', `${runs}`]
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
    if (status === 0) return null
    const found = /^seed (\d+):[\s\S]*^(.+) is broken at /m.exec(stdout)
    if (status !== 1 || found === null) throw new Error(`${flaw}: ${stderr}${stdout}`)
    return { seed: Number(found[1]), property: found[2]!, text: stdout }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Applies a unified diff. Line numbers in it are not looked at: what a hunk replaces must be in its file exactly once. */
export function patch(folder: string, diff: string): void {
  const files = patched(diff, (file) => readFileSync(join(folder, file), 'utf8'))
  for (const [file, text] of files) writeFileSync(join(folder, file), text)
}

/** The files of the engine with a flaw's diff in them; throws where the diff does not fit any more. */
export function flawedFiles(flaw: string): Map<string, string> {
  return patched(readFileSync(join(here, `${flaw}.patch`), 'utf8'), (file) => readFileSync(join(root, file), 'utf8'))
}

function patched(diff: string, read: (file: string) => string): Map<string, string> {
  const files = new Map<string, string>()
  for (const part of diff.split(/^--- a\/.*\n/m).slice(1)) {
    const file = /^\+\+\+ b\/(.*)$/m.exec(part)?.[1]
    if (file === undefined) throw new Error('a patch names no file')
    let text = read(file)
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
