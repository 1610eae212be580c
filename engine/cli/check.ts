// leasescope check: replays a recording with all checks.

import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { INVARIANTS } from '../check/invariants'
import type { LockPromise } from '../check/lock-promises'
import type { Violation } from '../check/violation'
import type { RecordingVerdict } from '../replay/check-recording'
import { checkRecording } from '../replay/check-recording'
import { MOST_EVENTS } from '../replay/run-tree'
import type { SharedRun } from '../replay/shared-form'
import { readSharedRun } from '../replay/shared-run'
import { foreignEngine } from '../sim/engine-version'
import { madeWithText } from '../text/made-with'
import { endOf, milliseconds } from './replay'

export const CHECK_HELP = `leasescope check [--until SECONDS] FILE.json
  Plays a recording (a file that the page saved, or a line of leasescope fuzz --recording) and checks it: Raft's rules, the stores,
  the promises of leases, the linearizability of each key, the convergence of the members, and the promises of locks.
  Prints one verdict per line. Exit code: 0 all rules hold, 1 a rule is broken, 2 the recording cannot be checked.
  --until     the end, in virtual seconds (default: its cursor, else its last command)`

/** The text of each promise in a verdict. */
const LOCKS: Readonly<Record<LockPromise, string>> = {
  'two hold': 'A lock admits only as many clients as it has room for while their leases live',
  'two healthy': 'Clients without faults are never too many in a section',
  'enters though lost': 'No client enters a section if it knows that its lease is lost',
  'held by the dead': 'The lock of a dead client becomes free',
  'stale write': 'The resource accepts no write of a client whose lease is gone',
  'token goes back': 'Tokens only grow',
}

/** The subcommand. Returns the exit code of the process. */
export function check(
  args: string[],
  out: (text: string) => void,
  error: (text: string) => void,
): number {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { until: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
    })
    if (values.help) {
      out(`${CHECK_HELP}\n`)
      return 0
    }
    const [file, ...more] = positionals
    if (file === undefined || more.length > 0)
      throw new Error(`check takes one recording\n${CHECK_HELP}`)
    const read = readSharedRun(readFileSync(file, 'utf8'), 'json')
    if (!read.ok) throw new Error(`${file}: ${read.reason}`)
    const until = values.until === undefined ? endOf(read.value) : milliseconds(values.until)
    const verdict = checkRecording(read.value, until, MOST_EVENTS)
    out(told(read.value, until, verdict))
    return verdict.violations.length > 0 || verdict.locks.size > 0 ? 1 : 0
  } catch (problem) {
    error(`leasescope check: ${problem instanceof Error ? problem.message : String(problem)}\n`)
    return 2
  }
}

function told(run: SharedRun, until: number, verdict: RecordingVerdict): string {
  const { config, commands } = run
  const head = `etcd ${config.etcd}, ${config.members} members, ${commands.length} commands, ${verdict.events} events, ${seconds(until)}`
  const broken = verdict.violations.length + verdict.locks.size
  const foot = broken === 0 ? 'everything holds' : `${broken} broken`
  const engine = foreignEngine(run.engine)
  const lines = [
    head,
    ...(engine === null ? [] : [line('note', madeWithText(engine))]),
    ...rules(verdict),
    ...histories(verdict),
    ...convergence(verdict),
    ...locks(verdict),
    foot,
  ]
  return `${lines.join('\n')}\n`
}

function rules({ violations, known }: RecordingVerdict): string[] {
  return INVARIANTS.flatMap(({ name, properties }) => {
    const of = (list: readonly Violation[]): Violation | undefined =>
      list.find(({ property }) => properties.includes(property))
    const [breach, excused] = [of(violations), of(known)]
    if (breach !== undefined) return [line('broken', name, at(breach))]
    return [
      excused === undefined
        ? line('holds', name)
        : line('known', name, `${at(excused)} (etcd does this too)`),
    ]
  })
}

function histories({ violations, keys }: RecordingVerdict): string[] {
  const name = 'Linearizable histories'
  const broken = violations.filter(({ property }) => property === 'linearizability')
  const rest = [
    `${keys.judged} keys judged`,
    ...(keys.unknown > 0 ? [`${keys.unknown} too long to judge`] : []),
    ...(keys.skipped > 0
      ? [`${keys.skipped} changed by ranges, services or larger transactions and not judged`]
      : []),
  ].join(', ')
  if (broken.length > 0) return broken.map((breach) => line('broken', name, at(breach)))
  return [line(keys.judged > 0 ? 'holds' : 'open', name, rest)]
}

function convergence({ violations, convergenceJudged }: RecordingVerdict): string[] {
  const breach = violations.find(({ property }) => property === 'convergence')
  if (breach !== undefined) return [line('broken', 'Convergence', at(breach))]
  if (convergenceJudged) return [line('holds', 'Convergence')]
  return [
    line(
      'open',
      'Convergence',
      'judged only where the run ends with 60 s without a command or a fault',
    ),
  ]
}

function locks({ locks: broken, hasLocks }: RecordingVerdict): string[] {
  if (!hasLocks && broken.size === 0) return [line('open', 'Locks', 'no program entered a section')]
  return Object.entries(LOCKS).map(([promise, sentence]) => {
    const breach = broken.get(promise as LockPromise)
    return breach === undefined ? line('holds', sentence) : line('broken', sentence, at(breach))
  })
}

function line(
  verdict: 'holds' | 'broken' | 'known' | 'open' | 'note',
  name: string,
  more = '',
): string {
  return `${verdict.padEnd(7)} ${name}${more === '' ? '' : `: ${more}`}`
}

function at(breach: { at: number; text: string }): string {
  return `at ${seconds(breach.at)}, ${breach.text}`
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(3)} s`
}
