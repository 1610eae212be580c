// Acting in the past keeps the future that was there: one goes between the two, holds them side by side, takes a gesture back, and asks why something happened.

import { expect, expectNoAxeViolations, type Page, test } from './harness'

async function goTo(page: Page, seconds: string): Promise<void> {
  await page.getByRole('spinbutton', { name: 'Go to time (seconds)' }).fill(seconds)
  await page.keyboard.press('Enter')
  await expect(page.getByText(`t = ${Number(seconds).toFixed(3)} s`)).toBeVisible()
}

async function enter(page: Page, line: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Console' }).fill(line)
  await page.keyboard.press('Enter')
}

const keys = (page: Page) => page.getByRole('list', { name: 'Keys' })

test('by keyboard: fork, go back to the old future, compare, rename, delete, undo', async ({ page }) => {
  await page.getByRole('button', { name: 'Pause' }).click()
  await goTo(page, '5')
  await enter(page, 'etcdctl put a main')
  await expect(keys(page)).toContainText('main')
  await goTo(page, '12')
  await goTo(page, '4.5')
  await enter(page, 'etcdctl put a other')
  await expect(keys(page)).toContainText('other')
  const button = page.locator('.branches-button')
  await expect(button).toContainText('branch 2')
  await expect(page.getByText('“main” keeps its future; you are on “branch 2”')).toBeVisible()

  await page.getByRole('heading', { name: 'Leasescope' }).click()
  await page.keyboard.press('b')
  const list = page.getByRole('list', { name: 'Branches' })
  await expect(list.getByRole('listitem')).toHaveCount(2)
  await list.getByRole('button', { name: 'Compare with main' }).press('Enter')
  const compared = page.getByRole('region', { name: 'branch 2 beside main' })
  await expect(compared).toContainText('etcdctl put a other')
  await list.getByRole('button', { name: 'Go to main' }).press('Enter')
  await expect(button).toContainText('main')
  await expect(compared).toBeHidden()
  await list.getByRole('button', { name: 'Rename branch 2' }).press('Enter')
  await page.getByRole('textbox', { name: 'New name of branch 2' }).fill('the other way')
  await page.keyboard.press('Enter')
  await list.getByRole('button', { name: 'Delete the other way' }).press('Enter')
  await expect(list.getByRole('listitem')).toHaveCount(1)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+z')
  await expect(button).toContainText('2')
  await goTo(page, '12')
  await expect(keys(page)).toContainText('main')
})

test('a gesture is undone and done again, and a run played on from there goes without it', async ({ page }) => {
  await page.getByRole('button', { name: 'Pause' }).click()
  await goTo(page, '5')
  await enter(page, 'etcdctl put a 1')
  await expect(keys(page)).toContainText('a')
  await expect(keys(page).getByText('a', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(keys(page).getByText('a', { exact: true })).toBeHidden()
  await expect(page.getByRole('button', { name: 'Redo' })).toHaveAttribute('aria-disabled', 'false')
  await page.getByRole('button', { name: 'Redo' }).click()
  await goTo(page, '6')
  await expect(keys(page).getByText('a', { exact: true })).toBeVisible()
})

/** The dials, opened by keyboard, with some of them set: the same story again, beside the one that was there. */
async function again(page: Page, dials: Record<string, string>): Promise<void> {
  await page.getByRole('button', { name: 'Again with…' }).press('Enter')
  const form = page.getByRole('group', { name: 'The same story again with…' })
  for (const [label, value] of Object.entries(dials)) {
    const dial = form.getByLabel(label)
    await dial.focus()
    if ((await dial.evaluate((element) => element.tagName)) === 'SELECT') await dial.selectOption(value)
    else await page.keyboard.type(value)
  }
  await form.getByRole('button', { name: 'Run again and compare' }).press('Enter')
  await expect(form).toBeHidden()
  await expect(page.getByRole('button', { name: 'Again with…' })).toBeFocused()
}

const pane = (page: Page, name: string) => page.getByRole('article', { name })

test('by keyboard: the same story with another TTL, side by side on one cursor, and over to the other side', async ({ page }) => {
  await page.getByRole('button', { name: 'Pause' }).press('Enter')
  await goTo(page, '5')
  await again(page, { 'New TTL (seconds)': '30' })
  await expect(page.locator('.branches-button')).toContainText('TTL 30 s')
  await expect(page.getByRole('list', { name: 'Leases', exact: true })).toContainText('of 30 s')

  const compared = page.getByRole('region', { name: 'TTL 30 s beside main' })
  const [mine, other] = [pane(page, 'TTL 30 s'), pane(page, 'main')]
  await expect(compared).toContainText(/things differ at the cursor/)
  for (const each of [mine, other]) {
    const leases = each.getByRole('list', { name: 'Leases and their keys' })
    await expect(leases).toContainText('differs: TTL, time left')
    await expect(leases).toContainText('/svc')
    await expect(each.getByRole('list', { name: 'Members' })).toContainText(/m1\s+LEADER, term \d+, ● primary/)
    await expect(each.getByRole('list', { name: 'Clients and what they believe' })).toContainText('differs: belief')
  }
  await expect(mine.getByRole('list', { name: 'Leases and their keys' })).toContainText('of 30 s')
  await expect(other.getByRole('list', { name: 'Leases and their keys' })).toContainText('of 10 s')
  // Both say what happened when they parted.
  await expect(mine).toContainText(/They part: at 0\.\d{3} s .*30 s/)
  await expect(other).toContainText(/They part: at 0\.\d{3} s .*10 s/)
  await expectNoAxeViolations(page)

  // The panes follow the cursor: at the start they have parted already, and nothing differs yet.
  await goTo(page, '0')
  await expect(compared).toContainText('nothing differs at the cursor')
  await goTo(page, '5')
  await expect(compared).toContainText(/things differ at the cursor/)

  // Over to the other: the comparison is turned round, at the event.
  await other.getByRole('button', { name: 'Go there on main' }).press('Enter')
  await expect(page.getByRole('region', { name: 'main beside TTL 30 s' })).toBeVisible()
  await expect(page.locator('.branches-button')).toContainText('main')
  await expect(page.getByText(/^t = 0\.\d{3} s/)).toBeVisible()
  await page.getByRole('button', { name: 'Close the comparison' }).press('Enter')
  await expect(page.getByRole('region', { name: 'main beside TTL 30 s' })).toBeHidden()
})

test('by keyboard: versions, members and both latencies are dials too, several at once', async ({ page }) => {
  await page.getByRole('button', { name: 'Pause' }).press('Enter')
  await goTo(page, '3')
  await again(page, {
    'New number of members': '3',
    'New version of etcd': '3.5',
    'New latency between members (milliseconds)': '40',
    'New latency to clients (milliseconds)': '20',
    'New seed': '7',
  })
  const branch = page.locator('.branches-button')
  for (const words of ['seed 7', 'latency 20 ms', 'peer latency 40 ms', 'etcd 3.5', 'members 3']) await expect(branch).toContainText(words)
  const other = pane(page, 'main')
  await expect(other.getByRole('list', { name: 'Members' }).getByRole('listitem')).toHaveCount(1)
  const mine = page.locator('.pane').first()
  await expect(mine.getByRole('list', { name: 'Members' }).getByRole('listitem')).toHaveCount(3)
  await expect(mine.getByRole('list', { name: 'Members' })).toContainText('only here')
})

test('to the next fault and the one before, by key and by button; and why, of the line with the focus', async ({ page }) => {
  await page.getByRole('button', { name: 'Scenarios' }).click()
  await page.getByRole('menuitem', { name: 'The old leader behind a wall', exact: true }).click()
  await goTo(page, '12')
  await page.getByRole('button', { name: 'Previous fault' }).click()
  await expect(page.getByText('t = 3.000 s')).toBeVisible()
  await goTo(page, '1')
  await page.getByRole('heading', { name: 'Leasescope' }).click()
  await page.keyboard.press('.')
  await expect(page.getByText('t = 3.000 s')).toBeVisible()
  await goTo(page, '12')
  await page.locator('.log-line[data-type="key-deleted"]').last().focus()
  await page.keyboard.press('w')
  const why = page.getByRole('region', { name: 'Why?' })
  await expect(why).toContainText('no renewal came to m2')
  await expect(why).toContainText('the network splits: m1 svc | m2 m3')
  // The same lines are marked where they stand in the log.
  await expect(page.locator('.log-row[data-because]').filter({ hasText: 'the network splits' })).toHaveCount(1)
  // What only a screen reader hears does not stretch the page.
  expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThan(2000)
  await why.getByRole('button', { name: /the network splits/ }).click()
  await expect(page.getByText('t = 3.000 s')).toBeVisible()
})

test('why did the key go? Because its heartbeat was stopped', async ({ page }) => {
  await page.getByRole('button', { name: 'Stop the heartbeat' }).click()
  await page
    .getByRole('button', { name: 'Pause' })
    .or(page.getByRole('button', { name: 'Play', exact: true }))
    .first()
    .click()
  await goTo(page, '20')
  await page
    .locator('.log-row:has([data-type="key-deleted"])')
    .getByRole('button', { name: /^Why, at/ })
    .first()
    .click()
  const why = page.getByRole('region', { name: 'Why?' })
  await expect(why).toContainText('no renewal came to m1 after')
  await expect(why).toContainText('svc stops keeping lease')
  await expectNoAxeViolations(page)
  await why.getByRole('button', { name: /stops keeping lease/ }).click()
  await expect(page.getByText('t = 20.000 s')).toBeHidden()
  await why.getByRole('button', { name: 'Close' }).click()
  await expect(why).toBeHidden()
})
