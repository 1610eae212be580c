// What stories ask of the one screen: which controls a click reaches, which sizes text has, where things are.

import { expect, type Page } from './harness'

export const sizes = [
  { width: 1920, height: 1080 },
  { width: 1440, height: 900 },
  { width: 1280, height: 720 },
  { width: 1024, height: 640 },
] as const

export const storyBar = (page: Page) => page.getByRole('region', { name: 'Story' })
export const question = (page: Page) => storyBar(page).getByRole('heading', { level: 1 })
export const playButton = (page: Page) =>
  page.getByRole('region', { name: 'Time', exact: true }).getByRole('button', { name: /^(Play|Pause)$/ })

/** Opens a story of the catalogue, paused at its start. */
export async function openStory(page: Page, name: string): Promise<void> {
  await page.goto(`${process.env.LEASESCOPE_URL}#scenario/${name}`)
  await page.reload()
  await expect(storyBar(page).getByRole('button', { name: 'Start', exact: true })).toBeVisible()
}

/** Plays on from a stop or the start, at full speed, until the clock stands again. */
export async function playOn(page: Page): Promise<void> {
  await fastest(page)
  await storyBar(page)
    .getByRole('button', { name: /^(Start|Go on)$/ })
    .click()
  await untilPaused(page)
}

export async function untilPaused(page: Page): Promise<void> {
  await expect(playButton(page)).toHaveText('Play')
}

/** Stories that take seconds need not take them here. */
export async function fastest(page: Page): Promise<void> {
  const speed = page.getByRole('slider', { name: 'Speed' })
  await speed.focus()
  await page.keyboard.press('End')
}

/** Answers the open question with its first choice, or with the flag where it stands, and plays to the event that decides it. */
export async function answerSomehow(page: Page): Promise<void> {
  const choices = storyBar(page).getByRole('radio')
  if ((await choices.count()) > 0) await choices.first().click()
  else await page.getByRole('slider', { name: /answer/i }).press('ArrowRight')
  await storyBar(page).getByRole('button', { name: 'Go on', exact: true }).click()
  await untilPaused(page)
}

/** The visible buttons, links, fields, sliders and tabs that a click in their middle reaches, by name. Rows of the log and lines of programs are text. */
export function controls(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const all = document.querySelectorAll<HTMLElement>(
      'button, a[href], input, select, textarea, [role="slider"], [role="tab"], [role="radio"]',
    )
    const names: string[] = []
    for (const control of new Set(all)) {
      if (control.closest('.skip, [data-row-text]') || !control.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
        continue
      const { left, top, width, height } = control.getBoundingClientRect()
      if (width < 2 || height < 2) continue
      const hit = document.elementFromPoint(left + width / 2, top + height / 2)
      if (hit === null || !(control.contains(hit) || hit.contains(control))) continue
      names.push(control.getAttribute('aria-label') ?? control.textContent?.trim() ?? control.tagName)
    }
    return names
  })
}

/** Every size in which text is shown, in px, with a sample of that text. */
export function textSizes(page: Page): Promise<Record<string, string>> {
  return page.evaluate(() => {
    const found: Record<string, string> = {}
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.textContent?.trim() ?? ''
      const parent = node.parentElement
      if (text === '' || !parent?.checkVisibility({ visibilityProperty: true }) || parent.closest('.sr-only, script, style, option'))
        continue
      found[getComputedStyle(parent).fontSize] ??= text.slice(0, 40)
    }
    return found
  })
}

/** How often a text is printed, whatever element it is in; what only a screen reader hears does not count. */
export function printed(page: Page, pattern: RegExp): Promise<string[]> {
  return page.evaluate((source) => {
    const wanted = new RegExp(source)
    const found: string[] = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement
      const text = node.textContent?.trim() ?? ''
      if (!parent?.checkVisibility({ visibilityProperty: true }) || parent.closest('.sr-only')) continue
      if (wanted.test(text)) found.push(text)
    }
    return found
  }, pattern.source)
}

/** The visible elements whose ground is filled with ink. */
export function filled(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const probe = document.createElement('i')
    probe.style.color = 'var(--ink)'
    document.body.append(probe)
    const ink = getComputedStyle(probe).color
    probe.remove()
    return [...document.querySelectorAll<HTMLElement>('button')]
      .filter((button) => button.checkVisibility() && getComputedStyle(button).backgroundColor === ink)
      .map((button) => button.textContent?.trim() ?? '')
  })
}

/** Where an element is, rounded to a tenth of a pixel. */
export async function placeOf(page: Page, selector: string): Promise<string> {
  const box = await page.locator(selector).boundingBox()
  return box === null ? 'nowhere' : [box.x, box.y, box.width, box.height].map((each) => each.toFixed(1)).join(' ')
}

/** Whether the window scrolls, and whether all of Play is in it. */
export function roomOf(page: Page): Promise<{ scrolls: boolean; sideways: boolean; play: boolean }> {
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
