// The clock is the run's own: paused it stands, whatever the wall clock does; it goes back, and what was gone is there again.

import { expect, type Page, test } from './harness'

/** Lets real time pass: that many frames of the page. */
async function frames(page: Page, count: number): Promise<void> {
  await page.evaluate(
    (left) =>
      new Promise<void>((done) => {
        const next = (): void => {
          if (left-- <= 0) done()
          else requestAnimationFrame(next)
        }
        next()
      }),
    count,
  )
}

const lists = async (page: Page): Promise<string[]> =>
  Promise.all([page.getByRole('list', { name: 'Leases' }), page.getByRole('region', { name: 'Stage' })].map((part) => part.innerText()))

async function goTo(page: Page, seconds: string): Promise<void> {
  await page.getByRole('spinbutton', { name: 'Go to time (seconds)' }).fill(seconds)
  await page.keyboard.press('Enter')
  await expect(page.getByText(`t = ${Number(seconds).toFixed(3)} s`)).toBeVisible()
}

test('pausing freezes every countdown while real seconds pass', async ({ page }) => {
  await expect(page.getByRole('list', { name: 'Keys' })).toContainText('/svc/a')
  const before = await lists(page)
  await frames(page, 30)
  expect(await lists(page)).not.toEqual(before)
  await page.keyboard.press('Tab')
  await page.getByRole('button', { name: 'Pause' }).click()
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
  await frames(page, 2)
  const paused = await lists(page)
  await frames(page, 120)
  expect(await lists(page)).toEqual(paused)
})

test('rewinding brings the key back, and playing on takes it again', async ({ page }) => {
  const keys = page.getByRole('list', { name: 'Keys' })
  await page.getByRole('button', { name: 'Stop the heartbeat' }).click()
  await expect(page.getByRole('region', { name: 'Story' })).toContainText('Will the key survive?')
  await goTo(page, '16')
  await expect(keys.getByRole('listitem')).toHaveCount(0)
  await page.getByRole('button', { name: 'Previous lease event' }).click()
  await expect(keys.getByRole('deletion')).toContainText('/svc/a')
  await goTo(page, '8')
  await expect(keys).toContainText('/svc/a')
  await expect(keys.getByRole('deletion')).toHaveCount(0)
  const slider = page.getByRole('slider', { name: 'Time' })
  await slider.focus()
  await page.keyboard.press('End')
  await expect(keys.getByRole('listitem')).toHaveCount(0)
})

test('every line of the log is a place to go to', async ({ page }) => {
  await page.getByRole('button', { name: 'Pause' }).click()
  await page
    .getByRole('log', { name: 'What happened' })
    .getByRole('button', { name: /creates key \/svc\/a/ })
    .click()
  await expect(page.getByText('t = 0.090 s')).toBeVisible()
  // At that very instant the lease is renewed too; the renewal after it is another moment.
  for (let i = 0; i < 2; i++) await page.getByRole('button', { name: 'Next lease event' }).click()
  await expect(page.getByText('t = 3.597 s')).toBeVisible()
  await page.getByRole('button', { name: 'Previous event', exact: true }).click()
  await expect(page.getByText('t = 3.567 s')).toBeVisible()
  await page.getByRole('button', { name: '+100 ms' }).click()
  await expect(page.getByText('t = 3.667 s')).toBeVisible()
  await page.getByRole('button', { name: '+1 s' }).click()
  await expect(page.getByText('t = 4.667 s')).toBeVisible()
})
