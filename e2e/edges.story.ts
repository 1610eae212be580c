// Nothing is lost at the edges: a second tab, Back, an engine that hangs, an engine that does not
// load.

import { collectProblems, expect, type Page, test } from './harness'
import { clockButton, goTo, messages, openPanel, pause, standsAt, timeBar } from './screen'

/** Puts a key with a line of the console. */
async function put(page: Page, key: string, value: string): Promise<void> {
  await openPanel(page, 'Console')
  await page.getByRole('textbox', { name: 'Console' }).fill(`etcdctl put ${key} ${value}`)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('textbox', { name: 'Console' })).toHaveValue('')
  await openPanel(page, 'Keys')
  await expect(page.getByRole('complementary')).toContainText(value)
}

async function holds(page: Page, ...values: string[]): Promise<void> {
  await openPanel(page, 'Keys')
  for (const value of values) await expect(page.getByRole('complementary')).toContainText(value)
}

/** Reloads the page; the run is back. */
async function reload(page: Page): Promise<void> {
  await page.reload()
  await expect(messages(page)).toContainText('Your run is back as you left it.')
}

/**
 * Waits until the run is stored in its current state. The first stored state has the line in
 * flight, without its answer.
 */
async function kept(page: Page): Promise<void> {
  // The store exists by now. If the test opened it before the page, the store would be empty.
  await page.waitForFunction(() => localStorage.getItem('leasescope-kept') !== null)
  await keptAsItStands(page)
}

async function keptAsItStands(page: Page): Promise<void> {
  const seconds = Number(/[\d.]+/.exec((await clockButton(page).textContent()) ?? '')?.[0] ?? 0)
  await expect.poll(() => keptCursor(page)).toBeGreaterThanOrEqual(Math.floor(seconds * 1000))
}

function keptCursor(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const opening = indexedDB.open('leasescope')
        opening.onsuccess = () => {
          const { result } = opening
          const reading = result.transaction('runs').objectStore('runs').get('current')
          reading.onsuccess = () => {
            result.close()
            resolve(reading.result?.session?.cursor ?? -1)
          }
        }
      }),
  )
}

test.beforeEach(async ({ page }) => {
  await expect(clockButton(page)).toBeVisible()
  await pause(page)
})

test('back and forward go between runs, each with what was done in it', async ({ page }) => {
  await put(page, 'mine', 'before-the-link')
  await page.evaluate(() => {
    location.hash = '#r1?at=2&seed=7'
  })
  await standsAt(page, 2)
  await put(page, 'mine', 'after-the-link')
  await page.goBack()
  await holds(page, 'before-the-link')
  await page.goForward()
  await holds(page, 'after-the-link')
  // A refused link does not replace the run; neither does Back from that link.
  await page.evaluate(() => {
    location.hash = '#r1?seed=x'
  })
  await expect(messages(page)).toContainText('Not taken')
  await page.goBack()
  await holds(page, 'after-the-link')
})

test('of two tabs the one in which nothing was done never brings an older run back', async ({
  page,
  context,
  problems,
}) => {
  await put(page, 'a', 'tab-one')
  await kept(page)
  const other = await context.newPage()
  collectProblems(other, problems)
  await other.goto(page.url())
  await expect(messages(other)).toContainText('Your run is back as you left it.')
  await holds(other, 'tab-one')
  await put(page, 'b', 'newer-one')
  await reload(page)
  await holds(page, 'tab-one', 'newer-one')
  await page.close()
  await reload(other)
  await holds(other, 'tab-one', 'newer-one')
})

test('undo survives a reload, and an earlier run can be named and pinned', async ({ page }) => {
  await put(page, 'a', 'to-be-undone')
  await kept(page)
  await reload(page)
  await holds(page, 'to-be-undone')
  await timeBar(page).getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('complementary')).not.toContainText('to-be-undone')
  await timeBar(page).getByRole('button', { name: 'Redo' }).click()
  await goTo(page, 9)
  await holds(page, 'to-be-undone')
  await page.evaluate(() => {
    location.hash = '#scenario/too-late'
  })
  await expect(page.getByRole('navigation', { name: 'Story' })).not.toContainText('Opening')
  const open = async () => {
    await page.getByRole('button', { name: 'Share' }).click()
    await page.getByRole('menuitem', { name: 'Open…' }).click()
  }
  await open()
  await page.getByRole('button', { name: /^Name / }).click()
  await page.getByRole('textbox', { name: 'Name of the run' }).fill('Monday')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: /^Pin Monday/ }).click()
  await expect(page.getByRole('button', { name: /^Pin Monday/ })).toHaveAttribute(
    'aria-pressed',
    'true',
  )
  await page.getByRole('button', { name: /^Open Monday/ }).click()
  await holds(page, 'to-be-undone')
})

/**
 * Loads the page with a changed engine: `act` runs when the engine must go to 6 s. Then puts a
 * key at 3 s.
 */
async function withEngine(page: Page, act: string): Promise<void> {
  await page.route('**/worker-*.js', async (route) => {
    const response = await route.fetch()
    const body = `${await response.text()}\naddEventListener('message', ({ data }) => { if (data.type === 'seek' && data.at === 6000) ${act} })`
    await route.fulfill({ response, body })
  })
  await page.reload()
  await pause(page)
  await goTo(page, 3)
  await put(page, 'a', 'still-here')
  await kept(page)
  await clockButton(page).click()
  await page.getByRole('textbox', { name: 'Go to time (seconds)' }).fill('6')
  await page.keyboard.press('Enter')
}

test('an engine that hangs is stopped, and the run is back', async ({ page }) => {
  await withEngine(page, 'for (;;);')
  const engine = page.getByRole('status', { name: 'Engine' })
  await expect(engine).toHaveText('working…')
  await engine.getByRole('button', { name: 'Stop' }).click()
  await expect(messages(page)).toContainText('The engine was stopped.')
  await holds(page, 'still-here')
  await expect(engine).toHaveText('')
  await goTo(page, 5)
})

test('an engine that ends is started again by itself, with the run', async ({ page }) => {
  await withEngine(page, 'close()')
  await expect(messages(page)).toContainText('The engine crashed and started again')
  await holds(page, 'still-here')
  await goTo(page, 5)
})

test('an engine that does not load says so', async ({ page, problems }) => {
  await page.route('**/worker-*.js', (route) => route.fulfill({ status: 404 }))
  await page.reload()
  await expect(page.getByRole('alert')).toContainText('The engine did not load.')
  problems.length = 0
})

test('an engine whose file does not arrive is said to load, and the page can be loaded again', async ({
  page,
  problems,
}) => {
  let stalls = true
  const held: (() => Promise<void>)[] = []
  await page.route('**/worker-*.js', (route) => {
    if (!stalls) return route.fallback()
    held.push(() => route.abort())
  })
  await page.reload()
  const engine = page.getByRole('status', { name: 'Engine' })
  await expect(engine).toContainText('loading the engine…')
  stalls = false
  await engine.getByRole('button', { name: 'Reload' }).click()
  await expect(page.getByRole('group', { name: /^Member m1: leader/ })).toBeVisible()
  await expect(engine).toHaveText('')
  await pause(page)
  // A request that its page abandoned is not a problem.
  for (const end of held) await end().catch(() => {})
  problems.length = 0
})

test('where localStorage is full, the run is kept, the page says what is not, and the next visit finds it', async ({
  page,
}) => {
  await page.evaluate(() => {
    localStorage.clear()
    let count = 0
    for (let size = 4_000_000; size > 0; size = Math.floor(size / 2)) {
      for (let fits = true; fits; ) {
        try {
          localStorage.setItem((count++).toString(36), 'x'.repeat(size))
        } catch {
          fits = false
        }
      }
    }
  })
  await put(page, 'a', 'without-a-flag')
  await expect(messages(page)).toContainText('no room left in part of its storage')
  expect(await page.evaluate(() => localStorage.getItem('leasescope-kept'))).toBe(null)
  await keptAsItStands(page)
  await reload(page)
  await holds(page, 'without-a-flag')
})

test('a link that another run takes the place of is said to be gone, and can be opened again', async ({
  page,
}) => {
  await page.evaluate(() => {
    location.hash = '#r1?at=2&seed=7'
  })
  await standsAt(page, 2)
  await kept(page)
  await page.evaluate(() => {
    location.hash = '#r1?at=3&seed=8'
  })
  await standsAt(page, 3)
  await expect(messages(page)).toContainText(
    'The run of the link before was not kept: nothing was done in it.',
  )
  await messages(page).getByRole('button', { name: 'Open it' }).click()
  await standsAt(page, 2)
})
