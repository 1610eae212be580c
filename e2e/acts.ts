// What stories do on the screen, as a reader does it: by names of controls, and by keyboard where
// nothing else is said.

import type { Locator } from 'playwright/test'
import { expect, type Page } from './harness'
import { drawer, openPanel, standsAt } from './screen'

export const stage = (page: Page) => page.getByRole('main', { name: 'Stage' })
export const member = (page: Page, name: string) =>
  page.getByRole('group', { name: new RegExp(`^Member ${name}: `) })
export const leaders = (page: Page) => page.getByRole('group', { name: /^Member m\d: leader/ })
export const client = (page: Page, name: string) =>
  page.getByRole('group', { name: new RegExp(`^Client ${name}(,|$)`) })
/** What the stage says of the network and of the quorum. */
export const network = (page: Page) => stage(page).getByRole('status')

/** A run of one's own with so many members, paused. */
export async function openRun(page: Page, members: number): Promise<void> {
  await expect(page.getByRole('group', { name: /^Member m\d: / }).first()).toBeVisible()
  await choose(page, 'More', `My run: ${members} ${members === 1 ? 'member' : 'members'}`)
  await expect(page.getByRole('group', { name: /^Member m\d: / })).toHaveCount(members)
  await standsAt(page, 1.5)
}

/** A line on the console. */
export async function enter(page: Page, line: string): Promise<void> {
  await openPanel(page, 'Console')
  await page.getByRole('textbox', { name: 'Console' }).fill(line)
  await page.keyboard.press('Enter')
}

/** An item of the menu that a button opens. */
export async function choose(page: Page, button: string | RegExp, item: string): Promise<void> {
  await page.getByRole('button', { name: button, exact: true }).press('Enter')
  const named = { name: item, exact: true }
  await page.getByRole('menuitem', named).or(page.getByRole('menuitemradio', named)).press('Enter')
}

/** Opens the menu of a card, a link or a message, and answers it. */
export async function openMenu(page: Page, of: Locator): Promise<Locator> {
  await of.focus()
  await page.keyboard.press('Enter')
  const menu = page.getByRole('menu')
  await expect(menu.getByRole('menuitem').first()).toBeFocused()
  return menu
}

/** An entry of that menu, with what is still to be chosen, by the labels of its fields. */
export async function act(
  page: Page,
  of: Locator,
  entry: string,
  fields: Record<string, string> = {},
): Promise<void> {
  await openMenu(page, of)
  await chooseEntry(page, entry, fields)
}

/** An entry of What if… */
export async function whatIf(
  page: Page,
  entry: string,
  fields: Record<string, string> = {},
): Promise<void> {
  await openMenu(page, page.getByRole('button', { name: 'What if…' }))
  await chooseEntry(page, entry, fields)
}

async function chooseEntry(
  page: Page,
  entry: string,
  fields: Record<string, string>,
): Promise<void> {
  await page.getByRole('menuitem', { name: entry, exact: true }).press('Enter')
  if (!entry.endsWith('…')) return
  const form = page.getByRole('group', { name: entry })
  for (const [label, value] of Object.entries(fields)) {
    const field = form.getByLabel(label, { exact: true })
    if ((await field.evaluate((element) => element.tagName)) === 'SELECT')
      await field.selectOption({ label: value })
    else await field.fill(value)
  }
  await form.getByRole('button', { name: 'Do it' }).press('Enter')
  await expect(form).toBeHidden()
}

/** The row of a key in the drawer's panel Keys. */
export function keyRow(page: Page, key: string): Locator {
  return drawer(page)
    .getByRole('row')
    .filter({ has: page.locator('th').getByText(key, { exact: true }) })
}
