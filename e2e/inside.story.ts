// Inside the lessor: the heap of the current run, swap by swap and at any time of the run, and the
// counts of four structures.

import { expect, expectNoAxeViolations, type Page, test } from './harness'
import { drawer, fastest, goTo, leaseRow, openStory, question, standsAt, storyBar } from './screen'

const tree = (page: Page) =>
  drawer(page).getByRole('toolbar', { name: 'Expiry heap, the root first' })
const entry = (page: Page, name: string) => tree(page).getByRole('button', { name, exact: true })
const button = (page: Page, name: string) => drawer(page).getByRole('button', { name, exact: true })

test('a lease in the heap: from its row, swap by swap, earlier in the run, and its keys', async ({
  page,
}) => {
  await openStory(page, 'inside-sift')
  await goTo(page, 3.6)
  // The previous stop has opened the panel, which covers the row here.
  await button(page, 'Close the panel').click()
  const row = leaseRow(page, /^L1,/)
  await row.hover()
  await row.getByRole('button', { name: 'More on L1' }).click()
  await page.getByRole('menuitem', { name: 'Show in the heap' }).click()
  await expect(entry(page, 'L1 at index 3, due at 12.597 s')).toHaveAttribute(
    'aria-pressed',
    'true',
  )
  await expect(drawer(page).getByRole('region', { name: 'Lease L1' })).toContainText('/svc/a')

  const swap = drawer(page).getByRole('status')
  await expect(swap).toHaveText('L1 is later than its child L4: they swap. That is the place.')
  await button(page, 'Swap back').click()
  await expect(swap).toHaveText('L1 is later than its child L2: they swap.')
  await expect(entry(page, 'L1 at index 1, due at 12.597 s')).toBeVisible()
  await button(page, 'Swap back').click()
  await expect(swap).toHaveText('L1 is due at 12.597 now.')
  await expect(entry(page, 'L1 at index 0, due at 12.597 s')).toBeVisible()
  await button(page, 'Next swap').click()
  await expect(entry(page, 'L2 at index 0, due at 10.350 s')).toBeVisible()
  await expectNoAxeViolations(page, '.drawer')

  // The heap at an earlier time, with keys.
  await goTo(page, 2)
  await expect(entry(page, 'L1 at index 0, due at 9.090 s')).toBeVisible()
  await entry(page, 'L1 at index 0, due at 9.090 s').focus()
  await page.keyboard.press('ArrowDown')
  await expect(entry(page, 'L2 at index 1, due at 10.350 s')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(drawer(page).getByRole('region', { name: 'Lease L2' })).toContainText('no key')
  await page.emulateMedia({ colorScheme: 'dark' })
  await expectNoAxeViolations(page, '.drawer')
})

test('the four structures are counted once the question is answered, and the count marks it', async ({
  page,
}) => {
  await openStory(page, 'inside-growth')
  await fastest(page)
  await storyBar(page).getByRole('button', { name: 'Start', exact: true }).press('Enter')
  await standsAt(page, 0.5)
  await expect(drawer(page)).toContainText('Answer first.')
  // The panel opens with the question and does not take its focus.
  await expect(storyBar(page).getByRole('radio').first()).toBeFocused()
  await storyBar(page).getByRole('radio', { name: 'A heap' }).click()
  await storyBar(page).getByRole('button', { name: 'Go on', exact: true }).click()
  await expect(drawer(page).getByRole('status')).toHaveText(/^Counted up to 100,000 leases/)
  await expect(storyBar(page)).toContainText('You said “A heap”. The answer is “A timing wheel”.')
  await expect(question(page)).toContainText('etcd uses the heap')
  await expect(
    drawer(page).getByRole('img', { name: /at 100,000 leases: .*timing wheel/ }),
  ).toBeVisible()
  await drawer(page).locator('summary').press('Enter')
  await expect(drawer(page).getByRole('row')).toHaveCount(6)
  await expect(drawer(page).getByRole('table')).not.toContainText('…')
  await expectNoAxeViolations(page, '.drawer')
  await page.emulateMedia({ colorScheme: 'dark' })
  await expectNoAxeViolations(page, '.drawer')
})
