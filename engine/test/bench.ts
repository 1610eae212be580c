// `npm run bench`: compares the expiry queue and the virtual clock with npm packages, as ratios
// from one run. Times depend on the machine, ratios less so. Each contender has its own process;
// rounds are interleaved in random order; CPU time; medians. Reports which goals are met; no result
// fails.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Random } from '../base/random'
import type { Answer } from './bench/child'
import { clockNames } from './bench/clocks'
import { queueNames } from './bench/queues'
import type { Seeks } from './bench/seeks'
import { seekTimes } from './bench/seeks'

const { values } = parseArgs({
  options: {
    full: { type: 'boolean' },
    rounds: { type: 'string' },
    only: { type: 'string' },
    help: { type: 'boolean' },
  },
})
if (values.help) {
  console.log(
    'npm run bench -- [--full] [--rounds N] [--only a,b,c,timers,keep-alives,seek]\n  --full adds a million leases, --rounds defaults to 7',
  )
  process.exit()
}
const rounds = Number(values.rounds ?? 7)
const only = values.only?.split(',')
const sizes = [1e3, 1e4, 1e5]

type Row = { contender: string; ns: number[] }
type Table = { cell: string; sizes: number[]; rows: Row[] }

const titles: Record<string, string> = {
  a: '(a) grant n at random deadlines, expire all in order: ns per lease',
  b: '(b) renew a random lease, 5 % expire and are granted again: ns per renewal',
  c: '(c) 25 % grant, 60 % renew, 5 % revoke, 10 % expire two: ns per operation',
  timers: 'virtual clock: set n timers, run all: ns per timer',
  'keep-alives': 'virtual clock: n leases with keep-alive and expiry timers: ns per keep-alive',
}

const random = new Random(1, 'rounds')
const tables: Record<string, Table> = {}
for (const cell of Object.keys(titles)) {
  if (only && !only.includes(cell)) continue
  const queues = cell.length === 1
  const some = queues
    ? [...sizes, ...(values.full ? [1e6] : [])]
    : cell === 'timers'
      ? [100, ...sizes]
      : sizes
  const table = await measuredTable(cell, some, queues ? queueNames : clockNames)
  tables[cell] = table
  print(table)
}
const bytes = only ? undefined : await bytesPerLease(1e5)
const seeks = !only || only.includes('seek') ? seekTimes() : []
if (seeks.length > 0) printSeeks(seeks)
goals()

async function measuredTable(
  cell: string,
  sizes: number[],
  names: readonly string[],
): Promise<Table> {
  const children = names.map((name) => ({
    name,
    child: started(cell, name),
    times: sizes.map((): number[] => []),
  }))
  for (let round = 0; round <= rounds; round++) {
    for (const [i, n] of sizes.entries()) {
      const checks = new Set<number>()
      for (const { child, times } of shuffled(children)) {
        const answer = await asked(child, n)
        if (!('ns' in answer)) continue
        checks.add(answer.check)
        // The first round creates the data and warms up the optimizer.
        if (round > 0) times[i]!.push(answer.ns)
      }
      if (checks.size > 1)
        console.log(`!! the contenders of ${cell} did not do the same work at n=${n}`)
    }
  }
  for (const { child } of children) child.disconnect()
  return {
    cell,
    sizes,
    rows: children.map(({ name, times }) => ({ contender: name, ns: times.map(median) })),
  }
}

async function bytesPerLease(n: number): Promise<[number, number] | undefined> {
  const child = started('bytes', 'ours')
  const answer = await asked(child, n)
  child.disconnect()
  return 'bytes' in answer ? answer.bytes : undefined
}

function started(cell: string, contender: string): ChildProcess {
  return fork(join(import.meta.dirname, 'bench/child.ts'), [cell, contender], {
    execArgv: [...process.execArgv, '--no-warnings'],
  })
}

async function asked(child: ChildProcess, n: number): Promise<Answer> {
  child.send(n)
  const died = new AbortController()
  child.once('exit', () =>
    died.abort(new Error(`${child.spawnargs.slice(-2).join(' ')}: the process ended`)),
  )
  const [answer] = await once(child, 'message', { signal: died.signal })
  child.removeAllListeners('exit')
  return answer
}

function print({ cell, sizes, rows }: Table): void {
  console.log(`\n${titles[cell]} (ratio to ours)`)
  console.log(
    `${' '.repeat(14)}${sizes.map((n) => `n=1e${String(n).length - 1}`.padStart(18)).join('')}`,
  )
  for (const { contender, ns } of rows) {
    const cells = ns.map((x, i) =>
      `${x.toFixed(x < 100 ? 1 : 0)} (${(x / rows[0]!.ns[i]!).toFixed(2)})`.padStart(18),
    )
    console.log(contender.padEnd(14) + cells.join(''))
  }
}

function printSeeks(rows: readonly Seeks[]): void {
  console.log('\nto any moment of a run of 100,000 events: ms of CPU')
  for (const { story, playedMs, medianMs, worstMs, keyframes } of rows)
    console.log(
      `${story.padEnd(26)} median ${medianMs.toFixed(1)}, worst ${worstMs.toFixed(1)}, playing it all ${playedMs.toFixed(0)}; ${keyframes} keyframes`,
    )
}

function goals(): void {
  console.log('\nGoals')
  // Other programs share the caches: structures that just fit lose most, ours at 1e5 first.
  const load = loadavg()[1]!
  if (load > availableParallelism())
    console.log(`  (the machine was busy, load ${load.toFixed(1)}: take ratios at 1e5 for too low)`)
  const { a, b, c, timers, 'keep-alives': kept } = tables
  const upTo = (most: number) => (n: number) => n <= most
  const from1e3 = (n: number) => n >= 1e3
  for (const [table, fastest, tiny] of [
    [a, 1.05, 2.8],
    [b, 2.3, 6.3],
    [c, 1.4, 3.2],
  ] as const) {
    if (!table) continue
    goal(
      `2 ${table.cell}: fastest of npm / ours`,
      least(table, queueNames, upTo(1e5)),
      '>=',
      fastest,
    )
    goal(`2 ${table.cell}: tinyqueue / ours`, least(table, ['tinyqueue'], upTo(1e5)), '>=', tiny)
  }
  for (const [table, fastest] of [
    [a, 1.05],
    [b, 1.6],
    [c, 1],
  ] as const) {
    if (table && values.full)
      goal(
        `2 ${table.cell} at 1e6: fastest of npm / ours`,
        least(table, queueNames, (n) => n === 1e6),
        '>=',
        fastest,
      )
  }
  if (b) goal('3: renewal at 1e5 / at 1e3', growth(b), '<=', 2.5)
  if (bytes) goal('3: bytes per lease at 1e5', bytes[0], '<=', 16.5)
  if (bytes) goal('3: bytes per lease after three renewals each', bytes[1], '<=', 16.5)
  if (timers) goal('5: node:test / ours, per timer', least(timers, ['node:test'], from1e3), '>=', 5)
  if (timers)
    goal('5: fake-timers / ours, per timer', least(timers, ['fake-timers'], from1e3), '>=', 12)
  if (kept) goal('5: node:test / ours, with keep-alives', least(kept, ['node:test']), '>=', 9)
  if (kept) goal('5: fake-timers / ours, with keep-alives', least(kept, ['fake-timers']), '>=', 22)
  if (timers) goal('5: timer at 1e5 / at 1e3', growth(timers), '<=', 4)
  for (const { story, playedMs, medianMs } of seeks) {
    goal(`seek, ${story}: median ms`, medianMs, '<=', 50)
    goal(`seek, ${story}: playing it all / median`, playedMs / medianMs, '>=', 50)
  }
}

function goal(what: string, value: number, relation: '>=' | '<=', bound: number): void {
  const met = relation === '>=' ? value >= bound : value <= bound
  console.log(
    `  ${met ? 'met    ' : 'NOT MET'}  ${what.padEnd(48)} ${value.toFixed(2)} (goal ${relation} ${bound})`,
  )
}

/** The smallest ratio to ours of any of these at any of these sizes. */
function least(
  { sizes, rows }: Table,
  names: readonly string[],
  counts: (n: number) => boolean = () => true,
): number {
  const others = rows.slice(1).filter(({ contender }) => names.includes(contender))
  return Math.min(
    ...others.flatMap(({ ns }) =>
      ns.map((x, i) => (counts(sizes[i]!) ? x / rows[0]!.ns[i]! : Number.POSITIVE_INFINITY)),
    ),
  )
}

function growth({ sizes, rows }: Table): number {
  const { ns } = rows[0]!
  return ns[sizes.indexOf(1e5)]! / ns[sizes.indexOf(1e3)]!
}

function median(values: number[]): number {
  const sorted = values.toSorted((x, y) => x - y)
  return sorted[sorted.length >> 1] ?? Number.NaN
}

function shuffled<T>(list: readonly T[]): T[] {
  const from = [...list]
  return list.map(() => from.splice(random.below(from.length), 1)[0]!)
}
