// The first load of the page: it works under any path, sends requests to its own server only, and
// is small.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, serveUnder, test } from './harness'
import { playButton, stageGroup } from './screen'

const dist = join(import.meta.dirname, '../dist')
const SCRIPT_BYTES = 130_000
const FONT_BYTES = 60_000

test('the page opens', async ({ page }) => {
  await expect(page).toHaveTitle(/Leasescope/)
  await expect(stageGroup(page, /^Client svc/)).toBeVisible()
})

test('the page opens from any folder of any server, and asks no other', async ({
  page,
  problems,
}) => {
  const site = await serveUnder('/some/deep/path/')
  await page.goto('about:blank')
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  try {
    await page.goto(site.url)
    await expect(stageGroup(page, /^Client svc/)).toBeVisible()
    await expect(playButton(page)).toHaveText('Pause')
    expect(asked.filter((url) => !url.startsWith(site.url))).toEqual([])
    expect(asked.length).toBeGreaterThan(2)
    expect(problems).toEqual([])
    // The page is left before the server closes: parts may still load in the background.
    await page.goto('about:blank')
  } finally {
    await site.close()
  }
})

test('the first paint is light: few bytes of script and of fonts', () => {
  const html = readFileSync(join(dist, 'index.html'), 'utf8')
  const scripts = [...html.matchAll(/(?:src|href)="\.\/([^"]+\.js)"/g)].map(([, path = '']) => path)
  expect(scripts.length).toBeGreaterThan(0)
  const bytes = scripts.map((path) => gzipSync(readFileSync(join(dist, path))).length)
  expect(
    bytes.reduce((sum, each) => sum + each, 0),
    scripts.join(', '),
  ).toBeLessThanOrEqual(SCRIPT_BYTES)
  const fonts = readdirSync(join(dist, 'assets')).filter((name) => /\.(woff2?|ttf|otf)$/.test(name))
  expect(fonts.length).toBeGreaterThan(0)
  const size = fonts.reduce((sum, name) => sum + readFileSync(join(dist, 'assets', name)).length, 0)
  expect(size, fonts.join(', ')).toBeLessThanOrEqual(FONT_BYTES)
})
