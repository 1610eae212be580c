// The six beats of the opening: each beat asks, lets the reader answer, and shows the result. With
// the keyboard alone, and with few clicks.

import { expect, type Page, test } from './harness'
import {
  fastest,
  filled,
  fitsSideways,
  playButton,
  question,
  restingBox,
  stageGroup,
  storyBar,
} from './screen'

const detail = (page: Page) => storyBar(page).locator('.story-detail')
const dashes = (page: Page, done: number) =>
  storyBar(page).getByRole('img', { name: `${done} of 6` })
const main = (page: Page, word: string) =>
  storyBar(page).getByRole('button', { name: word, exact: true })
const choice = (page: Page, word: string) =>
  storyBar(page).getByRole('radio', { name: word, exact: true })

/** Sets the maximum speed with `]`. At 1× ten seconds take ten seconds; a newcomer may hurry. */
async function hurry(page: Page): Promise<void> {
  const speed = page.getByRole('slider', { name: 'Speed' })
  await expect(speed).toHaveAttribute('aria-valuetext', '1×')
  for (const words of ['2×', '5×', '10×', '20×', '50×', '100×']) {
    await page.keyboard.press(']')
    await expect(speed).toHaveAttribute('aria-valuetext', words)
  }
}

/** The question is open, and the clock is paused. */
async function asked(page: Page, words: string | RegExp): Promise<void> {
  await expect(question(page)).toHaveText(words)
  await expect(playButton(page)).toHaveText('Play')
  await expect(detail(page)).toContainText(/The clock is stopped|use the arrow keys|Two inside/)
  await expect.poll(() => filled(page), 'nothing is filled before an answer is chosen').toEqual([])
}

/** The one filled button has the focus, so Enter continues. */
async function next(page: Page, word: string): Promise<void> {
  await expect(main(page, word)).toBeFocused()
  await expect.poll(() => filled(page)).toEqual([word])
  await page.keyboard.press('Enter')
}

/** Chooses with the arrows and continues. The first choice has the focus. */
async function choose(page: Page, first: string, wanted: string): Promise<void> {
  await expect(choice(page, first)).toBeFocused()
  await page.keyboard.press(first === wanted ? 'Space' : 'ArrowRight')
  await expect(choice(page, wanted)).toBeFocused()
  await expect(choice(page, wanted)).toBeChecked()
  await expect(detail(page)).toContainText(`You choose “${wanted}”.`)
  await page.keyboard.press('Tab')
  await next(page, 'Go on')
}

test('six beats by keyboard only: question, answer, verdict, and one way on', async ({ page }) => {
  await expect(dashes(page, 1)).toBeVisible()
  await expect(question(page)).toHaveText('Does a key live on without its heartbeat?')
  await expect(playButton(page)).toHaveText('Pause')
  await hurry(page)
  await asked(page, 'svc no longer renews its lease. Will the key survive?')
  await choose(page, 'Yes', 'No')
  await expect(question(page)).toHaveText('The key goes with its lease.')
  await expect(detail(page)).toContainText('You said “No”. Right.')
  await expect(stageGroup(page, /^Client svc/)).toHaveAccessibleName(
    /its lease is gone|heartbeat stopped/,
  )
  await next(page, 'Go on')

  await expect(dashes(page, 2)).toBeVisible()
  await hurry(page)
  await asked(
    page,
    'L1 is about to run out. Press Start on svc, or let it go. Is the key there at 15 s?',
  )
  await page.getByRole('button', { name: 'Start the heartbeat of svc' }).press('Enter')
  await expect(page.getByRole('button', { name: 'Stop the heartbeat of svc' })).toBeVisible()
  await choice(page, 'Yes').focus()
  await choose(page, 'Yes', 'Yes')
  await expect(question(page)).toHaveText(
    'The key is there. A renewal gives L1 its whole TTL again.',
  )
  await expect(detail(page)).toContainText('You said “Yes”. Right.')
  await next(page, 'Go on')

  await expect(dashes(page, 3)).toBeVisible()
  await hurry(page)
  await asked(page, /^The leader died with \d\.\d s left\. When does the key go\?$/)
  const flag = page.getByRole('slider', { name: 'Your answer' })
  await expect(flag).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(flag).toHaveAttribute('aria-valuetext', /^at 1\d\.\d s$/)
  await expect(main(page, 'Go on')).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(question(page)).toHaveText(
    'A new leader has no old deadlines. It set a new one for L1 when it began to lead.',
  )
  await expect(detail(page)).toContainText(
    /You said 1\d\.\d{3} s\. It was at 21\.915 s: \d\.\d s later than you said\./,
  )
  await next(page, 'Go on')

  await expect(dashes(page, 4)).toBeVisible()
  await hurry(page)
  await asked(
    page,
    'Clients a and b both read: no lock. Both put the key. How many will enter /lock?',
  )
  await choose(page, 'One', 'Two')
  await expect(question(page)).toHaveText(
    'Both entered. A put does not fail when the key is there already.',
  )
  await expect(detail(page)).toContainText('You said “Two”. Right.')
  for (const client of ['a', 'b'])
    await expect(stageGroup(page, new RegExp(`^Client ${client}`))).toHaveAccessibleName(
      /inside \/lock/,
    )
  await next(page, 'Go on')
  await expect(question(page)).toHaveText(
    'Each client believes that it has the lock. A read and a put are two steps.',
  )
  await next(page, 'Go on')

  await expect(dashes(page, 5)).toBeVisible()
  await hurry(page)
  await expect(question(page)).toHaveText(
    'Client a freezes inside /job. It sends no keep-alive and does not look at the time.',
  )
  await next(page, 'Go on')
  await expect(question(page)).toHaveText(
    'Client b enters /job. Client a is still inside: two clients at once.',
  )
  await expect(detail(page)).toContainText('Two inside')
  await next(page, 'Go on')
  await asked(page, 'Client b has written with its token. Will the storage also take a’s write?')
  await choose(page, 'Yes', 'No')
  await expect(question(page)).toHaveText(
    'The storage does not check tokens, so it takes each write.',
  )
  await expect(detail(page)).toContainText('You said “No”. The answer is “Yes”.')
  await next(page, 'Go on')

  await expect(dashes(page, 6)).toBeVisible()
  await hurry(page)
  await expect(question(page)).toHaveText(
    'Client b enters /job. Client a is still inside: two clients at once.',
  )
  await next(page, 'Go on')
  await asked(page, 'The storage now checks tokens. Will it take a’s late write?')
  await choose(page, 'Yes', 'No')
  await expect(question(page)).toHaveText(
    'The storage has seen the token of b. It refuses the older token of a.',
  )
  await expect(detail(page)).toContainText('You said “No”. Right.')
  // A button that leaves the opening does not take the focus by itself.
  await expect.poll(() => filled(page)).toEqual(['Go to the lessons'])
  await main(page, 'Go to the lessons').press('Enter')
  await expect(page.getByRole('dialog', { name: 'Library' })).toBeVisible()
})

/** Counts the clicks between two insights. */
class Clicks {
  #count = 0
  constructor(readonly page: Page) {}
  async click(name: string): Promise<void> {
    this.#count++
    await this.page
      .getByRole(name === 'Yes' || name === 'No' || name === 'Two' ? 'radio' : 'button', {
        name,
        exact: true,
      })
      .click()
  }
  /** Every story begins at 1×. A reader who does not hurry needs no click for that. */
  async open(): Promise<void> {
    await this.click('Go on')
    await expect(this.page.getByRole('slider', { name: 'Speed' })).toHaveValue('100')
    await fastest(this.page)
  }
  async dragFlag(): Promise<void> {
    this.#count++
    const box = await restingBox(this.page.getByRole('slider', { name: 'Your answer' }))
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    await this.page.mouse.move(x, y)
    await this.page.mouse.down()
    await this.page.mouse.move(x - 40, y, { steps: 4 })
    await this.page.mouse.up()
  }
  async sees(words: string): Promise<void> {
    await expect(question(this.page)).toHaveText(words)
    expect(this.#count, words).toBeLessThanOrEqual(4)
    this.#count = 0
  }
}

test('each insight is at most four clicks from the one before', async ({ page }) => {
  const clicks = new Clicks(page)
  await expect(playButton(page)).toHaveText('Pause')
  await fastest(page)
  await clicks.click('No')
  await clicks.click('Go on')
  await clicks.sees('The key goes with its lease.')

  await clicks.open()
  await clicks.click('Start the heartbeat of svc')
  await clicks.click('Yes')
  await clicks.click('Go on')
  await clicks.sees('The key is there. A renewal gives L1 its whole TTL again.')

  await clicks.open()
  await clicks.dragFlag()
  await clicks.click('Go on')
  await clicks.sees(
    'A new leader has no old deadlines. It set a new one for L1 when it began to lead.',
  )

  await clicks.open()
  await clicks.click('Two')
  await clicks.click('Go on')
  await clicks.sees('Both entered. A put does not fail when the key is there already.')
  await clicks.click('Go on')
  await expect(question(page)).toHaveText(
    'Each client believes that it has the lock. A read and a put are two steps.',
  )

  await clicks.open()
  await clicks.click('Go on')
  await clicks.sees('Client b enters /job. Client a is still inside: two clients at once.')
  await clicks.click('Go on')
  await clicks.click('Yes')
  await clicks.click('Go on')
  await clicks.sees('The storage does not check tokens, so it takes each write.')

  await clicks.open()
  await clicks.click('Go on')
  await clicks.click('No')
  await clicks.click('Go on')
  await clicks.sees('The storage has seen the token of b. It refuses the older token of a.')
})

test('a question can be skipped, a beat played again, and a verdict asked why', async ({
  page,
}) => {
  await expect(playButton(page)).toHaveText('Pause')
  await fastest(page)
  await main(page, 'Skip').click()
  await expect(question(page)).toHaveText('The key goes with its lease.')
  await expect(detail(page)).toContainText('The answer is “No”.')
  await main(page, 'Why?').click()
  const why = page.getByRole('complementary')
  await expect(why.getByRole('heading')).toContainText('/svc/a')
  await expect(why.getByRole('listitem').first()).toContainText(
    /deletes key \/svc\/a at revision 3: its lease L1 has expired/,
  )
  await expect(why.getByRole('button', { name: /stops its keep-alive loop for L1/ })).toBeVisible()
  await main(page, 'What if…').click()
  await expect(page.getByRole('menu', { name: 'What if…' })).toBeVisible()
  await page.keyboard.press('Escape')
  await main(page, 'Again').click()
  await expect(question(page)).toHaveText('Does a key live on without its heartbeat?')
  await expect(main(page, 'Start')).toBeVisible()
})

test('from a phone to a projector nothing has to be scrolled sideways', async ({ page }) => {
  await expect(playButton(page)).toHaveText('Pause')
  await fastest(page)
  for (const [width, height] of [
    [320, 640],
    [390, 844],
    [700, 900],
    [1024, 768],
  ] as const) {
    await page.setViewportSize({ width, height })
    await expect(main(page, 'Skip')).toBeInViewport({ ratio: 1 })
    await expect(playButton(page)).toBeInViewport({ ratio: 1 })
    await fitsSideways(page, `at ${width} by ${height}`)
  }
})

test('with reduced motion nothing plays by itself', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.evaluate(() => localStorage.clear())
  await page.reload()
  await expect(stageGroup(page, /^Client svc/)).toBeVisible()
  await expect(main(page, 'Start')).toBeVisible()
  await expect(playButton(page)).toHaveText('Play')
})
