// What a run may never do: that it holds, or by which event it was violated, at the instant on the screen.

import { expect, expectNoAxeViolations, type Page, test } from './harness'

const button = (page: Page) => page.getByRole('button', { name: /\(invariants\)$/ })
const list = (page: Page) => page.getByRole('group', { name: 'Invariants' })

async function goTo(page: Page, seconds: number): Promise<void> {
  await page.getByRole('spinbutton', { name: 'Go to time (seconds)' }).fill(String(seconds))
  await page.keyboard.press('Enter')
  await expect(page.getByText(`t = ${seconds.toFixed(3)} s`)).toBeVisible()
}

/** The run has begun when the page says which version it models. */
async function openStaleLeader(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Scenarios' }).press('Enter')
  // The menu puts the focus on what is open now, and only then can it be moved.
  await expect(page.getByRole('menuitem', { name: 'The opening', exact: true })).toBeFocused()
  const item = page.getByRole('menuitem', { name: "The stale leader's revoke (etcd 3.4)", exact: true })
  await item.focus()
  await expect(item).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByText('3 members · 3.4')).toBeVisible()
  await page.getByRole('button', { name: 'Pause' }).press('Enter')
}

test('in the story of the stale leader the lease that ended too early is a violation from its event on, by keyboard', async ({ page }) => {
  await expect(button(page)).toHaveText(/● 14 hold/)
  await openStaleLeader(page)

  await goTo(page, 9)
  await expect(button(page)).toHaveText(/✕ 1 violated/)
  await goTo(page, 6.9)
  await expect(button(page)).toHaveText(/● 14 hold/)

  await button(page).focus()
  await page.keyboard.press('Enter')
  await expect(list(page)).toContainText('Later in this run: one breach.')
  await expect(list(page).getByRole('listitem')).toHaveCount(14)
  await page.keyboard.press('Escape')
  await expect(list(page)).toBeHidden()

  await goTo(page, 9)
  await button(page).press('Enter')
  const early = list(page).getByRole('listitem').filter({ hasText: 'No lease ends early' })
  await expect(early).toContainText('violated')
  await expect(early).toContainText(
    /Violated at 7\.003 s by event \d+, because lease \w+ ended at 7\.003 s; m3 renewed it at 6\.521 s for 4\.000 s/,
  )
  await expectNoAxeViolations(page)
  await early.getByRole('button', { name: /Go there/ }).press('Enter')
  await expect(page.getByText('t = 7.003 s')).toBeVisible()
})

test('acting in the past takes back a violation that will not happen', async ({ page }) => {
  await openStaleLeader(page)
  await goTo(page, 9)
  await expect(button(page)).toHaveText(/✕ 1 violated/)
  await goTo(page, 6.5)
  await page.getByRole('button', { name: 'Faults of m1' }).press('Enter')
  await page.getByRole('menuitem', { name: 'Crash' }).press('Enter')
  await goTo(page, 9)
  await expect(button(page)).toHaveText(/● 14 hold/)
})
