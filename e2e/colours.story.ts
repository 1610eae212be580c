// Legibility: axe on every view in light and dark, the states of each kind of control, and forced
// colours.

import type { Locator } from 'playwright/test'
import { expect, expectNoAxeViolations, type Page, test } from './harness'
import {
  contrastOf,
  goTo,
  openPanel,
  openStory,
  pause,
  playOn,
  stageGroup,
  storyBar,
  timeline,
} from './screen'

const wide = { width: 1440, height: 900 }

/** Runs all rules in light, and only the rules about colour in dark. */
async function readable(page: Page, view: string, within?: string): Promise<void> {
  await test.step(view, async () => {
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    await expectNoAxeViolations(page, within)
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
    await expectNoAxeViolations(page, within, ['color-contrast', 'link-in-text-block'])
  })
}

async function timelineOption(page: Page, word: string): Promise<void> {
  await timeline(page).getByRole('button', { name: 'Timeline options' }).click()
  await page
    .getByRole('menuitemradio', { name: word })
    .or(page.getByRole('menuitem', { name: word }))
    .click()
}

test.beforeEach(async ({ page }) => {
  await page.setViewportSize(wide)
  await page.emulateMedia({ reducedMotion: 'reduce' })
})

test('axe finds nothing on the views of the stage and the timeline', async ({ page }) => {
  await openStory(page, 'beat-1-key-dies')
  await playOn(page)
  await readable(page, 'the opening')
  await timelineOption(page, 'As a table')
  await readable(page, 'the table', '.timeline')
  await timelineOption(page, 'As a picture')
  await openStory(page, 'beat-3-leader-dies')
  await playOn(page)
  await readable(page, 'a cluster without a leader')
  await openStory(page, 'beat-5-paused-holder')
  await playOn(page)
  await playOn(page)
  await readable(page, 'two inside')
  await timelineOption(page, 'Space-time')
  await readable(page, 'space-time', '.timeline')
  await page.setViewportSize({ width: 390, height: 844 })
  await readable(page, 'a phone')
})

test('axe finds nothing on the panels, menus and dialogs', async ({ page }) => {
  await openStory(page, 'beat-5-paused-holder')
  await playOn(page)
  for (const panel of ['Why?', 'Log', 'Keys', 'Console', 'Program', 'Storage']) {
    await openPanel(page, panel)
    await readable(page, `panel ${panel}`, '.drawer')
  }
  await page.getByRole('button', { name: 'Close the panel' }).click()
  for (const [button, role] of [
    ['What if…', 'menu'],
    ['Share', 'menu'],
    ['More', 'menu'],
    [/step by/i, 'menu'],
    ['Replay with…', 'group'],
  ] as const) {
    const trigger = page.getByRole('button', { name: button, exact: typeof button === 'string' })
    await trigger.first().click()
    await expect(
      page
        .locator('[popover]:popover-open')
        .getByRole(role === 'menu' ? 'menuitem' : 'button')
        .or(page.getByRole('menuitemradio'))
        .first(),
    ).toBeVisible()
    await readable(page, `menu ${button}`, '[popover]:popover-open')
    await page.keyboard.press('Escape')
  }
  await page.keyboard.press('l')
  await expect(
    page.getByRole('dialog', { name: 'Library' }).getByText('1 min').first(),
  ).toBeVisible()
  await readable(page, 'the library', '.library')
  await page.keyboard.press('Escape')
  await stageGroup(page, /^Client a/).press('Enter')
  await expect(page.getByRole('menuitem', { name: 'Show its program' })).toBeVisible()
  await readable(page, 'the menu of a client', '[popover]:popover-open')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /^etcd 3\.6/ }).click()
  await expect(page.getByRole('button', { name: 'Replay with these' })).toBeVisible()
  await readable(page, 'settings')
  await page.keyboard.press('Escape')
  await page.getByRole('main').focus()
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Help' })).toBeVisible()
  await readable(page, 'help')
})

test('axe finds nothing where two runs are compared', async ({ page }) => {
  await openStory(page, 'leader-crash')
  await goTo(page, 3)
  await page.getByRole('button', { name: /^etcd 3\.6/ }).click()
  await page.getByRole('combobox', { name: 'As etcd' }).selectOption('3.4')
  await page.getByRole('button', { name: 'Replay with these' }).click()
  await page
    .getByRole('navigation', { name: 'Panels' })
    .getByRole('button', { name: 'Compare' })
    .click()
  await goTo(page, 9)
  await readable(page, 'compare')
})

/**
 * Text needs a contrast of 4.5 : 1 with its background, and a shape 3 : 1, in every state of
 * pointer and keyboard.
 */
async function keepsItsContrast(
  page: Page,
  name: string,
  control: Locator,
  shape: boolean,
): Promise<void> {
  const least = shape ? 3 : 4.5
  /** The page may draw a control again after an act. The final look counts. */
  const comes = (how: string, act: () => Promise<void>, ring: boolean) =>
    expect(async () => {
      await act()
      const contrast = await contrastOf(control)
      expect(contrast.text, `${name}, ${how}`).toBeGreaterThanOrEqual(least)
      if (ring) expect(contrast.ring, `${name}, its ring, ${how}`).toBeGreaterThanOrEqual(3)
    }).toPass({ timeout: 5_000 })
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const focus = async () => {
      await page.keyboard.press('Shift')
      await control.focus()
    }
    await comes(`focused, ${colorScheme}`, focus, true)
    await comes(`hovered, ${colorScheme}`, () => control.hover(), false)
    await page.mouse.down()
    await comes(`pressed, ${colorScheme}`, async () => {}, false)
    // The release is outside the control, so that the press does not act.
    await page.mouse.move(700, 2)
    await page.mouse.up()
  }
}

test('rule 9: each kind of control keeps its contrast while it is hovered, focused and pressed', async ({
  page,
}) => {
  await openStory(page, 'beat-3-leader-dies')
  const story = storyBar(page)
  await keepsItsContrast(
    page,
    'a filled button',
    story.getByRole('button', { name: 'Start', exact: true }),
    false,
  )
  await keepsItsContrast(page, 'an outlined button', page.locator('.transport .play'), false)
  await keepsItsContrast(
    page,
    'a button of text',
    page.getByRole('button', { name: 'Share' }),
    false,
  )
  await keepsItsContrast(
    page,
    'a quiet button',
    page.getByRole('button', { name: /^etcd 3\.6/ }),
    false,
  )
  await keepsItsContrast(page, 'a picture', page.getByRole('button', { name: 'Next event' }), true)
  await keepsItsContrast(
    page,
    'a button of the rail',
    page.getByRole('button', { name: 'Log', exact: true }),
    false,
  )
  await playOn(page)
  await keepsItsContrast(page, 'a flag', page.getByRole('slider', { name: 'Your answer' }), false)
  await page.getByRole('button', { name: 'What if…' }).click()
  await keepsItsContrast(
    page,
    'an entry of a menu',
    page.getByRole('menuitem', { name: 'A disk is slow…' }),
    false,
  )
  await page.keyboard.press('Escape')
  // While a question asks for a time, only the flag lies on the rows.
  await openStory(page, 'beat-1-key-dies')
  const row = timeline(page).getByRole('row', { name: /^L1, / })
  await row.hover()
  await keepsItsContrast(
    page,
    'an action of a row',
    timeline(page).getByRole('button', { name: 'Renew once L1' }),
    false,
  )
  await openStory(page, 'beat-4-two-and-a-lock')
  await playOn(page)
  await keepsItsContrast(page, 'a choice', story.getByRole('radio', { name: 'One' }), false)
})

test('in forced colours shapes and edges are still there', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' })
  await openStory(page, 'beat-3-leader-dies')
  await playOn(page)
  await pause(page)
  const seen = () =>
    page.evaluate(() => {
      const canvas = getComputedStyle(document.documentElement).backgroundColor
      const ground = getComputedStyle(document.body).backgroundColor
      const stroke = (selector: string) => {
        const element = document.querySelector(selector)
        return element === null ? 'nowhere' : getComputedStyle(element).stroke
      }
      return {
        canvas,
        ground,
        dial: stroke('.dial-track'),
        icon: stroke('.transport .icon-button .icon'),
      }
    })
  await expect(async () => {
    const { dial, ground } = await seen()
    expect(dial).not.toBe('nowhere')
    expect(dial).not.toBe(ground)
  }).toPass({ timeout: 20_000 })
  await expectNoAxeViolations(page)
  await storyBar(page).getByRole('button', { name: 'Skip' }).focus()
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Tab')
  const ring = () =>
    page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle)
  await expect.poll(ring).not.toBe('none')
})
