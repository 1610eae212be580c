// The forms of What if…: the reader's own lock, and the choice of a TTL. By keyboard.

import { openMenu, stage } from './acts'
import { expect, expectNoAxeViolations, type Page, test } from './harness'
import { leaseRow, question, standsAt, timeline } from './screen'

const verdict = (page: Page) => stage(page).getByRole('status')
const field = (page: Page, name: string) =>
  stage(page).getByRole('spinbutton', { name, exact: true })
const button = (page: Page, name: string) => stage(page).getByRole('button', { name, exact: true })

async function openForm(page: Page, name: string): Promise<void> {
  await page.goto('/')
  await openMenu(page, page.getByRole('button', { name: 'What if…' }))
  await page.getByRole('menuitem', { name }).press('Enter')
}

async function expectNoAxeViolationsInBoth(page: Page): Promise<void> {
  await expectNoAxeViolations(page, '.lock-form')
  await page.emulateMedia({ colorScheme: 'dark' })
  await expectNoAxeViolations(page, '.lock-form')
  await page.emulateMedia({ colorScheme: 'light' })
}

test('my lock, to its first moment, to one that holds, and beside another TTL', async ({
  page,
}) => {
  await openForm(page, 'My lock…')
  await expect(field(page, 'TTL')).toBeFocused()
  await expect(verdict(page)).toContainText('Two clients may write from 10.381 s on.')
  await standsAt(page, 10.381)
  await expect(question(page)).toHaveText('When is your lock no longer a lock?')
  await expect(timeline(page)).toContainText('b inside')
  await expectNoAxeViolationsInBoth(page)

  await field(page, 'TTL').fill('30')
  await expect(verdict(page)).toContainText(
    'Nothing goes wrong: client a still has its lock at 70.000 s.',
  )
  await standsAt(page, 70)
  await button(page, 'Play: A stall of 30 s').press('Enter')
  await expect(verdict(page)).toContainText('Two clients may write from')
  await expect(field(page, 'Client a stalls for')).toHaveValue('30')

  await button(page, 'Reset').press('Enter')
  await standsAt(page, 10.381)
  await button(page, 'Beside a TTL of 20 s').press('Enter')
  await expect(page.getByRole('region', { name: 'Branch main' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Branch TTL 20 s' })).toBeVisible()
  await expect(leaseRow(page, /^L1,/).first()).toBeVisible()
})

test('what TTL to take, and the run of a figure', async ({ page }) => {
  await openForm(page, 'What TTL should I take?…')
  await expect(field(page, 'TTL')).toBeFocused()
  await expect(verdict(page)).toContainText(
    '6 s is the least TTL that always survives a pause of 3 s.',
  )
  await standsAt(page, 14.118)
  await expectNoAxeViolationsInBoth(page)
  await button(page, 'Take 6 s').press('Enter')
  await expect(stage(page)).toContainText('its lease ends after at most 6.54 s')
  await button(
    page,
    'Open the run: The holder of a lock dies: the lock is unusable for at most',
  ).press('Enter')
  await expect(leaseRow(page, /^L2,/)).toBeVisible()
  await expect(timeline(page)).toContainText('b inside')
})
