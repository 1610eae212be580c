// bash's `kill`: its signal, its target jobs, and the shell's notice of a job that a signal ended.

import { text } from '../base/bytes'
import type { Bytes } from '../base/rpc'

/** The signals that have an effect here. */
export type KillSignal = 'HUP' | 'INT' | 'QUIT' | 'KILL' | 'TERM' | 'CONT' | 'STOP'

const NUMBERS: Readonly<Record<string, KillSignal>> = {
  1: 'HUP',
  2: 'INT',
  3: 'QUIT',
  9: 'KILL',
  15: 'TERM',
  18: 'CONT',
  19: 'STOP',
}
const NAMES: readonly KillSignal[] = ['HUP', 'INT', 'QUIT', 'KILL', 'TERM', 'CONT', 'STOP']
const USAGE =
  'kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]\n'

/** bash's words for a job that a signal ended. */
export const ENDED_BY: Readonly<Record<Exclude<KillSignal, 'CONT' | 'STOP'>, string>> = {
  HUP: 'Hangup',
  INT: 'Interrupt',
  QUIT: 'Quit',
  KILL: 'Killed',
  TERM: 'Terminated',
}

/** A background job, as `kill` sees it. `number` is the shell's: `%1`. */
export interface Killable {
  job: number
  number: number
  line: string
}

export interface Kill {
  /** `null` only checks whether the processes exist. */
  signal: KillSignal | null
  jobs: number[]
  stderr: string
  exit: number
}

/** The process ID of a line's process: an invented number, the same in every run. */
export const pidOf = (job: number): number => 1000 + job

/** Reads `kill`'s words. `running` are the background jobs, the latest last. */
export function readKill(words: readonly Bytes[], running: readonly Killable[]): Kill {
  const args = words.map(text)
  const refused = (stderr: string, exit: number): Kill => ({ signal: null, jobs: [], stderr, exit })
  let signal: KillSignal | null = 'TERM'
  const [first = ''] = args
  if (first === '-l' || first === '-L')
    return refused('not modelled here: the list of signals\n', 1)
  if (/^-[^-]/.test(first)) {
    const named = first === '-s' || first === '-n' ? (args[1] ?? '') : first.slice(1)
    args.splice(0, first === '-s' || first === '-n' ? 2 : 1)
    const bare = named.toUpperCase().replace(/^SIG/, '')
    const found = named === '0' ? null : (NUMBERS[named] ?? NAMES.find((name) => name === bare))
    if (found === undefined)
      return refused(`bash: kill: ${named}: invalid signal specification\n`, 1)
    signal = found
  }
  if (args[0] === '--') args.shift()
  if (args.length === 0) return refused(USAGE, 2)
  const jobs: number[] = []
  let stderr = ''
  for (const arg of args) {
    const found = target(arg, running)
    if (typeof found === 'number') jobs.push(found)
    else stderr += `bash: kill: ${found}\n`
  }
  return { signal, jobs, stderr, exit: stderr === '' ? 0 : 1 }
}

/** The job that a word names; an error sentence for none. */
function target(word: string, running: readonly Killable[]): number | string {
  if (/^\d+$/.test(word))
    return (
      running.find(({ job }) => pidOf(job) === Number(word))?.job ?? `(${word}) - No such process`
    )
  if (!word.startsWith('%')) return `${word}: arguments must be process or job IDs`
  const spec = word.slice(1)
  const found =
    spec === '' || spec === '%' || spec === '+'
      ? running.at(-1)
      : spec === '-'
        ? (running.at(-2) ?? running.at(-1))
        : /^\d+$/.test(spec)
          ? running.find(({ number }) => number === Number(spec))
          : running.findLast(({ line }) => line.startsWith(spec))
  return found?.job ?? `${word}: no such job`
}

/**
 * The notice of an interactive bash for an ended job, such as
 * `[1]+  Terminated              etcdctl lock prod`.
 */
export function jobNotice(
  { job, number, line }: Killable,
  how: string,
  running: readonly Killable[],
): string {
  const mark = running.at(-1)?.job === job ? '+' : running.at(-2)?.job === job ? '-' : ' '
  return `[${number}]${mark}  ${how.padEnd(24)}${line.replace(/\s*&$/, '')}\n`
}
