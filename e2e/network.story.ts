// The network and the disks: slow and lossy links, walls in one direction, one message handled by
// hand, and a leader that shuts down.

import {
  act,
  choose,
  enter,
  leaders,
  member,
  network,
  openMenu,
  openRun,
  stage,
  whatIf,
} from './acts'
import { expect, expectNoAxeViolations, test } from './harness'
import { goTo, openPanel } from './screen'

test('a link is made slow and lossy, the stage says so, and healing takes it back, by keyboard', async ({
  page,
}) => {
  await openRun(page, 3)
  await whatIf(page, 'A link loses messages…', { Link: 'm1 – m2', Lost: '40' })
  await expect(network(page)).toContainText('m1–m2 loses 40 %')
  await whatIf(page, 'A link is slow…', { Link: 'm2 → m3 only' })
  await expect(network(page)).toContainText('m2 → m3 +50 ms')
  const link = stage(page).getByRole('group', { name: 'Link between m1 and m3' })
  await act(page, link, 'Uneven…', { 'Messages take longer by up to': '20' })
  await act(page, link, 'Doubles messages…')
  await act(page, link, 'Messages overtake…')
  await expect(network(page)).toContainText('m1–m3 up to +20 ms')
  await openMenu(page, link)
  await page.getByRole('menuitem', { name: 'Slow…' }).press('Enter')
  await expectNoAxeViolations(page)
  // Above the maximum, Do it is disabled.
  const field = page.getByRole('spinbutton', { name: 'Every message takes longer by' })
  await field.fill('70000')
  await expect(page.getByRole('button', { name: 'Do it' })).toBeDisabled()
  await page.keyboard.press('Escape')
  await act(page, link, 'All links are good again')
  await expect(network(page)).toHaveText('2 of 3 must agree, 3 run')
})

test('one message is dropped and another held up, from the list and on the stage', async ({
  page,
}) => {
  await openRun(page, 3)
  await openPanel(page, 'Console')
  await choose(page, 'guided: console mode', 'Leave the line in flight')
  await enter(page, 'etcdctl put caught 1')
  // The process has started, and its request is on its way.
  await page.getByRole('button', { name: 'Next event' }).press('Enter')
  const put = stage(page).getByRole('group', { name: /^Put request from t1 to m1/ })
  await openMenu(page, put)
  await expect(page.getByRole('menu')).toHaveAccessibleName(/^Put, t1 to m1 \(\d+\)$/)
  await expectNoAxeViolations(page)
  await page.getByRole('menuitem', { name: 'Hold for 500 ms' }).press('Enter')
  await openMenu(page, page.getByRole('button', { name: 'What if…' }))
  await page.getByRole('menuitem', { name: 'A message in flight…' }).press('Enter')
  const form = page.getByRole('group', { name: 'A message in flight…' })
  await expect(form.getByLabel('Message').getByRole('option').first()).toHaveText(
    /^Put, t1 to m1 \(\d+\)$/,
  )
  await form
    .getByLabel('It', { exact: true })
    .selectOption({ label: 'is lost (TCP sends a client’s again)' })
  await form.getByRole('button', { name: 'Do it' }).press('Enter')
  // TCP sends the message again, so it arrives late.
  await expect(put).toHaveAccessibleName('Put request from t1 to m1')
})

test('a leader that no member hears is said and drawn; it is replaced', async ({ page }) => {
  await openRun(page, 3)
  await act(page, member(page, 'm1'), 'Nothing from it arrives')
  await expect(network(page)).toContainText('nothing from m1 reaches m2 m3')
  await expect(page.locator('.walls .wall')).toHaveCount(2)
  await goTo(page, 4.5)
  await expect(leaders(page)).toHaveCount(1)
  await expect(leaders(page)).not.toHaveAccessibleName(/^Member m1/)
})

test('a leader that is asked to end hands over first; disks are slow, clocks run fast and are set', async ({
  page,
}) => {
  await openRun(page, 3)
  await act(page, member(page, 'm1'), 'Ask to end')
  await goTo(page, 2.5)
  await expect(member(page, 'm1')).toHaveAccessibleName(/: down/)
  await expect(leaders(page)).toHaveCount(1)
  const m3 = member(page, 'm3')
  await act(page, m3, 'Slow disk…', { 'A write takes': '800' })
  await expect(m3).toContainText('disk 800 ms')
  await act(page, m3, 'Fast or slow clock…')
  await act(page, m3, 'Set the wall clock…')
  await expect(m3).toHaveAccessibleName(/disk 800 ms, clock 150 %, date 3600 s behind$/)
  await expectNoAxeViolations(page)
  await act(page, m3, 'Clock at its true rate')
  await act(page, m3, 'Disk without delay')
  await expect(m3).toHaveAccessibleName(/\d, date 3600 s behind$/)
})
