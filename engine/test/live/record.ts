// node --import tsx engine/test/live/record.ts [--etcd-path DIR] FILE.json…: plays the steps of
// each file on a new real etcd and writes its answers and events into the file.

import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Exchange, Plain, Step } from '../../cli/exchange/form'
import { readExchange } from '../../cli/exchange/read'
import { binaryAt } from './binary'
import type { LiveEtcd } from './etcd'
import { startEtcd } from './etcd'
import type { Answer } from './grpc'

/**
 * Milliseconds within which a watch certainly catches up, and a call begins its wait; the same as
 * in a played exchange (cli/api.ts).
 */
const LEAD_MS = 150
const START_PAUSE_MS = 60

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'etcd-path': { type: 'string' } },
})
const binary = binaryAt(values['etcd-path'])

for (const file of positionals) {
  const recorded = await record(readExchange(readFileSync(file, 'utf8')))
  writeFileSync(file, written(recorded))
  console.log(`${file}: ${recorded.steps.length} steps, ${recorded.events?.length ?? 0} events`)
}

async function record(exchange: Exchange): Promise<Exchange> {
  const etcd = await startEtcd([], binary.command)
  try {
    const events: Plain[] = []
    let from = performance.now()
    const clock = (): number => Math.round(performance.now() - from)
    const watch = etcd.client.open('Watch', (message) => {
      for (const event of (message.events ?? []) as Plain[]) events.push({ at: clock(), ...event })
    })
    watch.send({ create_request: { key: '\0', range_end: '\0', start_revision: 1, prev_kv: true } })
    await sleep(LEAD_MS)
    from = performance.now()
    const steps = await play(etcd, exchange.steps, clock)
    await sleep(LEAD_MS)
    watch.cancel()
    const timed = exchange.steps.some(({ at }) => at !== undefined)
    if (!timed) for (const event of events) delete event.at
    return { ...exchange, ...{ etcd: binary.version }, steps, events }
  } finally {
    await etcd.stop()
  }
}

async function play(etcd: LiveEtcd, steps: Step[], clock: () => number): Promise<Step[]> {
  const started = new Map<string, Promise<Answer>>()
  const played: Step[] = []
  for (const { response: _response, error: _error, ...step } of steps) {
    if (step.at !== undefined && step.at > clock()) await sleep(step.at - clock())
    if (step.finish !== undefined) {
      const answer = started.get(step.finish)
      if (answer === undefined) throw new Error(`nothing was started under the name ${step.finish}`)
      played.push({ ...step, ...(await answer) })
      continue
    }
    if (step.call === undefined) throw new Error('neither a call nor a finish')
    const answer = etcd.client.call(step.call, step.request ?? {})
    if (step.start === undefined) played.push({ ...step, ...(await answer) })
    else {
      started.set(step.start, answer)
      await sleep(START_PAUSE_MS)
      played.push(step)
    }
  }
  return played
}

/** One step and one event a line. */
function written({ steps, events = [], ...head }: Exchange): string {
  const lines = (items: readonly unknown[]): string =>
    items.map((item) => `\n  ${JSON.stringify(item)}`).join(',')
  return `${JSON.stringify(head).slice(0, -1)},\n "steps": [${lines(steps)}\n ],\n "events": [${lines(events)}\n ]}\n`
}
