// The timeline: every row of a run over time, used with the pointer and with keys.

import { expect, expectNoAxeViolations, type Page, test } from './harness'
import { openStory, restingBox } from './screen'

async function open(page: Page, story: string, seconds: string): Promise<void> {
  await openStory(page, story)
  await goTo(page, seconds)
}

async function goTo(page: Page, seconds: string): Promise<void> {
  await page.getByRole('button', { name: /^Time: / }).click()
  await page.getByRole('textbox', { name: 'Go to time (seconds)' }).fill(seconds)
  await page.keyboard.press('Enter')
  await standsAt(page, seconds)
}

async function standsAt(page: Page, seconds: string): Promise<void> {
  await expect(
    page.getByRole('button', { name: new RegExp(`^Time: ${Number(seconds).toFixed(3)}`) }),
  ).toBeVisible()
}

const timeline = (page: Page) => page.getByRole('region', { name: 'Timeline', exact: true })
const slider = (page: Page) => page.getByRole('slider', { name: 'Time', exact: true })
const rowOf = (page: Page, name: RegExp) => timeline(page).getByRole('row', { name })
const tip = (page: Page) => timeline(page).locator('.timeline-tip')

/**
 * The centre of the pill *now*, from the timeline's left edge. The window may still glide to its
 * place.
 */
async function nowX(page: Page): Promise<number> {
  const pill = await restingBox(slider(page))
  const { x } = await restingBox(timeline(page))
  return pill.x + pill.width / 2 - x
}

/** Pixels per second, measured with two places of the cursor in one window. */
async function pixelsPerSecond(page: Page, from: string, to: string): Promise<number> {
  await goTo(page, to)
  const late = await nowX(page)
  await goTo(page, from)
  return (late - (await nowX(page))) / (Number(to) - Number(from))
}

test('a row tells its lease in words, and its actions are reached by keys', async ({ page }) => {
  await open(page, 'leader-crash', '3')
  const row = rowOf(page, /^L1, 5\.0 of 8 s, \/svc\/a/)
  await expect(row).toBeVisible()
  await row.focus()
  await page.keyboard.press('Tab')
  await expect(timeline(page).getByRole('button', { name: 'Renew once L1' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(rowOf(page, /^L1, (8\.0|7\.9) of 8 s/)).toBeVisible()
})

test('without a leader a row counts nothing down, and its actions say that they wait', async ({
  page,
}) => {
  await open(page, 'leader-crash', '4.5')
  const row = rowOf(page, /^L1, no member counts it, TTL 8 s/)
  await row.hover()
  await expect(timeline(page).getByText('waits until there is a leader')).toBeVisible()
})

test('a click in the past and in the future goes there, a click on a mark to its very event', async ({
  page,
}) => {
  await open(page, 'heartbeat-stops', '6')
  const second = await pixelsPerSecond(page, '5', '6')
  const now = await nowX(page)
  const box = await timeline(page).boundingBox()
  const row = await rowOf(page, /^L1/).boundingBox()
  const y = (row?.y ?? 0) - (box?.y ?? 0) + 40
  // The second renewal, at 3.564 s. A distance of some pixels is close enough.
  await timeline(page).hover({ position: { x: now - 1.436 * second + 3, y } })
  await expect(tip(page)).toHaveText(/^3\.\d{3}: L1 renewed$/)
  await timeline(page).click({ position: { x: now - 1.436 * second + 3, y } })
  await expect(slider(page)).toHaveAttribute(
    'aria-valuetext',
    /^3\.\d{3} s, event \d+ of \d+, .*renews L1/,
  )
  await goTo(page, '5')
  await timeline(page).click({ position: { x: (await nowX(page)) + 2 * second, y } })
  await expect(page.getByRole('button', { name: /^Time: (6\.9|7\.0)/ })).toBeVisible()
})

test('keys zoom around now and fit again, and the slider of the time moves by a tenth', async ({
  page,
}) => {
  await open(page, 'heartbeat-stops', '6')
  const wide = await pixelsPerSecond(page, '5', '6')
  await page.keyboard.press('+')
  const near = await pixelsPerSecond(page, '5', '6')
  expect(near / wide).toBeCloseTo(2, 1)
  await page.keyboard.press('0')
  expect((await pixelsPerSecond(page, '5', '6')) / wide).toBeCloseTo(1, 1)
  await slider(page).focus()
  await page.keyboard.press('ArrowRight')
  await standsAt(page, '5.1')
})

test('the same rows are a table, and the timeline takes the place of the stage', async ({
  page,
}) => {
  await open(page, 'lab-late-write-fence-off', '6')
  await timeline(page).getByRole('button', { name: 'Timeline options' }).click()
  await page.getByRole('menuitem', { name: 'As a table' }).click()
  const table = timeline(page).getByRole('table')
  await expect(table.getByRole('row', { name: /^L1 gone since 5\.200/ })).toBeVisible()
  await expect(
    table.getByRole('row', { name: /^\/job, a inside inside, its lease is gone/ }),
  ).toBeVisible()
  await expectNoAxeViolations(page, '.timeline')
  await page.keyboard.press('f')
  await expect(page.getByRole('main')).toBeHidden()
})

test('a lease is granted in the last row', async ({ page }) => {
  await open(page, 'heartbeat-stops', '1')
  await timeline(page).getByRole('button', { name: '+ Grant a lease' }).click()
  await page.getByRole('group', { name: 'Grant a lease' }).getByRole('spinbutton').fill('5')
  await page.keyboard.press('Enter')
  await expect(rowOf(page, /^L2, (5\.0|4\.9) of 5 s/)).toBeVisible()
})

test('the answer to a question about a time is a flag that arrow keys move', async ({ page }) => {
  await open(page, 'leader-crash', '4.65')
  const flag = timeline(page).getByRole('slider', { name: 'Your answer' })
  await flag.focus()
  await page.keyboard.press('ArrowRight')
  await expect(flag).toHaveAttribute('aria-valuetext', /^at [\d.]+ s$/)
  const before = Number((await flag.getAttribute('aria-valuetext'))?.match(/[\d.]+/)?.[0])
  await page.keyboard.press('Shift+ArrowRight')
  await expect(flag).toHaveAttribute('aria-valuetext', `at ${(before + 1).toFixed(1)} s`)
})

test('the flag of an answer goes along when the drawer takes some of the width', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await open(page, 'beat-3-leader-dies', '10.2')
  const flag = page.getByRole('slider', { name: 'Your answer' })
  await flag.press('ArrowRight')
  const flagX = async () => (await restingBox(flag)).x
  const before = await nowX(page)
  const wide = await flagX()
  await page
    .getByRole('navigation', { name: 'Panels' })
    .getByRole('button', { name: 'Log', exact: true })
    .click()
  await expect.poll(() => nowX(page)).toBeLessThan(before)
  await expect.poll(flagX).toBeLessThan(wide)
  const narrow = await flagX()
  // The flag stays where the reader places it.
  await flag.press('ArrowRight')
  await flag.press('ArrowLeft')
  await expect.poll(async () => Math.abs((await flagX()) - narrow)).toBeLessThan(1)
})
