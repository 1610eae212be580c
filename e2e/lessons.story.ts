// Lessons: right answers and acts pass a step; clicking through does not.

import { LESSONS } from '../app/scene/lessons'
import { client } from './acts'
import { expect, type Page, test } from './harness'
import { haltsOf } from './lesson-answers'
import { answer, byKeys, byTouch, type Reader } from './lesson-reader'
import { playButton, question, storyBar } from './screen'

const library = (page: Page) => page.getByRole('dialog', { name: 'Library' })
const lessonCard = (page: Page, title: string) =>
  library(page).locator('.library-lesson').filter({ hasText: title })
const button = (page: Page, name: string | RegExp) =>
  storyBar(page).getByRole('button', { name, exact: true })
const crumb = (page: Page) => page.getByRole('navigation', { name: 'Story' })

/**
 * The acts that reach the goals of lessons, by step: the card, the entry of its menu, and whether
 * the run plays afterwards.
 */
const ACTS: Record<string, (page: Page, reader: Reader) => Promise<void>> = {
  async 'goal-keep-alive'(page, reader) {
    await reader.act(client(page, 'svc'), 'Heartbeat starts')
    await reader.press(playButton(page))
  },
  async 'my-lock'(page, reader) {
    await reader.set(page.getByLabel('Client a stalls for'), '20')
    await reader.set(page.getByLabel('The leader'), 'crashes')
    // The run is paused at its first moment, and the late write comes later.
    await expect(storyBar(page)).toContainText('two inside, done')
    await reader.press(playButton(page))
  },
  async 'goal-late-write'(page, reader) {
    await reader.act(client(page, 'a'), 'Pause')
    await reader.press(playButton(page))
    await expect(storyBar(page)).toContainText('b writes, done')
    await reader.press(playButton(page))
    await expect(playButton(page)).toHaveText('Play')
    await reader.act(client(page, 'a'), 'Go on')
    await reader.press(playButton(page))
  },
}

/** Sets full speed. On a phone the speed is in a menu, but the keys work too. */
async function faster(page: Page): Promise<void> {
  for (let each = 0; each < 8; each++) await page.keyboard.press(']')
}

/** Passes one step, from its start to the button that leads to the next step. */
async function pass(page: Page, reader: Reader, step: string): Promise<void> {
  await faster(page)
  await reader.press(button(page, 'Start'))
  for (const halt of haltsOf(step)) {
    await expect(question(page)).toHaveText(halt.text)
    await expect(playButton(page)).toHaveText('Play')
    if (halt.ask !== null) {
      await answer(reader, halt)
      await reader.press(button(page, 'Go on'))
      await expect(storyBar(page).locator('[data-tone="right"]')).toBeVisible()
    }
    if (halt.goal !== null) {
      await ACTS[step]?.(page, reader)
      await expect(question(page)).toHaveText(/^Reached in /)
    }
    const on = button(page, /^(Go on|Next step|Next lesson|The lesson is done)$/)
    await expect(on).toBeVisible()
    if ((await on.textContent()) === 'Go on') await reader.press(on)
  }
}

for (const lesson of LESSONS) {
  const { name, title, steps } = lesson
  const next = LESSONS[LESSONS.indexOf(lesson) + 1]
  const walk = async (page: Page, reader: Reader) => {
    await page.evaluate((hash) => {
      location.hash = hash
    }, `#lesson/${name}/1`)
    for (const [at, step] of steps.entries())
      await test.step(step, async () => {
        await expect(crumb(page)).toContainText(`${title}, step ${at + 1} of ${steps.length}`)
        await pass(page, reader, step)
        await reader.press(
          button(
            page,
            at < steps.length - 1
              ? 'Next step'
              : next === undefined
                ? 'The lesson is done'
                : 'Next lesson',
          ),
        )
      })
    if (next !== undefined) {
      await expect(crumb(page)).toContainText(`${next.title}, step 1 of `)
      await page.keyboard.press('l')
    }
    await expect(lessonCard(page, title)).toContainText(
      `${steps.length} of ${steps.length} steps passed`,
    )
  }
  test(`${title}: from its first to its last step by keyboard alone`, ({ page }) =>
    walk(page, byKeys(page)))
  test.describe(() => {
    test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
    test(`${title}: from its first to its last step by touch on a phone`, ({ page }) =>
      walk(page, byTouch(page)))
  })
}

test('a step with a wrong answer is done again with other numbers, and progress is reset after a word', async ({
  page,
}) => {
  await page.evaluate(() => {
    location.hash = '#lesson/leases/3'
  })
  await expect(crumb(page)).toContainText('Leases, step 3 of 5')
  const reader = byKeys(page)
  await faster(page)
  await reader.press(button(page, 'Start'))
  await expect(question(page)).toHaveText(/needs 500 ms/)
  await reader.choose('Yes')
  await reader.press(button(page, 'Go on'))
  await expect(storyBar(page).locator('.sides')).toHaveText('You said “Yes”. The answer is “No”.')
  // The reader may continue, but the step is not passed, and the bar suggests another try.
  await expect(storyBar(page).locator('.fill')).toHaveText('Try again')
  await page.keyboard.press('l')
  await expect(lessonCard(page, 'Leases')).toContainText('0 of 5 steps passed')
  await page.keyboard.press('Escape')
  await reader.press(button(page, 'Try again'))
  await faster(page)
  await reader.press(button(page, 'Start'))
  await expect(question(page)).toHaveText(/needs 150 ms/)
  await reader.choose('Yes')
  await reader.press(button(page, 'Go on'))
  await expect(button(page, 'Next step')).toBeVisible()

  await page.keyboard.press('l')
  await expect(lessonCard(page, 'Leases')).toContainText('1 of 5 steps passed')
  await library(page).getByRole('button', { name: 'Reset progress…' }).press('Enter')
  const asked = library(page).getByRole('group', { name: 'Reset progress' })
  await expect(asked).toContainText('Forget 1 passed step and ')
  await expect(asked.getByRole('button', { name: 'Keep' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(lessonCard(page, 'Leases')).toContainText('1 of 5 steps passed')
  await library(page).getByRole('button', { name: 'Reset progress…' }).press('Enter')
  await asked.getByRole('button', { name: 'Forget' }).press('Enter')
  await expect(lessonCard(page, 'Leases')).toContainText('0 of 5 steps passed')
})
