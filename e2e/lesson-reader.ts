// Readers of lessons: one has only a keyboard, the other has only a touch screen.

import type { Locator } from 'playwright/test'
import { expect, type Page } from './harness'
import type { Halt } from './lesson-answers'
import { storyBar } from './screen'

export interface Reader {
  press(control: Locator): Promise<void>
  /** Chooses an answer of the open question. */
  choose(name: string): Promise<void>
  /** Types a number into the field of the question. */
  type(value: number): Promise<void>
  /** Fills a field of a form, or chooses an option of a list by its text. */
  set(field: Locator, value: string): Promise<void>
  /** Moves the flag to a time, virtual ms. */
  flag(at: number): Promise<void>
  /** Opens the menu of a card of the stage and presses an entry. */
  act(card: Locator, entry: string): Promise<void>
}

const radios = (page: Page) => storyBar(page).getByRole('radio')
const field = (page: Page) => storyBar(page).getByRole('spinbutton')
const flag = (page: Page) => page.getByRole('slider', { name: 'Your answer' })
const flagAt = async (page: Page) => Number(await flag(page).getAttribute('aria-valuenow'))

async function centre(of: Locator): Promise<{ x: number; y: number }> {
  const box = await of.boundingBox()
  if (box === null) throw new Error(`${of} is not on the screen`)
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

export function byKeys(page: Page): Reader {
  const { keyboard } = page
  /** Moves the focus with Tab alone. A page of these sizes has fewer tab stops than the limit. */
  async function goTo(control: Locator): Promise<void> {
    await expect(control).toBeVisible()
    for (let tabs = 0; tabs < 60; tabs++) {
      if (await control.evaluate((element) => element === document.activeElement)) return
      await keyboard.press('Tab')
    }
    throw new Error(`Tab does not come to ${control}`)
  }
  return {
    async press(control) {
      await goTo(control)
      await keyboard.press('Enter')
    },
    async choose(name) {
      const all = await radios(page).allTextContents()
      await goTo(radios(page).and(page.locator('[tabindex="0"]')))
      const at = all.indexOf(name)
      if (at === 0) await keyboard.press('Space')
      for (let each = 0; each < at; each++) await keyboard.press('ArrowRight')
      await expect(radios(page).nth(at)).toBeChecked()
    },
    async type(value) {
      await goTo(field(page))
      await keyboard.type(String(value))
    },
    async set(field, value) {
      await goTo(field)
      await keyboard.press('ControlOrMeta+A')
      await keyboard.type(value)
    },
    async flag(at) {
      await goTo(flag(page))
      const steps = Math.round((at - (await flagAt(page))) / 1000)
      for (let each = 0; each < Math.abs(steps); each++)
        await keyboard.press(steps > 0 ? 'Shift+ArrowRight' : 'Shift+ArrowLeft')
      // Only a move gives an answer, so a flag already in its place takes one small step.
      if (steps === 0) await keyboard.press('ArrowRight')
    },
    async act(card, entry) {
      await goTo(card)
      await keyboard.press('Enter')
      const item = page.getByRole('menuitem', { name: entry, exact: true })
      await expect(page.getByRole('menuitem').first()).toBeFocused()
      for (
        let downs = 0;
        downs < 30 && !(await item.evaluate((element) => element === document.activeElement));
        downs++
      )
        await keyboard.press('ArrowDown')
      await keyboard.press('Enter')
    },
  }
}

export function byTouch(page: Page): Reader {
  return {
    press: (control) => control.tap(),
    async choose(name) {
      await radios(page)
        .and(page.getByText(name, { exact: true }))
        .tap()
    },
    async type(value) {
      await field(page).tap()
      await page.keyboard.type(String(value))
    },
    async set(field, value) {
      // The list of a select belongs to the device.
      if ((await field.evaluate((element) => element.tagName)) === 'SELECT')
        return void (await field.selectOption({ label: value }))
      await field.tap()
      await page.keyboard.press('ControlOrMeta+A')
      await page.keyboard.type(value)
    },
    /** Taps on the timeline, closer each time: the flag says the time of each tap. */
    async flag(at) {
      // The page itself scrolls to the flag.
      await expect(flag(page)).toBeInViewport({ ratio: 0.9 })
      const [now, first] = [await centre(page.locator('.now-pill')), await centre(flag(page))]
      const from = Number(await flag(page).getAttribute('aria-valuemin'))
      const y = first.y + 60
      let perMs = (first.x - now.x) / ((await flagAt(page)) - from)
      for (let taps = 0; taps < 5; taps++) {
        const x = now.x + (at - from) * perMs
        await page.touchscreen.tap(x, y)
        await expect(flag(page)).toHaveAttribute('aria-valuetext', /^at /)
        const said = await flagAt(page)
        if (Math.abs(said - at) <= 500) return
        perMs = (x - now.x) / (said - from)
      }
    },
    async act(card, entry) {
      await card.tap()
      await page.getByRole('menuitem', { name: entry, exact: true }).tap()
    },
  }
}

/** Answers the open question with the result of the run. */
export async function answer(reader: Reader, { ask }: Halt): Promise<void> {
  if (ask === null) return
  const { kind, choices, truth } = ask
  if (kind === 'when') await reader.flag(Number(truth))
  else if (kind === 'how-much') await reader.type(Number(truth))
  else await reader.choose(kind === 'which' ? String(truth) : (choices[Number(truth)] ?? ''))
}
