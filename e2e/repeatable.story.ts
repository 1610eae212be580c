// One run, one trace. The worker in this browser and the engine in Node produce the same events.
// For a file saved by this browser, `leasescope replay` prints exactly this browser's output, to
// the last byte.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { replay } from '../engine/cli/replay'
import { parseScenario, runScenario } from '../engine/scenario/scenario'
import { accept } from '../engine/worker/accept'
import { Host } from '../engine/worker/host'
import type { FromWorker, ToWorker } from '../engine/worker/protocol'
import { expect, type Page, test } from './harness'

const catalogue = join(import.meta.dirname, '../engine/scenario/catalogue')
/** Every run is played at least to this virtual time, in ms. */
const LEAST = 30_000
const names = readdirSync(catalogue).filter((file) => file.endsWith('.txt'))

/**
 * Sends messages to the page's own worker script and returns the answers. One worker receives all
 * messages, so a run must leave nothing behind for the next run.
 */
type Ask = (messages: ToWorker[]) => Promise<FromWorker[]>

async function workerOf(page: Page): Promise<Ask> {
  // The page fetches its worker when it likes, so the test waits for it.
  const found = await page.waitForFunction(() =>
    performance
      .getEntriesByType('resource')
      .map(({ name }) => name)
      .find((url) => /worker-.*\.js$/.test(url)),
  )
  const script = (await found.jsonValue()) ?? ''
  // Beside the page's own worker and its drawing, every run would take many times as long.
  const bare = new URL('bare.html', page.url()).href
  await page.route(bare, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<link rel="icon" href="icon.svg">' }),
  )
  await page.goto(bare)
  const worker = await page.evaluateHandle((url) => new Worker(url, { type: 'module' }), script)
  return (messages) =>
    worker.evaluate(
      (to, posts) =>
        new Promise<FromWorker[]>((resolve) => {
          const answers: FromWorker[] = []
          to.onmessage = ({ data }: MessageEvent<FromWorker>) => {
            // The worker announces itself, before or after the first answer.
            if (data.type === 'ready') return
            answers.push(data)
            // An export is answered last. By then the worker has reported everything that went
            // wrong before.
            if (data.type === 'exported' || data.type === 'stopped') resolve(answers)
          }
          for (const post of posts) to.postMessage(post)
        }),
      messages,
    )
}

/** The same in Node, with the host that the worker uses. */
function answered(messages: ToWorker[]): FromWorker[] {
  const host = new Host(() => 0)
  return messages.flatMap((message) => {
    const accepted = accept(message)
    if (!accepted.ok) throw new Error(accepted.reason)
    return host.receive(accepted.message) ?? []
  })
}

/** Moves the run to and fro, and then requests every way to share it. */
function messagesFor(name: string): ToWorker[] {
  const { recording } = runScenario(parseScenario(readFileSync(join(catalogue, name), 'utf8')))
  const end = Math.max(LEAST, recording.commands.at(-1)?.at ?? 0)
  return [
    { type: 'open', recording, at: end },
    { type: 'seek', at: 3000 },
    { type: 'seek', at: end },
    { type: 'share', form: 'trace', view: {} },
    { type: 'share', form: 'file', view: {} },
    { type: 'share', form: 'link', view: { tab: 'keys' } },
    { type: 'share', form: 'etcdctl', view: {} },
    { type: 'export' },
  ]
}

/** The first line where the two texts differ, from both texts; null if the texts are equal. */
function parting(
  here: string,
  there: string,
): { line: number; here: string | undefined; there: string | undefined } | null {
  if (here === there) return null
  const [a, b] = [here.split('\n'), there.split('\n')]
  const line = a.findIndex((text, i) => text !== b[i])
  return { line: line + 1, here: a[line], there: b[line] }
}

/** The output of `leasescope replay FILE`. */
function printed(file: string, path: string): string {
  writeFileSync(path, file)
  let text = ''
  let told = ''
  replay(
    [path],
    (piece) => {
      text += piece
    },
    (piece) => {
      told += piece
    },
  )
  // A saved file names the page's engine.
  expect(told).toBe('')
  return text
}

const textOf = (answers: FromWorker[], form: string): string =>
  answers
    .map((answer) => (answer.type === 'shared' && answer.form === form ? answer.text : ''))
    .join('')

// The test is split into as many parts as browsers run in parallel.
for (const part of [0, 1]) {
  test(`every ready scenario is the same run in the browser and in Node, part ${part + 1} of 2`, async ({
    page,
  }, info) => {
    const ask = await workerOf(page)
    for (const name of names.filter((_, i) => i % 2 === part)) {
      const messages = messagesFor(name)
      const asked = ask(messages)
      const inNode = answered(messages)
      const inBrowser = await asked
      const trace = textOf(inBrowser, 'trace')
      expect.soft(trace.length, `${name}: a trace`).toBeGreaterThan(0)
      expect.soft(parting(trace, textOf(inNode, 'trace')), `${name}: the trace`).toBe(null)
      expect
        .soft(
          parting(trace, printed(textOf(inBrowser, 'file'), info.outputPath('run.json'))),
          `${name}: replay's lines`,
        )
        .toBe(null)
      // Links, scripts, files, and the hash of every field of every event are equal.
      expect.soft(inBrowser, name).toEqual(inNode)
      expect
        .soft(inBrowser.at(-1), name)
        .toMatchObject({ type: 'exported', recording: { commands: expect.anything() } })
    }
  })
}
