// The first half of the article, typed and pasted.

import { expect, type Page, test } from './harness'

async function enter(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Console' }).fill(text)
  await page.keyboard.press('Enter')
}

test('grant 10, put, get: alive; sleep 12, get: nothing', async ({ page }) => {
  const transcript = page.getByRole('region', { name: 'Console transcript' })
  await enter(page, 'etcdctl lease grant 10')
  await expect(transcript).toContainText(/lease [0-9a-f]{16} granted with TTL\(10s\)/)
  await enter(page, 'etcdctl put --lease=$L1 my-service/heartbeat "alive"')
  await expect(transcript).toContainText('OK')
  await enter(page, 'etcdctl get my-service/heartbeat')
  await expect(transcript).toContainText('my-service/heartbeat\nalive', { useInnerText: true })
  await enter(page, 'sleep 12')
  // Twelve seconds are twelve seconds, but not on everybody's watch.
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('100')
  await enter(page, 'etcdctl get my-service/heartbeat')
  await enter(page, 'echo over')
  await expect(transcript.getByText('over', { exact: true })).toBeVisible()
  const shown = await transcript.innerText()
  expect(shown.slice(shown.indexOf('sleep 12'))).not.toContain('alive')
})

test('a line entered while the clock is paused has its answer, and the clock stands again', async ({ page }) => {
  await page.getByRole('button', { name: 'Pause' }).click()
  await enter(page, 'etcdctl lease list')
  await expect(page.getByRole('region', { name: 'Console transcript' })).toContainText('found 1 leases')
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
})

test('a pasted script is one command, and a gesture is the line that it stands for', async ({ page }) => {
  const transcript = page.getByRole('region', { name: 'Console transcript' })
  await enter(page, 'etcdctl put a 1\netcdctl get a')
  await expect(transcript).toContainText('a\n1', { useInnerText: true })
  await page
    .getByRole('list', { name: 'Leases' })
    .getByRole('button', { name: /^Revoke/ })
    .click()
  await expect(transcript).toContainText(/etcdctl lease revoke [0-9a-f]{16}/)
  await expect(transcript).toContainText(/lease [0-9a-f]{16} revoked/)
})
