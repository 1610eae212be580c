// The timeline as a space-time diagram.

import { expect, expectNoAxeViolations, type Page, test } from './harness'
import { openStory } from './screen'

const diagram = (page: Page) => page.getByRole('group', { name: /^Space-time diagram/ })
const clock = (page: Page) => page.getByRole('button', { name: /^Time:/ })

async function open(page: Page, story: string, seconds: string): Promise<void> {
  await openStory(page, story)
  await clock(page).click()
  await page.getByRole('textbox', { name: 'Go to time (seconds)' }).fill(seconds)
  await page.keyboard.press('Enter')
  await expect(clock(page)).toContainText(seconds)
  await choose(page, 'Space-time')
  await expect(diagram(page)).toBeVisible()
}

async function choose(page: Page, word: string): Promise<void> {
  await page.getByRole('button', { name: 'Timeline options' }).click()
  await page.getByRole('menu').getByText(word, { exact: true }).click()
}

/** Words that overlap other words or an arrow, as the browser has drawn them. */
function collisions(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = []
    const labels = [...document.querySelectorAll<SVGTextElement>('.st-label text')].map((text) => ({
      text,
      box: text.getBBox(),
    }))
    for (const [i, { text, box }] of labels.entries()) {
      for (const other of labels.slice(i + 1)) {
        const apart =
          box.x + box.width <= other.box.x ||
          other.box.x + other.box.width <= box.x ||
          box.y + box.height <= other.box.y ||
          other.box.y + other.box.height <= box.y
        if (!apart) found.push(`${text.textContent} | ${other.text.textContent}`)
      }
      for (const arrow of document.querySelectorAll<SVGPathElement>('.st-request, .st-reply')) {
        const length = arrow.getTotalLength()
        for (let at = 0; at <= length; at += 2) {
          const { x, y } = arrow.getPointAtLength(at)
          // The box of a text has room for accents and descenders, which its words may not have.
          if (x > box.x && x < box.x + box.width && y > box.y + 3 && y < box.y + box.height - 3) {
            found.push(`${text.textContent} on an arrow`)
            break
          }
        }
      }
    }
    return found
  })
}

for (const [story, seconds] of [
  ['lab-late-write-fence-off', '6.442'],
  ['lab-herd', '0.800'],
  ['lab-served-in-order', '2.000'],
  ['lab-leader-change', '9.900'],
] as const)
  test(`no word of ${story} lies on another or on an arrow, and now is in view`, async ({
    page,
  }) => {
    await open(page, story, seconds)
    for (const size of [
      { width: 1440, height: 900 },
      { width: 1280, height: 720 },
      { width: 390, height: 844 },
    ]) {
      await page.setViewportSize(size)
      await expect(page.locator('.st-pill-text')).toBeInViewport()
      await expect.poll(() => page.locator('.st-label').count(), 'labels').toBeGreaterThan(4)
      await expect.poll(() => collisions(page), `${size.width}`).toEqual([])
      await expectNoAxeViolations(page, '.timeline')
    }
  })

test('the keyboard goes from event to event; Enter goes there, W explains it', async ({ page }) => {
  await open(page, 'lab-late-write-fence-off', '6.442')
  const stops = diagram(page).getByRole('button')
  await expect(diagram(page).locator('[tabindex="0"]')).toHaveCount(1)
  await diagram(page).locator('[tabindex="0"]').focus()
  await page.keyboard.press('Home')
  await expect(stops.first()).toBeFocused()
  await expect(page.locator('.spacetime-tip')).toContainText('a sends LeaseGrant 5 s to m1')
  await page.keyboard.press('ArrowRight')
  await expect(stops.first()).not.toBeFocused()
  await page.keyboard.press('ArrowLeft')
  await expect(stops.first()).toBeFocused()
  const gone = diagram(page).getByRole('button', { name: /^L1 is gone/ })
  await gone.focus()
  await page.keyboard.press('w')
  await expect(page.getByRole('complementary')).toContainText('m1 revokes L1')
  await gone.focus()
  await page.keyboard.press('Enter')
  await expect(clock(page)).toContainText('5.200')
  await expect(gone).toBeFocused()
})

test('an arrow can be clicked, and the same events are a list', async ({ page }) => {
  await open(page, 'lab-late-write-fence-off', '6.442')
  await choose(page, 'As a table')
  const rows = page.getByRole('list', { name: 'Events of the diagram' }).getByRole('listitem')
  await expect(rows.filter({ hasText: 'a sends LeaseGrant 5 s to m1' }).first()).toContainText(
    '(arrives at 0.031)',
  )
  await expectNoAxeViolations(page, '.timeline')
  await rows.filter({ hasText: 'writes from-b' }).getByRole('button').click()
  await expect(clock(page)).toContainText('6.352')
  await choose(page, 'As a picture')
  await expect(
    diagram(page).getByRole('button', { name: /^b writes from-b .*; it is in flight$/ }),
  ).toHaveCount(1)
  await diagram(page)
    .getByRole('button', { name: /^b sends Range/ })
    .first()
    .locator('.st-reach')
    .click({ force: true })
  await expect(clock(page)).toContainText('0.173')
})
