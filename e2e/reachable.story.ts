// Every function of the page is reachable with the mouse, and with the keyboard alone
// (app/commands/functions.ts lists them).

import type { Locator } from 'playwright/test'
import { type Control, functions, type Place, places } from '../app/commands/functions'
import { expect, type Page, test } from './harness'

/** The first control with that role whose name begins so. */
function find(page: Page, { role, name }: Control): Locator {
  const starts = new RegExp(`^${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`)
  // The list of functions does not distinguish fields for numbers from fields for text.
  const found = page.getByRole(role, { name: starts })
  return (
    role === 'textbox' ? found.or(page.getByRole('spinbutton', { name: starts })) : found
  ).first()
}

async function open(page: Page, baseURL: string, place: Place): Promise<void> {
  const { hash, panel } = places[place]
  await page.goto('about:blank')
  await page.goto(`${baseURL}${hash === '' ? '' : `#${hash}`}`)
  await expect(page.getByRole('group', { name: /^Member m1/ })).toBeVisible()
  if (hash === '') {
    await expect(find(page, { role: 'row', name: 'L1' })).toBeVisible()
    await page.getByRole('button', { name: 'Pause' }).click()
  }
  // A story can be replayed after its first stop.
  if (place === 'programs') {
    for (let i = 0; i < 3; i++) await page.keyboard.press(']')
    await page.getByRole('button', { name: 'Play', exact: true }).click()
    await expect(page.getByRole('button', { name: 'Replay with…' })).toBeVisible()
    await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
  }
  if (panel !== null) await page.getByRole('button', { name: panel, exact: true }).click()
  if (place === 'console') {
    await page.getByRole('textbox', { name: 'Console' }).fill('etcdctl version')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('region', { name: 'Console transcript' })).toContainText(
      'etcdctl version',
    )
  }
}

/** A row of the timeline shows its actions on hover or focus. All other controls are pressed. */
const isRow = ({ role }: Control) => role === 'row'

for (const place of Object.keys(places) as Place[]) {
  const here = functions.filter(({ at }) => at === place)

  test(`by mouse: ${place}`, async ({ page, baseURL }) => {
    await open(page, baseURL ?? '', place)
    for (const { name, path } of here) {
      await test.step(name, async () => {
        for (const [i, control] of path.entries()) {
          const found = find(page, control)
          await expect(found, `${name}: ${control.role} “${control.name}”`).toBeVisible()
          if (isRow(control)) await found.hover()
          else if (i < path.length - 1)
            await found.click(control.role === 'group' ? { position: { x: 20, y: 8 } } : {})
        }
        await leave(page, path)
      })
    }
  })

  test(`by keyboard: ${place}`, async ({ page, baseURL }) => {
    await open(page, baseURL ?? '', place)
    for (const { name, path } of here) {
      await test.step(name, async () => {
        for (const [i, control] of path.entries()) {
          const found = find(page, control)
          let tries = 0
          // A part that was just closed may still return the focus to its button.
          await expect(async () => {
            // It may also close the part that was just opened. Then the test opens that part again,
            // in the same way.
            const before = path[i - 1]
            if (before !== undefined && tries++ > 0 && !(await found.isVisible()))
              await find(page, before).press('Enter')
            await found.focus({ timeout: 5000 })
            await expect(found, `${name}: ${control.role} “${control.name}”`).toBeFocused({
              timeout: 1000,
            })
          }).toPass()
          if (i < path.length - 1 && !isRow(control)) await found.press('Enter')
        }
        await leave(page, path)
      })
    }
  })
}

/**
 * Closes the parts that the path opened, so that the next path begins on the page. These are a
 * menu, a dialog or a field; a part of a panel closes with its own button.
 */
async function leave(page: Page, path: readonly Control[]): Promise<void> {
  const [first] = path
  if (path.length === 1 || first === undefined) return
  const panel = page.getByRole('complementary')
  const inPanel =
    (await panel.count()) > 0 &&
    (await panel.getByRole(first.role, { name: first.name }).count()) > 0
  if (!inPanel) return page.keyboard.press('Escape')
  if (await page.locator('[popover]:popover-open').count()) return page.keyboard.press('Escape')
  const back = panel.getByRole('button', { name: /^Back|^Cancel/ })
  if (await back.count()) await back.first().click()
}
