// Questions of the stories to the one screen: the controls that a click reaches, the sizes of text,
// the positions of things.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator } from 'playwright/test'
import { readScenario } from '../app/scene/scenario'
import { expect, type Page } from './harness'

const folder = join(import.meta.dirname, '../engine/scenario/catalogue')

export const sizes = [
  { width: 1920, height: 1080 },
  { width: 1440, height: 900 },
  { width: 1280, height: 720 },
  { width: 1024, height: 640 },
] as const

/** The button that restarts the story. */
export const AGAIN = /^Again(, other numbers)?$/
export const storyBar = (page: Page) => page.getByRole('region', { name: 'Story' })
export const question = (page: Page) => storyBar(page).getByRole('heading', { level: 1 })
export const timeBar = (page: Page) => page.getByRole('region', { name: 'Time', exact: true })
export const playButton = (page: Page) => timeBar(page).locator('.play')
export const clockButton = (page: Page) => timeBar(page).getByRole('button', { name: /^Time: / })
/**
 * A card of the stage, by its name for screen readers: `Client svc, believes …`,
 * `Member m1: leader, …`.
 */
export const stageGroup = (page: Page, name: RegExp) =>
  page.getByRole('main').getByRole('group', { name })
export const timeline = (page: Page) => page.getByRole('region', { name: 'Timeline', exact: true })
/** The row of a lease: `L1, 5.0 s of 8 s, /svc/a`. */
export const leaseRow = (page: Page, name: RegExp) => timeline(page).getByRole('row', { name })
export const drawer = (page: Page) => page.getByRole('complementary')
export const messages = (page: Page) => page.getByRole('status', { name: 'Messages' })

/** The names of all stories. */
export const stories = readdirSync(folder)
  .filter((name) => name.endsWith('.txt'))
  .map((name) => name.slice(0, -4))

/**
 * Opens a story of the catalogue through its link, on the current page. The story waits at its
 * start.
 */
export async function openStory(page: Page, name: string): Promise<void> {
  const { title } = readScenario(name, readFileSync(join(folder, `${name}.txt`), 'utf8'))
  await page.evaluate((hash) => {
    location.hash = ''
    location.hash = hash
  }, `#scenario/${name}`)
  await expect(page.getByRole('navigation', { name: 'Story' })).toContainText(title)
  await expect(question(page)).toHaveText(title)
  await expect(playButton(page)).toHaveText('Play')
  // An opened run plays at 1×.
  await expect(page.getByRole('slider', { name: 'Speed' })).toHaveValue('100')
}

/** Opens a panel of the drawer. */
export async function openPanel(page: Page, name: string): Promise<void> {
  const button = page
    .getByRole('navigation', { name: 'Panels' })
    .getByRole('button', { name, exact: true })
  // A run that was just opened may open its own panel, so only the final state counts.
  await expect(async () => {
    if ((await button.getAttribute('aria-pressed')) !== 'true') await button.click()
    await expect(button).toHaveAttribute('aria-pressed', 'true', { timeout: 2000 })
  }).toPass()
  await expect(drawer(page).getByRole('heading', { level: 2 }).first()).not.toHaveText('Loading')
}

/** Goes to that time, and pauses. */
export async function goTo(page: Page, seconds: number): Promise<void> {
  await clockButton(page).click()
  await page.getByRole('textbox', { name: 'Go to time (seconds)' }).fill(String(seconds))
  await page.keyboard.press('Enter')
  await standsAt(page, seconds)
}

export async function standsAt(page: Page, seconds: number): Promise<void> {
  await expect(
    timeBar(page).getByRole('button', { name: new RegExp(`^Time: ${seconds.toFixed(3)}`) }),
  ).toBeVisible()
}

/** Sets full speed: stories need not take their real time here. */
export async function fastest(page: Page): Promise<void> {
  await page.getByRole('slider', { name: 'Speed' }).press('End')
}

export async function pause(page: Page): Promise<void> {
  // The clock may stop by itself in between. Then the click starts it.
  await expect(async () => {
    if ((await playButton(page).textContent()) === 'Pause') await playButton(page).click()
    await expect(playButton(page)).toHaveText('Play', { timeout: 2000 })
  }).toPass()
}

/** The box of an element at rest. The element may still glide, or be laid out again. */
export async function restingBox(
  of: Locator,
): Promise<{ x: number; y: number; width: number; height: number }> {
  let before = ''
  let box = { x: 0, y: 0, width: 0, height: 0 }
  await expect
    .poll(async () => {
      box = (await of.boundingBox()) ?? box
      const rests = JSON.stringify(box) === before
      before = JSON.stringify(box)
      return rests
    })
    .toBe(true)
  return box
}

/** Expects that no part reaches over the left or right edge of the window. */
export async function fitsSideways(page: Page, where: string): Promise<void> {
  const outside = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  await expect.poll(outside, `${where}: pixels outside of the window`).toBe(0)
}

/** Continues with a press, and waits until the clock is paused again and a button is available. */
export async function goOn(page: Page, press: () => Promise<void>): Promise<void> {
  // The place in the story, in words. The words change once the story has continued.
  const words = await page.evaluateHandle(
    () => () =>
      ['.story-words', '.clock'].map((part) => document.querySelector(part)?.textContent).join(' '),
  )
  const before = await words.evaluate((read) => read())
  await press()
  await page.waitForFunction(
    ({ read, was }) => {
      const paused = document.querySelector('.transport .play')?.textContent?.trim() === 'Play'
      return (
        paused &&
        read() !== was &&
        document.querySelector('.story-acts button, [role="slider"].answer-flag') !== null
      )
    },
    { read: words, was: before },
  )
}

/** Plays on from a stop or the start, at full speed, until the clock is paused again. */
export async function playOn(page: Page): Promise<void> {
  await fastest(page)
  await goOn(page, () =>
    storyBar(page)
      .getByRole('button', { name: /^(Start|Go on)$/ })
      .press('Enter'),
  )
}

/**
 * Answers the open question with its first choice, or moves the flag. Then plays to the event that
 * decides it.
 */
export async function answerSomehow(page: Page): Promise<void> {
  const choices = storyBar(page).getByRole('radio')
  if ((await choices.count()) > 0) await choices.first().press('Enter')
  else await page.getByRole('slider', { name: 'Your answer' }).press('ArrowRight')
  await goOn(page, () =>
    storyBar(page).getByRole('button', { name: 'Go on', exact: true }).press('Enter'),
  )
}

/** Plays a story to its end at full speed, without answers to its questions. */
export async function playToEnd(page: Page): Promise<void> {
  await fastest(page)
  const again = storyBar(page).getByRole('button', { name: AGAIN })
  const on = storyBar(page).getByRole('button', { name: /^(Start|Go on|Skip)$/ })
  for (let stop = 0; (await again.count()) === 0; stop++) {
    if (stop === 20) throw new Error('the story does not end within twenty stops')
    await goOn(page, () => on.press('Enter'))
  }
}

/**
 * The visible buttons, links, fields, sliders and tabs that a click on their centre reaches, by
 * name. Rows of the log and lines of programs are text.
 */
export function controls(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const all = document.querySelectorAll<HTMLElement>(
      'button, a[href], input, select, textarea, [role="slider"], [role="tab"], [role="radio"]',
    )
    const names: string[] = []
    for (const control of new Set(all)) {
      if (
        control.closest('.skip, [data-row-text]') ||
        !control.checkVisibility({ visibilityProperty: true, opacityProperty: true })
      )
        continue
      const { left, top, width, height } = control.getBoundingClientRect()
      if (width < 2 || height < 2) continue
      const hit = document.elementFromPoint(left + width / 2, top + height / 2)
      if (hit === null || !(control.contains(hit) || hit.contains(control))) continue
      names.push(
        control.getAttribute('aria-label') ?? control.textContent?.trim() ?? control.tagName,
      )
    }
    return names
  })
}

/** Every visible text size in px, with a sample of the text. */
export function textSizes(page: Page): Promise<Record<string, string>> {
  return page.evaluate(() => {
    const found: Record<string, string> = {}
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.textContent?.trim() ?? ''
      const parent = node.parentElement
      if (
        text === '' ||
        !parent?.checkVisibility({ visibilityProperty: true }) ||
        parent.closest('.sr-only, script, style, option')
      )
        continue
      found[getComputedStyle(parent).fontSize] ??= text.slice(0, 40)
    }
    return found
  })
}

/** All visible texts that match, in any element. Text for screen readers alone does not count. */
export function printed(page: Page, pattern: RegExp): Promise<string[]> {
  return page.evaluate((source) => {
    const wanted = new RegExp(source)
    const found: string[] = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement
      const text = node.textContent?.trim() ?? ''
      if (!parent?.checkVisibility({ visibilityProperty: true }) || parent.closest('.sr-only'))
        continue
      if (wanted.test(text)) found.push(text)
    }
    return found
  }, pattern.source)
}

/**
 * The visible buttons with an ink background. The flag of an answer is a mark of the axis and does
 * not count.
 */
export function filled(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const probe = document.createElement('i')
    probe.style.color = 'var(--ink)'
    document.body.append(probe)
    const ink = getComputedStyle(probe).color
    probe.remove()
    return [...document.querySelectorAll<HTMLElement>('button:not([role="slider"])')]
      .filter(
        (button) => button.checkVisibility() && getComputedStyle(button).backgroundColor === ink,
      )
      .map((button) => button.textContent?.trim() ?? '')
  })
}

interface Look {
  /** The positions of Play, the stage, the timeline and the rail, in tenths of a pixel. */
  places: string[]
  caption: string
  paused: boolean
  clock: string
  /** The clock some frames later. */
  clockLater: string
}

/** The parts that a story must not change, and its words. */
export function lookOf(page: Page): Promise<Look> {
  return page.evaluate(async () => {
    const textOf = (selector: string) => document.querySelector(selector)?.textContent ?? ''
    const places = ['.transport .play', '#stage', '.timeline', '.rail'].map((selector) => {
      const box = document.querySelector(selector)?.getBoundingClientRect()
      return box
        ? [selector, ...[box.x, box.y, box.width, box.height].map((each) => each.toFixed(1))].join(
            ' ',
          )
        : `${selector} is nowhere`
    })
    const [caption, clock] = [textOf('.story-words h1'), textOf('.clock')]
    for (let frame = 0; frame < 4; frame++) await new Promise(requestAnimationFrame)
    return {
      places,
      caption,
      paused: textOf('.transport .play').trim() === 'Play',
      clock,
      clockLater: textOf('.clock'),
    }
  })
}

/** Whether the window scrolls, and whether all of Play is inside it. */
export function roomOf(
  page: Page,
): Promise<{ scrolls: boolean; sideways: boolean; play: boolean }> {
  return page.evaluate(() => {
    const { scrollHeight, scrollWidth } = document.documentElement
    const play = document.querySelector('.transport .play')?.getBoundingClientRect()
    return {
      scrolls: scrollHeight > innerHeight,
      sideways: scrollWidth > innerWidth,
      play: play !== undefined && play.top >= 0 && play.bottom <= innerHeight && play.left >= 0,
    }
  })
}

/**
 * The contrast of a control's text or icon with the background below it. Also the contrast of its
 * focus ring with the surroundings (0 without a ring).
 */
export function contrastOf(control: Locator): Promise<{ text: number; ring: number }> {
  return control.evaluate((element) => {
    // A control that the page has just replaced has no colours, so no contrast can be measured.
    if (!element.isConnected) throw new Error('the control is no longer on the page')
    const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
    if (context === null) throw new Error('no canvas')
    /** One colour over others, as the screen shows them. */
    const mixed = (colours: readonly string[]): number => {
      context.clearRect(0, 0, 1, 1)
      for (const colour of colours) {
        context.fillStyle = colour
        context.fillRect(0, 0, 1, 1)
      }
      const [r = 0, g = 0, b = 0] = [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)].map(
        (part) => {
          const share = part / 255
          return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
        },
      )
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const groundsOf = (from: Element | null): string[] => {
      const grounds: string[] = []
      for (let each = from; each !== null; each = each.parentElement)
        grounds.unshift(getComputedStyle(each).backgroundColor)
      return ['white', ...grounds]
    }
    const ratio = (a: number, b: number) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    const inside = groundsOf(element)
    const words = [...element.querySelectorAll('span, code, svg, b'), element].filter(
      (each) => each.checkVisibility() && !each.closest('.sr-only'),
    )
    const text = Math.min(
      ...words.map((each) =>
        ratio(mixed([...inside, getComputedStyle(each).color]), mixed(inside)),
      ),
    )
    const { outlineStyle, outlineColor } = getComputedStyle(element)
    const outside = groundsOf(element.parentElement)
    const ring =
      outlineStyle === 'none' ? 0 : ratio(mixed([...outside, outlineColor]), mixed(outside))
    return { text, ring }
  })
}
