// A real shell, where there is one, in an empty directory.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Ran } from '../shell/shelltest/run-script'

/** The name under which both shells see a script: `$0`, and the name in their messages. */
export const SCRIPT = '.script.sh'

/** Whether a program of that name starts here. */
export function isInstalled(shell: string): boolean {
  return spawnSync(shell, ['-c', ':']).status === 0
}

/** Runs a script. Bytes are characters, as everywhere in the engine. */
export function runReal(shell: string, script: string): Omit<Ran, 'ms'> {
  const folder = mkdtempSync(join(tmpdir(), 'leasescope-shell-'))
  try {
    writeFileSync(join(folder, SCRIPT), script, 'latin1')
    const { stdout, stderr, status } = spawnSync(shell, [SCRIPT], {
      cwd: folder,
      env: { HOME: '/root', PATH: process.env.PATH ?? '', LC_ALL: 'C' },
      encoding: 'latin1',
      input: '',
      timeout: 60_000,
      killSignal: 'SIGKILL',
    })
    return { stdout, stderr, exit: status ?? -1 }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Process numbers differ from run to run, and quotes between versions of coreutils. */
export function masked({ stdout, stderr, exit }: Omit<Ran, 'ms'>): Omit<Ran, 'ms'> {
  const mask = (text: string) =>
    text
      .replace(/\((\d+)\) - No such/g, '(PID) - No such')
      .replace(/(line \d+: +)\d+ (Killed|Hangup)/g, '$1PID $2')
      .replace(/\xe2\x80[\x98\x99]/g, "'")
  return { stdout: mask(stdout), stderr: mask(stderr), exit }
}
