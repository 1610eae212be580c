// One contender in one cell, in its own process, so that no other contender influences the
// optimizer. Answers each n with one measurement.

import type { Batch } from './batch'
import { clockCells } from './clocks'
import { bytesPerLease, queueCells } from './queues'

export type Answer = { ns: number; check: number } | { bytes: [number, number] }

/** The minimum of CPU milliseconds of one measurement. */
const AT_LEAST = 100
/** The minimum of operations between two readings of the clock. */
const STRETCH = 50_000

const [cell = '', contender = ''] = process.argv.slice(2)
// Kept for all rounds. V8 drops optimized code when the last instance of a class is gone, and fresh
// memory costs page faults.
const batches = new Map<number, Batch>()

function measured(n: number): Answer {
  if (cell === 'bytes') return { bytes: bytesPerLease(n) }
  const batch = batches.get(n) ?? { ...queueCells, ...clockCells }[cell]!(contender, n)
  batches.set(n, batch)
  let spent = 0
  let operations = 0
  while (spent < AT_LEAST * 1000) {
    batch.before?.()
    const start = process.cpuUsage()
    let some = batch.run()
    // Reading the clock costs a microsecond or two: too much for every hundred operations.
    if (!batch.before) while (some < STRETCH) some += batch.run()
    operations += some
    const { user, system } = process.cpuUsage(start)
    spent += user + system
  }
  return { ns: (spent * 1000) / operations, check: batch.check }
}

process.on('message', (n: number) => process.send!(measured(n)))
