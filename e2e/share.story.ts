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
  // A story of the lock lab stands in it, as from the menu.
  await page.evaluate(() => {
    location.hash = '#scenario/lab-served-in-order'
  })
  await expect(page.getByRole('button', { name: 'Back to the stage' })).toBeVisible()
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
  expect(await saved('Save text trace')).toMatch(/ m1 {3}grants L1 for 7 s/)
  const script = await saved('Save as etcdctl script')
  expect(script).toMatch(/^L2=\$\(grant 7\)$/m)
  expect(script).toContain('etcdctl put --lease=$L1 "/svc/a" "10.0.0.7:8080"')

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

test('a file is dropped on the page, and a recording or a link pasted; an ordinary text is typed', async ({ page }) => {
  await enter(page, 'etcdctl lease grant 7')
  await goTo(page, '12')
  const [download] = await Promise.all([page.waitForEvent('download'), share(page, 'Save file')])
  const file = readFileSync(await download.path(), 'utf8')
  const drop = async (text: string) => {
    const dataTransfer = await page.evaluateHandle((content) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([content], 'run.json', { type: 'application/json' }))
      return transfer
    }, text)
    for (const type of ['dragover', 'drop']) await page.dispatchEvent('main', type, { dataTransfer })
  }
  const paste = async (text: string) => {
    await page.evaluate((content) => navigator.clipboard.writeText(content), text)
    await page.keyboard.press('Control+v')
  }
  const console = page.getByRole('textbox', { name: 'Console' })
  const notice = page.getByRole('status', { name: 'Not taken' })

  await page.getByRole('button', { name: 'Start over' }).click()
  await drop(file)
  await expect(page.getByText('t = 12.000 s')).toBeVisible()
  await drop(file.slice(0, -40))
  await expect(notice).toContainText('JSON')
  await expect(page.getByText('t = 12.000 s')).toBeVisible()

  await goTo(page, '3')
  await page.getByRole('button', { name: 'Share' }).focus()
  await paste(file)
  await expect(page.getByText('t = 12.000 s')).toBeVisible()
  await console.focus()
  await paste('https://example.org/lessons/#r1?at=2&$@1=etcdctl+put+pasted+1')
  await expect(page.getByText('t = 2.000 s')).toBeVisible()
  await expect(page.getByRole('list', { name: 'Keys' })).toContainText('pasted')
  await expect(console).toHaveValue('')
  await paste('etcdctl put typed 1')
  await expect(console).toHaveValue('etcdctl put typed 1')
  await expect(page.getByText('t = 2.000 s')).toBeVisible()
})

test('a run too long for a link is said to be, and saved as a file that opens', async ({ page }) => {
  let state = 7
  const noise = Array.from({ length: 9000 }, () => {
    state = (state * 1103515245 + 12345) % 2147483648
    return 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'[state >> 25]
  }).join('')
  await enter(page, `etcdctl put noise ${noise}`)
  await expect(page.getByRole('list', { name: 'Keys' })).toContainText('noise')
  await goTo(page, '12')
  const [download] = await Promise.all([page.waitForEvent('download'), share(page, 'Copy link')])
  await expect(page.getByText(/Too long for a link \(\d{4,5} characters, at most 6000\): saved as a file/)).toBeVisible()
  await page.getByRole('button', { name: 'Start over' }).click()
  await share(page, 'Open…')
  await page.getByLabel('A file that was saved here').setInputFiles(await download.path())
  await expect(page.getByText('t = 12.000 s')).toBeVisible()
  await expect(page.getByRole('list', { name: 'Keys' })).toContainText('noise')
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
  await share(page, 'Open…')
  const dialog = page.getByRole('dialog', { name: 'Open a run' })
  const earlier = dialog.getByRole('list', { name: 'Or an earlier run' })
  await expect(earlier.getByRole('listitem')).toHaveCount(1)
  await expectNoAxeViolations(page, 'dialog')
  await earlier.getByRole('button', { name: /^Open Seed 1, 1 member, \d commands · at 6\.5 s/ }).press('Enter')
  await expect(page.getByText('t = 6.500 s')).toBeVisible()
  expect(await leases(page)).toBe(before)
})

test('a newcomer who has done nothing sees the opening again', async ({ page }) => {
  await expect(page.getByRole('region', { name: 'Story' })).toContainText('heartbeat')
  await page.reload()
  await expect(page.getByRole('region', { name: 'Story' })).toContainText('heartbeat')
  await expect(page.getByRole('status', { name: 'Kept runs' })).toBeEmpty()
})

/** The earlier runs, as the dialog lists them. */
async function earlierRuns(page: Page): Promise<string[]> {
  await share(page, 'Open…')
  const dialog = page.getByRole('dialog', { name: 'Open a run' })
  await expect(dialog.getByRole('list', { name: 'Or an earlier run' })).toBeVisible()
  const rows = await dialog.getByRole('listitem').allInnerTexts()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  return rows
}

/** What this browser keeps of the run that was last worked on, as text. */
function keptRun(page: Page): Promise<string> {
  return page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const opening = indexedDB.open('leasescope')
        opening.onsuccess = () => {
          const reading = opening.result.transaction('runs').objectStore('runs').get('current')
          reading.onsuccess = () => {
            opening.result.close()
            resolve(JSON.stringify(reading.result?.session ?? null))
          }
        }
      }),
  )
}

/** Waits until it stands at that time. */
async function isKept(page: Page, at: number): Promise<void> {
  await expect.poll(() => page.evaluate(() => localStorage.getItem('leasescope-kept'))).toBe('1')
  await expect.poll(() => keptRun(page)).toContain(`"cursor":${at}}`)
}

test('a link opened over a kept run takes nothing away', async ({ page, baseURL }) => {
  await enter(page, 'etcdctl lease grant 700')
  await expect(page.getByRole('list', { name: 'Leases' })).toContainText('700')
  await goTo(page, '6.5')
  const before = await leases(page)
  await isKept(page, 6500)
  const open = async (hash: string) => {
    await page.goto('about:blank')
    await page.goto(`${baseURL}${hash}`)
  }
  await open('#r1?seed=9&at=3&$@1=etcdctl+put+linked+yes')
  await expect(page.getByText('t = 3.000 s')).toBeVisible()
  const tidings = page.getByRole('status', { name: 'Kept runs' })
  await expect(tidings).toContainText('The run you had before is kept.')
  await expectNoAxeViolations(page)
  // What is done with the link's run is kept beside it, and comes back with the same address.
  await enter(page, 'etcdctl put mine too')
  await expect(page.getByRole('list', { name: 'Keys' })).toContainText('too')
  await expect.poll(() => earlierRuns(page)).toEqual([expect.stringMatching(/^Seed 1, 1 member.* at 6\.5 s/)])
  await page.reload()
  await expect(tidings).toContainText('Your run is back')
  await expect(page.getByRole('list', { name: 'Keys' })).toContainText('too')
  // From its start again: what the link said.
  await tidings.getByRole('button', { name: 'Begin anew' }).click()
  await expect(page.getByText('t = 3.000 s')).toBeVisible()
  await expect(page.getByRole('list', { name: 'Keys' })).toContainText('linked')
  await expect(page.getByRole('list', { name: 'Keys' })).not.toContainText('too')
  await isKept(page, 3000)

  // A link over that one, and the very first is still there.
  await open('#r1?seed=10&at=4')
  await tidings.getByRole('button', { name: 'Open it' }).press('Enter')
  await expect(page.getByText('t = 3.000 s')).toBeVisible()
  await share(page, 'Open…')
  await page.getByRole('button', { name: /^Open Seed 1, 1 member/ }).press('Enter')
  await expect(page.getByText('t = 6.500 s')).toBeVisible()
  expect(await leases(page)).toBe(before)
})

test('a scenario chosen in the middle of something puts that aside, whole', async ({ page }) => {
  await enter(page, 'etcdctl put mine 1')
  await expect(page.getByRole('list', { name: 'Keys' })).toContainText('mine')
  await goTo(page, '8')
  await isKept(page, 8000)
  await page.getByRole('button', { name: 'Scenarios' }).click()
  await page.getByRole('menuitem', { name: 'Renewed too late', exact: true }).click()
  await expect(page.getByRole('list', { name: 'Keys' })).not.toContainText('mine')
  await expect.poll(() => earlierRuns(page)).toEqual([expect.stringMatching(/Seed 1, 1 member.* at 8\.0 s/)])
  // One in which nothing was done is not worth a place.
  await page.getByRole('button', { name: 'Start over' }).click()
  await page.getByRole('button', { name: 'Start over' }).click()
  await share(page, 'Open…')
  const dialog = page.getByRole('dialog', { name: 'Open a run' })
  await expect(dialog.getByRole('listitem')).toHaveCount(1)
  await dialog.getByRole('button', { name: /^Delete Seed 1/ }).press('Enter')
  await expect(dialog.getByRole('listitem')).toHaveCount(0)
  await expect(dialog.getByRole('textbox')).toBeFocused()
})

test('a kept run that cannot be read is told of and put aside, and the page goes on', async ({ page }) => {
  await enter(page, 'etcdctl put mine 1')
  await goTo(page, '8')
  await isKept(page, 8000)
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const opening = indexedDB.open('leasescope')
        opening.onsuccess = () => {
          const runs = opening.result.transaction('runs', 'readwrite').objectStore('runs')
          runs.get('current').onsuccess = ({ target }) => {
            const kept = (target as IDBRequest).result
            kept.session.branches[0].seed = 'x'
            runs.put(kept, 'current').onsuccess = () => resolve()
          }
        }
      }),
  )
  await page.reload()
  await expect(page.getByRole('status', { name: 'Not taken' })).toContainText(
    'The run that was kept cannot be opened: branches.0.seed: a number',
  )
  await expect(page.getByRole('region', { name: 'Story' })).toContainText('heartbeat')
  await expect(page.getByRole('status', { name: 'Kept runs' })).toBeEmpty()
  await expect.poll(() => earlierRuns(page)).toHaveLength(1)
  // It is not tried again, and what is done now is kept.
  await enter(page, 'etcdctl put other 1')
  await expect(page.getByRole('list', { name: 'Keys' })).toContainText('other')
  await goTo(page, '9')
  await isKept(page, 9000)
  await page.reload()
  await expect(page.getByRole('status', { name: 'Kept runs' })).toContainText('Your run is back')
  await expect(page.getByRole('list', { name: 'Keys' })).toContainText('other')
})

test('no room left in the browser is told, until there is some again', async ({ page }) => {
  const { origin } = new URL(page.url())
  const session = await page.context().newCDPSession(page)
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 })
  const tidings = page.getByRole('status', { name: 'Kept runs' })
  await enter(page, 'etcdctl put mine 1')
  await expect(tidings).toContainText('This run is not kept: the browser has no room left for it')
  await expectNoAxeViolations(page)
  await session.send('Storage.overrideQuotaForOrigin', { origin })
  await enter(page, 'etcdctl put mine 2')
  await expect(tidings).toBeEmpty()
  await goTo(page, '9')
  await isKept(page, 9000)
})

test('without a certificate there are no locks and no clipboard, and two tabs still do not spoil each other’s run', async ({
  page,
  context,
  problems,
}) => {
  await context.addInitScript(() => {
    Object.defineProperty(navigator, 'locks', { value: undefined })
    Object.defineProperty(navigator, 'clipboard', { value: undefined })
    Object.defineProperty(crypto, 'randomUUID', { value: undefined })
  })
  await page.reload()
  await enter(page, 'etcdctl put mine 1')
  await goTo(page, '8')
  await isKept(page, 8000)
  const other = await context.newPage()
  collectProblems(other, problems)
  await other.goto(page.url())
  await expect(other.getByRole('list', { name: 'Keys' })).toContainText('mine')
  await enter(other, 'etcdctl put theirs 1')
  const words = 'Another tab keeps its run'
  const [here, there] = [page, other].map((each) => each.getByRole('status', { name: 'Kept runs' }))
  await expect.poll(() => keptRun(other)).toContain('theirs 1')
  await enter(page, 'etcdctl put mine 2')
  await expect(here!).toContainText(words)
  await here!.getByRole('button', { name: 'Keep this one instead' }).click()
  await expect(here!).not.toContainText(words)
  await expect.poll(() => keptRun(page)).toContain('mine 2')
  await enter(other, 'etcdctl put theirs 2')
  await expect(there!).toContainText(words)
  await share(page, 'Copy link')
  await expect(page.getByRole('dialog')).toContainText('#r1?')
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
