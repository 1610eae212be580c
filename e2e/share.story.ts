// A run is handed on by link and by file, what is damaged is refused with its place, and nothing is lost: not by a reload, a crash of the worker, or a second tab.

import { readFileSync } from 'node:fs'
import { collectProblems, expect, expectNoAxeViolations, type Page, test } from './harness'

async function enter(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Console' }).fill(text)
  await page.keyboard.press('Enter')
}

async function goTo(page: Page, seconds: string): Promise<void> {
  await page.getByRole('spinbutton', { name: 'Go to time (seconds)' }).fill(seconds)
  await page.keyboard.press('Enter')
  await expect(page.getByText(`t = ${Number(seconds).toFixed(3)} s`)).toBeVisible()
}

/** A menu item of Share, by keyboard alone. */
async function share(page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: 'Share' }).focus()
  await page.keyboard.press('Enter')
  const wanted = page.getByRole('menuitem', { name: item })
  for (let i = 0; i < 10 && !(await wanted.evaluate((element) => element === document.activeElement)); i++)
    await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
}

async function copiedLink(page: Page): Promise<string> {
  await share(page, 'Copy link')
  await expect(page.getByText('Link copied')).toBeVisible()
  return page.evaluate(() => navigator.clipboard.readText())
}

const log = (page: Page) => page.getByRole('log', { name: 'What happened' }).innerText()
const leases = (page: Page) => page.getByRole('list', { name: 'Leases' }).innerText()

test.beforeEach(async ({ context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
})

test('a link opens the run in another browser, at its cursor', async ({ page, browser, problems }) => {
  await enter(page, 'etcdctl lease grant 7')
  await expect(page.getByRole('region', { name: 'Console transcript' })).toContainText('granted with TTL(7s)')
  await goTo(page, '6.5')
  const before = { log: await log(page), leases: await leases(page) }
  const link = await copiedLink(page)
  expect(link).toMatch(/#r1\?seed=1&latency=30&at=6\.5&/)
  expect(link).toContain('etcdctl+lease+grant+7')

  const context = await browser.newContext()
  const other = await context.newPage()
  collectProblems(other, problems)
  await other.goto(link)
  await expect(other.getByText('t = 6.500 s')).toBeVisible()
  await expect.poll(() => log(other)).toBe(before.log)
  expect(await leases(other)).toBe(before.leases)
  await expectNoAxeViolations(other)
  await context.close()
})

test('a link brings the branches along, and which of them were side by side', async ({ page, browser, problems }) => {
  await page.getByRole('button', { name: 'Pause' }).click()
  await goTo(page, '5')
  await enter(page, 'etcdctl put a main')
  await expect(page.getByRole('list', { name: 'Keys' })).toContainText('main')
  await goTo(page, '12')
  await goTo(page, '4.5')
  await enter(page, 'etcdctl put a other')
  await page.locator('.branches-button').click()
  await page.getByRole('button', { name: 'Compare with main' }).click()
  await expect(page.getByRole('region', { name: 'branch 2 beside main' })).toContainText('etcdctl put a other')
  await page.keyboard.press('Escape')
  const link = await copiedLink(page)

  const context = await browser.newContext()
  const other = await context.newPage()
  collectProblems(other, problems)
  await other.goto(link)
  await expect(other.getByRole('region', { name: 'branch 2 beside main' })).toContainText('etcdctl put a other')
  await expect(other.locator('.branches-button')).toContainText('2')
  await context.close()
})

test('a damaged link says where and why, and what was there stays', async ({ page }) => {
  await enter(page, 'etcdctl lease grant 7')
  await goTo(page, '6.5')
  const before = await leases(page)
  const notice = page.getByRole('status', { name: 'Not taken' })
  for (const [hash, reason] of [
    ['#r1.AAAA', 'it was cut off or changed'],
    ['#r1?seed=1&at=soon', 'field 2 (at=soon)'],
    ['#r2.abc', 'version 1 (got 2)'],
    ['#r1?members=4', 'config.members'],
    ['#scenario/nowhere', 'no scenario is called "nowhere"'],
    ['#K:broker-2@8500', 'the link: #r1?'],
  ] as const) {
    await page.evaluate((to) => {
      location.hash = to
    }, hash)
    await expect(notice).toContainText(reason)
    await expect(page.getByText('t = 6.500 s')).toBeVisible()
    expect(await leases(page)).toBe(before)
  }
  await page.evaluate(() => {
    location.hash = '#scenario/too-late'
  })
  await expect(page.getByRole('region', { name: 'Story' })).not.toContainText('Will the key survive?')
  await expect(page.getByText('t = 6.500 s')).toHaveCount(0)
})

test('a run is saved as a file, as a trace and as a script, and opened again', async ({ page }) => {
  await enter(page, 'etcdctl lease grant 7')
  await goTo(page, '12')
  const saved = async (item: string): Promise<string> => {
    const [download] = await Promise.all([page.waitForEvent('download'), share(page, item)])
    return readFileSync(await download.path(), 'utf8')
  }
  const file = await saved('Save file')
  expect(JSON.parse(file)).toMatchObject({ leasescope: 1, seed: 1, cursor: 12_000 })
  expect(await saved('Save text trace')).toMatch(/ m1 {3}lease …\w{4} granted for 7 s/)
  const script = await saved('Save as etcdctl script')
  expect(script).toMatch(/^L2=\$\(grant 7\)$/m)
  expect(script).toContain('etcdctl put --lease=$L1 -- "/svc/a" "10.0.0.7:8080"')

  await page.getByRole('button', { name: 'Start over' }).click()
  await share(page, 'Open…')
  const dialog = page.getByRole('dialog', { name: 'Open a run' })
  await expectNoAxeViolations(page, 'dialog')
  await dialog
    .getByLabel('A file that was saved here')
    .setInputFiles({ name: 'run.json', mimeType: 'application/json', buffer: Buffer.from(file) })
  await expect(page.getByText('t = 12.000 s')).toBeVisible()
  await share(page, 'Open…')
  await dialog.getByLabel('Or a recording or a link, pasted').fill(file.replace('"seed": 1', '"seed": -1'))
  await dialog.getByRole('button', { name: 'Open', exact: true }).click()
  await expect(page.getByRole('status', { name: 'Not taken' })).toContainText('seed: at least 0')
  await expect(page.getByText('t = 12.000 s')).toBeVisible()
})

test('a reload brings the run back, and one can begin anew', async ({ page }) => {
  await enter(page, 'etcdctl lease grant 700')
  await expect(page.getByRole('list', { name: 'Leases' })).toContainText('700')
  await goTo(page, '6.5')
  const before = await leases(page)
  await expect.poll(() => page.evaluate(() => localStorage.getItem('leasescope-kept'))).toBe('1')
  await page.reload()
  const kept = page.getByRole('status', { name: 'Kept runs' })
  await expect(kept).toContainText('Your run is back as you left it.')
  await expect(page.getByText('t = 6.500 s')).toBeVisible()
  expect(await leases(page)).toBe(before)
  await expectNoAxeViolations(page)
  await kept.getByRole('button', { name: 'Begin anew' }).click()
  await expect(page.getByRole('region', { name: 'Story' })).toContainText('heartbeat')
  await expect.poll(() => page.evaluate(() => localStorage.getItem('leasescope-kept'))).toBe(null)
  await page.reload()
  await expect(kept).toBeEmpty()
  await share(page, 'Open the earlier run')
  await expect(page.getByRole('list', { name: 'Leases' })).toContainText('700')
})

test('a newcomer who has done nothing sees the opening again', async ({ page }) => {
  await expect(page.getByRole('region', { name: 'Story' })).toContainText('heartbeat')
  await page.reload()
  await expect(page.getByRole('region', { name: 'Story' })).toContainText('heartbeat')
  await expect(page.getByRole('status', { name: 'Kept runs' })).toBeEmpty()
})

test('a worker that crashes is started again with the run', async ({ page, problems }) => {
  await enter(page, 'etcdctl lease grant 700')
  await expect(page.getByRole('list', { name: 'Leases' })).toContainText('700')
  await goTo(page, '6.5')
  const before = await leases(page)
  await expect.poll(() => page.evaluate(() => localStorage.getItem('leasescope-kept'))).toBe('1')
  await page.workers()[0]!.evaluate(() => {
    setTimeout(() => {
      throw new Error('out of luck')
    })
  })
  await expect(page.getByRole('status', { name: 'Kept runs' })).toContainText('The engine crashed and was started again')
  await expect(page.getByRole('status', { name: 'Kept runs' })).toContainText('out of luck')
  await expect.poll(() => leases(page)).toBe(before)
  await page.getByRole('button', { name: 'Play', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible()
  problems.splice(0, problems.length, ...problems.filter((line) => !line.includes('out of luck')))
})

test('of two tabs one keeps its run, and the other says so', async ({ page, context, problems }) => {
  await enter(page, 'etcdctl lease grant 700')
  await expect.poll(() => page.evaluate(() => localStorage.getItem('leasescope-kept'))).toBe('1')
  const other = await context.newPage()
  collectProblems(other, problems)
  await other.goto(page.url())
  const words = 'Another tab keeps its run'
  await expect(other.getByRole('status', { name: 'Kept runs' })).toContainText(words)
  await other.getByRole('button', { name: 'Keep this one instead' }).click()
  await expect(other.getByRole('status', { name: 'Kept runs' })).not.toContainText(words)
  await expect(page.getByRole('status', { name: 'Kept runs' })).toContainText(words)
  // A tab that is closed leaves its place to the other.
  await other.close()
  await expect(page.getByRole('status', { name: 'Kept runs' })).not.toContainText(words)
})
