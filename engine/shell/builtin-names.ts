import type { Bytes } from '../base/rpc'
import { SIGNALS } from './kernel'

const SPECIAL = new Set([
  ':',
  'true',
  'false',
  'echo',
  'printf',
  'test',
  '[',
  'cd',
  'pwd',
  'export',
  'readonly',
  'local',
  'declare',
  'typeset',
  'unset',
  'set',
  'shift',
  'eval',
  '.',
  'source',
  'exec',
  'exit',
  'return',
  'break',
  'continue',
  'read',
  'wait',
  'kill',
  'trap',
  'alias',
  'unalias',
  'type',
  'command',
  'let',
  'getopts',
  'shopt',
  'hash',
  'umask',
  'ulimit',
  'disown',
])

export function isBuiltin(name: Bytes): boolean {
  return SPECIAL.has(name)
}

/** `9`, `KILL` and `SIGKILL` are one signal; null for a word that names none. */
export function signalName(word: Bytes): string | null {
  if (word === '0') return '0'
  const bare = word.replace(/^SIG/i, '').toUpperCase()
  if (bare in SIGNALS) return bare
  return Object.entries(SIGNALS).find(([, number]) => String(number) === word)?.[0] ?? null
}
