// The run has its own clock. While it is paused it does not move, whatever the wall clock does.
// When it goes back, the earlier state is restored.

import { expect, type Page, test } from './harness'
import {
  clockButton,
  fastest,
  goTo,
  openPanel,
  pause,
  playButton,
  stageGroup,
  standsAt,
  storyBar,
  timeBar,
} from './screen'

/** Lets real time pass: that number of the page's frames. */
async function frames(page: Page, count: number): Promise<void> {
  await page.evaluate(async (left) => {
    while (left-- > 0) await new Promise(requestAnimationFrame)
  }, count)
}

/**
 * The visible state of the run: the cards and dials of the stage, the rows of the timeline, the
 * clock.
 */
const numbers = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const rows = [...document.querySelectorAll('.timeline [role="row"]')].map((row) =>
      row.getAttribute('aria-label'),
    )
    return [
      document.querySelector('#stage')?.textContent,
      ...rows,
      document.querySelector('.clock')?.textContent,
    ].join('\n')
  })

const keysOf = (page: Page) => page.getByRole('complementary').getByRole('table')

async function stepBy(page: Page, word: string): Promise<void> {
  await timeBar(page)
    .getByRole('button', { name: /step by/i })
    .click()
  await page.getByRole('menuitemradio', { name: word, exact: true }).click()
}

test('pausing freezes every countdown while real seconds pass', async ({ page }) => {
  await expect(stageGroup(page, /^Client svc/)).toBeVisible()
  const before = await numbers(page)
  await expect.poll(() => numbers(page)).not.toEqual(before)
  // Space works while no control has the focus.
  await page.keyboard.press('Space')
  await expect(playButton(page)).toHaveText('Play')
  // Changes that were on their way at the press still arrive.
  let paused = ''
  await expect
    .poll(async () => {
      const last = paused
      paused = await numbers(page)
      await frames(page, 10)
      return paused === last
    })
    .toBe(true)
  await frames(page, 120)
  expect(await numbers(page)).toEqual(paused)
  await page.keyboard.press('Space')
  await expect(playButton(page)).toHaveText('Pause')
})

test('rewinding brings the key back, and the end takes it again', async ({ page }) => {
  await expect(playButton(page)).toHaveText('Pause')
  await fastest(page)
  await storyBar(page).getByRole('button', { name: 'Skip' }).click()
  await expect(storyBar(page)).toContainText('The key goes with its lease.')
  await openPanel(page, 'Keys')
  const keys = keysOf(page)
  await goTo(page, 20)
  await expect(page.getByRole('complementary')).toContainText('No key at this time.')
  await stepBy(page, 'lease event')
  await timeBar(page).getByRole('button', { name: 'Previous lease event' }).click()
  await expect(keys.getByRole('deletion')).toHaveText('/svc/a')
  await goTo(page, 8)
  await expect(keys).toContainText('/svc/a')
  await expect(keys.getByRole('deletion')).toHaveCount(0)
  await page.getByRole('slider', { name: 'Time', exact: true }).press('End')
  await expect(clockButton(page)).toHaveAttribute('title', /^Paused at the end of what was played/)
  await expect(keys).toHaveCount(0)
  // The same with the transport, and with keys from anywhere.
  await timeBar(page).getByRole('button', { name: 'To the start' }).click()
  await standsAt(page, 0)
  await timeBar(page).getByRole('button', { name: 'To the end' }).click()
  await expect(keys).toHaveCount(0)
  await page.getByRole('main').focus()
  await page.keyboard.press('Home')
  await standsAt(page, 0)
  await page.keyboard.press('Shift+ArrowRight')
  await standsAt(page, 0.03)
})

test('every line of the log is a place to go to, and a step has the size that one chooses', async ({
  page,
}) => {
  await pause(page)
  await openPanel(page, 'Log')
  const log = page.getByRole('listbox', { name: 'What happened' })
  await log.getByRole('option', { name: /creates key \/svc\/a/ }).click()
  await standsAt(page, 0.09)
  // With keys: the list is one tab stop, and the arrows move inside it.
  await log.getByRole('option', { selected: true }).press('Home')
  await page.keyboard.press('Enter')
  await standsAt(page, 0)
  await log.getByRole('option', { name: /creates key \/svc\/a/ }).click()
  await standsAt(page, 0.09)
  await stepBy(page, 'lease event')
  // The lease is also renewed at that same instant. The next renewal has a different time.
  for (let i = 0; i < 2; i++)
    await timeBar(page).getByRole('button', { name: 'Next lease event' }).click()
  await standsAt(page, 3.597)
  await stepBy(page, 'event')
  await timeBar(page).getByRole('button', { name: 'Previous event' }).click()
  await standsAt(page, 3.567)
  await stepBy(page, '100 ms')
  await timeBar(page).getByRole('button', { name: '100 ms on' }).click()
  await standsAt(page, 3.667)
  await stepBy(page, '1 s')
  await timeBar(page).getByRole('button', { name: '1 s on' }).click()
  await standsAt(page, 4.667)
})
