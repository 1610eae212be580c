// The reader's acts on the screen, shared by the stories. They find controls by name, and use the
// keyboard unless a comment says otherwise.

import type { Locator } from 'playwright/test'
import { expect, type Page } from './harness'
import { drawer, openPanel, standsAt } from './screen'

export const stage = (page: Page) => page.getByRole('main', { name: 'Stage' })
export const member = (page: Page, name: string) =>
  page.getByRole('group', { name: new RegExp(`^Member ${name}: `) })
export const leaders = (page: Page) => page.getByRole('group', { name: /^Member m\d: leader/ })
export const client = (page: Page, name: string) =>
  page.getByRole('group', { name: new RegExp(`^Client ${name}(,|$)`) })
/** The words of the stage about the network and the quorum. */
export const network = (page: Page) => stage(page).getByRole('status')

/** Opens the reader's own run with that number of members, paused. */
export async function openRun(page: Page, members: number): Promise<void> {
  await expect(page.getByRole('group', { name: /^Member m\d: / }).first()).toBeVisible()
  await choose(page, 'More', `My run: ${members} ${members === 1 ? 'member' : 'members'}`)
  await expect(page.getByRole('group', { name: /^Member m\d: / })).toHaveCount(members)
  await standsAt(page, 1.5)
}

/** Enters a line on the console. */
export async function enter(page: Page, line: string): Promise<void> {
  await openPanel(page, 'Console')
  await page.getByRole('textbox', { name: 'Console' }).fill(line)
  await page.keyboard.press('Enter')
}

/** Chooses an item of the menu that a button opens. */
export async function choose(page: Page, button: string | RegExp, item: string): Promise<void> {
  await page.getByRole('button', { name: button, exact: true }).press('Enter')
  const named = { name: item, exact: true }
  await page.getByRole('menuitem', named).or(page.getByRole('menuitemradio', named)).press('Enter')
}

/** Opens the menu of a card, a link or a message, and returns it. */
export async function openMenu(page: Page, of: Locator): Promise<Locator> {
  await of.focus()
  await page.keyboard.press('Enter')
  const menu = page.getByRole('menu')
  await expect(menu.getByRole('menuitem').first()).toBeFocused()
  return menu
}

/** Chooses an entry of that menu. `fields` has the values of its fields, by label. */
export async function act(
  page: Page,
  of: Locator,
  entry: string,
  fields: Record<string, string> = {},
): Promise<void> {
  await openMenu(page, of)
  await chooseEntry(page, entry, fields)
}

/** Chooses an entry of What if… */
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
