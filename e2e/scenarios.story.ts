// The library: every file of the catalogue is a card there, by shelf, and plays by itself.

import { expect, expectNoAxeViolations, type Page, test } from './harness'
import {
  openPanel,
  openStory,
  pause,
  playButton,
  playOn,
  playToEnd,
  question,
  standsAt,
  stories,
  storyBar,
} from './screen'

const libraryButton = (page: Page) => page.getByRole('button', { name: /: stories$/ })
const library = (page: Page) => page.getByRole('dialog', { name: 'Library' })
const search = (page: Page) => library(page).getByRole('searchbox', { name: 'Search' })
const cards = (page: Page) => library(page).locator('.library-card:not(.library-lesson)')
const card = (page: Page, title: string) => cards(page).filter({ hasText: title })
const first = 'Does a key live on without its heartbeat?'
const article = 'Do the commands of an article do what it says?'

test('the library has every story by shelf, knows what was seen, and is left by Escape', async ({
  page,
}) => {
  await expect(playButton(page)).toHaveText('Pause')
  await libraryButton(page).focus()
  await page.keyboard.press('Enter')
  await expect(search(page)).toBeFocused()
  // The run is paused behind the dialog.
  await expect(playButton(page)).toHaveText('Play')
  await expect(cards(page)).toHaveCount(stories.length)
  await expect(library(page)).toContainText(`0 of ${stories.length} stories seen`)
  await expect(card(page, first)).toHaveAttribute('aria-current', 'true')
  await expect(
    library(page)
      .getByRole('region', { name: /^Start here/ })
      .locator('.library-card'),
  ).toHaveCount(6)
  await expectNoAxeViolations(page, '.library')

  // With the keyboard: down from the search, and from card to card.
  await page.keyboard.press('ArrowDown')
  const lessons = library(page).locator('.library-lesson')
  await expect(lessons.first()).toBeFocused()
  // The six lessons are in two rows.
  await page.keyboard.press('ArrowDown')
  await expect(lessons.nth(3)).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(card(page, first)).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(card(page, 'Can a renewal save the key?')).toBeFocused()
  await page.keyboard.press('End')
  await expect(cards(page).last()).toBeFocused()
  await page.keyboard.press('Home')
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp'])
    await page.keyboard.press(key)
  await expect(card(page, first)).toBeFocused()
  await page.keyboard.press('/')
  await expect(search(page)).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(library(page)).toBeHidden()
  await expect(libraryButton(page)).toBeFocused()
  await expect(question(page)).toHaveText(first)

  // With the mouse: another story. The story counts as seen at its end.
  await libraryButton(page).click()
  await card(page, 'Can a renewal save the key?').click()
  await expect(library(page)).toBeHidden()
  await expect(question(page)).toHaveText('Can a renewal save the key?')
  await expect(storyBar(page).getByRole('button', { name: 'Start', exact: true })).toBeVisible()
  await playToEnd(page)
  await page.keyboard.press('l')
  await expect(card(page, 'Can a renewal save the key?')).toContainText('seen')
  await expect(library(page)).toContainText(`1 of ${stories.length} stories seen`)
  await expect(library(page).locator('.library-seen')).toHaveCount(1)
})

test('the picture of a card is the run itself, and hides the answer until the story was seen', async ({
  page,
}) => {
  await libraryButton(page).click()
  const picture = card(page, first).locator('.library-picture > svg')
  await expect(picture.locator('.miniature-ask')).toHaveCount(1)
  await expect(picture.locator('.miniature-hidden')).toHaveCount(1)
  await card(page, first).click()
  await playToEnd(page)
  await page.keyboard.press('l')
  await expect(picture.locator('.miniature-ask')).toHaveCount(1)
  await expect(picture.locator('.miniature-hidden')).toHaveCount(0)
})

test('the search looks at questions, words and versions', async ({ page }) => {
  await page.keyboard.press('l')
  await search(page).fill('checkpoint')
  await expect(cards(page).first()).toBeVisible()
  await expect.poll(() => cards(page).count()).toBeLessThan(10)
  await search(page).fill('etcd 3.4')
  const old = await cards(page).count()
  await expect(cards(page).locator('.library-facts', { hasText: 'etcd 3.4' })).toHaveCount(old)
  await search(page).fill('no such words')
  await expect(library(page)).toContainText('No story has these words. Try fewer words.')
  await search(page).fill('commands of an article')
  await expect(library(page).locator('.library-lesson')).toHaveCount(0)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(question(page)).toHaveText(article)
})

test('the article is opened by keyboard, plays to its end, and begins again', async ({ page }) => {
  const transcript = page.getByRole('region', { name: 'Console transcript' })
  await libraryButton(page).press('Enter')
  await card(page, article).press('Enter')
  await expect(question(page)).toHaveText(article)
  await openPanel(page, 'Console')
  await playToEnd(page)
  // After the last stop the reader may play on.
  await playButton(page).click()
  await expect(transcript).toContainText(/lease [0-9a-f]{16} revoked/)
  await expect(transcript.getByText('etcdctl has no `lease renew`')).toBeVisible()
  await expect(
    transcript.getByText('From now on this ID means the latest lease').first(),
  ).toBeVisible()
  // The last line reads the key of the revoked lease, and nothing runs.
  await expect(page.getByRole('region', { name: 'Running' })).toHaveCount(0)
  await expect(async () => {
    const shown = (await transcript.innerText()).replaceAll(/^\d+\.\d{3}$\n?/gm, '')
    const last = 'get my-service/status'
    expect(shown.slice(0, shown.lastIndexOf(last)).trimEnd()).toContain(
      'my-service/status\nhealthy',
    )
    expect(shown.slice(shown.lastIndexOf(last) + last.length).trim()).toBe('')
  }).toPass({ timeout: 20_000 })
  await expect(page.getByRole('option', { name: /^L\d, TTL/ })).toHaveCount(0)

  await pause(page)
  await storyBar(page).getByRole('button', { name: 'Again' }).click()
  await expect(question(page)).toHaveText(article)
  await expect(transcript).not.toContainText('revoked')
})

test('a story that is over leads to the next one, and a run of one’s own waits for nothing', async ({
  page,
}) => {
  await libraryButton(page).click()
  await card(page, 'When does a key go without its heartbeat?').click()
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
  await expect(libraryButton(page)).toContainText('My run')
  await expect(storyBar(page)).toContainText(
    'Press Play. Change the run with What if…, or type in the console.',
  )
})

test('with reduced motion the opening waits at its start, and a step is a key away', async ({
  page,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await libraryButton(page).click()
  await card(page, first).click()
  await standsAt(page, 1.5)
  await expect(playButton(page)).toHaveText('Play')
  // The stage has the focus, so the key steps.
  await page.keyboard.press('Shift+ArrowRight')
  await standsAt(page, 3.597)
})

test('a story from the field links to its report', async ({ page }) => {
  await openStory(page, 'field-key-of-a-healthy-client')
  const report = page
    .getByRole('navigation', { name: 'Story' })
    .getByRole('link', { name: 'etcd-io/jetcd#400' })
  await expect(report).toHaveAttribute('href', 'https://github.com/etcd-io/jetcd/issues/400')
  for (const width of [1280, 1024, 390]) {
    await page.setViewportSize({ width, height: 720 })
    await expect(report).toBeInViewport()
    await expect(page.getByRole('button', { name: 'Share' })).toBeInViewport({ ratio: 1 })
    await expectNoAxeViolations(page, '.top-bar')
  }
})
