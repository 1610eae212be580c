// `npm run long-use`: an hour of virtual time with churn at 100×, and the memory of the page and
// the worker. The page must stay flat: heap, DOM nodes and listeners of the second half within 10 %
// of the first. The worker keeps the run itself, which grows. The bytes for each event must stay
// within 10 % between the halves.

import { type CDPSession, chromium } from 'playwright'
import { preview } from 'vite'
import type { LeaseId, Request } from '../engine/base/rpc'
import type { MemberName } from '../engine/base/trace'
import { RunTree } from '../engine/replay/run-tree'
import { type Command, type Config, DEFAULT_CONFIG } from '../engine/sim/command'
import type { Recording } from '../engine/sim/recording'
import { browserFlags, findBrowser } from './browser.mjs'
import { openFile } from './open-file'

/**
 * Virtual minutes between two measurements. The first measurement comes before the hour. Until then
 * the page compiles and loads its parts.
 */
const STEP = 5
const MINUTES = STEP + 60
const MOST_GROWTH = 1.1

/**
 * Measured after a garbage collection, with the run paused at `at` (virtual ms). Bytes of
 * JavaScript.
 */
interface Held {
  at: number
  page: number
  worker: number
  nodes: number
  listeners: number
}

const server = await preview({ logLevel: 'error', preview: { host: '127.0.0.1', port: 0 } })
const executablePath = findBrowser()
const browser = await chromium.launch({
  args: browserFlags,
  ...(executablePath === undefined ? {} : { executablePath }),
})
const page = await browser.newPage({
  viewport: { width: 1440, height: 900 },
  serviceWorkers: 'block',
})
page.setDefaultTimeout(600_000)
page.on('pageerror', (error) => {
  console.error(error)
  process.exitCode = 1
})
await page.goto(server.resolvedUrls?.local[0] ?? '')
await page.getByRole('slider', { name: 'Time' }).waitFor()
const run = churn()
await open(run)
await page
  .getByRole('navigation', { name: 'Panels' })
  .getByRole('button', { name: 'Log', exact: true })
  .click()
const session = await page.context().newCDPSession(page)
const worker = await workerOf(session)
const held: Held[] = []
const began = performance.now()
await page.getByRole('slider', { name: 'Speed' }).press('End')
for (let minute = STEP; minute <= MINUTES; minute += STEP) {
  held.push(await measure(await playTo(minute * 60)))
  print(held.at(-1)!)
}
console.log(
  `${MINUTES} virtual minutes took ${((performance.now() - began) / 1000).toFixed(0)} s; at 100× they take ${(MINUTES * 60) / 100} s`,
)
await browser.close()
await server.close()
judge()
process.exit()

function print({ at, page, worker, nodes, listeners }: Held): void {
  const mb = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`.padStart(9)
  console.log(
    `${(at / 60_000).toFixed(1).padStart(5)} min: page ${mb(page)}, worker ${mb(worker)}, ${nodes} nodes, ${listeners} listeners`,
  )
}

/**
 * Compares the halves. The same recording is played here to count the events of the run at each
 * measurement.
 */
function judge(): void {
  const half = (held.length - 1) / 2
  for (const what of ['page', 'nodes', 'listeners'] as const) {
    const [first, second] = [held.slice(1, 1 + half), held.slice(1 + half)].map(
      (some) => some.reduce((sum, each) => sum + each[what], 0) / half,
    )
    compare(what === 'page' ? 'bytes of the page' : `${what} of the page`, first ?? 0, second ?? 0)
  }
  const { timeline } = RunTree.at(run, 0)
  const points = [held[0]!, held[half]!, held.at(-1)!].map(({ at, worker }) => {
    timeline.reach(at, Number.POSITIVE_INFINITY)
    return { worker, events: timeline.trace.length }
  })
  const [first, second] = [1, 2].map((i) => {
    const [from, to] = [points[i - 1]!, points[i]!]
    return (to.worker - from.worker) / (to.events - from.events)
  })
  console.log(`${points.at(-1)?.events} events`)
  compare('bytes of the worker for an event', first ?? 0, second ?? 0)
}

function compare(what: string, first: number, second: number): void {
  const holds = second <= first * MOST_GROWTH
  console.log(
    `${holds ? 'holds' : 'GROWS'}: ${what}, first half ${first.toFixed(0)}, second half ${second.toFixed(0)} (${(second / first).toFixed(2)})`,
  )
  if (!holds) process.exitCode = 1
}

/**
 * Three members, and three clients that take one lock in turn, forever. Every minute repeats the
 * same leases, keys and faults. Members take snapshots of their log often. A restart late in the
 * hour then replays as much as an early one.
 */
function churn(): Recording {
  const config: Config = {
    ...DEFAULT_CONFIG,
    members: 3,
    etcd: '3.6',
    clientEndpoints: 'all',
    snapshotCount: 500,
    catchUpEntries: 100,
  }
  const source = [
    'again:',
    'lease = grant 5',
    'keep lease',
    'token = lock /job with lease',
    'enter /job',
    'write from-$me with token token',
    'sleep 1s',
    'leave',
    'unlock /job',
    'revoke lease',
    'sleep 500ms',
    'goto again',
  ].join('\n')
  const commands: Recording['commands'] = ['a', 'b', 'c'].map((client, i) => ({
    at: 100 * i,
    type: 'script',
    client,
    source,
  }))
  for (let minute = 0; minute < MINUTES; minute++) {
    const at = (second: number, command: Command) =>
      commands.push({ at: Math.round((minute * 60 + second) * 1000), ...command })
    const ask = (second: number, request: Request) =>
      at(second, { type: 'request', client: 'svc', request })
    const [renewed, revoked, left] = [1, 2, 3].map(
      (n) => (minute * 16 + n).toString(16).padStart(16, '0') as LeaseId,
    )
    for (const [i, lease] of [renewed, revoked, left].entries()) {
      if (lease === undefined) continue
      ask(1 + i, { type: 'LeaseGrant', TTL: 10, ID: lease })
      ask(1.5 + i, { type: 'Put', key: `/svc/${i}`, value: String(minute), lease })
      if (lease === renewed) at(2, { type: 'heartbeat', client: 'svc', lease, on: true })
      if (lease === revoked) ask(8, { type: 'LeaseRevoke', ID: lease })
    }
    if (renewed !== undefined)
      at(40, { type: 'heartbeat', client: 'svc', lease: renewed, on: false })
    const member = `m${1 + (minute % 3)}` as MemberName
    at(15, { type: 'fault', fault: { type: 'crash', member } })
    at(20, { type: 'fault', fault: { type: 'restart', member } })
    at(25, { type: 'fault', fault: { type: 'pause-client', client: 'a' } })
    at(33, { type: 'fault', fault: { type: 'resume-client', client: 'a' } })
    at(45, { type: 'fault', fault: { type: 'partition', groups: [['m1'], ['m2', 'm3']] } })
    at(50, { type: 'fault', fault: { type: 'heal' } })
    at(55, { type: 'fault', fault: { type: 'crash-client', client: 'b' } })
    for (const client of ['a', 'b', 'c'])
      at(58, { type: 'fault', fault: { type: 'restart-client', client } })
  }
  commands.sort((one, other) => one.at - other.at)
  return { leasescope: 1, seed: 1, config, commands }
}

async function open(recording: Recording): Promise<void> {
  await openFile(page, recording)
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor()
  await page.getByRole('group', { name: /^Member m3/ }).waitFor()
}

/** Plays at least until that second, and pauses. Returns the virtual time of the run in ms. */
async function playTo(seconds: number): Promise<number> {
  await page.getByRole('button', { name: 'Play', exact: true }).click()
  await page.waitForFunction(
    (wanted) =>
      Number(/[\d.]+/.exec(document.querySelector('.clock')?.textContent ?? '')?.[0]) >= wanted,
    seconds,
    {
      polling: 100,
    },
  )
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor()
  return Number(/[\d.]+/.exec((await page.locator('.clock').textContent()) ?? '')?.[0]) * 1000
}

async function measure(at: number): Promise<Held> {
  for (const each of [session, worker]) await each.send('HeapProfiler.collectGarbage')
  const heap = await session.send('Runtime.getHeapUsage')
  const inWorker = (await worker.send('Runtime.getHeapUsage')) as { usedSize: number }
  const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters')
  return { at, page: heap.usedSize, worker: inWorker.usedSize, nodes, listeners: jsEventListeners }
}

interface Talk {
  send(method: string, params?: object): Promise<unknown>
}

/** The engine's worker as a separate target. */
async function workerOf(session: CDPSession): Promise<Talk> {
  const waiting = new Map<number, (result: unknown) => void>()
  let last = 0
  const attached = new Promise<string>((done) => {
    session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      if (targetInfo.type === 'worker') done(sessionId)
    })
  })
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result, error } = JSON.parse(message)
    if (error) throw new Error(error.message)
    waiting.get(id)?.(result)
  })
  await session.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: false,
    flatten: false,
  })
  const sessionId = await attached
  return {
    send(method, params = {}) {
      const id = ++last
      const answer = new Promise((done) => waiting.set(id, done))
      return session
        .send('Target.sendMessageToTarget', {
          sessionId,
          message: JSON.stringify({ id, method, params }),
        })
        .then(() => answer)
    },
  }
}
