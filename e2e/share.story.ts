// A run is shared by link and by file. A damaged run is refused, and the message names the place.
// Nothing is lost: not by a reload, a crash of the worker, or a second tab.

import { readFileSync } from 'node:fs'
import { choose, client, enter, openRun, stage } from './acts'
import { collectProblems, expect, expectNoAxeViolations, type Page, test } from './harness'
import { drawer, goTo, leaseRow, messages, openPanel, question, standsAt, storyBar } from './screen'

const OPENING = 'Does a key live on without its heartbeat?'

/** Chooses a menu item of Share, with the keyboard alone. */
async function share(page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: 'Share' }).focus()
  await page.keyboard.press('Enter')
  const wanted = page.getByRole('menuitem', { name: item })
  for (
    let i = 0;
    i < 10 && !(await wanted.evaluate((element) => element === document.activeElement));
    i++
  )
    await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
}

async function copiedLink(page: Page): Promise<string> {
  await page.evaluate(() => navigator.clipboard.writeText(''))
  await share(page, 'Copy link')
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('#r1')
  return page.evaluate(() => navigator.clipboard.readText())
}

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Open a run' })
const log = (page: Page) =>
  drawer(page).getByRole('listbox', { name: 'What happened' }).getByRole('option').allTextContents()
/** Every lease with its remaining time, in the words of the timeline's rows. */
const leases = (page: Page) =>
  page
    .getByRole('region', { name: 'Timeline', exact: true })
    .locator('[role="row"][aria-label]')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label')))
/** A key with its value, on the stage. */
const key = (page: Page, name: string, value: string) =>
  stage(page).getByTitle(`${name} = ${value}`)

test.beforeEach(async ({ context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
})

test('a link opens the run in another browser, at its cursor, with its branches and what was side by side', async ({
  page,
  browser,
  problems,
}) => {
  await openRun(page, 1)
  await enter(page, 'etcdctl lease grant 7')
  await expect(drawer(page)).toContainText('granted with TTL(7s)')
  await goTo(page, 6.5)
  await openPanel(page, 'Log')
  await expect
    .poll(() => log(page))
    .toContainEqual(expect.stringContaining('etcdctl lease grant 7'))
  const before = { log: await log(page), leases: await leases(page) }
  const link = await copiedLink(page)
  expect(link).toMatch(/#r1\?seed=1&etcd=3\.6&latency=30&/)
  expect(link).toContain('&at=6.5&panel=log&')
  expect(link).toContain('etcdctl+lease+grant+7')

  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const other = await context.newPage()
  collectProblems(other, problems)
  await other.goto(link)
  await standsAt(other, 6.5)
  await expect.poll(() => log(other)).toEqual(before.log)
  await expect.poll(() => leases(other)).toEqual(before.leases)
  await expectNoAxeViolations(other)

  await goTo(page, 4.5)
  await enter(page, 'etcdctl put a other')
  await page
    .getByRole('navigation', { name: 'Panels' })
    .getByRole('button', { name: 'Compare' })
    .press('Enter')
  const halves = ['Branch branch 2', 'Branch main']
  const shown = (on: Page) =>
    stage(on)
      .getByRole('region')
      .evaluateAll((all) => all.map((half) => half.getAttribute('aria-label')))
  await expect.poll(() => shown(page)).toEqual(halves)
  await other.goto(await copiedLink(page))
  await expect.poll(() => shown(other)).toEqual(halves)
  await expect(
    other.getByRole('button', { name: /^Branch: branch 2\s*, 2 branches/ }),
  ).toBeVisible()
  await context.close()
})

test('a damaged link says where and why, and what was there stays', async ({ page }) => {
  await enter(page, 'etcdctl lease grant 7')
  await goTo(page, 6.5)
  const before = await leases(page)
  for (const [hash, reason] of [
    ['#r1.AAAA', 'cut off or changed'],
    ['#r1?seed=1&at=soon', 'field 2 (at=soon)'],
    ['#r2.abc', 'version 1 (got 2)'],
    ['#r1?members=4', 'config.members'],
    ['#scenario/nowhere', 'no story has the name "nowhere"'],
    ['#K:broker-2@8500', 'the link: expected #r1?'],
  ] as const) {
    await page.evaluate((to) => {
      location.hash = to
    }, hash)
    await expect(messages(page)).toContainText('Not taken: ')
    await expect(messages(page)).toContainText(reason)
    await standsAt(page, 6.5)
    await expect.poll(() => leases(page)).toEqual(before)
  }
  await page.evaluate(() => {
    location.hash = '#scenario/too-late'
  })
  await expect(question(page)).not.toHaveText(OPENING)
  await expect(messages(page)).not.toContainText('Not taken')
  // A story about programs shows them, as it does from the menu.
  await page.evaluate(() => {
    location.hash = '#scenario/lab-served-in-order'
  })
  await expect(client(page, 'a')).toBeVisible()
})

test('a run is saved as a file, as a trace and as a script; files are opened and dropped, recordings and links are pasted', async ({
  page,
}) => {
  await openRun(page, 1)
  await enter(page, 'etcdctl lease grant 7')
  await goTo(page, 12)
  const saved = async (item: string): Promise<string> => {
    const [download] = await Promise.all([page.waitForEvent('download'), share(page, item)])
    return readFileSync(await download.path(), 'utf8')
  }
  const file = await saved('Save file')
  expect(JSON.parse(file)).toMatchObject({ leasescope: 1, seed: 1, cursor: 12_000 })
  expect(await saved('Save text trace')).toMatch(/ m1 {3}grants L1 for 10 s/)
  const script = await saved('Save as etcdctl script')
  expect(script).toMatch(/^L2=\$\(grant 7\)$/m)
  expect(script).toContain('etcdctl put --lease=$L1 "/svc/a" "10.0.0.7:8080"')

  const startOver = async () => {
    await choose(page, 'More', 'Start over')
    await expect(question(page)).toHaveText(OPENING)
  }
  await startOver()
  await share(page, 'Open…')
  await expect(dialog(page)).toBeVisible()
  await expectNoAxeViolations(page, 'dialog')
  await dialog(page)
    .getByLabel('A file that was saved here')
    .setInputFiles({ name: 'run.json', mimeType: 'application/json', buffer: Buffer.from(file) })
  await standsAt(page, 12)
  await share(page, 'Open…')
  await dialog(page)
    .getByLabel('Or a recording or a link, pasted')
    .fill(file.replace('"seed": 1', '"seed": -1'))
  await dialog(page).getByRole('button', { name: 'Open', exact: true }).click()
  await expect(messages(page)).toContainText('seed: expected at least 0 (got -1)')
  await standsAt(page, 12)

  const drop = async (text: string) => {
    const dataTransfer = await page.evaluateHandle((content) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([content], 'run.json', { type: 'application/json' }))
      return transfer
    }, text)
    for (const type of ['dragover', 'drop'])
      await page.dispatchEvent('main', type, { dataTransfer })
  }
  const paste = async (text: string) => {
    await page.evaluate((content) => navigator.clipboard.writeText(content), text)
    await page.keyboard.press('Control+v')
  }
  await goTo(page, 3)
  await drop(file)
  await standsAt(page, 12)
  await drop(file.slice(0, -40))
  await expect(messages(page)).toContainText('JSON')
  await standsAt(page, 12)

  await goTo(page, 3)
  await page.getByRole('button', { name: 'Share' }).focus()
  await paste(file)
  await standsAt(page, 12)
  await openPanel(page, 'Console')
  const console = page.getByRole('textbox', { name: 'Console' })
  await console.focus()
  await paste('https://example.org/lessons/#r1?at=2&$@1=etcdctl+put+pasted+1')
  await standsAt(page, 2)
  await expect(key(page, 'pasted', '1')).toBeVisible()
  // A link names the open panel; this link names none.
  await expect(drawer(page)).toHaveCount(0)
  await openPanel(page, 'Console')
  await expect(console).toHaveValue('')
  await console.focus()
  await paste('etcdctl put typed 1')
  await expect(console).toHaveValue('etcdctl put typed 1')
  await standsAt(page, 2)
})

test('a run too long for a link is said to be, and saved as a file that opens', async ({
  page,
}) => {
  let state = 7
  const noise = Array.from({ length: 9000 }, () => {
    state = (state * 1103515245 + 12345) % 2147483648
    return 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'[state >> 25]
  }).join('')
  await openRun(page, 1)
  await enter(page, `etcdctl put noise ${noise}`)
  await expect(stage(page).getByTitle(/^noise = /)).toBeVisible()
  await goTo(page, 12)
  const [download] = await Promise.all([page.waitForEvent('download'), share(page, 'Copy link')])
  await expect(messages(page)).toContainText(
    /The link has \d{4,5} characters \(at most 6000\)\. The run was saved as a file\./,
  )
  await openRun(page, 1)
  await share(page, 'Open…')
  await dialog(page)
    .getByLabel('A file that was saved here')
    .setInputFiles(await download.path())
  await standsAt(page, 12)
  await expect(stage(page).getByTitle(/^noise = /)).toBeVisible()
})

test('a newcomer who has done nothing sees the opening again; a reload brings a run back, and one can start over', async ({
  page,
}) => {
  await expect(question(page)).toHaveText(OPENING)
  await page.reload()
  await expect(question(page)).toHaveText(OPENING)
  await expect(messages(page)).toBeEmpty()

  await openRun(page, 1)
  await enter(page, 'etcdctl lease grant 700')
  await expect(drawer(page)).toContainText('granted with TTL(700s)')
  await goTo(page, 6.5)
  const before = await leases(page)
  await isKept(page, 6500)
  await page.reload()
  await expect(messages(page)).toContainText('Your run is back as you left it.')
  await messages(page).getByRole('button', { name: 'Start over' }).hover()
  await standsAt(page, 6.5)
  await expect.poll(() => leases(page)).toEqual(before)
  await expect(page.getByRole('button', { name: 'Undo', exact: true })).toHaveAttribute(
    'aria-disabled',
    'false',
  )
  await expectNoAxeViolations(page)
  await messages(page).getByRole('button', { name: 'Start over' }).click()
  await expect(question(page)).toHaveText(OPENING)
  await expect.poll(() => page.evaluate(() => localStorage.getItem('leasescope-kept'))).toBe(null)
  await page.reload()
  await expect(question(page)).toHaveText(OPENING)
  await expect(messages(page)).toBeEmpty()
  await share(page, 'Open…')
  const earlier = dialog(page).getByRole('list', { name: 'Or an earlier run' })
  await expect(earlier.getByRole('listitem')).toHaveCount(1)
  await expectNoAxeViolations(page, 'dialog')
  await earlier
    .getByRole('button', { name: /^Open Seed 1, 1 member, \d commands · at 6\.5 s/ })
    .press('Enter')
  await standsAt(page, 6.5)
  await expect.poll(() => leases(page)).toEqual(before)
})

/** The earlier runs, as the dialog lists them. */
async function earlierRuns(page: Page): Promise<string[]> {
  await share(page, 'Open…')
  await expect(dialog(page)).toBeVisible()
  // They are read from the browser's storage, so a caller retries until they are there.
  const rows = await dialog(page)
    .getByRole('list', { name: 'Or an earlier run' })
    .getByRole('listitem')
    .allTextContents()
  await dialog(page).getByRole('button', { name: 'Cancel' }).click()
  return rows.map((row) => row.trim())
}

/** The run that this browser stored last, as text. */
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

/** Waits until the run is stored with the cursor at that time. */
async function isKept(page: Page, at: number): Promise<void> {
  await expect.poll(() => page.evaluate(() => localStorage.getItem('leasescope-kept'))).toBe('1')
  await expect.poll(() => keptRun(page)).toMatch(new RegExp(`"cursor":${at}[,}]`))
}

test('a link opened over a kept run takes nothing away', async ({ page, baseURL }) => {
  await openRun(page, 1)
  await enter(page, 'etcdctl lease grant 700')
  await expect(drawer(page)).toContainText('granted with TTL(700s)')
  await goTo(page, 6.5)
  const before = await leases(page)
  await isKept(page, 6500)
  const open = async (hash: string) => {
    await page.goto('about:blank')
    await page.goto(`${baseURL}${hash}`)
  }
  await open('#r1?seed=9&at=3&$@1=etcdctl+put+linked+yes')
  await expect(messages(page)).toContainText('The run before this one is kept.')
  await standsAt(page, 3)
  await expectNoAxeViolations(page)
  // The changed run of the link is stored beside the earlier run. It comes back with the same
  // address.
  await enter(page, 'etcdctl put mine too')
  await expect(key(page, 'mine', 'too')).toBeVisible()
  await expect
    .poll(() => earlierRuns(page))
    .toEqual([expect.stringMatching(/^Seed 1, 1 member.* at 6\.5 s/)])
  await page.reload()
  await expect(messages(page)).toContainText('Your run is back')
  await expect(key(page, 'mine', 'too')).toBeVisible()
  // Start over returns to the state of the link.
  await choose(page, 'More', 'Start over')
  await standsAt(page, 3)
  await expect(key(page, 'linked', 'yes')).toBeVisible()
  await expect(key(page, 'mine', 'too')).toHaveCount(0)
  await isKept(page, 3000)

  // A second link: the run before it can be opened, and the very first run is still there.
  await open('#r1?seed=10&at=4')
  await messages(page).getByRole('button', { name: 'Open it' }).press('Enter')
  await expect(key(page, 'linked', 'yes')).toBeVisible()
  await share(page, 'Open…')
  await page.getByRole('button', { name: /^Open Seed 1, 1 member/ }).press('Enter')
  await standsAt(page, 6.5)
  await expect.poll(() => leases(page)).toEqual(before)
})

test('a story chosen in the middle of something puts that aside, whole', async ({ page }) => {
  await openRun(page, 1)
  await enter(page, 'etcdctl put mine 1')
  await expect(key(page, 'mine', '1')).toBeVisible()
  await goTo(page, 8)
  await isKept(page, 8000)
  await page.getByRole('button', { name: /: stories$/ }).press('Enter')
  await page
    .getByRole('dialog', { name: 'Library' })
    .locator('.library-card:not(.library-lesson)')
    .nth(8)
    .press('Enter')
  await expect(storyBar(page).getByRole('button', { name: 'Start', exact: true })).toBeVisible()
  await expect(key(page, 'mine', '1')).toHaveCount(0)
  await expect
    .poll(() => earlierRuns(page))
    .toEqual([expect.stringMatching(/^Seed 1, 1 member.* at 8\.0 s/)])
  // A run without any act of the reader is not listed.
  await choose(page, 'More', 'Start over')
  await choose(page, 'More', 'Start over')
  await share(page, 'Open…')
  await expect(dialog(page).getByRole('listitem')).toHaveCount(1)
  await dialog(page)
    .getByRole('button', { name: /^Delete Seed 1/ })
    .press('Enter')
  await expect(dialog(page).getByRole('listitem')).toHaveCount(0)
  await expect(dialog(page).getByRole('textbox')).toBeFocused()
})

test('a kept run that cannot be read is told of and put aside, and the page goes on', async ({
  page,
}) => {
  await openRun(page, 1)
  await enter(page, 'etcdctl put mine 1')
  await expect(key(page, 'mine', '1')).toBeVisible()
  await goTo(page, 8)
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
  await expect(messages(page)).toContainText(
    'The kept run cannot be opened: branches.0.seed: expected a number (got "x"). The run goes on',
  )
  await expect(question(page)).toHaveText(OPENING)
  await expect(messages(page)).not.toContainText('Your run is back')
  await expect.poll(() => earlierRuns(page)).toHaveLength(1)
  // The page does not try the damaged run again, and stores new acts.
  await enter(page, 'etcdctl put other 1')
  await expect(key(page, 'other', '1')).toBeVisible()
  await goTo(page, 9)
  await isKept(page, 9000)
  await page.reload()
  await expect(messages(page)).toContainText('Your run is back')
  await expect(key(page, 'other', '1')).toBeVisible()
})

test('no room left in the browser is told, until there is some again', async ({ page }) => {
  const { origin } = new URL(page.url())
  const session = await page.context().newCDPSession(page)
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 })
  const words = 'The browser has no room left, so this run is not kept'
  await enter(page, 'etcdctl put mine 1')
  await expect(messages(page)).toContainText(words)
  await expectNoAxeViolations(page)
  await session.send('Storage.overrideQuotaForOrigin', { origin })
  await enter(page, 'etcdctl put mine 2')
  await expect(messages(page)).not.toContainText(words)
  await goTo(page, 9)
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
  await openRun(page, 1)
  await enter(page, 'etcdctl put mine 1')
  await goTo(page, 8)
  await isKept(page, 8000)
  const other = await context.newPage()
  collectProblems(other, problems)
  await other.goto(page.url())
  await expect(key(other, 'mine', '1')).toBeVisible()
  await enter(other, 'etcdctl put theirs 1')
  const words = 'Another tab keeps its run'
  await expect.poll(() => keptRun(other)).toContain('theirs 1')
  await enter(page, 'etcdctl put mine 2')
  await expect(messages(page)).toContainText(words)
  await messages(page).getByRole('button', { name: 'Keep this one instead' }).click()
  await expect(messages(page)).not.toContainText(words)
  await expect.poll(() => keptRun(page)).toContain('mine 2')
  await enter(other, 'etcdctl put theirs 2')
  await expect(messages(other)).toContainText(words)
  await share(page, 'Copy link')
  await expect(page.getByRole('dialog').getByRole('textbox')).toHaveValue(/#r1\?/)
})

test('a worker that crashes is started again with the run', async ({ page, problems }) => {
  await openRun(page, 1)
  await enter(page, 'etcdctl lease grant 700')
  await expect(drawer(page)).toContainText('granted with TTL(700s)')
  await goTo(page, 6.5)
  const before = await leases(page)
  await isKept(page, 6500)
  await page.workers()[0]!.evaluate(() => {
    setTimeout(() => {
      throw new Error('out of luck')
    })
  })
  await expect(messages(page)).toContainText('The engine crashed and started again')
  await expect(messages(page)).toContainText('out of luck')
  await expect.poll(() => leases(page)).toEqual(before)
  await page.getByRole('button', { name: 'Play', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible()
  problems.splice(0, problems.length, ...problems.filter((line) => !line.includes('out of luck')))
})

test('of two tabs one keeps its run, and the other says so', async ({
  page,
  context,
  problems,
}) => {
  await openRun(page, 1)
  await enter(page, 'etcdctl lease grant 700')
  // The stored state after the answer. The first stored state has the line in flight.
  await expect
    .poll(async () => (JSON.parse(await keptRun(page)) as { cursor: number } | null)?.cursor ?? 0)
    .toBeGreaterThan(1500)
  const other = await context.newPage()
  collectProblems(other, problems)
  await other.goto(page.url())
  const words = 'Another tab keeps its run'
  await expect(leaseRow(other, /^L2, .* of 700 s/)).toBeVisible()
  await enter(other, 'etcdctl put other 1')
  await expect(messages(other)).toContainText(words)
  await messages(other).getByRole('button', { name: 'Keep this one instead' }).click()
  await expect(messages(other)).not.toContainText(words)
  await expect(messages(page)).toContainText(words)
  // When a tab is closed, the other tab takes its place.
  await other.close()
  await expect(messages(page)).not.toContainText(words)
})

test('a run that another engine made says so beside its title, until another run is open', async ({
  page,
}) => {
  const title = page.getByRole('navigation', { name: 'Story' })
  const note = title.getByText('Made with 0.1; it may play differently.')
  await expect(title).toContainText('Does a key live on')
  await expect(note).toHaveCount(0)
  await page.evaluate(() => {
    location.hash = '#r1?at=2&$@1=etcdctl+put+a+1'
  })
  await expect(note).toBeVisible()
  await expect(page.getByRole('button', { name: /^etcd 3\.4/ })).toBeVisible()
  await expectNoAxeViolations(page, '.top-bar')
  for (const width of [1280, 1024, 390]) {
    await page.setViewportSize({ width, height: 720 })
    await expect(page.getByRole('button', { name: 'Share' })).toBeInViewport({ ratio: 1 })
    await expect(title.getByRole('button')).toBeInViewport()
  }
  await page.setViewportSize({ width: 1280, height: 720 })
  await page.evaluate(() => {
    location.hash = '#r1?at=2&engine=0.2&etcd=3.6&$@1=etcdctl+put+a+1'
  })
  await expect(page.getByRole('button', { name: /^etcd 3\.6/ })).toBeVisible()
  await expect(note).toHaveCount(0)
})
