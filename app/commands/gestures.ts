// Every gesture that acts on the run, as the Command it sends and the etcdctl line it stands for.
// One home: what a button does and what a person would type are the same thing, seen twice.

import { shellBytes } from '../../engine/text/visible'
import type { Command, Machinery, MoveCard } from '../../engine/worker/protocol'

/** The terminal that the console and the buttons speak through. */
export const TERMINAL = 't1'

export type ConsoleMode = Extract<Command, { type: 'console' }>['mode']
type LeaseId = Extract<Command, { type: 'heartbeat' }>['lease']

export interface Gesture {
  command: Command
  /** What a person would type into a shell. */
  line: string
}

/** Lines as typed or pasted: one command however many lines. */
export function consoleLines(text: string, mode: ConsoleMode): Gesture {
  return { command: { type: 'console', terminal: TERMINAL, text, mode }, line: text }
}

export function grantLease(ttlSeconds: number, mode: ConsoleMode): Gesture {
  return consoleLines(`etcdctl lease grant ${ttlSeconds}`, mode)
}

// A lease that a button names is the one on the screen. The guided console may take an unknown ID
// to stand for another (tutorials print their own), so these lines go in strictly.

/**
 * `lease` null puts a key of its own. A value that begins with a dash goes behind `--`, which
 * etcdctl would else take for a flag.
 */
export function putKey(key: string, value: string, lease: string | null): Gesture {
  const flag = lease === null ? '' : ` --lease=${lease}`
  const guard = key.startsWith('-') || value.startsWith('-') ? ' --' : ''
  return consoleLines(`etcdctl put${flag}${guard} ${quoted(key)} ${quoted(value)}`, 'strict')
}

export function renewOnce(lease: string): Gesture {
  return consoleLines(`etcdctl lease keep-alive --once ${lease}`, 'strict')
}

/** In the background, so that the terminal stays free for the next line. */
export function keepAlive(lease: string): Gesture {
  return consoleLines(`etcdctl lease keep-alive ${lease} &`, 'strict')
}

export function revokeLease(lease: string): Gesture {
  return consoleLines(`etcdctl lease revoke ${lease}`, 'strict')
}

/** Ctrl-C: of what runs in the foreground, or of one job. */
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
 * A program's own heartbeat. In a shell it would be a keep-alive that one starts, or ends with
 * Ctrl-C.
 */
export function heartbeat(client: string, lease: string, on: boolean): Gesture {
  const line = `etcdctl lease keep-alive ${lease}`
  return {
    command: { type: 'heartbeat', client, lease: lease as LeaseId, on },
    line: on ? line : `${line}   # and then Ctrl-C`,
  }
}

/**
 * One of the moves that may come next, with what of the machinery is due before it; the console has
 * no word for it.
 */
export function chooseMove({ id, at, who, whom, text }: MoveCard, machinery: Machinery): Gesture {
  const line = `# ${who}${whom === null ? '' : ` → ${whom}`}: ${text}`
  return id === null
    ? { command: { type: 'idle', until: at, machinery }, line }
    : { command: { type: 'take', move: id, machinery }, line }
}

/** The machinery runs until there is something new to choose from, a virtual second at most. */
export function letMachineryRun(now: number, machinery: Machinery): Gesture {
  return {
    command: { type: 'idle', until: now + 1000, machinery, news: true },
    line: '# the machinery runs',
  }
}

/**
 * A shell word: as it stands where that is safe, else in single quotes. A key with a byte that is
 * not UTF-8 is spelled byte by byte.
 */
export function quoted(word: string): string {
  if (/\p{Cs}/u.test(word)) return shellBytes(word)
  if (/^[\w./:@%+,=-]+$/.test(word)) return word
  return `'${word.replaceAll("'", `'\\''`)}'`
}
