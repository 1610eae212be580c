// The lock lab: the space-time diagram, and a run in which the reader is the scheduler.

import { expect, expectNoAxeViolations, type Page, test } from './harness'

const lab = (page: Page) => page.getByRole('region', { name: 'Lock lab' })
const cards = (page: Page) => page.getByRole('list', { name: 'What may happen next' }).getByRole('button')

async function openLab(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Lock lab' })
  await button.focus()
  await page.keyboard.press('Enter')
  await expect(lab(page)).toBeVisible()
}

async function openPane(page: Page, name: string): Promise<void> {
  await lab(page).getByRole('tab', { name }).click()
}

async function goTo(page: Page, seconds: number): Promise<void> {
  await page.getByRole('spinbutton', { name: 'Go to time (seconds)' }).fill(String(seconds))
  await page.keyboard.press('Enter')
  await expect(page.getByText(`t = ${seconds.toFixed(3)} s`)).toBeVisible()
}

test('the space-time diagram shows what the cursor has seen, and says the same in a table', async ({ page }) => {
  await page.getByRole('button', { name: 'Pause' }).click()
  await openLab(page)
  await goTo(page, 0.045)
  const figure = page.getByRole('img', { name: /^Space-time diagram/ })
  await expect(figure).toHaveAccessibleName(/lanes svc, m1; 2 messages\./)
  await lab(page).getByText('The same as a table').click()
  const rows = lab(page).getByRole('table').getByRole('row')
  await expect(rows).toHaveCount(3)
  await expect(rows.nth(1)).toContainText('svc → m1')
  await expect(rows.nth(1)).toContainText('arrives at 0.030')
  await expect(rows.nth(2)).toContainText('on its way, due at 0.060')
  // Later more is told, and back again as much as before.
  await goTo(page, 1)
  await expect(figure).toHaveAccessibleName(/; 6 messages\./)
  await goTo(page, 0.045)
  await expect(figure).toHaveAccessibleName(/; 2 messages\./)
  await rows.nth(1).getByRole('button').press('Enter')
  await expect(page.getByText('t = 0.000 s')).toBeVisible()
})

test('nothing moves but what is chosen, by keyboard, and a choice can be taken back', async ({ page }) => {
  await page.getByRole('button', { name: 'Pause' }).click()
  await goTo(page, 1)
  await openLab(page)
  const tab = lab(page).getByRole('tab', { name: 'Space-time' })
  await tab.focus()
  await page.keyboard.press('ArrowRight')
  await expect(lab(page).getByRole('tab', { name: 'You schedule' })).toBeFocused()
  const wait = cards(page).filter({ hasText: 'time passes until lease' })
  await expect(wait).toHaveCount(1)
  // The heartbeat is never chosen: time goes by without it, and the lease runs out when its pass is chosen.
  await wait.press('Enter')
  await expect(page.getByText(/t = 10\.\d+ s/)).toBeVisible()
  await expect(cards(page).filter({ hasText: 'sends its heartbeat' })).toContainText('due since 3.')
  const pass = cards(page).filter({ hasText: 'finds that lease' })
  await expect(pass).toHaveCount(1)
  await pass.press('Enter')
  await expect(pass).toHaveCount(0)
  await expect(page.getByRole('log')).toContainText('is revoked (expired)')
  await lab(page).getByRole('button', { name: 'Undo the last choice' }).press('Enter')
  await expect(pass).toHaveCount(1)
  await cards(page).first().focus()
  await page.keyboard.press('ArrowDown')
  await expect(cards(page).nth(1)).toBeFocused()
})

for (const [width, height, colorScheme] of [
  [1440, 900, 'light'],
  [1024, 768, 'dark'],
  [390, 844, 'light'],
] as const) {
  test(`the lab at ${width} by ${height}, ${colorScheme}: axe finds nothing and nothing has to be scrolled sideways`, async ({ page }) => {
    await page.setViewportSize({ width, height })
    await page.emulateMedia({ colorScheme })
    await page.getByRole('button', { name: 'Pause' }).click()
    await openLab(page)
    for (const pane of ['Space-time', 'You schedule']) {
      await openPane(page, pane)
      await expect(lab(page).getByRole('tabpanel', { name: pane })).not.toBeEmpty()
      await expectNoAxeViolations(page, '.lab')
      const [content, shown] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth])
      expect(content).toBe(shown)
    }
    await page.getByRole('button', { name: 'Back to the stage' }).click()
    await expect(page.getByRole('region', { name: 'Stage' })).toBeVisible()
  })
}
