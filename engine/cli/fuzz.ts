// leasescope fuzz: runs drawn from seeds, checked at each step.

import { parseArgs } from 'node:util'
import { readEtcdVersion } from '../base/etcd-versions'
import type { FuzzResult } from '../fuzz/fuzz'
import { fuzz, reproduces } from '../fuzz/fuzz'
import type { FuzzOptions } from '../fuzz/plan'
import { describeCommand } from '../sim/describe-command'
import { runRecipes } from './fuzz-recipe'

export const FUZZ_HELP = `leasescope fuzz [--seed S] [--runs N] [--members M] [--etcd V] [--troubles on|off] [--recipe NAME] [--recording]
  Draws whole runs from seeds: a cluster, requests of clients, a phase of faults, then healing. Checks Raft's safety, the promises of leases,
  the linearizability of the clients' histories, the convergence of the members, that no watch has a gap, and that every client moves on after
  the healing. For a run that fails it prints the drawn run and the command that plays it again.
  --seed       the first seed (1)
  --runs       the number of runs, with consecutive seeds (1 with --seed, else 300)
  --members    the number of members (drawn)
  --etcd       the modelled version: 3.4, 3.5, 3.6 or 3.7 (drawn)
  --troubles   on: links, disks and clocks are bad as well (drawn: one run in three)
  --recipe     a recipe of engine/client/recipes by name, or all: all correct recipes. Clients run it while they are paused, killed, cut off
               and given wrong clocks. Its promises are checked (20 runs without --runs and --seed)
  --recording  prints the run of the seed as a recording, which the page can open`

/** The subcommand. The exit code says whether every run held. */
export function runFuzz(
  args: string[],
  out: (text: string) => void,
  _error: (text: string) => void,
): number {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string' },
      runs: { type: 'string' },
      members: { type: 'string' },
      etcd: { type: 'string' },
      troubles: { type: 'string' },
      recipe: { type: 'string' },
      recording: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    out(`${FUZZ_HELP}\n`)
    return 0
  }
  const first = wholeNumber('--seed', values.seed ?? '1')
  const some = values.recipe === undefined ? '300' : '20'
  const runs = wholeNumber('--runs', values.runs ?? (values.seed === undefined ? some : '1'))
  if (values.recipe !== undefined)
    return runRecipes(values.recipe, first, runs, values.recording, out)
  const fixed = {
    ...membersOf(values.members),
    ...etcdOf(values.etcd),
    ...troublesOf(values.troubles),
  }
  const totals = { steps: 0, calls: 0, elections: 0, expired: 0, faults: 0 }
  let known = 0
  for (let seed = first; seed < first + runs; seed++) {
    const result = fuzz({ seed, ...fixed })
    if (values.recording)
      out(`${JSON.stringify({ ...result.recording, cursor: result.seen.endsAt })}\n`)
    else if (runs === 1 || result.violation !== null) out(told({ seed, ...fixed }, result))
    if (result.violation !== null) return 1
    if (result.known.length > 0) known++
    for (const key of Object.keys(totals) as (keyof typeof totals)[])
      totals[key] += result.seen[key]
  }
  if (values.recording) return 0
  const { steps, calls, elections, expired, faults } = totals
  out(
    `${runs} runs from seed ${first}: all held. ${steps} steps, ${calls} calls, ${faults} faults, ${elections} primaries, ${expired} leases expired.\n`,
  )
  if (known > 0)
    out(
      `In ${known} of them a lease ended too early, as in etcd: by a deposed leader of 3.4, by the late revoke of a leader that woke, or by a revoke from before a second promotion.\n`,
    )
  return 0
}

function told(options: FuzzOptions, { recording, violation, known, seen }: FuzzResult): string {
  const { config, commands } = recording
  const lines = [`seed ${options.seed}: ${JSON.stringify(config)}`]
  for (const command of commands)
    lines.push(`${String(command.at).padStart(6)}  ${describeCommand(command)}`)
  lines.push(`${String(seen.endsAt).padStart(6)}  the run ends`)
  for (const { at, property, text } of known)
    lines.push(`known in etcd ${config.etcd}, at ${at}: ${property}: ${text}`)
  if (violation !== null)
    lines.push(
      `${violation.property} is broken at ${violation.at}: ${violation.text}`,
      `again: ${reproduces(options)}`,
    )
  return `${lines.join('\n')}\n`
}

function membersOf(text: string | undefined): Pick<FuzzOptions, 'members'> {
  if (text === undefined) return {}
  const members = wholeNumber('--members', text)
  if (![1, 3, 5, 7].includes(members)) throw new Error(`--members takes 1, 3, 5 or 7, not ${text}`)
  return { members }
}

function etcdOf(text: string | undefined): Pick<FuzzOptions, 'etcd'> {
  if (text === undefined) return {}
  return { etcd: readEtcdVersion(text, '--etcd') }
}

function troublesOf(text: string | undefined): Pick<FuzzOptions, 'troubles'> {
  if (text === undefined) return {}
  if (text !== 'on' && text !== 'off') throw new Error(`--troubles takes on or off, not ${text}`)
  return { troubles: text === 'on' }
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0)
    throw new Error(`${name} takes a whole number, not ${text}`)
  return value
}
