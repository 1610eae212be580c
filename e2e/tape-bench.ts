// `npx tsx e2e/tape-bench.ts [grants] [renewals]`, after `npx vite build`: what ten thousand marks on the tape cost a frame, beside the same run without lanes.
// Prints milliseconds of scripting per animation frame while the run plays, and their ratio; fails nothing, for times belong to a machine.

import { chromium } from 'playwright'
import { preview } from 'vite'
import { browserFlags, findBrowser } from './browser.mjs'

const ROUNDS = 5
const FRAMES = 150
/** Lines that are pasted at once. */
const PASTE = 500
const SPEEDS = [1, 10]
const SIZES = ['no lanes', 'some lanes']

const [grants = 1000, renewals = 9000] = process.argv.slice(2).map(Number)
const server = await preview({ logLevel: 'error', preview: { host: '127.0.0.1', port: 0 } })
const executablePath = findBrowser()
const browser = await chromium.launch({ args: browserFlags, ...(executablePath === undefined ? {} : { executablePath }) })
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
await page.getByRole('button', { name: 'Pause' }).click()

const lines = [
  ...Array.from({ length: grants }, () => 'etcdctl lease grant 3600'),
  ...Array.from({ length: renewals }, (_, i) => `etcdctl lease keep-alive --once $L${(i % grants) + 1}`),
]
for (let from = 0; from < lines.length; from += PASTE) {
  await page.getByRole('checkbox', { name: 'hold in flight' }).check()
  await page.getByRole('textbox', { name: 'Console' }).fill(lines.slice(from, from + PASTE).join('\n'))
  await page.getByRole('button', { name: 'Run', exact: true }).click()
}
const end = Math.ceil(lines.length * 0.1)
await seek(end)
const lanes = page.getByRole('combobox', { name: 'Lanes' })
console.log(`${grants} leases, ${renewals} renewals, played to ${end} s; ${await page.getByRole('slider').getAttribute('aria-valuetext')}`)
const cells = new Map<string, number[]>()
// Taken in turns, so that what else the machine does falls on all of them.
for (let round = 0; round < ROUNDS; round++) {
  for (const size of SIZES) {
    await lanes.selectOption(size)
    for (const speed of SPEEDS) {
      await seek(Math.floor(end / 2))
      cells.set(`${size}, ${speed} ×`, [...(cells.get(`${size}, ${speed} ×`) ?? []), await scripting(speed)])
    }
  }
}
for (const [cell, some] of cells) console.log(`${cell.padEnd(16)} ${median(some).toFixed(2)} ms a frame`)
for (const speed of SPEEDS) {
  const [without = [], within = []] = SIZES.map((size) => cells.get(`${size}, ${speed} ×`))
  console.log(`at ${speed} × a frame with lanes takes ${(median(within) / median(without)).toFixed(2)} times one without`)
}
await browser.close()
await server.close()
process.exit(0)

/** Milliseconds of scripting a frame, on the average of some frames of playing at that speed. */
async function scripting(speed: number): Promise<number> {
  await page.getByRole('combobox', { name: 'Speed' }).selectOption(String(speed))
  await page.getByRole('button', { name: 'Play', exact: true }).click()
  const taken = await page.evaluate(
    (frames) =>
      new Promise<number[]>((done) => {
        const { scripting } = window as unknown as { scripting: number[] }
        scripting.length = 0
        // Not a named function: the runner would wrap it in a helper that the page does not have.
        const timer = setInterval(() => {
          if (scripting.length < frames) return
          clearInterval(timer)
          done([...scripting])
        }, 20)
      }),
    FRAMES,
  )
  await page.getByRole('button', { name: 'Pause' }).click()
  return taken.reduce((sum, ms) => sum + ms, 0) / FRAMES
}

async function seek(seconds: number): Promise<void> {
  await page.getByRole('spinbutton', { name: 'Go to time (seconds)' }).fill(String(seconds))
  await page.keyboard.press('Enter')
  await page.getByText(`t = ${seconds.toFixed(3)} s`).waitFor()
}

function median(some: readonly number[]): number {
  return some.toSorted((a, b) => a - b)[Math.floor(some.length / 2)] ?? 0
}
