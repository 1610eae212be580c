// A cluster of several members: the leader crashes during a countdown, and the next leader gives
// every lease its full TTL again.

import { act, leaders, member, network, openMenu, openRun, whatIf } from './acts'
import { expect, expectNoAxeViolations, test } from './harness'
import { fitsSideways, goTo, leaseRow, messages } from './screen'

test('the leader crashes in the middle of a countdown: another leads, and the lease has its whole time again, by keyboard', async ({
  page,
}) => {
  await openRun(page, 3)
  await goTo(page, 6)
  await expect(leaseRow(page, /^L1, 7\.\d of 10 s, \/svc\/a/)).toBeVisible()
  await expect(network(page)).toHaveText('2 of 3 must agree, 3 run')

  const menu = await openMenu(page, member(page, 'm1'))
  await expect(menu).toHaveAccessibleName(/^m1, leader of term \d+$/)
  await expect(menu.getByRole('menuitem', { name: 'Crash' })).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await expect(menu.getByRole('menuitem', { name: 'Freeze' })).toBeFocused()
  await page.keyboard.press('Home')
  await page.keyboard.press('Enter')
  await expect(member(page, 'm1')).toBeFocused()
  await expect(member(page, 'm1')).toHaveText(/down/)
  await expect(messages(page)).toContainText('crash m1')
  await expect(network(page)).toContainText('no primary counts the leases')
  await expect(network(page)).toContainText('2 of 3 must agree, 2 run')
  await expect(leaseRow(page, /^L1, no member counts it, TTL 10 s/)).toBeVisible()
  await expect(
    page.getByRole('option', { name: /^L1, TTL 10 s, no member counts it$/ }),
  ).toBeVisible()

  await page.keyboard.press('Shift+ArrowRight')
  await expect(leaders(page)).toHaveCount(1)
  await expect(leaders(page)).toHaveAccessibleName(/^Member m[23]: .*counts L1 down/)
  await expect(network(page)).not.toContainText('no primary')
  // Ten seconds, and the second that an election may take.
  await expect(leaseRow(page, /^L1, 11\.0 of 10 s/)).toBeVisible()

  await act(page, member(page, 'm1'), 'm1 starts again')
  await goTo(page, 9)
  await expect(member(page, 'm1')).toHaveAccessibleName(/: follower of m[23]/)
})

test('behind a wall the old leader gives up, and once it is gone there is one leader for all', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await openRun(page, 5)
  await goTo(page, 4)
  await openMenu(page, page.getByRole('button', { name: 'What if…' }))
  await page.getByRole('menuitem', { name: 'The network is cut…' }).press('Enter')
  const how = page.getByRole('group', { name: 'The network is cut…' }).getByLabel('How')
  await expect(how.getByRole('option')).toHaveText([
    'The leader is alone: m1 | m2 m3 m4 m5',
    'The leader stays with the minority: m1 m2 | m3 m4 m5',
    'The leader stays with the majority: m2 m3 | m1 m4 m5',
    'Every member is alone: m1 | m2 | m3 | m4 | m5',
  ])
  // If the menu is closed and opened at once, it has its entries again.
  await page.locator('[popover]:popover-open').evaluate((popover: HTMLElement) => {
    popover.hidePopover()
    popover.showPopover()
  })
  await expect(page.getByRole('menuitem').first()).toBeVisible()
  await page.keyboard.press('Escape')
  await whatIf(page, 'The network is cut…', {
    How: 'The leader stays with the minority: m1 m2 | m3 m4 m5',
  })
  await expect(network(page)).toContainText('cut: m1 m2 | m3 m4 m5')
  await expect(page.locator('.walls .wall')).toHaveCount(1)
  await expect(page.getByText('cut at 4.000 s')).toBeVisible()
  await goTo(page, 9)
  await expect(leaders(page)).toHaveCount(1)
  await expect(leaders(page)).toHaveAccessibleName(/^Member m[345]:/)
  await act(page, member(page, 'm5'), 'Cut off')
  await expect(network(page)).toContainText('cut: m5 | m1 m2 | m3 m4')
  await whatIf(page, 'All links are good again')
  await expect(network(page)).not.toContainText('cut')
  await expect(page.locator('.walls')).toHaveCount(0)
  await goTo(page, 14)
  await expect(leaders(page)).toHaveCount(1)
  await expect(page.getByRole('group', { name: /^Member m\d: follower of / })).toHaveCount(4)
})

test('a frozen member is what it was, and says what it knows of the leases; the messages between members are drawn on demand', async ({
  page,
}) => {
  await openRun(page, 3)
  await act(page, member(page, 'm2'), 'Freeze')
  await expect(member(page, 'm2')).toContainText('frozen')
  await expect(member(page, 'm2')).toContainText('was follower')
  await openMenu(page, member(page, 'm2'))
  await page.keyboard.press('Escape')
  await expect(page.getByRole('menu')).toHaveCount(0)
  await expect(member(page, 'm2')).toBeFocused()
  await goTo(page, 5)
  const leasesOf = async (name: string) => {
    await openMenu(page, member(page, name))
    await page.getByRole('menuitem', { name: 'Its leases…' }).press('Enter')
    return page.getByRole('group', { name: 'Its leases…' })
  }
  const frozen = await leasesOf('m2')
  await expect(frozen).toContainText('The lessor of m2 is not primary. It does not count.')
  await expect(frozen.getByRole('listitem')).toHaveText('L1 not counted')
  await page.keyboard.press('Escape')
  const counting = await leasesOf('m1')
  await expect(counting).toContainText('It counts down and proposes the revokes.')
  await expect(counting.getByRole('listitem')).toHaveText(/^L1 \d\.\d s$/)
  await page.keyboard.press('Escape')
  await act(page, member(page, 'm2'), 'm2 goes on')
  await goTo(page, 5.205)
  await expect(member(page, 'm2')).toHaveAccessibleName(/: follower of m1/)

  const beats = page.locator('.message[data-beat]')
  await expect(beats).toHaveCount(0)
  await page.getByRole('button', { name: 'Timeline options' }).press('Enter')
  await page.getByRole('menuitem', { name: 'Show messages between members' }).press('Enter')
  await expect(beats.first()).toBeVisible()
})

test('a lone member has faults too, by a right click', async ({ page }) => {
  await openRun(page, 1)
  await member(page, 'm1').click({ button: 'right' })
  const items = page.getByRole('menu').getByRole('menuitem')
  await expect(items.locator('.menu-word')).toHaveText([
    'Crash',
    'Ask to end',
    'Freeze',
    'Slow disk…',
    'Fast or slow clock…',
    'Set the wall clock…',
    'Remove from the cluster',
    'Its leases…',
  ])
  await items.filter({ hasText: 'Crash' }).click()
  await expect(member(page, 'm1')).toHaveAccessibleName(/: down/)
})

for (const [count, colorScheme] of [
  [3, 'light'],
  [7, 'dark'],
] as const) {
  test(`${count} members, in ${colorScheme}: axe finds nothing`, async ({ page }) => {
    await page.emulateMedia({ colorScheme })
    await openRun(page, count)
    await goTo(page, 4)
    await openMenu(page, member(page, 'm1'))
    await expectNoAxeViolations(page)
    await page.keyboard.press('Enter')
    const names = Array.from({ length: count }, (_, i) => `m${i + 1}`)
    await whatIf(page, 'The network is cut…', {
      How: `Every member is alone: ${names.join(' | ')}`,
    })
    await goTo(page, 8)
    await act(page, member(page, 'm2'), 'Freeze')
    await openMenu(page, member(page, 'm3'))
    await page.getByRole('menuitem', { name: 'Its leases…' }).press('Enter')
    await expectNoAxeViolations(page)
  })
}

test('no card covers another, and nothing has to be scrolled sideways, in any window', async ({
  page,
}) => {
  for (const [width, height] of [
    [1440, 900],
    [1024, 768],
    [390, 844],
    [320, 640],
  ] as const) {
    await page.setViewportSize({ width, height })
    for (const count of [3, 5, 7]) {
      const where = `${count} members at ${width} × ${height}`
      await openRun(page, count)
      const cards = page.getByRole('group', { name: /^(Member|Client) / })
      await expect(cards).toHaveCount(count + 1)
      await expect(async () => {
        const boxes = await cards.evaluateAll((all) =>
          all.map((card) => card.getBoundingClientRect().toJSON()),
        )
        for (const [i, a] of boxes.entries()) {
          for (const b of boxes.slice(i + 1)) {
            const apart = Math.max(
              a.left - b.right,
              b.left - a.right,
              a.top - b.bottom,
              b.top - a.bottom,
            )
            // On a phone, a line separates the rows.
            expect(apart, where).toBeGreaterThanOrEqual(width < 700 ? 0 : 4)
          }
        }
      }).toPass({ timeout: 20_000 })
      await fitsSideways(page, where)
    }
  }
})
