// The network and the disks: links that are slow or lossy, walls of one direction, one message by hand, a leader that is asked to end.

import { expect, expectNoAxeViolations, type Page, test } from './harness'

async function open(page: Page, members: number): Promise<void> {
  await page.getByRole('combobox', { name: 'Members' }).selectOption(String(members))
  await expect(page.getByRole('article', { name: /^Member / })).toHaveCount(members)
  await page.getByRole('button', { name: 'Pause' }).click()
}

const member = (page: Page, name: string) => page.getByRole('article', { name: `Member ${name}` })
const faults = (page: Page, name: string) => page.getByRole('button', { name: `Faults of ${name}` })
const trouble = (page: Page) => page.getByRole('region', { name: 'Stage' }).getByRole('status')
const leaders = (page: Page) => page.getByRole('article', { name: /^Member / }).filter({ hasText: 'LEADER' })

test('a link is made slow and lossy, the stage says so, and healing takes it back, by keyboard', async ({ page }) => {
  await open(page, 3)
  await page.getByRole('button', { name: 'Links ▾' }).press('Enter')
  await page.getByRole('combobox', { name: 'Link', exact: true }).selectOption('m1 – m2')
  await page.getByRole('combobox', { name: 'shall' }).selectOption('lose')
  await page.getByRole('spinbutton', { name: 'percent of its messages' }).fill('40')
  await page.getByRole('button', { name: 'Set', exact: true }).press('Enter')
  await expect(trouble(page)).toContainText('m1–m2 loses 40 %')
  await page.getByRole('combobox', { name: 'Link', exact: true }).selectOption('m2 → m3 only')
  await page.getByRole('combobox', { name: 'shall' }).selectOption('take longer by')
  await page.getByRole('button', { name: 'Set', exact: true }).press('Enter')
  await expect(trouble(page)).toContainText('m2 → m3 +50 ms')
  await expectNoAxeViolations(page)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Heal the network' }).press('Enter')
  await expect(trouble(page)).not.toContainText('Links')
})

test('one message is dropped, another held up, by its name in the list', async ({ page }) => {
  await open(page, 3)
  await page.getByRole('checkbox', { name: 'hold in flight' }).check()
  await page.getByRole('textbox', { name: 'Console' }).fill('etcdctl put caught 1')
  await page.keyboard.press('Enter')
  // The process has started, and its request is on its way.
  await page.getByRole('button', { name: 'Next event' }).press('Enter')
  await page.getByRole('button', { name: 'Messages ▾' }).press('Enter')
  const list = page.getByRole('group', { name: 'Messages in flight' })
  await expect(list).toContainText('In flight')
  const first = list.getByRole('listitem').first()
  await expect(first).toContainText('Put t1 → m1')
  await first.getByRole('button', { name: /^Drop/ }).press('Enter')
  await expect(list).toContainText('✕ will not arrive')
  await expectNoAxeViolations(page)
})

test('a leader that nobody hears is said and drawn; it is replaced', async ({ page }) => {
  await open(page, 3)
  await faults(page, 'm1').press('Enter')
  await page.getByRole('menuitem', { name: 'Nobody hears it' }).press('Enter')
  await expect(trouble(page)).toContainText('m1 is not heard by m2 m3')
  await expect(page.locator('.wall')).toHaveCount(2)
  for (let i = 0; i < 3; i++) await page.getByRole('button', { name: '+1 s' }).press('Enter')
  await expect(member(page, 'm1')).not.toContainText('LEADER')
  await expect(leaders(page)).toHaveCount(1)
})

test('a leader that is asked to end hands over first, and a disk is made slow', async ({ page }) => {
  await open(page, 3)
  await faults(page, 'm1').press('Enter')
  await page.getByRole('menuitem', { name: 'Stop gracefully' }).press('Enter')
  await page.getByRole('button', { name: '+1 s' }).press('Enter')
  await expect(member(page, 'm1')).toContainText('✕ DOWN')
  await expect(leaders(page)).toHaveCount(1)
  await faults(page, 'm3').press('Enter')
  await page.getByRole('menuitem', { name: 'Slow disk' }).press('Enter')
  await expect(member(page, 'm3')).toContainText('disk: 800 ms a write')
  await expectNoAxeViolations(page)
})

test('a member’s clock is made fast and true again, and its wall clock set back', async ({ page }) => {
  await open(page, 3)
  const choose = async (name: string) => {
    await faults(page, 'm1').press('Enter')
    await page.getByRole('menuitem', { name }).press('Enter')
  }
  await choose('Fast clock')
  await expect(member(page, 'm1')).toContainText('clock at 150 %')
  await choose('Wall clock an hour back')
  await expect(member(page, 'm1')).toContainText('date 1 h behind')
  await expectNoAxeViolations(page)
  await choose('Clock that runs true')
  await expect(member(page, 'm1')).not.toContainText('clock at')
})
