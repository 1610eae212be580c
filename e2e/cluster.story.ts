// More members than one: the leader dies in the middle of a countdown, and another gives every lease its time again.

import { expect, expectNoAxeViolations, type Page, test } from './harness'

async function open(page: Page, members: number): Promise<void> {
  await page.getByRole('combobox', { name: 'Members' }).selectOption(String(members))
  await expect(page.getByRole('article', { name: /^Member / })).toHaveCount(members)
  await page.getByRole('button', { name: 'Pause' }).click()
}

async function goTo(page: Page, seconds: number): Promise<void> {
  await page.getByRole('spinbutton', { name: 'Go to time (seconds)' }).fill(String(seconds))
  await page.keyboard.press('Enter')
  await expect(page.getByText(`t = ${seconds.toFixed(3)} s`)).toBeVisible()
}

const member = (page: Page, name: string) => page.getByRole('article', { name: `Member ${name}` })
const faults = (page: Page, name: string) => page.getByRole('button', { name: `Faults of ${name}` })
const leaders = (page: Page) => page.getByRole('article', { name: /^Member / }).filter({ hasText: 'LEADER' })

test('the leader crashes in the middle of a countdown: another leads, and the lease has its whole time again, by keyboard', async ({
  page,
}) => {
  const leases = page.getByRole('list', { name: 'Leases' })
  const stage = page.getByRole('region', { name: 'Stage' })
  await page.getByRole('combobox', { name: 'Members' }).focus()
  await page.keyboard.press('3')
  await expect(page.getByRole('article', { name: /^Member / })).toHaveCount(3)
  await expect(page.getByRole('region', { name: 'Story' })).toHaveCount(0)
  await page.getByRole('button', { name: 'Pause' }).press('Enter')
  await goTo(page, 6)
  await expect(leases).toContainText(/\b7\.\d s/)

  await faults(page, 'm1').focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('menuitem', { name: 'Crash' })).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('menuitem', { name: 'Freeze' })).toBeFocused()
  await page.keyboard.press('Home')
  await page.keyboard.press('Enter')
  await expect(faults(page, 'm1')).toBeFocused()
  await expect(member(page, 'm1')).toContainText('✕ DOWN')
  await expect(page.getByText('crash m1', { exact: true }).first()).toBeVisible()
  await expect(stage.getByRole('status')).toContainText('No primary: nobody is counting')
  await expect(stage).toContainText('not counted')

  await page.getByRole('button', { name: 'Next lease event' }).press('Enter')
  await expect(leaders(page)).toHaveCount(1)
  await expect(leaders(page)).toContainText('primary')
  await expect(stage.getByRole('status')).not.toContainText('nobody is counting')
  // Ten seconds, and the second that an election may take.
  await expect(leases).toContainText(/\b11\.0 s/)

  await faults(page, 'm1').press('Enter')
  await page.getByRole('menuitem', { name: 'Restart' }).press('Enter')
  await page.getByRole('button', { name: '+1 s' }).press('Enter')
  await expect(member(page, 'm1')).toContainText(/FOLLOWER of m[23]/)
})

test('behind a wall the old leader gives up, and once it is gone there is one leader for all', async ({ page }) => {
  const trouble = page.getByRole('region', { name: 'Stage' }).getByRole('status')
  await open(page, 5)
  await goTo(page, 4)
  await page.getByRole('button', { name: 'Partitions' }).click()
  await expect(page.getByRole('menu', { name: 'Partitions' }).getByRole('menuitem')).toHaveCount(4)
  await page.getByRole('menuitem', { name: 'Leader with the minority' }).click()
  await expect(trouble).toContainText('Partition: m1 m2 | m3 m4 m5')
  await goTo(page, 9)
  await expect(leaders(page)).toHaveCount(1)
  await expect(leaders(page)).toHaveAccessibleName(/^Member m[345]$/)
  await faults(page, 'm5').click()
  await page.getByRole('menuitem', { name: 'Cut off from the others' }).click()
  await expect(trouble).toContainText('Partition: m5 | m1 m2 | m3 m4')
  await page.getByRole('button', { name: 'Heal the network' }).first().click()
  await expect(trouble).not.toContainText('Partition')
  await goTo(page, 14)
  await expect(leaders(page)).toHaveCount(1)
  await expect(page.getByRole('article', { name: /^Member / }).filter({ hasText: 'FOLLOWER' })).toHaveCount(4)
})

test('a frozen member is what it was, and says what it knows of the leases', async ({ page }) => {
  await open(page, 3)
  await faults(page, 'm2').click()
  await page.getByRole('menuitem', { name: 'Freeze' }).click()
  await expect(member(page, 'm2')).toContainText('FROZEN follower')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('menu')).toHaveCount(0)
  await expect(faults(page, 'm2')).toBeFocused()
  await goTo(page, 5)
  await member(page, 'm2')
    .getByRole('button', { name: /1 lease.*does not count, on m2/ })
    .click()
  await expect(page.getByRole('group', { name: 'Leases as m2 has them' })).toContainText('does not count')
  await member(page, 'm1')
    .getByRole('button', { name: /primary, 1 lease/ })
    .click()
  await expect(page.getByRole('group', { name: 'Leases as m1 has them' })).toContainText(/\d\.\d s/)
  await faults(page, 'm2').click()
  await page.getByRole('menuitem', { name: 'Go on' }).click()
  await expect(member(page, 'm2')).toContainText('FOLLOWER of m1')
})

test('a lone member has faults too', async ({ page }) => {
  await page.getByRole('button', { name: 'Pause' }).click()
  await faults(page, 'm1').click()
  await expect(page.getByRole('menuitem')).toHaveText([
    /^Crash/,
    /^Freeze/,
    /^Stop gracefully/,
    /^Slow disk/,
    /^Fast clock/,
    /^Slow clock/,
    /^Wall clock/,
    /^Remove from the cluster/,
  ])
  await page.getByRole('menuitem', { name: 'Crash' }).click()
  await expect(member(page, 'm1')).toContainText('✕ DOWN')
})

for (const [members, colorScheme] of [
  [3, 'light'],
  [7, 'dark'],
] as const) {
  test(`${members} members, in ${colorScheme}: axe finds nothing`, async ({ page }) => {
    // Three times over a page this full.
    test.slow()
    await page.emulateMedia({ colorScheme })
    await open(page, members)
    await goTo(page, 4)
    await expectNoAxeViolations(page)
    await faults(page, 'm1').click()
    await expectNoAxeViolations(page, '#stage')
    await page.getByRole('menuitem', { name: 'Crash' }).click()
    await page.getByRole('button', { name: 'Partitions' }).click()
    await page.getByRole('menuitem').last().click()
    await goTo(page, 8)
    await faults(page, 'm2').click()
    await page.getByRole('menuitem', { name: 'Freeze' }).click()
    await member(page, 'm3')
      .getByRole('button', { name: /does not count/ })
      .click()
    await expectNoAxeViolations(page)
  })
}

for (const [width, height] of [
  [1440, 900],
  [1024, 768],
  [390, 844],
  [320, 640],
] as const) {
  test(`at ${width} by ${height} no card covers another and nothing has to be scrolled sideways`, async ({ page }) => {
    await page.setViewportSize({ width, height })
    for (const members of [3, 5, 7]) {
      await page.getByRole('combobox', { name: 'Members' }).selectOption(String(members))
      const cards = page.getByRole('article', { name: /^(Member|Client) / })
      await expect(cards).toHaveCount(members + 1)
      const boxes = await cards.evaluateAll((all) => all.map((card) => card.getBoundingClientRect().toJSON()))
      for (const [i, a] of boxes.entries()) {
        for (const b of boxes.slice(i + 1)) {
          const apart = Math.max(a.left - b.right, b.left - a.right, a.top - b.bottom, b.top - a.bottom)
          expect(apart, `${members} members`).toBeGreaterThanOrEqual(4)
        }
      }
      const [content, shown] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth])
      expect(content).toBe(shown)
    }
  })
}
