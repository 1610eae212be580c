// The menu of stories: every file of the catalogue is there, by shelf, and plays by itself.

import { expect, expectNoAxeViolations, type Page, test } from './harness'
import { openPanel, pause, playButton, playOn, playToEnd, question, standsAt, stories, storyBar } from './screen'

const menuButton = (page: Page) => page.getByRole('button', { name: /: stories$/ })
const menu = (page: Page) => page.getByRole('menu', { name: 'Stories' })
const item = (page: Page, title: string) => menu(page).getByRole('menuitem', { name: title })
const first = 'Does a key live on without its heartbeat?'
const article = 'Do the commands of an article do what it says?'

test('the menu has every story by shelf, knows what was seen, and is left by Escape', async ({ page }) => {
  await expect(playButton(page)).toHaveText('Pause')
  await menuButton(page).focus()
  await page.keyboard.press('Enter')
  await expect(item(page, first)).toBeFocused()
  await expect(item(page, first)).toHaveAttribute('aria-current', 'true')
  await expect(menu(page).getByRole('menuitem')).toHaveCount(stories.length + 4)
  await expect(menu(page).getByRole('group')).toHaveCount(6)
  await expect(menu(page).getByRole('group', { name: 'Start here' }).getByRole('menuitem')).toHaveCount(6)
  await expectNoAxeViolations(page, '.stories')
  await page.keyboard.press('End')
  await page.keyboard.press('ArrowDown')
  await expect(item(page, first)).toBeFocused()
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Home')
  await page.keyboard.press('c')
  await expect(item(page, 'Can a renewal save the key?')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(menu(page)).toBeHidden()
  await expect(menuButton(page)).toBeFocused()
  await expect(question(page)).toHaveText(first)

  // By the mouse: another story. It counts as seen at its end.
  await menuButton(page).click()
  await item(page, 'Can a renewal save the key?').click()
  await expect(menu(page)).toBeHidden()
  await expect(question(page)).toHaveText('Can a renewal save the key?')
  await expect(storyBar(page).getByRole('button', { name: 'Start', exact: true })).toBeVisible()
  await playToEnd(page)
  await menuButton(page).click()
  await expect(item(page, 'Can a renewal save the key?')).toHaveAccessibleName('Can a renewal save the key? seen')
  await expect(menu(page).getByText('seen', { exact: true })).toHaveCount(1)
  await item(page, first).click()
  await expect(question(page)).toHaveText(first)
})

test('the article is opened by keyboard, plays to its end, and begins again', async ({ page }) => {
  const transcript = page.getByRole('region', { name: 'Console transcript' })
  await menuButton(page).press('Enter')
  await item(page, article).press('Enter')
  await expect(question(page)).toHaveText(article)
  await openPanel(page, 'Console')
  await playToEnd(page)
  // Behind the last stop the reader may play on.
  await playButton(page).click()
  await expect(transcript).toContainText(/lease [0-9a-f]{16} revoked/)
  await expect(transcript.getByText('etcdctl has no `lease renew`')).toBeVisible()
  await expect(transcript.getByText('From now on this ID means the latest lease').first()).toBeVisible()
  // The last line asks for the key of the revoked lease, and nothing runs.
  await expect(page.getByRole('region', { name: 'Running' })).toHaveCount(0)
  const shown = (await transcript.innerText()).replaceAll(/^\d+\.\d{3}$\n?/gm, '')
  const last = 'get my-service/status'
  expect(shown.slice(0, shown.lastIndexOf(last)).trimEnd()).toContain('my-service/status\nhealthy')
  expect(shown.slice(shown.lastIndexOf(last) + last.length).trim()).toBe('')
  await expect(page.getByRole('option', { name: /^L\d, TTL/ })).toHaveCount(0)

  await pause(page)
  await storyBar(page).getByRole('button', { name: 'Again' }).click()
  await expect(question(page)).toHaveText(article)
  await expect(transcript).not.toContainText('revoked')
})

test('a story that is over leads to the next one, and a run of one’s own waits for nothing', async ({ page }) => {
  await menuButton(page).click()
  await item(page, 'When does a key go without its heartbeat?').click()
  await playOn(page)
  await expect(question(page)).toHaveText('svc no longer renews L1. When does the key go?')
  await storyBar(page).getByRole('button', { name: 'Skip', exact: true }).click()
  await expect(storyBar(page)).toContainText('It was at 17.194 s.')
  const title = await question(page).textContent()
  await storyBar(page).getByRole('button', { name: 'Next story' }).click()
  await expect(question(page)).not.toHaveText(title ?? '')
  await expect(storyBar(page).getByRole('button', { name: 'Start', exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: 'My run: 3 members' }).click()
  await expect(menuButton(page)).toContainText('My run')
  await expect(storyBar(page)).toContainText('Press Play. Change the run with What if…, or type in the console.')
})

test('with reduced motion the opening waits at its start, and a step is a key away', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await menuButton(page).click()
  await item(page, first).click()
  await standsAt(page, 1.5)
  await expect(playButton(page)).toHaveText('Play')
  // The stage has the focus: the key steps.
  await page.keyboard.press('Shift+ArrowRight')
  await standsAt(page, 3.597)
})
