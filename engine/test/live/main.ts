// npm run test:etcd -- [--etcd-path DIR] [--seed S] [--runs N] [--calls M]: plays random exchanges
// on a real etcd and on the engine and prints the first difference.

import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { PATCH_VERSIONS } from '../../base/etcd-versions'
import type { Act } from '../calls'
import { exchanges } from '../calls'
import { binaryAt } from './binary'
import { startEtcd } from './etcd'
import { Lockstep } from './lockstep'

const HELP = `npm run test:etcd -- [--etcd-path DIR] [--seed S] [--runs N] [--calls M]
  Starts a real etcd on free ports of loopback, plays N random exchanges of M acts on it and on the engine, and tells the
  first difference with the line that shows it again. The engine takes the version of that etcd: 3.4, 3.5, 3.6 or 3.7.
  --etcd-path   the directory that holds the etcd, or its path (the etcd on the PATH)
  --seed        the seed of the first exchange; each next one has the next seed (1)
  --runs        how many exchanges (200)
  --calls       how many acts an exchange has (100)`

/** The maximum of attempts to shorten an exchange that differs. */
const MOST_ATTEMPTS = 150

const { values } = parseArgs({
  options: {
    'etcd-path': { type: 'string' },
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '200' },
    calls: { type: 'string', default: '100' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
const path = values['etcd-path']
const pathOption = path === undefined ? '' : ` --etcd-path ${path}`
if (values.help) console.log(HELP)
else process.exitCode = await run(wholeNumber('seed'), wholeNumber('runs'), wholeNumber('calls'))

async function run(seed: number, runs: number, calls: number): Promise<number> {
  const { version, release } = binaryAt(path)
  if (version !== PATCH_VERSIONS[release])
    console.log(`etcd ${version} is played; the engine models ${PATCH_VERSIONS[release]}`)
  const from = performance.now()
  const found = await first(seed, runs, calls)
  const took = `${((performance.now() - from) / 1000).toFixed(1)} s`
  if (found === undefined) {
    console.log(
      `${runs} exchanges of ${calls} acts from seed ${seed}: the engine answers as etcd ${version} does (${took})`,
    )
    return 0
  }
  const at = seed + found.run
  console.log(`Exchange ${found.run + 1} of ${runs} (seed ${at}) differs: ${found.difference}`)
  const alone = await shrunk(acts(at, calls))
  if (alone === undefined) {
    console.log(
      `It does not differ by itself, only after the others:\n  npm run test:etcd --${pathOption} --seed ${seed} --runs ${found.run + 1} --calls ${calls}`,
    )
    return 1
  }
  console.log(
    `Shown again by:\n  npm run test:etcd --${pathOption} --seed ${at} --runs 1 --calls ${calls}`,
  )
  console.log(
    `Made smaller: ${alone.difference}\n${alone.acts.map((act) => `  ${JSON.stringify(act)}`).join('\n')}`,
  )
  return 1
}

function acts(seed: number, calls: number): Act[] {
  return fc.sample(exchanges(calls), { seed, numRuns: 1 })[0]!
}

async function first(
  seed: number,
  runs: number,
  calls: number,
): Promise<{ run: number; difference: string } | undefined> {
  return alongside(async (lockstep) => {
    for (let run = 0; run < runs; run++) {
      const difference = await lockstep.play(acts(seed + run, calls))
      if (difference !== undefined) return { run, difference }
    }
    return undefined
  })
}

/** The same difference from fewer acts; undefined if the exchange alone shows none. */
async function shrunk(whole: Act[]): Promise<{ acts: Act[]; difference: string } | undefined> {
  const difference = await alongside((lockstep) => lockstep.play(whole))
  if (difference === undefined) return undefined
  let best = { acts: whole, difference }
  let attempts = 0
  for (
    let size = Math.ceil(whole.length / 2);
    size >= 1;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let at = 0; at < best.acts.length && attempts < MOST_ATTEMPTS; ) {
      const fewer = best.acts.filter((_, i) => i < at || i >= at + size)
      attempts++
      // A difference leaves the two in different states: each attempt has its own etcd.
      const still = await alongside((lockstep) => lockstep.play(fewer))
      if (still === undefined) at += size
      else best = { acts: fewer, difference: still }
    }
  }
  return best
}

async function alongside<T>(use: (lockstep: Lockstep) => Promise<T>): Promise<T> {
  const { command, version } = binaryAt(path)
  const etcd = await startEtcd([], command)
  try {
    return await use(await Lockstep.begin(etcd, version))
  } finally {
    await etcd.stop()
  }
}

function wholeNumber(name: 'seed' | 'runs' | 'calls'): number {
  const value = Number(values[name])
  if (!Number.isSafeInteger(value) || value < 0)
    throw new Error(`--${name} takes a whole number, not ${values[name]}`)
  return value
}
