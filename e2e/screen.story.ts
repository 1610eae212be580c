// The rules of the one screen. The test opens each view once and checks all rules of the view
// there.

import { expect, type Page, test } from './harness'
import {
  AGAIN,
  answerSomehow,
  controls,
  fastest,
  filled,
  goOn,
  goTo,
  leaseRow,
  lookOf,
  openPanel,
  openStory,
  playOn,
  printed,
  question,
  restingBox,
  roomOf,
  sizes,
  stories,
  storyBar,
  textSizes,
  timeline,
} from './screen'

const wide = { width: 1440, height: 900 }

/**
 * Each view by its name: the way to it from the open page, and the maximum number of controls at
 * rest.
 */
const views: Record<string, { most: number; open(page: Page): Promise<void> }> = {
  opening: {
    most: 24,
    async open(page) {
      await openStory(page, 'beat-1-key-dies')
      await playOn(page)
    },
  },
  'three members': {
    most: 28,
    async open(page) {
      await openStory(page, 'beat-3-leader-dies')
      await playOn(page)
    },
  },
  'two programs': {
    most: 32,
    async open(page) {
      await openStory(page, 'beat-5-paused-holder')
      await playOn(page)
    },
  },
  'four programs': {
    most: 36,
    async open(page) {
      await openStory(page, 'lab-herd')
      await playOn(page)
    },
  },
}
const panels = ['Why?', 'Log', 'Keys', 'Console', 'Program', 'Storage']
const fits = { scrolls: false, sideways: false, play: true }
const softly = expect.configure({ soft: true })

test('rules 1, 2, 5 and 8: every view fits every window, with few controls, few copies of a number, and six sizes of text', async ({
  page,
}) => {
  const allowed = ['12px', '14px', '16px', '20px', '28px', '64px']
  // Nothing glides during a measurement.
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const look = async (name: string) => {
    for (const size of sizes) {
      await page.setViewportSize(size)
      await softly
        .poll(() => roomOf(page), `${name} at ${size.width} × ${size.height}`)
        .toEqual(fits)
    }
    await page.setViewportSize(wide)
    const strange = async () =>
      Object.entries(await textSizes(page)).filter(([size]) => !allowed.includes(size))
    await softly.poll(strange, `${name}: sizes of text`).toEqual([])
  }
  for (const [name, { most, open }] of Object.entries(views)) {
    await open(page)
    await look(name)
    const found = await controls(page)
    expect.soft(found.length, `${name}: ${found.join(', ')}`).toBeLessThanOrEqual(most)
    const numbers = await printed(page, /^\d+\.\d( s)?$/)
    const left = numbers.map((each) => each.replace(' s', ''))
    const rows = await leaseRow(page, /^L\d+, /).evaluateAll((all) =>
      all.map((row) => row.getAttribute('aria-label') ?? ''),
    )
    for (const each of new Set(left)) {
      const leases = rows.filter((row) => row.includes(` ${each} `)).length
      expect
        .soft(left.filter((other) => other === each).length, `${name}: copies of ${each}`)
        .toBeLessThanOrEqual(3 * Math.max(1, leases))
    }
  }
  await views['two programs']?.open(page)
  for (const panel of panels) {
    await openPanel(page, panel)
    await look(`panel ${panel}`)
  }
  await page.getByRole('button', { name: 'Close the panel' }).click()
  await timeline(page).getByRole('button', { name: 'Timeline options' }).click()
  await page.getByRole('menuitemradio', { name: 'Space-time' }).click()
  await look('space-time')
})

test('rule 2: a program to edit is a form, and may have forty controls', async ({ page }) => {
  await page.setViewportSize(wide)
  await views['two programs']?.open(page)
  await openPanel(page, 'Program')
  await page.getByRole('button', { name: 'Recipes' }).click()
  await expect(page.getByRole('button', { name: 'Start a run' })).toBeVisible()
  await expect(async () => {
    const found = await controls(page)
    expect(found.length, found.join(', ')).toBeLessThanOrEqual(40)
  }).toPass({ timeout: 20_000 })
  await expect.poll(() => roomOf(page)).toEqual(fits)
})

const walked = [
  ...stories.filter((name) => name.startsWith('beat-')),
  ...stories.filter((name) => name.startsWith('lab-')),
]

// The test is split into as many parts as browsers run in parallel.
for (const part of [0, 1]) {
  test(`rules 3, 4, 7 and 8: stories move nothing but their captions, fill one button, and stop at questions, part ${part + 1} of 2`, async ({
    page,
  }) => {
    await page.setViewportSize(wide)
    for (const name of walked.filter((_, i) => i % 2 === part))
      await test.step(name, () => walk(page, name))
  })
}

/** Plays a story from its start to its end. */
async function walk(page: Page, name: string): Promise<void> {
  await openStory(page, name)
  await fastest(page)
  await restingBox(timeline(page))
  const first = await lookOf(page)
  for (let stop = 0; stop < 20; stop++) {
    const { caption, paused, clock, clockLater } = await lookOf(page)
    await expect
      .poll(async () => (await lookOf(page)).places, `${name}, “${caption}”: places`)
      .toEqual(first.places)
    expect(caption.length, `${name}, “${caption}”: characters`).toBeLessThanOrEqual(110)
    const asks =
      (await storyBar(page).getByRole('button', { name: 'Skip', exact: true }).count()) > 0
    await expect
      .poll(async () => (await filled(page)).length, `${name}, “${caption}”: filled buttons`)
      .toBe(asks ? 0 : 1)
    if (asks) {
      expect(paused, `${name}, “${caption}”: the clock`).toBe(true)
      expect(clockLater, `${name}, “${caption}”: the clock`).toBe(clock)
      await answerSomehow(page)
    } else if ((await storyBar(page).getByRole('button', { name: AGAIN }).count()) > 0) return
    else
      await goOn(page, () =>
        storyBar(page)
          .getByRole('button', { name: /^(Start|Go on)$/ })
          .press('Enter'),
      )
  }
  throw new Error(`the story of ${name} does not end within twenty stops`)
}

test('rule 6: the answer to Why? is in view in the first frame after it came', async ({ page }) => {
  await page.setViewportSize(wide)
  await views['three members']?.open(page)
  const seen = page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const look = (): void => {
          const reasons = document.querySelectorAll('.reasons > li')
          const last = reasons[reasons.length - 1]
          if (last === undefined) {
            requestAnimationFrame(look)
            return
          }
          const { top, right } = reasons[0]?.getBoundingClientRect() ?? { top: -1, right: 0 }
          resolve(
            top >= 0 && right <= innerWidth && last.getBoundingClientRect().top < innerHeight
              ? 'in view'
              : 'out of view',
          )
        }
        requestAnimationFrame(look)
      }),
  )
  await page.getByRole('button', { name: 'Why?', exact: true }).click()
  expect(await seen).toBe('in view')
})

test('rule 11: rows of the timeline are elements with names, and their table is beside them', async ({
  page,
}) => {
  await openStory(page, 'beat-1-key-dies')
  await goTo(page, 4.8)
  await expect(
    timeline(page).getByRole('row', {
      name: /^L1, 8\.7 (s )?of 10 s, \/svc\/a, svc believes 8\.8 s$/,
    }),
  ).toBeVisible()
  await expect(question(page)).toBeVisible()
  await timeline(page).getByRole('button', { name: 'Timeline options' }).click()
  await page.getByRole('menuitem', { name: 'As a table' }).click()
  await expect(timeline(page).getByRole('table').getByRole('row', { name: /^L1 / })).toBeVisible()
})

/** The texts of those elements that are cut off, by an ellipsis or by their box. */
function cut(page: Page, selector: string): Promise<string[]> {
  return page.evaluate((wanted) => {
    const all = [...document.querySelectorAll<HTMLElement>(wanted)].filter((element) =>
      element.checkVisibility(),
    )
    return all
      .filter(
        ({ scrollWidth, clientWidth, scrollHeight, clientHeight }) =>
          scrollWidth > clientWidth || scrollHeight > clientHeight + 1,
      )
      .map(({ textContent }) => textContent ?? '')
  }, selector)
}

test('three members in one column say what they wait for, and what is the matter with the network is a whole sentence', async ({
  page,
}) => {
  for (const size of [
    { width: 1280, height: 720 },
    { width: 1024, height: 768 },
  ]) {
    await page.setViewportSize(size)
    await openStory(page, 'beat-3-leader-dies')
    await goTo(page, 10.2)
    const waits = page.locator('.silence text').filter({ hasText: /^elects at 1–2 s$/ })
    await expect(waits).toHaveCount(2)
    // The words are inside their cards.
    const outside = () =>
      page.evaluate(
        () =>
          [...document.querySelectorAll('.silence text')].filter((text) => {
            const card = text.closest('.member-card')?.getBoundingClientRect()
            const { left, right, bottom } = text.getBoundingClientRect()
            return (
              card === undefined || left < card.left || right > card.right || bottom > card.bottom
            )
          }).length,
      )
    await expect.poll(outside).toBe(0)
    await expect(page.locator('.network-note')).toContainText('no primary counts the leases')
    await expect.poll(() => cut(page, '.network-note')).toEqual([])
  }
})

test('on a phone the words of a story have room beside what it offers', async ({ page }) => {
  for (const [story, seconds, words] of [
    ['lab-late-write-fence-off', 9.1, 'The answer is “Yes”.'],
    ['beat-5-paused-holder', 6.4, 'Two inside since 5.351 s'],
  ] as const) {
    await page.setViewportSize(wide)
    await openStory(page, story)
    await goTo(page, seconds)
    await page.setViewportSize({ width: 390, height: 844 })
    await expect(storyBar(page)).toContainText(words)
    await expect(page.locator('.phone-row').first()).toBeVisible()
    await expect
      .poll(() => cut(page, '.story-detail > span:last-child, .story-words h1'))
      .toEqual([])
  }
})

test('a comparison without clients uses its whole half', async ({ page }) => {
  await openStory(page, 'leader-crash')
  await goTo(page, 6)
  await page.getByRole('button', { name: 'Replay with…' }).click()
  await page.getByLabel('New TTL (seconds)').fill('20')
  await page.getByRole('button', { name: 'Replay and compare' }).click()
  const half = page.getByRole('region', { name: 'Branch main', exact: true })
  await expect(async () => {
    const [outer, inner] = [
      await half.boundingBox(),
      await half.locator('.compare-lease').boundingBox(),
    ]
    expect((inner?.width ?? 0) / (outer?.width ?? 1)).toBeGreaterThan(0.8)
  }).toPass({ timeout: 20_000 })
})
