// Present: a teacher in front of a room, with a slide remote.

import { collectProblems, expect, expectNoAxeViolations, type Page, test } from './harness'
import { openStory, playButton, question, standsAt, storyBar, timeBar, timeline } from './screen'

test.use({ viewport: { width: 1280, height: 720 } })

const nextStop = (page: Page) => timeBar(page).getByRole('button', { name: 'Next stop' })
const answers = (page: Page) =>
  storyBar(page).getByRole('list', { name: 'Answers' }).getByRole('listitem')
const hands = (page: Page, letter: string) =>
  storyBar(page).getByRole('textbox', { name: `Hands for ${letter}` })

/**
 * Everything that does not fit: a page or a part that scrolls, text that is cut off, and text
 * smaller than 24 px.
 */
function misfits(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = []
    const { scrollHeight, scrollWidth } = document.documentElement
    if (scrollHeight > innerHeight || scrollWidth > innerWidth)
      found.push(`the page scrolls: ${scrollWidth} × ${scrollHeight}`)
    for (const element of document.querySelectorAll<HTMLElement>('.screen *')) {
      if (
        element.closest('.sr-only, .skip, [role="status"], svg') ||
        !element.checkVisibility({ visibilityProperty: true })
      )
        continue
      const text = element.textContent?.trim() ?? ''
      const { overflowX, overflowY, fontSize } = getComputedStyle(element)
      const cut =
        (overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1) ||
        (overflowY !== 'visible' && element.scrollHeight > element.clientHeight + 1)
      if (cut && !element.matches('input, .timeline-rows'))
        found.push(`cut off: ${element.className} “${text.slice(0, 40)}”`)
      const isText = [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
      )
      const size = Number.parseFloat(fontSize) * element.currentCSSZoom
      if (isText && size < 24) found.push(`${size} px: “${text.slice(0, 40)}”`)
    }
    return found
  })
}

/** The largest countdown on the stage, in pixels of the screen. */
function countdown(page: Page): Promise<number> {
  return page.evaluate(() => {
    const figures = [
      ...document.querySelectorAll<SVGElement>('.dial-figure, .present-left'),
    ].filter((each) => each.checkVisibility())
    return Math.max(
      ...figures.map(
        (each) => Number.parseFloat(getComputedStyle(each).fontSize) * each.currentCSSZoom,
      ),
    )
  })
}

test('a lecture by keys: to the question, a show of hands, the verdict, the notes, and no code where phones cannot come', async ({
  page,
  problems,
}) => {
  await openStory(page, 'leader-crash')
  await page.keyboard.press('p')
  await expect(nextStop(page)).toBeVisible()
  await expect(page.getByRole('banner')).toBeHidden()
  await expect(page.getByRole('navigation', { name: 'Panels' })).toBeHidden()

  // The key is shown for two seconds, so every frame from now on is checked for it.
  const told = page.waitForFunction(
    () => document.querySelector('.last-key')?.textContent === 'PageDownnext stop',
  )
  await page.keyboard.press('PageDown')
  await told
  await standsAt(page, 4.65)
  await expect(question(page)).toHaveText(
    'The leader died with 4.0 s left of L1. When does the key go?',
  )
  await expect(answers(page)).toHaveText([/^A\d+\.\d s$/, /^B\d+\.\d s$/, /^C\d+\.\d s$/])
  await expect(answers(page).locator('.icon')).toHaveCount(0)
  await expect.poll(() => countdown(page)).toBeGreaterThanOrEqual(48)
  await expect.poll(() => misfits(page)).toEqual([])
  await expectNoAxeViolations(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await expectNoAxeViolations(page)

  await page.keyboard.type('a11b6c3')
  await expect(hands(page, 'A')).toHaveValue('11')
  await expect(hands(page, 'C')).toHaveValue('3')
  await expect(page.getByRole('slider', { name: 'Your answer' })).toHaveAttribute(
    'aria-valuetext',
    'at 8.7 s',
  )
  await page.keyboard.press('Enter')
  await expect(playButton(page)).toHaveText('Pause')
  // A teacher who does not want to wait presses the key again.
  await page.keyboard.press('PageDown')
  await standsAt(page, 14.415)
  await expect(answers(page).filter({ has: page.locator('.icon') })).toHaveText(['B14.4 s, right'])
  await expect(storyBar(page)).toContainText('6 of 20 hands were right.')
  await expect.poll(() => misfits(page)).toEqual([])

  await page.keyboard.press('Escape')
  await page.keyboard.press('q')
  const code = page.getByRole('dialog', { name: 'This stop on your phone' })
  await expect(code).toContainText('This page is at 127.0.0.1, which only this computer can open.')
  await page.keyboard.press('Escape')
  await expect(code).toBeHidden()

  const opened = page.waitForEvent('popup')
  await page.keyboard.press('n')
  const notes = await opened
  collectProblems(notes, problems)
  await expect(notes.getByRole('main')).toContainText('This is the last stop.')
  await expectNoAxeViolations(notes)
  // The window of the notes has the page's styles.
  await expect(notes.getByRole('main')).toHaveCSS('font-size', '20px')
  await notes.keyboard.press('PageUp')
  await standsAt(page, 4.65)
  await expect(notes.getByRole('main')).toContainText('4.650 s · stop 1 of 1')
  // The teacher types a letter and the number of hands in that window.
  await notes.keyboard.press('a')
  await notes.keyboard.type('17')
  await expect(hands(page, 'A')).toHaveValue('17')
  await notes.keyboard.press('Backspace')
  await notes.keyboard.press('ArrowUp')
  await expect(hands(page, 'A')).toHaveValue('2')
  await notes.keyboard.press('Escape')
  const closed = notes.waitForEvent('close')
  await page.keyboard.press('Escape')
  await closed
  await expect(page.getByRole('banner')).toBeVisible()
  await expect(nextStop(page)).toBeHidden()
})

test('one, three and five members fit, and so do programs; a link opens Present at a stop', async ({
  page,
  baseURL,
}) => {
  await page.goto(`${baseURL}?present#scenario/beat-5-paused-holder/3`)
  await standsAt(page, 6.382)
  await expect(question(page)).toHaveText(/Will the storage/)
  await expect.poll(() => countdown(page)).toBeGreaterThanOrEqual(48)
  await expect.poll(() => misfits(page)).toEqual([])
  // The heap replaces the timeline until its stop ends.
  const goTo = (hash: string) =>
    page.evaluate((to) => {
      location.hash = to
    }, hash)
  await goTo('#scenario/inside-sift/2')
  await expect(
    page.getByRole('toolbar', { name: 'Expiry heap, the root first' }).getByRole('button'),
  ).toHaveCount(7)
  await expect(timeline(page)).toBeHidden()
  await expect.poll(() => misfits(page)).toEqual([])
  await goTo('#scenario/inside-pass/2')
  await expect(timeline(page)).toBeVisible()
  await page.keyboard.press('p')
  for (const members of ['1 member', '5 members']) {
    await page.getByRole('button', { name: 'More', exact: true }).click()
    await page.getByRole('menuitem', { name: `My run: ${members}` }).click()
    await expect(page.getByRole('group', { name: /^Member m/ })).toHaveCount(
      Number.parseInt(members, 10),
    )
    await page.keyboard.press('p')
    await expect(nextStop(page)).toBeVisible()
    await expect(page.getByRole('row', { name: /^L1/ })).toBeVisible()
    await expect.poll(() => misfits(page)).toEqual([])
    await page.keyboard.press('p')
    await expect(nextStop(page)).toBeHidden()
  }
})
