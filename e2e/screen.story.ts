// The rules of the one screen.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page, test } from './harness'
import {
  answerSomehow,
  controls,
  fastest,
  filled,
  openStory,
  placeOf,
  playButton,
  playOn,
  printed,
  question,
  roomOf,
  sizes,
  storyBar,
  textSizes,
  untilPaused,
} from './screen'

const catalogue = readdirSync(join(import.meta.dirname, '../engine/scenario/catalogue'))
  .filter((name) => name.endsWith('.txt'))
  .map((name) => name.slice(0, -4))

const beats = catalogue.filter((name) => name.startsWith('beat-'))
const paused = (page: Page) => playOn(page)

/** Each view by its name: how one comes to it from the opening. */
const views: Record<string, (page: Page) => Promise<void>> = {
  opening: async (page) => {
    await fastest(page)
    await untilPaused(page)
  },
  'three members': async (page) => {
    await openStory(page, 'beat-3-leader-dies')
    await paused(page)
  },
  'two programs': async (page) => {
    await openStory(page, 'beat-5-paused-holder')
    await paused(page)
  },
}
const panels = ['Why?', 'Log', 'Keys', 'Console', 'Program', 'Storage']

for (const size of sizes) {
  test(`rule 1: at ${size.width} × ${size.height} no view scrolls, and Play is in view`, async ({ page }) => {
    await page.setViewportSize(size)
    for (const [name, open] of Object.entries(views)) {
      await open(page)
      expect(await roomOf(page), name).toEqual({ scrolls: false, sideways: false, play: true })
    }
    for (const panel of panels) {
      await page.getByRole('navigation', { name: 'Panels' }).getByRole('button', { name: panel, exact: true }).click()
      await expect(page.getByRole('complementary')).toBeVisible()
      expect(await roomOf(page), panel).toEqual({ scrolls: false, sideways: false, play: true })
      await page.getByRole('button', { name: 'Close the panel' }).click()
    }
  })
}

test('rule 2: few controls at rest', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  const most: Record<string, number> = { opening: 24, 'three members': 28, 'two programs': 32 }
  for (const [name, open] of Object.entries(views)) {
    await open(page)
    const found = await controls(page)
    expect(found.length, `${name}: ${found.join(', ')}`).toBeLessThanOrEqual(most[name] ?? 0)
  }
})

for (const name of [...beats, ...catalogue.filter((each) => each.startsWith('lab-'))]) {
  test(`rule 3, 4 and 7: ${name} moves nothing but its caption, has one filled button, and its questions stop the clock`, async ({
    page,
  }) => {
    await openStory(page, name)
    const places = async () => [await placeOf(page, '.transport .play'), await placeOf(page, '#stage'), await placeOf(page, '.timeline')]
    const before = await places()
    await fastest(page)
    for (let stop = 0; stop < 20; stop++) {
      expect(await places()).toEqual(before)
      expect((await filled(page)).length).toBeLessThanOrEqual(1)
      if ((await storyBar(page).getByRole('button', { name: 'Again' }).count()) > 0) return
      const asks = (await storyBar(page).getByRole('button', { name: 'Skip' }).count()) > 0
      if (asks) {
        const clock = await page.getByRole('region', { name: 'Time', exact: true }).innerText()
        await expect(playButton(page)).toHaveText('Play')
        expect(await page.getByRole('region', { name: 'Time', exact: true }).innerText()).toBe(clock)
        await answerSomehow(page)
      } else {
        await storyBar(page)
          .getByRole('button', { name: /^(Start|Go on)$/ })
          .click()
        await untilPaused(page)
      }
    }
    throw new Error(`the story of ${name} does not end within twenty stops`)
  })
}

test('rule 5: one countdown is printed at most three times', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await views.opening?.(page)
  await expect(question(page)).toContainText('?')
  const numbers = await printed(page, /^\d+\.\d( s)?$/)
  const left = numbers.map((each) => each.replace(' s', ''))
  for (const each of new Set(left)) expect(left.filter((other) => other === each).length, each).toBeLessThanOrEqual(3)
})

test('rule 6: the answer to Why? is in view in the first frame after it came', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await views.opening?.(page)
  const seen = page.evaluate(
    () =>
      new Promise<boolean>((resolve) => {
        const inView = () => {
          const first = document.querySelector('.why-list li')
          if (!first) return requestAnimationFrame(inView)
          const { top, bottom, right } = first.getBoundingClientRect()
          resolve(top >= 0 && bottom <= innerHeight && right <= innerWidth)
        }
        requestAnimationFrame(inView)
      }),
  )
  await page.getByRole('button', { name: 'Why?', exact: true }).click()
  expect(await seen).toBe(true)
})

for (const [name, open] of Object.entries(views)) {
  test(`rule 8: text has one of five sizes, or the countdown's (${name})`, async ({ page }) => {
    await page.setViewportSize({ width: 1440, height: 900 })
    await open(page)
    const allowed = ['12px', '14px', '16px', '20px', '28px', '64px']
    const strange = Object.entries(await textSizes(page)).filter(([size]) => !allowed.includes(size))
    expect(strange).toEqual([])
  })
}

test('rule 11: rows of the timeline are elements with names', async ({ page }) => {
  await views.opening?.(page)
  await expect(page.getByRole('region', { name: 'Timeline' }).getByRole('row', { name: /^L1, \d+\.\d of 10 s, \/svc\/a/ })).toBeVisible()
})
