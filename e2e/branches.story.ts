// An act in the past keeps the existing future. The reader moves between the two, compares them,
// undoes a gesture, and asks why something happened.

import type { Locator } from 'playwright/test'
import { choose, client, enter, keyRow, openMenu, openRun, stage } from './acts'
import { expect, expectNoAxeViolations, type Page, test } from './harness'
import { drawer, goTo, leaseRow, messages, openPanel, openStory, standsAt } from './screen'

const button = (page: Page) => page.getByRole('button', { name: /^Branch: / })
const half = (page: Page, name: string) =>
  stage(page).getByRole('region', { name: `Branch ${name}`, exact: true })
const differ = (page: Page) => stage(page).getByRole('status')
const undo = (page: Page) => page.getByRole('button', { name: 'Undo', exact: true })
const redo = (page: Page) => page.getByRole('button', { name: 'Redo', exact: true })

test('by keyboard: fork, go back to the old future, compare, rename, delete, undo', async ({
  page,
}) => {
  await openRun(page, 1)
  await expect(button(page)).toHaveCount(0)
  await goTo(page, 5)
  await enter(page, 'etcdctl put a main')
  await goTo(page, 12)
  await goTo(page, 4.5)
  await enter(page, 'etcdctl put a other')
  await openPanel(page, 'Keys')
  await expect(keyRow(page, 'a')).toContainText('other')
  await expect(button(page)).toHaveAccessibleName(/^Branch: branch 2\s*, 2 branches/)
  await expect(messages(page)).toContainText('“main” keeps its future. You are on “branch 2”.')

  await page.keyboard.press('b')
  const list = page.getByRole('list', { name: 'Branches' })
  await expect(list.getByRole('listitem')).toHaveCount(2)
  await expectNoAxeViolations(page)
  await list.getByRole('button', { name: 'Compare with main' }).press('Enter')
  await expect(half(page, 'branch 2')).toContainText('etcdctl put a other')
  await list.getByRole('button', { name: 'Go to main' }).press('Enter')
  await expect(button(page)).toHaveAccessibleName(/^Branch: main/)
  await expect(half(page, 'branch 2')).toHaveCount(0)
  await list.getByRole('button', { name: 'Rename branch 2' }).press('Enter')
  await page.getByRole('textbox', { name: 'New name of branch 2' }).fill('the other way')
  await page.keyboard.press('Enter')
  await list.getByRole('button', { name: 'Delete the other way' }).press('Enter')
  await expect(list).toHaveCount(0)
  await expect(button(page)).toHaveCount(0)
  await expect(undo(page)).toBeFocused()
  await page.keyboard.press('Control+z')
  await expect(button(page)).toHaveAccessibleName(/^Branch: main\s*, 2 branches/)
  await goTo(page, 12)
  await expect(keyRow(page, 'a')).toContainText('main')
})

test('a gesture is undone and done again, and a run played on from there goes without it', async ({
  page,
}) => {
  await openRun(page, 1)
  await goTo(page, 5)
  await expect(undo(page)).toHaveCount(0)
  await enter(page, 'etcdctl put a 1')
  await openPanel(page, 'Keys')
  await expect(keyRow(page, 'a')).toBeVisible()
  await undo(page).click()
  await expect(keyRow(page, 'a')).toHaveCount(0)
  await expect(redo(page)).toHaveAttribute('aria-disabled', 'false')
  await redo(page).click()
  await goTo(page, 6)
  await expect(keyRow(page, 'a')).toBeVisible()
  await page.keyboard.press('Control+z')
  await goTo(page, 7)
  await expect(keyRow(page, 'a')).toHaveCount(0)
})

/**
 * Opens the dials by keyboard and sets some of them. The same story runs again, beside the existing
 * run.
 */
async function replay(page: Page, dials: Record<string, string>): Promise<void> {
  await page.getByRole('button', { name: 'Replay with…' }).press('Enter')
  const form = page.getByRole('group', { name: 'Replay with other numbers' })
  for (const [label, value] of Object.entries(dials)) {
    const dial = form.getByLabel(label)
    await dial.focus()
    if ((await dial.evaluate((element) => element.tagName)) === 'SELECT')
      await dial.selectOption(value)
    else await page.keyboard.type(value)
  }
  await form.getByRole('button', { name: 'Replay and compare' }).press('Enter')
  await expect(form).toBeHidden()
  await expect(page.getByRole('button', { name: 'Replay with…' })).toBeFocused()
}

/** The text of the parts that are marked as different in one half. */
const marked = (of: Locator) => of.locator('[data-differs]')

test('by keyboard: the same story with another TTL, side by side on one axis, and over to the other side', async ({
  page,
}) => {
  await openRun(page, 1)
  await goTo(page, 5)
  await replay(page, { 'New TTL (seconds)': '30' })
  await expect(button(page)).toHaveAccessibleName(/^Branch: TTL 30 s/)
  await expect(leaseRow(page, /^L1, .* of 30 s/)).toBeVisible()
  await expect(leaseRow(page, /^L1, .* of 10 s/)).toBeVisible()

  const [mine, other] = [half(page, 'TTL 30 s'), half(page, 'main')]
  await expect(differ(page)).toHaveText(/^\d things differ at this time$/)
  for (const each of [mine, other]) {
    await expect(marked(each).filter({ hasText: '/svc/a' })).toContainText('L1')
    await expect(marked(each).filter({ hasText: 'believes L1' })).toHaveCount(1)
  }
  await expect(mine).toContainText('of 30 s')
  await expect(other).toContainText('of 10 s')
  // Both halves show their first different event.
  const partings = [mine, other].map((each) => each.getByRole('button', { name: /^0\.\d{3} s: / }))
  await expect(partings[0] as Locator).toContainText('30 s')
  await expect(partings[1] as Locator).toContainText('10 s')
  await expectNoAxeViolations(page)

  // Both halves follow the cursor.
  await goTo(page, 0)
  await expect(differ(page)).toHaveText('Nothing differs at this time')
  await choose(page, /^step by /, 'difference')
  await page.getByRole('button', { name: 'Next difference' }).press('Enter')
  await expect(differ(page)).toHaveText(/^\d+ things? differs? at this time$/)
  await goTo(page, 5)

  // The press moves to the other branch. The comparison turns round, at the event.
  await (partings[1] as Locator).press('Enter')
  await expect(button(page)).toHaveAccessibleName(/^Branch: main/)
  await expect(page.getByRole('button', { name: /^Time: 0\.\d{3} s/ })).toBeVisible()
  await expect(stage(page).getByRole('region').first()).toHaveAccessibleName('Branch main')
  const toggle = page
    .getByRole('navigation', { name: 'Panels' })
    .getByRole('button', { name: 'Compare' })
  await expect(toggle).toHaveAttribute('aria-pressed', 'true')
  await toggle.press('Enter')
  await expect(half(page, 'main')).toHaveCount(0)
})

test('by keyboard: the same run with another library says when each of the two notices', async ({
  page,
}) => {
  await openRun(page, 1)
  await enter(page, 'partition svc m1')
  await goTo(page, 40)
  await openMenu(page, client(page, 'svc'))
  await page.getByRole('menuitem', { name: 'Replay with another library…' }).press('Enter')
  const library = page.getByRole('combobox', { name: 'In place of Go clientv3' })
  await expect(library).toBeFocused()
  await library.selectOption('node etcd3')
  await page.getByRole('button', { name: 'Replay and compare' }).press('Enter')
  await expect(button(page)).toHaveAccessibleName(/^Branch: svc with node etcd3/)

  const [node, go] = [half(page, 'svc with node etcd3'), half(page, 'main')]
  await expect(marked(node).filter({ hasText: /^node etcd3$/ })).toHaveCount(1)
  await expect(marked(go).filter({ hasText: /^Go clientv3$/ })).toHaveCount(1)
  for (const each of [node, go]) {
    await expect(each).toContainText(/noticed at \d+\.\d{3} s/)
    await expect(each.getByRole('button', { name: /^\d+\.\d{3} s: / })).toBeVisible()
  }
  const at = async (each: Locator): Promise<number> =>
    Number(/noticed at ([\d.]+) s/.exec(await each.innerText())?.[1])
  // The TTL is 10 s. Go clientv3 notices one TTL after the last answer; node etcd3
  // notices after two.
  expect((await at(node)) - (await at(go))).toBeGreaterThan(5)
  await expectNoAxeViolations(page)
})

test('by keyboard: versions, members and both latencies are dials too, several at once', async ({
  page,
}) => {
  await openRun(page, 1)
  await goTo(page, 3)
  await replay(page, {
    'New number of members': '3',
    'New version of etcd': '3.5',
    'New latency between members (milliseconds)': '40',
    'New latency to clients (milliseconds)': '20',
    'New seed': '7',
  })
  for (const words of ['seed 7', 'latency 20 ms', 'peer latency 40 ms', 'etcd 3.5', 'members 3'])
    await expect(button(page)).toContainText(words)
  await expect(half(page, 'main').getByRole('listitem')).toHaveText([
    'm1 leader, term 2',
    'm2 is not here',
    'm3 is not here',
  ])
  const mine = stage(page).getByRole('region').first()
  await expect(mine.getByRole('listitem')).toHaveText([/^m1 /, /^m2 /, /^m3 /])
  await expect(marked(mine).filter({ hasText: /^m3 / })).toHaveCount(1)
})

test('to the next fault and the one before, by key and by button; and why, of the line with the focus', async ({
  page,
}) => {
  await openStory(page, 'old-leader-behind-a-wall')
  await goTo(page, 11.9)
  await choose(page, /^step by /, 'fault')
  await page.getByRole('button', { name: 'Previous fault' }).click()
  await standsAt(page, 3)
  await goTo(page, 1)
  await page.keyboard.press('.')
  await standsAt(page, 3)
  await goTo(page, 11.9)
  await openPanel(page, 'Log')
  const log = drawer(page).getByRole('listbox', { name: 'What happened' })
  await log.getByRole('option', { name: /deletes key \/svc\/a at revision 3/ }).focus()
  await page.keyboard.press('w')
  const reasons = drawer(page).getByRole('list', { name: 'From the event back to its causes' })
  await expect(reasons).toContainText(
    'm2 counts the lease to a new deadline since 4.262 s, and no keep-alive came',
  )
  await expect(reasons).toContainText('the network splits: m1 svc | m2 m3')
  await reasons.getByRole('button', { name: /the network splits/ }).click()
  await standsAt(page, 3)
})

test('why did the key go? Its heartbeat was stopped: the log asks by mouse, the causes say so, and a trial is offered', async ({
  page,
}) => {
  await openStory(page, 'beat-1-key-dies')
  await goTo(page, 15)
  await openPanel(page, 'Log')
  const log = drawer(page).getByRole('listbox', { name: 'What happened' })
  const deleted = log.getByRole('option', { name: /deletes key \/svc\/a/ })
  await deleted.hover()
  await deleted.getByText('Why?').click()
  const reasons = drawer(page).getByRole('list', { name: 'From the event back to its causes' })
  await expect(reasons).toContainText('No keep-alive has reached m1 since 3.597 s')
  await expect(reasons).toContainText('svc stops its keep-alive loop for L1')
  await expectNoAxeViolations(page)
  await reasons.getByRole('button', { name: /stops its keep-alive loop/ }).click()
  await standsAt(page, 4.9)
  // The answer stays while the reader goes to its causes, and is gone once the panel is closed.
  await drawer(page).getByRole('button', { name: 'Close the panel' }).click()
  await expect(drawer(page)).toHaveCount(0)
})
