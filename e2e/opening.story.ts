// The newcomer's first minute: a key dies with its lease, is brought back, and saved. By keyboard alone.

import { expect, expectNoAxeViolations, test } from './harness'

test('stop the heartbeat, see the key die, rewind and save it, by keyboard only', async ({ page }) => {
  const keys = page.getByRole('list', { name: 'Keys' })
  const leases = page.getByRole('list', { name: 'Leases' })
  const story = page.getByRole('region', { name: 'Story' })

  await expect(story).toContainText('This key lives only while its lease does.')
  await expect(keys).toContainText('/svc/a')
  await expect(page.getByRole('button', { name: 'Stop the heartbeat' })).toBeFocused()
  await page.keyboard.press('Enter')

  await expect(story).toContainText('Will the key survive?')
  await expect(page.getByRole('article', { name: 'Client svc' })).toContainText('heartbeat off')
  await page.getByRole('button', { name: 'No', exact: true }).press('Enter')
  // Ten seconds are ten seconds: a newcomer may hurry them.
  for (let i = 0; i < 3; i++) await page.keyboard.press(']')

  await expect(page.getByRole('button', { name: 'Rewind and save it' })).toBeFocused({ timeout: 20_000 })
  await expect(story).toContainText('You said no: right.')
  await expect(story).toContainText(/expired at 1\d\.\d{3} s, revoked at 1\d\.\d{3} s: revision 3/)
  await expect(keys.getByRole('deletion')).toContainText('/svc/a')
  await expect(keys).toContainText(/deleted by lease …[0-9a-f]{4}.*revision 3/)
  await expect(leases).toContainText('expired')
  await page.keyboard.press('Enter')

  await expect(page.getByRole('button', { name: 'Renew the lease' })).toBeFocused()
  await expect(keys.getByRole('deletion')).toHaveCount(0)
  await expect(keys).toContainText('/svc/a')
  await page.keyboard.press('Enter')

  await expect(story).toContainText('Saved: renewed at', { timeout: 20_000 })
  await expect(keys).toContainText('/svc/a')
  await expect(keys.getByRole('deletion')).toHaveCount(0)
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`nobody is shut out: axe finds nothing, in ${colorScheme}`, async ({ page }) => {
    // Each of the four looks takes seconds, and a busy machine more.
    test.slow()
    await page.emulateMedia({ colorScheme })
    await expect(page.getByRole('list', { name: 'Keys' })).toContainText('/svc/a')
    await page.getByRole('button', { name: 'Pause' }).click()
    await expectNoAxeViolations(page)
    await page.getByRole('button', { name: 'Stop the heartbeat' }).click()
    await expect(page.getByRole('region', { name: 'Story' })).toContainText('Will the key survive?')
    await expectNoAxeViolations(page)
    await page.getByRole('spinbutton', { name: 'Go to time (seconds)' }).fill('20')
    await page.keyboard.press('Enter')
    await expect(page.getByText('t = 20.000 s')).toBeVisible()
    for (const step of ['Previous lease event', 'Previous lease event']) await page.getByRole('button', { name: step }).click()
    await expectNoAxeViolations(page)
    await page.getByRole('button', { name: 'Help' }).click()
    await expect(page.getByRole('dialog')).toBeVisible()
    await expectNoAxeViolations(page)
  })
}

for (const [width, height] of [
  [320, 640],
  [390, 844],
  [1024, 768],
] as const) {
  test(`at ${width} by ${height} nothing has to be scrolled sideways`, async ({ page }) => {
    await page.setViewportSize({ width, height })
    await expect(page.getByRole('button', { name: 'Stop the heartbeat' })).toBeVisible()
    const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth])
    expect(content).toBe(window)
  })
}

test('with reduced motion nothing plays by itself', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.reload()
  await expect(page.getByRole('list', { name: 'Keys' })).toContainText('/svc/a')
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
})
