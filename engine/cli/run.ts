// leasescope run: plays a script of console lines on virtual time, and prints the output of a
// terminal.

import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { EtcdVersion } from '../base/etcd-versions'
import { readEtcdVersion } from '../base/etcd-versions'
import type { TraceEvent } from '../base/trace'
import { DEFAULT_CONFIG } from '../sim/command'
import { Simulation } from '../sim/simulation'

export const RUN_HELP = `leasescope run [--json] [--guided] [--etcd V] [--members N] [--seed S] FILE.sh
  Plays a script of console lines on virtual time and prints what a terminal would show.
  --json      one object: {"commands": [{"line", "stdout", "stderr", "exit"}]}
  --guided    also helps where tutorials mislead, and says so in a note
  --etcd      the version that answers: 3.4, 3.5, 3.6 or 3.7 (3.4)
  --members   the number of members (1)
  --seed      the seed of every random draw (1)`

/**
 * One line of a script with its output. `exit` is absent for comments, sleep, wait, and commands
 * that were still running.
 */
export interface RanCommand {
  line: string
  stdout: string
  stderr: string
  notes: string[]
  exit?: number
}

export interface RunOptions {
  seed: number
  members: number
  guided: boolean
  /** Default: 3.4. */
  etcd?: EtcdVersion
}

/** The maximum of steps in a script: several days of virtual time. */
const MOST_MOVES = 5_000_000
const TERMINAL = 't1'

/** Plays a script to its end and returns its commands, in the order of their lines. */
export function runScript(
  text: string,
  { seed, members, guided, etcd = DEFAULT_CONFIG.etcd }: RunOptions,
  onOutput: (event: TraceEvent) => void = () => {},
): RanCommand[] {
  const jobs = new Map<number, RanCommand>()
  const sim = new Simulation({ ...DEFAULT_CONFIG, members, etcd }, seed, (event) => {
    if (
      event.type !== 'console-line' &&
      event.type !== 'console-output' &&
      event.type !== 'console-exit'
    )
      return
    onOutput(event)
    if (event.type === 'console-line')
      jobs.set(event.job, { line: event.line, stdout: '', stderr: '', notes: [] })
    const job = jobs.get(event.job)
    if (job === undefined) return
    if (event.type === 'console-exit') job.exit = event.exit
    else if (event.type === 'console-output') {
      if (event.stream === 'note') job.notes.push(event.text)
      else job[event.stream] += event.text
    }
  })
  sim.submit({ type: 'console', terminal: TERMINAL, text, mode: guided ? 'guided' : 'strict' })
  for (let moves = 0; sim.isBusy(TERMINAL); moves++) {
    if (moves === MOST_MOVES || !sim.step()) throw new Error('the script does not end')
  }
  return [...jobs].sort(([a], [b]) => a - b).map(([, job]) => job)
}

/** The subcommand. Returns the exit code of the process: the last command's. */
export function run(
  args: string[],
  out: (text: string) => void,
  error: (text: string) => void,
): number {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      guided: { type: 'boolean', default: false },
      etcd: { type: 'string', default: DEFAULT_CONFIG.etcd },
      members: { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    out(`${RUN_HELP}\n`)
    return 0
  }
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0) throw new Error(`run takes one script\n${RUN_HELP}`)
  const options = {
    seed: wholeNumber('--seed', values.seed),
    members: wholeNumber('--members', values.members),
    guided: values.guided,
    etcd: readEtcdVersion(values.etcd, '--etcd'),
  }
  const text = readFileSync(file, 'utf8')
  if (values.json) {
    const commands = runScript(text, options).map(({ line, stdout, stderr, notes, exit }) => ({
      line,
      stdout,
      stderr,
      ...(notes.length > 0 ? { notes } : {}),
      ...(exit === undefined ? {} : { exit }),
    }))
    out(`${JSON.stringify({ commands })}\n`)
    return 0
  }
  const ran = runScript(text, options, (event) => {
    if (event.type === 'console-line') out(`$ ${event.line}\n`)
    if (event.type !== 'console-output') return
    if (event.stream === 'stdout') out(event.text)
    else error(event.stream === 'note' ? `# ${event.text.trimEnd()}\n` : event.text)
  })
  return ran.at(-1)?.exit ?? 0
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0)
    throw new Error(`${name} takes a whole number, not ${text}`)
  return value
}
