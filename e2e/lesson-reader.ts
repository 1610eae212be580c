// Readers of lessons: one has a keyboard only, one has fingers only.

import type { CDPSession, Locator } from 'playwright/test'
import { expect, type Page } from './harness'
import type { Halt } from './lesson-answers'
import { storyBar } from './screen'

export interface Reader {
  press(control: Locator): Promise<void>
  /** Chooses one of the open question. */
  choose(name: string): Promise<void>
  /** A number of a field. */
  type(value: number): Promise<void>
  /** Moves the flag to a time, virtual ms. */
  flag(at: number): Promise<void>
  /** Opens the menu of a card of the stage and presses an entry. */
  act(card: Locator, entry: string): Promise<void>
}

const radios = (page: Page) => storyBar(page).getByRole('radio')
const field = (page: Page) => storyBar(page).getByRole('spinbutton')
const flag = (page: Page) => page.getByRole('slider', { name: 'Your answer' })
const flagAt = async (page: Page) => Number(await flag(page).getAttribute('aria-valuenow'))

export function byKeys(page: Page): Reader {
  const { keyboard } = page
  /** By Tab alone. A page of these sizes has fewer stops than that. */
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
    async flag(at) {
      await goTo(flag(page))
      const steps = Math.round((at - (await flagAt(page))) / 1000)
      for (let each = 0; each < Math.abs(steps); each++) await keyboard.press(steps > 0 ? 'Shift+ArrowRight' : 'Shift+ArrowLeft')
      // An answer is given by a move, back and forth where the flag is in its place.
      if (steps === 0) await keyboard.press('ArrowRight')
    },
    async act(card, entry) {
      await goTo(card)
      await keyboard.press('Enter')
      const item = page.getByRole('menuitem', { name: entry, exact: true })
      await expect(page.getByRole('menuitem').first()).toBeFocused()
      for (let downs = 0; downs < 30 && !(await item.evaluate((element) => element === document.activeElement)); downs++)
        await keyboard.press('ArrowDown')
      await keyboard.press('Enter')
    },
  }
}

export function byTouch(page: Page): Reader {
  let session: CDPSession | undefined
  async function touch(type: 'touchStart' | 'touchMove' | 'touchEnd', points: { x: number; y: number }[]): Promise<void> {
    session ??= await page.context().newCDPSession(page)
    await session.send('Input.dispatchTouchEvent', { type, touchPoints: points })
  }
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
    /** A finger drags the flag, and looks at what it says on the way. */
    async flag(at) {
      const box = await flag(page).boundingBox()
      const width = page.viewportSize()?.width ?? 0
      if (box === null) throw new Error('no flag')
      const y = box.y + box.height / 2
      let x = box.x + box.width / 2
      await touch('touchStart', [{ x, y }])
      for (let moves = 0; moves < 40; moves++) {
        const off = at - (await flagAt(page))
        if (moves > 0 && Math.abs(off) <= 500) break
        x = Math.min(width - 2, Math.max(2, x + Math.sign(off) * (Math.abs(off) > 3000 ? 20 : 4)))
        await touch('touchMove', [{ x, y }])
      }
      await touch('touchEnd', [])
    },
    async act(card, entry) {
      await card.tap()
      await page.getByRole('menuitem', { name: entry, exact: true }).tap()
    },
  }
}

/** Answers the open question with what the run will show. */
export async function answer(page: Page, reader: Reader, { ask }: Halt): Promise<void> {
  if (ask === null) return
  const { kind, choices, truth } = ask
  if (kind === 'when') await reader.flag(Number(truth))
  else if (kind === 'how-much') await reader.type(Number(truth))
  else await reader.choose(kind === 'which' ? String(truth) : (choices[Number(truth)] ?? ''))
}
