import { expect, serveUnder, test } from './harness'

test('the page opens', async ({ page }) => {
  await expect(page).toHaveTitle(/Leasescope/)
  await expect(page.locator('#root > *').first()).toBeVisible()
})

test('the page opens from any folder of any server', async ({ page, problems }) => {
  const site = await serveUnder('/some/deep/path/')
  try {
    await page.goto(site.url)
    await expect(page.locator('#root > *').first()).toBeVisible()
    expect(problems).toEqual([])
  } finally {
    await site.close()
  }
})
