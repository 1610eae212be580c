// One run, one trace: the worker in this browser and the engine in Node come to the same events, to the last byte.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseScenario, runScenario } from '../engine/scenario/scenario'
import { Host } from '../engine/worker/host'
import type { FromWorker, ToWorker } from '../engine/worker/protocol'
import { expect, test } from './harness'

const catalogue = join(import.meta.dirname, '../engine/scenario/catalogue')
const END = 30_000

for (const name of readdirSync(catalogue).filter((file) => file.endsWith('.txt'))) {
  test(`${name} is the same run in the browser and in Node`, async ({ page }) => {
    const { recording } = runScenario(parseScenario(readFileSync(join(catalogue, name), 'utf8')))
    const messages: ToWorker[] = [
      { type: 'open', recording, at: END },
      { type: 'seek', at: 3000 },
      { type: 'seek', at: END },
      { type: 'export' },
    ]
    const host = new Host(() => 0)
    const inNode = messages.map((message) => host.receive(message)).at(-1)

    // The page fetches its worker on its own time: wait until it has.
    const found = await page.waitForFunction(() =>
      performance
        .getEntriesByType('resource')
        .map(({ name }) => name)
        .find((url) => /worker-.*\.js$/.test(url)),
    )
    const script = await found.jsonValue()
    const inBrowser = await page.evaluate(
      ([url, posts]) =>
        new Promise<FromWorker>((resolve) => {
          const worker = new Worker(url, { type: 'module' })
          worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
            worker.terminate()
            resolve(data)
          })
          for (const post of posts) worker.postMessage(post)
        }),
      [script ?? '', messages] as const,
    )
    expect(inBrowser).toEqual(inNode)
    expect(inNode).toMatchObject({ type: 'exported', recording })
  })
}
