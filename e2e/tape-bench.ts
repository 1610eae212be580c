// `npm run bench:tape`: the cost of a hundred, a thousand and ten thousand marks on the timeline
// for a frame. The same runs without the timeline are the baseline. Prints milliseconds of
// scripting per animation frame while the run plays, and the ratios. The bench never fails, because
// times depend on the machine.

import { chromium } from 'playwright'
import { preview } from 'vite'
import { DEFAULT_CONFIG } from '../engine/sim/command'
import { browserFlags, findBrowser } from './browser.mjs'
import { openFile } from './open-file'

const ROUNDS = 5
const FRAMES = 100
const CLIENTS = 100
/** A session of two seconds is renewed every two thirds of a second, with one mark each time. */
const MARKS_A_SECOND = CLIENTS * 1.5
const MARKS = [100, 1000, 10_000]
/** The timeline in its place, at full height, and hidden. The difference is its cost. */
const SIZES = ['none', 'rows', 'full height'] as const
const SPACINGS = ['True time', 'By event'] as const

const server = await preview({ logLevel: 'error', preview: { host: '127.0.0.1', port: 0 } })
const executablePath = findBrowser()
const browser = await chromium.launch({
  args: browserFlags,
  ...(executablePath === undefined ? {} : { executablePath }),
})
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
page.setDefaultTimeout(600_000)
page.on('pageerror', (error) => console.error(error))
await page.addInitScript(() => {
  const scripting: number[] = []
  Object.assign(window, { scripting })
  const real = window.requestAnimationFrame
  window.requestAnimationFrame = (callback) =>
    real((time) => {
      const began = performance.now()
      callback(time)
      scripting.push(performance.now() - began)
    })
})
await page.goto(server.resolvedUrls?.local[0] ?? '')
await page.getByRole('slider', { name: 'Time' }).waitFor()
const commands = Array.from({ length: CLIENTS }, (_, i) => ({
  at: i * 6,
  type: 'program',
  client: `c${i + 1}`,
  program: [{ op: 'session', ttlSeconds: 2, as: 'lease' }],
}))
await openFile(page, { leasescope: 1, seed: 1, config: DEFAULT_CONFIG, commands })
// A run that was just opened is paused.
await page.getByRole('button', { name: 'Play', exact: true }).waitFor()
for (const marks of MARKS) {
  const from = Math.ceil(marks / MARKS_A_SECOND) + 1
  await seek(from)
  const cells = new Map<string, number[]>()
  // The cases take turns, so that other load on the machine affects all of them.
  for (let round = 0; round < ROUNDS; round++) {
    for (const spacing of SPACINGS) {
      await choose(spacing)
      for (const size of SIZES) {
        await show(size)
        await seek(from)
        cells.set(`${size}, ${spacing}`, [
          ...(cells.get(`${size}, ${spacing}`) ?? []),
          await scripting(),
        ])
        await show('rows')
      }
    }
  }
  for (const [cell, some] of cells)
    console.log(
      `${String(marks).padStart(6)} marks, ${cell.padEnd(28)} ${median(some).toFixed(2)} ms a frame`,
    )
  for (const spacing of SPACINGS) {
    const [without = [], within = [], full = []] = SIZES.map((size) =>
      cells.get(`${size}, ${spacing}`),
    )
    const more = (some: readonly number[]): string => (median(some) / median(without)).toFixed(2)
    console.log(
      `${String(marks).padStart(6)} marks, ${spacing}: a frame with rows takes ${more(within)} times one without, at full height ${more(full)} times`,
    )
  }
}
await browser.close()
await server.close()
process.exit(0)

/** Milliseconds of scripting per frame: the average over some frames of playing. */
async function scripting(): Promise<number> {
  await page.getByRole('button', { name: 'Play', exact: true }).click()
  await page.getByRole('button', { name: 'Pause' }).waitFor()
  const taken = await page.evaluate(
    (frames) =>
      new Promise<number[]>((done) => {
        const { scripting } = window as unknown as { scripting: number[] }
        scripting.length = 0
        // This is not a named function: the runner would wrap it in a helper that the page does not
        // have.
        const timer = setInterval(() => {
          if (scripting.length < frames) return
          clearInterval(timer)
          done([...scripting])
        }, 20)
      }),
    FRAMES,
  )
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor()
  return taken.reduce((sum, ms) => sum + ms, 0) / FRAMES
}

async function choose(word: string): Promise<void> {
  await page.getByRole('button', { name: 'Timeline options' }).click()
  await page.getByRole('menuitemradio', { name: word, exact: true }).click()
}

/** Without room the page draws no part of the timeline; the worker sends the same data. */
async function show(size: (typeof SIZES)[number]): Promise<void> {
  await page.evaluate((shown) => {
    const body = document.querySelector<HTMLElement>('.timeline-body')
    if (body !== null) body.style.display = shown === 'none' ? 'none' : ''
  }, size)
  const isFull = (await page.locator('.screen[data-full]').count()) > 0
  if (isFull !== (size === 'full height')) await page.keyboard.press('f')
}

async function seek(seconds: number): Promise<void> {
  await page.getByRole('button', { name: /^Time: / }).click()
  await page.getByRole('textbox', { name: 'Go to time (seconds)' }).fill(String(seconds))
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: new RegExp(`^Time: ${seconds.toFixed(3)}`) }).waitFor()
}

function median(some: readonly number[]): number {
  return some.toSorted((a, b) => a - b)[Math.floor(some.length / 2)] ?? 0
}
