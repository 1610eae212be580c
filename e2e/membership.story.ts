// The membership of a running cluster changes by console lines and by menus. The stage shows the
// change in shapes and words.

import { act, enter, member, network, openMenu, openRun, stage, whatIf } from './acts'
import { expect, expectNoAxeViolations, test } from './harness'
import { drawer, goTo, messages, openPanel } from './screen'

test('a member is added as a learner and starts, by lines of the console', async ({ page }) => {
  await openRun(page, 3)
  await enter(page, 'etcdctl member add m4 --learner --peer-urls=http://127.0.0.1:52380')
  const added = member(page, '127.0.0.1:52380')
  await expect(added).toHaveAccessibleName(/: not started, no vote/)
  await expect(added).toContainText('not started')
  await expectNoAxeViolations(page)
  await enter(
    page,
    'etcd --name m4 --initial-cluster-state existing --listen-client-urls http://127.0.0.1:52379 --initial-advertise-peer-urls http://127.0.0.1:52380',
  )
  await expect(member(page, 'm4')).toHaveAccessibleName(/: learner, no vote/)
  await expect(added).toHaveCount(0)
  await expectNoAxeViolations(page)
})

test('by keyboard alone: added as a learner, started, promoted too early and in time, removed; the quorum is told', async ({
  page,
}) => {
  await openRun(page, 3)
  await expect(network(page)).toHaveText('2 of 3 must agree, 3 run')

  // For the first five seconds the members do not know each other's health, so etcd refuses.
  await goTo(page, 6)
  await openMenu(page, page.getByRole('button', { name: 'What if…' }))
  await page.getByRole('menuitem', { name: 'A member is added…' }).press('Enter')
  const form = page.getByRole('group', { name: 'A member is added…' })
  await expect(form.getByLabel('It joins')).toBeFocused()
  await expect(form).toContainText('2 of 3 must still agree')
  await form.getByLabel('It joins').selectOption({ label: 'with a vote' })
  await expect(form).toContainText('3 must agree instead of 2')
  await expectNoAxeViolations(page)
  await form.getByLabel('It joins').selectOption({ label: 'as a learner' })
  await form.getByRole('button', { name: 'Do it' }).press('Enter')
  const added = member(page, '127.0.0.1:42380')
  await expect(added).toHaveAccessibleName(/: not started, no vote/)
  await expect(network(page)).toHaveText('2 of 3 must agree, 3 run')
  await expect(messages(page)).toContainText(
    'etcdctl member add m4 --peer-urls=http://127.0.0.1:42380 --learner',
  )

  // The added member has not started yet.
  await openMenu(page, added)
  await expect(page.getByRole('menuitem', { name: 'Promote' })).toHaveAccessibleDescription(
    /3 must agree instead of 2/,
  )
  await expectNoAxeViolations(page)
  await page.getByRole('menuitem', { name: 'Promote' }).press('Enter')
  await openPanel(page, 'Console')
  await expect(drawer(page)).toContainText(
    'can only promote a learner member which is in sync with leader',
  )
  await expect(network(page)).toHaveText('2 of 3 must agree, 3 run')
  await act(page, added, '127.0.0.1:42380 starts')
  await expect(page.locator('#stage:focus, #stage :focus')).toHaveCount(1)
  await goTo(page, 8)
  await expect(member(page, 'm4')).toHaveAccessibleName(/: learner, no vote/)
  await whatIf(page, 'm4 is promoted')
  await goTo(page, 9)
  await expect(network(page)).toHaveText('3 of 4 must agree, 4 run')
  await expect(member(page, 'm4')).toHaveAccessibleName(/: follower of m1/)

  await act(page, member(page, 'm4'), 'Remove from the cluster')
  await goTo(page, 10)
  await expect(network(page)).toHaveText('2 of 3 must agree, 3 run')
  await expect(member(page, 'm4')).toContainText('removed')
  const menu = await openMenu(page, member(page, 'm4'))
  await expect(menu.getByRole('menuitem', { name: 'Remove from the cluster' })).toHaveCount(0)
})

test('a lone member and a second that nobody starts: two must agree, and only one runs', async ({
  page,
}) => {
  await openRun(page, 1)
  await expect(network(page)).toHaveText('')
  await whatIf(page, 'A member is added…', { 'It joins': 'with a vote' })
  await expect(network(page)).toHaveText('2 of 2 must agree, only 1 runs')
  await expect(network(page)).toBeInViewport()
  await expectNoAxeViolations(page, '#stage')
  await whatIf(page, '127.0.0.1:22380 starts')
  await goTo(page, 3)
  await expect(network(page)).toHaveText('2 of 2 must agree, 2 run')
  await expect(member(page, 'm2')).toBeVisible()
  await expectNoAxeViolations(page)
})

test('a lone member has links and messages too: its clients are cut off, and the link is slow', async ({
  page,
}) => {
  await openRun(page, 1)
  const menu = await openMenu(page, page.getByRole('button', { name: 'What if…' }))
  await expect(menu.getByRole('menuitem', { name: 'All links are good again' })).toHaveAttribute(
    'aria-disabled',
    'true',
  )
  await page.keyboard.press('Escape')
  await whatIf(page, 'The network is cut…', { How: 'The clients are cut off: svc | m1' })
  await expect(network(page)).toContainText('cut: svc | m1')
  await expect(page.locator('.walls .wall')).toHaveCount(1)
  await whatIf(page, 'All links are good again')
  await expect(network(page)).toHaveText('')
  await act(page, stage(page).getByRole('group', { name: 'Link between svc and m1' }), 'Slow…')
  await expect(network(page)).toContainText('m1–svc +50 ms')
})
