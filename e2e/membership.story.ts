// The group of a running cluster changes: by console lines, by keyboard, seen on the stage in shape and word.

import { expect, expectNoAxeViolations, type Page, test } from './harness'

async function enter(page: Page, line: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Console' }).fill(line)
  await page.keyboard.press('Enter')
}

const member = (page: Page, name: string) => page.getByRole('article', { name: new RegExp(`^Member ${name}`) })

test('a member is added as a learner, starts, and is promoted', async ({ page }) => {
  await page.getByRole('combobox', { name: 'Members' }).selectOption('3')
  await expect(page.getByRole('article', { name: /^Member / })).toHaveCount(3)
  await enter(page, 'etcdctl member add m4 --learner --peer-urls=http://127.0.0.1:52380')
  const added = page.getByRole('article', { name: 'Member at 127.0.0.1:52380, not started' })
  await expect(added).toContainText('NOT STARTED')
  await expect(added).toContainText('no vote')
  await expectNoAxeViolations(page)
  await enter(
    page,
    'etcd --name m4 --initial-cluster-state existing --listen-client-urls http://127.0.0.1:52379 --initial-advertise-peer-urls http://127.0.0.1:52380',
  )
  await expect(member(page, 'm4')).toContainText('LEARNER, no vote')
  await expect(added).toHaveCount(0)
  await expectNoAxeViolations(page)
})

test('by keyboard alone: added as a learner, started, promoted too early and in time, removed; the quorum is told', async ({ page }) => {
  const stage = page.getByRole('region', { name: 'Stage' })
  const choose = async (menu: string, item: string) => {
    await page.getByRole('button', { name: menu }).press('Enter')
    const first = page.getByRole('menu', { name: menu }).getByRole('menuitem').first()
    await expect(first).toBeFocused()
    while (!(await page.getByRole('menuitem', { name: item }).evaluate((each) => each.matches(':focus'))))
      await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
  }
  const aSecond = () => page.getByRole('button', { name: '+1 s' }).press('Enter')
  await page.getByRole('combobox', { name: 'Members' }).selectOption('3')
  await expect(page.getByRole('article', { name: /^Member / })).toHaveCount(3)
  await page.getByRole('button', { name: 'Pause' }).press('Enter')
  await expect(stage).toContainText('2 of 3 voters must agree, 3 run')

  // Members are unknown to each other's health for the first five seconds: etcd refuses then.
  await page.getByRole('spinbutton', { name: 'Go to time (seconds)' }).fill('6')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Add a member' }).press('Enter')
  await expect(page.getByRole('menuitem', { name: 'As a learner' })).toHaveAccessibleDescription(/2 of 3 must agree as before/)
  await expect(page.getByRole('menuitem', { name: 'With a vote' })).toHaveAccessibleDescription(/3 must agree instead of 2/)
  await expectNoAxeViolations(page)
  await page.keyboard.press('Escape')
  await choose('Add a member', 'As a learner')
  await expect(stage).toContainText('NOT STARTED')
  await expect(stage).toContainText('2 of 3 voters must agree, 3 run')
  await expect(page.getByText('etcdctl member add m4 --peer-urls=http://127.0.0.1:42380 --learner').first()).toBeVisible()
  await expectNoAxeViolations(page)

  // It has not even started.
  await choose('Membership of 127.0.0.1:42380', 'Promote')
  await expect(page.getByRole('region', { name: 'Console', exact: true })).toContainText(
    'can only promote a learner member which is in sync with leader',
  )
  await expect(stage).toContainText('2 of 3 voters must agree, 3 run')
  await page.getByRole('button', { name: 'Start it at 127.0.0.1:42380' }).press('Enter')
  await expect(stage).toBeFocused()
  await aSecond()
  await expect(member(page, 'm4')).toContainText('LEARNER, no vote')
  await page.getByRole('button', { name: 'Promote m4' }).press('Enter')
  await aSecond()
  await expect(stage).toContainText('3 of 4 voters must agree, 4 run')
  await expect(member(page, 'm4')).toContainText('FOLLOWER of m1')

  await choose('Faults of m4', 'Remove from the cluster')
  await aSecond()
  await expect(stage).toContainText('2 of 3 voters must agree, 3 run')
  await expect(member(page, 'm4')).toContainText('REMOVED')
  await page.getByRole('button', { name: 'Faults of m4' }).press('Enter')
  await expect(page.getByRole('menuitem', { name: 'Remove from the cluster' })).toHaveCount(0)
})

test('a lone member and a second that nobody starts: two must agree, and only one runs', async ({ page }) => {
  const stage = page.getByRole('region', { name: 'Stage' })
  await page.getByRole('button', { name: 'Add a member' }).press('Enter')
  await page.getByRole('menuitem', { name: 'With a vote' }).press('Enter')
  await expect(stage).toContainText('2 of 2 voters must agree, ✕ only 1 runs')
  await page.getByRole('button', { name: 'Start it at 127.0.0.1:22380' }).press('Enter')
  await expect(stage).toContainText('2 of 2 voters must agree, 2 run')
  await expect(member(page, 'm2')).toBeVisible()
  await expectNoAxeViolations(page)
})

test('a lone member has links and messages too: its clients are cut off, and the link is slow', async ({ page }) => {
  const trouble = page.getByRole('region', { name: 'Stage' }).getByRole('status')
  await page.getByRole('button', { name: 'Pause' }).press('Enter')
  await expect(page.getByRole('button', { name: 'Heal the network' })).toHaveCount(0)
  await page.getByRole('button', { name: 'Partitions' }).press('Enter')
  await page.getByRole('menuitem', { name: 'Clients cut off' }).press('Enter')
  await expect(trouble).toContainText('Partition: svc | m1')
  await page.getByRole('button', { name: 'Heal the network' }).press('Enter')
  await expect(page.getByRole('button', { name: 'Heal the network' })).toBeFocused()
  await page.getByRole('button', { name: 'Links ▾' }).press('Enter')
  await page.getByRole('combobox', { name: 'Link', exact: true }).selectOption('svc – m1')
  await page.getByRole('button', { name: 'Set', exact: true }).press('Enter')
  await expect(trouble).toContainText('m1–svc +50 ms')
})
