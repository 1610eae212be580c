// Every gesture on the run: the Command that it sends, and the equivalent etcdctl line. Buttons and
// typed lines share this one file.

import { shellBytes } from '../../engine/text/visible'
import type { Command, Machinery, MoveCard } from '../../engine/worker/protocol'

/** The terminal of the console and of the buttons. */
export const TERMINAL = 't1'

export type ConsoleMode = Extract<Command, { type: 'console' }>['mode']
type LeaseId = Extract<Command, { type: 'heartbeat' }>['lease']

export interface Gesture {
  command: Command
  /** The line that a person would type into a shell. */
  line: string
}

/** Typed or pasted lines: one command for any number of lines. */
export function consoleLines(text: string, mode: ConsoleMode): Gesture {
  return { command: { type: 'console', terminal: TERMINAL, text, mode }, line: text }
}

export function grantLease(ttlSeconds: number, mode: ConsoleMode): Gesture {
  return consoleLines(`etcdctl lease grant ${ttlSeconds}`, mode)
}

// A button names a lease on the screen. The guided console may read an unknown ID as another lease
// (tutorials print their own), so lines of buttons are strict.

/**
 * `lease` null puts a key without a lease. A value that begins with a dash goes behind `--`;
 * otherwise etcdctl reads it as a flag.
 */
export function putKey(key: string, value: string, lease: string | null): Gesture {
  const flag = lease === null ? '' : ` --lease=${lease}`
  const guard = key.startsWith('-') || value.startsWith('-') ? ' --' : ''
  return consoleLines(`etcdctl put${flag}${guard} ${quoted(key)} ${quoted(value)}`, 'strict')
}

export function renewOnce(lease: string): Gesture {
  return consoleLines(`etcdctl lease keep-alive --once ${lease}`, 'strict')
}

/** In the background, so that the terminal is free for the next line. */
export function keepAlive(lease: string): Gesture {
  return consoleLines(`etcdctl lease keep-alive ${lease} &`, 'strict')
}

export function revokeLease(lease: string): Gesture {
  return consoleLines(`etcdctl lease revoke ${lease}`, 'strict')
}

/** Ctrl-C for the foreground process, or for one job. */
export function interrupt(job?: number): Gesture {
  return {
    command: { type: 'interrupt', terminal: TERMINAL, ...(job === undefined ? {} : { job }) },
    line: '^C',
  }
}

export function deleteKey(key: string): Gesture {
  return consoleLines(`etcdctl del ${key.startsWith('-') ? '-- ' : ''}${quoted(key)}`, 'strict')
}

/**
 * A program's own heartbeat. The shell equivalent is a keep-alive: a line starts it, Ctrl-C ends
 * it.
 */
export function heartbeat(client: string, lease: string, on: boolean): Gesture {
  const line = `etcdctl lease keep-alive ${lease}`
  return {
    command: { type: 'heartbeat', client, lease: lease as LeaseId, on },
    line: on ? line : `${line}   # and then Ctrl-C`,
  }
}

/**
 * One of the possible next moves, after the internal events due before it. The console has no
 * command for this.
 */
export function chooseMove({ id, at, who, whom, text }: MoveCard, machinery: Machinery): Gesture {
  const line = `# ${who}${whom === null ? '' : ` → ${whom}`}: ${text}`
  return id === null
    ? { command: { type: 'idle', until: at, machinery }, line }
    : { command: { type: 'take', move: id, machinery }, line }
}

/** Runs internal events until a new choice appears, for at most a virtual second. */
export function letMachineryRun(now: number, machinery: Machinery): Gesture {
  return {
    command: { type: 'idle', until: now + 1000, machinery, news: true },
    line: '# the machinery runs',
  }
}

/**
 * A shell word: unchanged if that is safe, otherwise in single quotes. A key with a byte that is
 * not UTF-8 is written byte by byte.
 */
export function quoted(word: string): string {
  if (/\p{Cs}/u.test(word)) return shellBytes(word)
  if (/^[\w./:@%+,=-]+$/.test(word)) return word
  return `'${word.replaceAll("'", `'\\''`)}'`
}
