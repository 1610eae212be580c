// Lessons: steps that are passed by right answers and by acts, and not by clicking on.

import { act, client } from './acts'
import { expect, type Page, test } from './harness'
import { fastest, openStory, pause, playButton, question, standsAt, storyBar } from './screen'

const library = (page: Page) => page.getByRole('dialog', { name: 'Library' })
const lessonCard = (page: Page, title: string) => library(page).locator('.library-lesson').filter({ hasText: title })
const button = (page: Page, name: string) => storyBar(page).getByRole('button', { name, exact: true })
const crumb = (page: Page) => page.getByRole('navigation', { name: 'Story' })

test('a step is passed by the right answer, kept, and leads to a goal that only an act reaches', async ({ page }) => {
  await page.keyboard.press('l')
  await expect(lessonCard(page, '1 Leases')).toContainText('0 of 5 steps passed')
  await lessonCard(page, '1 Leases').press('Enter')
  await expect(crumb(page)).toContainText('Leases, step 1 of 5')

  // A wrong answer: the step is done again.
  await fastest(page)
  await button(page, 'Start').press('Enter')
  await storyBar(page).getByRole('radio', { name: 'Yes' }).click()
  await button(page, 'Go on').press('Enter')
  await expect(button(page, 'Try again')).toBeVisible({ timeout: 60_000 })
  await expect(button(page, 'Next step')).toHaveCount(0)
  await button(page, 'Try again').press('Enter')
  await fastest(page)
  await button(page, 'Start').press('Enter')
  await storyBar(page).getByRole('radio', { name: 'No' }).click()
  await button(page, 'Go on').press('Enter')
  await button(page, 'Next step').press('Enter', { timeout: 60_000 })

  await expect(crumb(page)).toContainText('Leases, step 2 of 5')
  await fastest(page)
  await button(page, 'Start').press('Enter')
  await standsAt(page, 9)
  await expect(question(page)).toHaveText(/^Keep the key alive: L1 has \d\.\d s left\.$/)
  await expect(button(page, 'Next step')).toHaveCount(0)
  await act(page, client(page, 'svc'), 'Heartbeat starts')
  await fastest(page)
  await playButton(page).press('Enter')
  await expect(question(page)).toHaveText('Reached in 1 move. Par is 1.')

  await page.keyboard.press('Escape')
  await page.keyboard.press('l')
  await expect(lessonCard(page, '1 Leases')).toContainText('2 of 5 steps passed')
  await library(page).getByRole('button', { name: 'Reset progress' }).click()
  await expect(lessonCard(page, '1 Leases')).toContainText('0 of 5 steps passed')
})

test('a step has an address of its own, and other numbers when it is played again', async ({ page }) => {
  await openStory(page, 'goal-keep-alive')
  await page.evaluate(() => {
    location.hash = '#lesson/leases/2'
  })
  await expect(crumb(page)).toContainText('Leases, step 2 of 5')
  await fastest(page)
  await button(page, 'Start').click()
  await standsAt(page, 9)
  await button(page, 'Start over').click()
  await fastest(page)
  await button(page, 'Start').click()
  await standsAt(page, 6)
  await pause(page)
})
