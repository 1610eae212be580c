// The page inside another page: on a page of another server, and in the article.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FrameLocator } from 'playwright/test'
import {
  collectProblems,
  expect,
  expectNoAxeViolations,
  type Page,
  serveUnder,
  test,
} from './harness'
import { clockButton, playButton, question, storyBar } from './screen'

const QUESTION = '#scenario/beat-1-key-dies/1'
const WITHOUT_STOPS = '#r1?seed=1&etcd=3.6&latency=30&at=1&$@0.5=etcdctl+lease+grant+600'

/** Records every call that would make a page or a frame store something. */
function noteStores(): void {
  const kept: string[] = []
  Object.assign(window, { kept })
  const note = (owner: object | undefined, name: string): void => {
    const real = Reflect.get(owner ?? {}, name) as (...args: unknown[]) => unknown
    if (typeof real !== 'function') return
    Reflect.set(owner!, name, function (this: unknown, ...args: unknown[]) {
      kept.push(name)
      return real.apply(this, args)
    })
  }
  note(Storage.prototype, 'setItem')
  note(IDBFactory.prototype, 'open')
  note(LockManager.prototype, 'request')
  note(CacheStorage.prototype, 'open')
  note(ServiceWorkerContainer.prototype, 'register')
}

/** The helpers for a page find the same things in a frame. */
const inside = (frame: FrameLocator): Page => frame as unknown as Page
const frameOf = (address: string | undefined, hash: string): string =>
  `<iframe src="${address}?embed${hash.replaceAll('&', '&amp;')}" title="Run" style="width: 600px; height: 400px; border: 0"></iframe>`

const hostPage = (body: string): string =>
  `<!doctype html><title>Host</title><link rel="icon" href="data:,">${body}`

test.describe('on a page of another server', () => {
  test.use({ serviceWorkers: 'allow', viewport: { width: 640, height: 700 } })
  test('a frame keeps nothing, takes neither focus nor wheel, and leads to the very run', async ({
    browser,
    baseURL,
  }) => {
    const folder = mkdtempSync(join(tmpdir(), 'leasescope-host-'))
    const body = `<input aria-label="Name">${frameOf(baseURL, QUESTION)}${frameOf(baseURL, WITHOUT_STOPS)}`
    writeFileSync(join(folder, 'index.html'), hostPage(body))
    const site = await serveUnder('/', () => folder)
    const context = await browser.newContext({
      serviceWorkers: 'allow',
      viewport: { width: 640, height: 700 },
    })
    await context.addInitScript(noteStores)
    const page = await context.newPage()
    const problems: string[] = []
    collectProblems(page, problems)
    await page.goto(site.url)
    const field = page.getByRole('textbox', { name: 'Name' })
    await field.focus()
    const [first, second] = [0, 1].map((at) => inside(page.frameLocator('iframe').nth(at))) as [
      Page,
      Page,
    ]

    // A question waits, and the focus stays where the reader types.
    await expect(question(first)).toHaveText(
      'svc no longer renews its lease. Will the key survive?',
    )
    await expect(storyBar(first).getByRole('radio', { name: 'Yes' })).toBeVisible()
    await expect(clockButton(second)).toHaveText('Time: 1.000 s')
    await page.keyboard.type('p space ')
    await expect(field).toHaveValue('p space ')
    await expect(field).toBeFocused()
    await expect(clockButton(second)).toHaveText('Time: 1.000 s')

    // The wheel over a timeline scrolls the page around it once the rows are at their end.
    await first.getByRole('region', { name: 'Timeline' }).hover({ position: { x: 300, y: 12 } })
    await page.mouse.wheel(0, 60)
    await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(0)

    // The link opens this run at its cursor, in the complete page.
    const [whole] = await Promise.all([
      context.waitForEvent('page'),
      first.getByRole('link', { name: 'Open in Leasescope' }).click(),
    ])
    await expect(question(whole)).toHaveText(
      'svc no longer renews its lease. Will the key survive?',
    )
    await expect(storyBar(whole).getByRole('radio', { name: 'Yes' })).toBeVisible()
    await expect(clockButton(whole)).toHaveText('Time: 6.000 s')
    await expect(whole.getByRole('button', { name: 'Share', exact: true })).toBeVisible()
    expect(new URL(whole.url()).search).toBe('')
    expect(await whole.evaluate(() => opener)).toBeNull()
    await whole.close()

    const frames = page.frames().slice(1)
    expect(frames).toHaveLength(2)
    for (const frame of frames)
      expect(await frame.evaluate(() => Reflect.get(window, 'kept'))).toEqual([])
    expect(problems).toEqual([])
    await context.close()
    await site.close()
    rmSync(folder, { recursive: true })
  })
})

// A browser itself stops frames of other servers that are off the screen, and denies them the
// focus. It does not do this for frames of the page's own server.
test('on its own server a frame takes no focus, and a run that is off the screen stands until it is seen again', async ({
  page,
  baseURL,
}) => {
  const high = '<div style="height: 2000px"></div>'
  const body = `<input aria-label="Name">${frameOf('./', QUESTION)}${frameOf('./', WITHOUT_STOPS)}${high}${frameOf('./', WITHOUT_STOPS)}`
  await page.route(`${baseURL}host.html`, (route) =>
    route.fulfill({ contentType: 'text/html', body: hostPage(body) }),
  )
  await page.goto(`${baseURL}host.html`)
  const field = page.getByRole('textbox', { name: 'Name' })
  await field.focus()
  const frames = page.locator('iframe')
  const [asking, first, second] = [0, 1, 2].map((at) => inside(frames.nth(at).contentFrame())) as [
    Page,
    Page,
    Page,
  ]
  await expect(storyBar(asking).getByRole('radio', { name: 'Yes' })).toBeVisible()
  await page.keyboard.type('p space ')
  await expect(field).toHaveValue('p space ')
  // A frame takes the keys of its timeline. The browser gets the keys of functions that the frame
  // does not have.
  const taken = await first.locator('body').evaluate((body) => {
    const isLeft = (key: string) =>
      body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
    return ['/', 'l', 's', 'p', 'b', '?', 'ArrowLeft'].filter((key) => !isLeft(key))
  })
  expect(taken).toEqual(['ArrowLeft'])
  const seconds = async (frame: Page): Promise<number> =>
    Number(/[\d.]+/.exec((await clockButton(frame).textContent()) ?? '')?.[0])
  await playButton(first).click()
  await expect.poll(() => seconds(first)).toBeGreaterThan(1.2)
  await frames.nth(2).scrollIntoViewIfNeeded()
  await expect(playButton(second)).toHaveText('Play')
  await playButton(second).click()
  await expect.poll(() => seconds(second)).toBeGreaterThan(1.2)
  const stood = await seconds(first)
  await expect.poll(() => seconds(second)).toBeGreaterThan(1.6)
  expect(await seconds(first)).toBe(stood)
  await expect(playButton(first)).toHaveText('Pause')
  await frames.nth(1).scrollIntoViewIfNeeded()
  await expect.poll(() => seconds(first)).toBeGreaterThan(stood)
})

test('the article has three runs that live', async ({ page, baseURL }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`${baseURL}article.html`)
  await expectNoAxeViolations(page)
  const frames = page.locator('iframe')
  await expect(frames).toHaveCount(3)
  for (let at = 0; at < 3; at++) {
    await frames.nth(at).scrollIntoViewIfNeeded()
    const frame = inside(frames.nth(at).contentFrame())
    await expect(storyBar(frame)).toContainText('The clock is stopped. Choose an answer.')
  }
  const last = inside(frames.nth(2).contentFrame())
  await storyBar(last).getByRole('radio', { name: 'Yes' }).click()
  await storyBar(last).getByRole('button', { name: 'Go on' }).click()
  await expect(storyBar(last)).toContainText('You said “Yes”. Right.')
  const wide = () => document.documentElement.scrollWidth > innerWidth
  expect(await page.evaluate(wide)).toBe(false)
  // The frame itself, at the minimum width, with its panel of answers.
  await page.setViewportSize({ width: 360, height: 480 })
  await page.goto(`${baseURL}?embed#scenario/lock-race/2`)
  await expect(storyBar(page).getByRole('radio', { name: 'Yes' })).toBeVisible()
  await expectNoAxeViolations(page)
  expect(await page.evaluate(wide)).toBe(false)
})
