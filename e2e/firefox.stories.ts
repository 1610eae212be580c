// The stories that also run in Firefox: the opening, a story of a cluster and a story of a lock.
// They check that the pictures are drawn, not only the words.

import type { Locator } from 'playwright/test'
import { expect, type Page, test } from './harness'
import {
  fastest,
  leaseRow,
  openPanel,
  openStory,
  playButton,
  playOn,
  question,
  stageGroup,
  storyBar,
} from './screen'

const detail = (page: Page) => storyBar(page).locator('.story-detail')
const dashes = (page: Page, done: number) =>
  storyBar(page).getByRole('img', { name: `${done} of 6` })
const goOn = (page: Page) => storyBar(page).getByRole('button', { name: 'Go on', exact: true })

async function answer(page: Page, choice: string): Promise<void> {
  await storyBar(page).getByRole('radio', { name: choice, exact: true }).click()
  await goOn(page).click()
  await expect(detail(page)).toContainText('You said')
}

async function nextBeat(page: Page, beat: number): Promise<void> {
  await goOn(page).click()
  await expect(dashes(page, beat)).toBeVisible()
  // Every beat begins at 1×.
  await expect(page.getByRole('slider', { name: 'Speed' })).toHaveValue('100')
  await fastest(page)
}

/** The number of coloured pixels on a canvas. */
function drawn(canvas: Locator): Promise<number> {
  return canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement
    const bytes =
      (element as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data ?? []
    return bytes.filter((byte, i) => i % 4 === 3 && byte > 0).length
  })
}

test('the opening: six beats, from question to verdict', async ({ page }) => {
  await expect(playButton(page)).toHaveText('Pause')
  await fastest(page)
  await answer(page, 'No')
  await nextBeat(page, 2)
  await page.getByRole('button', { name: 'Start the heartbeat of svc' }).click()
  await answer(page, 'Yes')
  await nextBeat(page, 3)
  await page.getByRole('slider', { name: 'Your answer' }).press('ArrowRight')
  await goOn(page).click()
  await expect(detail(page)).toContainText('You said')
  await nextBeat(page, 4)
  await answer(page, 'Two')
  await goOn(page).click()
  await expect(question(page)).toHaveText(/^Each client believes/)
  await nextBeat(page, 5)
  await goOn(page).click()
  await expect(question(page)).toHaveText(/^Client b enters/)
  await goOn(page).click()
  await answer(page, 'Yes')
  await nextBeat(page, 6)
  await expect(question(page)).toHaveText(/^Client b enters/)
  await goOn(page).click()
  await answer(page, 'No')
  await expect(storyBar(page).getByRole('button', { name: 'Go to the lessons' })).toBeVisible()
})

test('a cluster: the leader crashes, and the next leader counts the lease from its start', async ({
  page,
}) => {
  await openStory(page, 'leader-crash')
  await playOn(page)
  await expect(stageGroup(page, /^Member m1: down/)).toBeVisible()
  await page.getByRole('slider', { name: 'Your answer' }).press('ArrowRight')
  await goOn(page).click()
  await expect(detail(page)).toContainText('You said')
  await expect(stageGroup(page, /^Member m3: leader/)).toBeVisible()
  await expect(leaseRow(page, /^L1/)).toBeVisible()
  expect(await drawn(page.locator('.timeline canvas').first())).toBeGreaterThan(1000)

  await openPanel(page, 'Console')
  await page
    .getByRole('textbox', { name: 'Console' })
    .fill('etcdctl get /svc/a --print-value-only; etcdctl get elsewhere --print-value-only')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('complementary')).toContainText(/get elsewhere[\s\S]*x/)
})

test('a lock: two clients inside, and the storage refuses the late write', async ({ page }) => {
  await openStory(page, 'lab-late-write-fence-on')
  await playOn(page)
  for (const client of ['a', 'b'])
    await expect(stageGroup(page, new RegExp(`^Client ${client}`))).toHaveAccessibleName(
      /inside \/job/,
    )
  await playOn(page)
  await answer(page, 'No')
  await openPanel(page, 'Storage')
  await expect(page.getByRole('complementary')).toContainText(/refused/i)
  // The run is stored in this browser, and is back after a reload.
  const title = await question(page).textContent()
  await page.reload()
  await expect(question(page)).toHaveText(title ?? '')
})
