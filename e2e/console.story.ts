// The article, typed and pasted; what runs beside it; and what no console should be given.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
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

test('the article, pasted whole, runs to its end and tells its story', async ({ page }) => {
  const transcript = page.getByRole('region', { name: 'Console transcript' })
  const article = readFileSync(join(import.meta.dirname, '../engine/test/recordings/article.sh'), 'utf8')
  const get = 'ETCDCTL_API=3 etcdctl --endpoints=http://127.0.0.1:2379 get my-service/status\n'
  const text = `${article.replace(/^.* lease renew .*\n/m, (line) => line + get).trimEnd()}\n${get}`
  expect(text.split(get)).toHaveLength(3)
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('100')
  await page.getByRole('textbox', { name: 'Console' }).focus()
  await page.keyboard.insertText(text)
  await page.keyboard.press('Enter')
  await enter(page, 'echo over')
  await expect(transcript.getByText('over', { exact: true })).toBeVisible()

  const shown = await transcript.innerText()
  const between = (from: string, to: string): string => {
    const begin = shown.indexOf(from)
    return shown.slice(begin, shown.indexOf(to, begin))
  }
  expect(between('lease grant 10', 'sleep 12')).toContain('my-service/heartbeat\nalive')
  expect(between('sleep 12', 'lease grant 30')).not.toContain('alive')
  expect(between('lease renew', 'lease revoke')).toContain('my-service/status\nhealthy')
  expect(between('lease revoke', 'echo over')).toMatch(/revoked\s+\$ .*get my-service\/status\s+\$ $/)
  for (const note of ['which already runs, has this peer URL', 'This line counts as its start', 'etcdctl has no `lease renew`'])
    await expect(transcript.getByText(note)).toBeVisible()
  // The service of the opening has beaten on all the while.
  await expect(page.getByRole('list', { name: 'Keys' }).getByRole('listitem')).toHaveCount(1)
  await expect(page.getByRole('list', { name: 'Keys' })).toContainText('/svc/a')
})

test('what still runs is listed, and each can be stopped', async ({ page }) => {
  const jobs = page.getByRole('list', { name: 'Jobs' }).getByRole('listitem')
  const transcript = page.getByRole('region', { name: 'Console transcript' })
  await enter(page, '# nothing runs here\netcdctl watch a &\netcdctl watch b &\nsleep 1\netcdctl lock door')
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('20')
  // A comment is over at once; the sleep is when its second is.
  await expect(jobs.getByRole('code')).toHaveText(['etcdctl watch a &', 'etcdctl watch b &', 'etcdctl lock door'])
  await expect(transcript.getByText('◌ running')).toHaveCount(1)
  await page.getByRole('button', { name: 'Stop job 2' }).click()
  await expect(jobs).toHaveCount(2)
  await expect(jobs.first()).toContainText('watch b')
  await page.getByRole('button', { name: 'Ctrl-C', exact: true }).click()
  await expect(jobs).toHaveCount(1)
  await page.getByRole('button', { name: 'Stop job 3' }).click()
  await expect(jobs).toHaveCount(0)
  await expect(transcript.getByText('◌')).toHaveCount(0)
})

/** The clock is seen to move on. */
async function expectRunning(page: Page): Promise<void> {
  const slider = page.getByRole('slider', { name: 'Time' })
  const now = Number(await slider.inputValue())
  await expect.poll(async () => Number(await slider.inputValue())).toBeGreaterThan(now)
}

test('whatever is typed or pasted has a clear answer, and the run goes on', async ({ page }) => {
  const transcript = page.getByRole('region', { name: 'Console transcript' })
  for (const [line, answer] of [
    ['etcdctl leese list', 'Error: unknown command "leese" for "etcdctl"'],
    ['etcdctl lease revoke xyz', 'bad lease ID arg (strconv.ParseInt: parsing "xyz": invalid syntax), expecting ID in Hex'],
    ['etcdctl put "" x', 'Error: etcdserver: key is not provided'],
    ['nonsense \u0000\ud83d\ude80 --now', 'bash: nonsense: command not found'],
  ] as const) {
    await enter(page, line)
    await expect(transcript).toContainText(answer)
  }
  await expectRunning(page)

  await enter(page, 'nonsense ;|<> '.repeat(75_000))
  await expect(transcript).toContainText('1050000 characters at once; 262144 are the most. None of it was run.')
  await expectRunning(page)
  await enter(page, 'etcdctl get /svc/a')
  await expect(transcript).toContainText('10.0.0.7:8080')

  // There is no such moment: the worker does not take it at all.
  const notice = page.getByRole('status', { name: 'Not taken' })
  await page.getByRole('spinbutton', { name: 'Go to time (seconds)' }).fill('1e300')
  await page.keyboard.press('Enter')
  await expect(notice).toContainText('seek: at: ')
  await expectRunning(page)
  await notice.getByRole('button', { name: 'Dismiss' }).click()
  await expect(notice).toBeEmpty()
})
