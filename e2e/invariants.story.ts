// The rules that no run may break. The page says at the current time that a rule holds, or which
// event violated it.

import { INVARIANTS } from '../engine/check/invariants'
import { expect, expectNoAxeViolations, type Page, test } from './harness'
import { goTo, openStory, standsAt } from './screen'

const button = (page: Page) => page.getByRole('button', { name: /^etcd 3\.\d/ })
const rules = (page: Page) => page.getByRole('region', { name: /^The rules of etcd, at / })

test('in the story of the stale leader the lease that ended too early breaks a rule from its event on, by keyboard', async ({
  page,
}) => {
  await expect(button(page)).toHaveText('etcd 3.6 · rules hold')
  await openStory(page, 'stale-leader-revokes')
  await goTo(page, 9)
  await expect(button(page)).toHaveText('etcd 3.6 breaks a rule at 7.003 s')
  await goTo(page, 6.9)
  await expect(button(page)).toHaveText('etcd 3.6 · rules hold')

  await button(page).focus()
  await page.keyboard.press('Enter')
  await expect(rules(page)).toContainText('Later in this run: one breach.')
  await expect(rules(page).getByRole('listitem')).toHaveCount(INVARIANTS.length)
  await expect(rules(page).getByText('holds', { exact: true })).toHaveCount(INVARIANTS.length)
  await page.keyboard.press('Escape')
  await expect(rules(page)).toBeHidden()
  await expect(button(page)).toBeFocused()

  await goTo(page, 9)
  await button(page).press('Enter')
  const early = rules(page).getByRole('listitem').first()
  await expect(early).toContainText('broken at 7.003 s')
  await expect(early).toContainText(
    'L1 ended at 7.003 s. m3 had renewed it at 6.521 s for 4.000 s, and a client knew.',
  )
  await expectNoAxeViolations(page)
  await early.getByRole('button', { name: /^Go there/ }).press('Enter')
  await standsAt(page, 7.003)
})

test('acting in the past takes back a violation that will not happen', async ({ page }) => {
  await openStory(page, 'stale-leader-revokes')
  await goTo(page, 9)
  await expect(button(page)).toHaveText('etcd 3.6 breaks a rule at 7.003 s')
  await goTo(page, 6.5)
  await page.getByRole('group', { name: /^Member m1/ }).press('Enter')
  await page.getByRole('menuitem', { name: 'Crash' }).press('Enter')
  await goTo(page, 9)
  await expect(button(page)).toHaveText('etcd 3.6 · rules hold')
})
