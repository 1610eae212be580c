// The lines of the article, typed and pasted; the commands that run beside it; and input that a
// console must survive.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page, test } from './harness'
import {
  clockButton,
  drawer,
  fastest,
  goTo,
  leaseRow,
  messages,
  openPanel,
  openStory,
  pause,
  playButton,
  timeline,
} from './screen'

const transcript = (page: Page) => page.getByRole('region', { name: 'Console transcript' })
const running = (page: Page) => page.getByRole('region', { name: 'Running' })

/** Opens a run that no question stops: svc keeps its key alive beside the console. */
async function open(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: 'My run: 1 member' }).click()
  await expect(page.getByRole('button', { name: 'My run : stories' })).toBeVisible()
  await openPanel(page, 'Console')
}

async function enter(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Console' }).fill(text)
  await page.keyboard.press('Enter')
}

/** The content of the transcript, without the times of its lines. */
async function shownIn(page: Page): Promise<string> {
  const lines = await transcript(page)
    .locator('.entry-line, .entry > span, .entry-note')
    .evaluateAll((all) =>
      all.map((each) =>
        each.className === 'entry-line' ? `$ ${each.textContent}` : each.textContent,
      ),
    )
  return lines.join('\n')
}

test('grant 10, put, get: alive; sleep 12, get: nothing', async ({ page }) => {
  await open(page)
  await playButton(page).click()
  await enter(page, 'etcdctl lease grant 10')
  await expect(transcript(page)).toContainText(/lease [0-9a-f]{16} granted with TTL\(10s\)/)
  await enter(page, 'etcdctl put --lease=$L2 my-service/heartbeat "alive"')
  await expect(transcript(page)).toContainText('OK')
  await enter(page, 'etcdctl get my-service/heartbeat')
  await expect(transcript(page)).toContainText('my-service/heartbeat\nalive')
  await enter(page, 'sleep 12')
  // Twelve seconds of the run need not take twelve real seconds.
  await fastest(page)
  await enter(page, 'etcdctl get my-service/heartbeat')
  await enter(page, 'echo over')
  await expect(transcript(page).getByText('over', { exact: true })).toBeVisible()
  const shown = await shownIn(page)
  expect(shown.slice(shown.indexOf('sleep 12'))).not.toContain('alive')
})

test('a line entered while the clock is paused has its answer, and the clock stops again; or it waits in flight', async ({
  page,
}) => {
  await open(page)
  await goTo(page, 3)
  await enter(page, 'etcdctl lease list')
  await expect(transcript(page)).toContainText('found 1 leases')
  await expect(playButton(page)).toHaveText('Play')
  // In the other mode the line is sent, and stays in flight until the reader steps.
  await page.getByRole('button', { name: 'Console mode' }).click()
  await page.getByRole('menuitemradio', { name: 'Leave the line in flight' }).click()
  await enter(page, 'etcdctl get /svc/a')
  await expect(running(page)).toContainText('etcdctl get /svc/a')
  await page.getByRole('main').focus()
  for (let step = 0; step < 4 && (await running(page).count()) > 0; step++)
    await page.keyboard.press('ArrowRight')
  await expect(running(page)).toHaveCount(0)
  await expect(transcript(page)).toContainText('10.0.0.7:8080')
  // The strict console does not know $L1 from its own notes, and knows none of the articles' IDs.
  await page.getByRole('button', { name: 'Console mode' }).click()
  await page.getByRole('menuitemradio', { name: 'Run the clock until the answer' }).click()
  await page.getByRole('button', { name: 'Console mode' }).click()
  await page.getByRole('menuitemradio', { name: 'strict' }).click()
  await enter(page, 'etcdctl put --lease=0a1b2c3d4e5f6789 x y')
  await expect(transcript(page)).toContainText('etcdserver: requested lease not found')
})

test('a pasted script is one command, and a gesture is the line that it stands for', async ({
  page,
}) => {
  // In windows up to 1280 px wide, an open panel covers the future and the actions of a row.
  await page.setViewportSize({ width: 1440, height: 900 })
  await open(page)
  await enter(page, 'etcdctl put a 1\netcdctl get a')
  await expect(transcript(page)).toContainText('a\n1')
  await leaseRow(page, /^L1, /).hover()
  await timeline(page).getByRole('button', { name: 'Revoke L1' }).click()
  await expect(messages(page)).toContainText(
    /The same on the console: etcdctl lease revoke [0-9a-f]{16}/,
  )
  await expect(transcript(page)).toContainText(/etcdctl lease revoke [0-9a-f]{16}/)
  await expect(transcript(page)).toContainText(/lease [0-9a-f]{16} revoked/)
})

test('the article, pasted whole, runs to its end and tells its story', async ({ page }) => {
  await open(page)
  const article = readFileSync(
    join(import.meta.dirname, '../engine/test/recordings/article.sh'),
    'utf8',
  )
  const get = 'ETCDCTL_API=3 etcdctl --endpoints=http://127.0.0.1:2379 get my-service/status\n'
  const text = `${article.replace(/^.* lease renew .*\n/m, (line) => line + get).trimEnd()}\n${get}`
  expect(text.split(get)).toHaveLength(3)
  await playButton(page).click()
  await fastest(page)
  await page.getByRole('textbox', { name: 'Console' }).focus()
  await page.keyboard.insertText(text)
  await page.keyboard.press('Enter')
  await enter(page, 'echo over')
  await expect(transcript(page).getByText('over', { exact: true })).toBeVisible()

  const shown = await shownIn(page)
  const between = (from: string, to: string): string => {
    const begin = shown.indexOf(from)
    return shown.slice(begin, shown.indexOf(to, begin))
  }
  expect(between('lease grant 10', 'sleep 12')).toContain('my-service/heartbeat\nalive')
  expect(between('sleep 12', 'lease grant 30')).not.toContain('alive')
  expect(between('lease renew', 'lease revoke')).toContain('my-service/status\nhealthy')
  expect(between('lease revoke', 'echo over')).toMatch(/revoked\n\$ .*get my-service\/status\n\$ $/)
  for (const note of [
    'which already runs, has this peer URL',
    'This line counts as its start',
    'etcdctl has no `lease renew`',
  ])
    await expect(transcript(page).getByText(note)).toBeVisible()
  // The service of the run has renewed its lease the whole time.
  await pause(page)
  await openPanel(page, 'Keys')
  await expect(drawer(page).getByRole('row', { name: /^\/svc\/a/ })).toBeVisible()
  await expect(drawer(page).getByRole('row')).toHaveCount(2)
})

test('what still runs is listed, and each can be stopped', async ({ page }) => {
  await open(page)
  const jobs = running(page).locator('.running-line')
  await playButton(page).click()
  await enter(
    page,
    '# nothing runs here\netcdctl watch a &\netcdctl watch b &\nsleep 1\netcdctl lock door',
  )
  await fastest(page)
  // A comment ends at once; the sleep ends when its second is over.
  await expect(jobs.getByRole('code')).toHaveText(['etcdctl watch a &', 'etcdctl watch b &'])
  await expect(running(page).getByRole('listitem').getByRole('code')).toHaveText([
    'etcdctl lock door',
  ])
  await running(page).getByRole('button', { name: 'Stop job 2' }).click()
  await expect(jobs).toHaveCount(1)
  await expect(jobs.first()).toContainText('watch b')
  await running(page)
    .getByRole('button', { name: /Ctrl C/ })
    .click()
  await expect(running(page).getByRole('listitem')).toHaveCount(0)
  await expect(jobs).toHaveCount(1)
  await running(page).getByRole('button', { name: 'Stop job 3' }).click()
  await expect(running(page)).toHaveCount(0)
})

/** Expects that the clock moves on. */
async function expectRunning(page: Page): Promise<void> {
  const now = await clockButton(page).textContent()
  await expect(clockButton(page)).not.toHaveText(now ?? '')
}

test('whatever is typed or pasted has a clear answer, and the run goes on', async ({ page }) => {
  await open(page)
  await playButton(page).click()
  for (const [line, answer] of [
    ['etcdctl leese list', 'Error: unknown command "leese" for "etcdctl"'],
    [
      'etcdctl lease revoke xyz',
      'bad lease ID arg (strconv.ParseInt: parsing "xyz": invalid syntax), expecting ID in Hex',
    ],
    ['etcdctl put "" x', 'Error: etcdserver: key is not provided'],
    ['nonsense \u0000\ud83d\ude80 --now', 'bash: nonsense: command not found'],
  ] as const) {
    await enter(page, line)
    await expect(transcript(page)).toContainText(answer)
  }
  await expectRunning(page)

  await enter(page, 'nonsense ;|<> '.repeat(75_000))
  await expect(transcript(page)).toContainText(
    '1050000 characters at once; at most 262144 are allowed. Nothing was run.',
  )
  await expectRunning(page)
  await enter(page, 'etcdctl get /svc/a')
  await expect(transcript(page)).toContainText('10.0.0.7:8080')

  // This time does not exist: the field says so, and the run does not move.
  await clockButton(page).click()
  const field = page.getByRole('textbox', { name: 'Go to time (seconds)' })
  await field.fill('1e300')
  await expect(field).toHaveAttribute('aria-invalid', 'true')
  await page.keyboard.press('Enter')
  await expect(field).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(clockButton(page)).toBeFocused()
  await playButton(page).click()
  await expectRunning(page)

  // If the worker refuses something, the page says so until the reader closes the message.
  await page.evaluate(() => {
    location.hash = '#scenario/none'
  })
  await expect(messages(page)).toContainText(
    'Not taken: the link: no story has the name "none". The run goes on as before.',
  )
  await messages(page).getByRole('button', { name: 'Close the message' }).first().click()
  await expect(messages(page)).not.toContainText('Not taken')
  await expectRunning(page)
})

test('the grammar completes words, and earlier lines come back', async ({ page }) => {
  await openStory(page, 'beat-1-key-dies')
  await openPanel(page, 'Console')
  const input = page.getByRole('textbox', { name: 'Console' })
  await input.fill('etcdctl lease keep')
  await page.keyboard.press('Tab')
  await expect(input).toHaveValue('etcdctl lease keep-alive ')
  await input.fill('etcdctl le')
  await page.keyboard.press('Tab')
  await expect(input).toHaveValue('etcdctl lease ')
  await page.keyboard.press('Control+a')
  await input.fill('echo one')
  await page.keyboard.press('Enter')
  await page.keyboard.press('ArrowUp')
  await expect(input).toHaveValue('echo one')
})
