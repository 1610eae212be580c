// `npm run pictures`: the pictures of the README, made from the built page. Each picture shows a
// paused run, so the same page gives the same picture.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright'
import { preview } from 'vite'
import { RunTree } from '../engine/replay/run-tree'
import { sharedRun } from '../engine/replay/shared-run'
import type { View } from '../engine/replay/view'
import { parseScenario, runScenario } from '../engine/scenario/scenario'
import type { Command, Fault } from '../engine/sim/command'
import { browserFlags, findBrowser } from './browser.mjs'
import { openFile } from './open-file'

const root = join(import.meta.dirname, '..')
const folder = join(root, 'e2e/pictures')
const SIZE = { width: 1280, height: 720 }
/** The WebP quality: the files are small, and no letter is blurred. */
const QUALITY = 82

const fault = (fault: Fault): Command => ({ type: 'fault', fault })

/** A time after the last event of these stories. */
const END_MS = 24_000

/** The run of a story, changed by commands at their times, and opened at a time. */
function runOf(
  story: string,
  at: number,
  commands: readonly [seconds: number, command: Command][] = [],
  view: View = {},
): unknown {
  const file = readFileSync(join(root, `engine/scenario/catalogue/${story}.txt`), 'utf8')
  const { stops: _stops, ...recording } = runScenario(parseScenario(file)).recording
  // The run is played to its end, so that a command in the past keeps that future as a branch.
  const tree = RunTree.at(recording, END_MS)
  for (const [seconds, command] of commands) {
    tree.seek(seconds * 1000)
    tree.submit(command)
  }
  tree.seek(at * 1000)
  return sharedRun(tree, view)
}

const pictures: [name: string, draw: (page: Page) => Promise<void>][] = [
  [
    'opening',
    async (page) => {
      await page
        .getByRole('button', { name: /^(Play|Start)$/ })
        .first()
        .click()
      await page.getByRole('radio').first().waitFor()
    },
  ],
  [
    'cluster',
    async (page) => {
      const restart = fault({ type: 'restart', member: 'm1' })
      await openFile(page, runOf('beat-3-leader-dies', 14.2, [[12, restart]]))
      await page.getByRole('button', { name: /^Time: 14\.200/ }).waitFor()
    },
  ],
  [
    'lab',
    async (page) => {
      await openFile(page, runOf('lab-late-write-fence-on', 9.09, [], { timeline: 'space-time' }))
      await page.getByRole('group', { name: /^Space-time diagram/ }).waitFor()
    },
  ],
]

const server = await preview({
  root,
  logLevel: 'error',
  preview: { host: '127.0.0.1', port: 0 },
})
const executablePath = findBrowser()
const browser = await chromium.launch({
  args: browserFlags,
  ...(executablePath === undefined ? {} : { executablePath }),
})
mkdirSync(folder, { recursive: true })
for (const [name, draw] of pictures) {
  const context = await browser.newContext({ viewport: SIZE, reducedMotion: 'reduce' })
  const page = await context.newPage()
  await page.goto(server.resolvedUrls?.local[0] ?? '')
  await page.getByRole('slider', { name: 'Time' }).waitFor()
  await draw(page)
  await page.getByText('checking rules').waitFor({ state: 'hidden' })
  // A notice disappears after a while, so it is hidden.
  await page.addStyleTag({ content: '.toast { display: none }' })
  const picture = await atRest(page)
  writeFileSync(join(folder, `${name}.webp`), picture)
  console.log(`e2e/pictures/${name}.webp  ${Math.round(picture.length / 1000)} kB`)
  await context.close()
}
await browser.close()
await server.close()

/** The picture of the page at rest: two pictures in a row are equal. */
async function atRest(page: Page): Promise<Buffer> {
  const devtools = await page.context().newCDPSession(page)
  for (let before = ''; ; ) {
    const options = { format: 'webp', quality: QUALITY } as const
    const { data } = await devtools.send('Page.captureScreenshot', options)
    if (data === before) return Buffer.from(data, 'base64')
    before = data
  }
}
