// The menu of scenarios: every file of the catalogue is a demo that plays by itself.

import { expect, expectNoAxeViolations, type Page, test } from './harness'

const menuButton = (page: Page) => page.getByRole('button', { name: 'Scenarios' })
const item = (page: Page, title: string) => page.getByRole('menuitem', { name: title, exact: true })

test('the article is opened by keyboard, plays to its end, and begins again', async ({ page }) => {
  const transcript = page.getByRole('region', { name: 'Console transcript' })
  const story = page.getByRole('region', { name: 'Story' })
  await menuButton(page).focus()
  await page.keyboard.press('Enter')
  await expect(item(page, 'The opening')).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(item(page, 'The article')).toBeFocused()
  await page.keyboard.press('End')
  await page.keyboard.press('ArrowDown')
  await expect(item(page, 'The opening')).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')

  await expect(item(page, 'The article')).toBeHidden()
  await expect(story).toContainText('The article')
  await expect(story).toContainText('Where etcd would answer otherwise, a note says so.')
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('100')
  await expect(transcript).toContainText(/lease [0-9a-f]{16} revoked/)
  await expect(transcript.getByText('No etcdctl has `lease renew`')).toBeVisible()
  await expect(transcript.getByText('From now on this ID means the latest lease').first()).toBeVisible()
  // The last line asks for the key of the revoked lease, and its job is over.
  await expect(page.getByRole('list', { name: 'Jobs' })).toHaveCount(0)
  const shown = await transcript.innerText()
  const last = 'get my-service/status'
  expect(shown.slice(0, shown.lastIndexOf(last)).trimEnd()).toContain('my-service/status\nhealthy')
  expect(shown.slice(shown.lastIndexOf(last) + last.length).trim()).toBe('')
  await expect(page.getByRole('list', { name: 'Leases' }).getByRole('button', { name: /^Revoke/ })).toHaveCount(0)

  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByRole('button', { name: 'Start over' }).click()
  await expect(story).toContainText('The article')
  await expect(transcript).not.toContainText('revoked')
})

test('the opening rests while a scenario plays, and comes back by the mouse', async ({ page }) => {
  const story = page.getByRole('region', { name: 'Story' })
  await expect(page.getByRole('list', { name: 'Keys' })).toContainText('/svc/a')
  await menuButton(page).click()
  await item(page, 'The heartbeat stops').click()
  await expect(story).toContainText('The heartbeat stops')
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('20')
  await expect(page.getByRole('log', { name: 'What happened' })).toContainText('deletes key /svc/a')
  await expect(story.getByRole('button', { name: 'Rewind and save it' })).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible()

  await menuButton(page).click()
  await item(page, 'The opening').click()
  await expect(story).toContainText('This key lives only while its lease does.')
  await expect(page.getByRole('button', { name: 'Stop the heartbeat' })).toBeVisible()
})

test('a menu left alone changes nothing, and nobody is shut out of it', async ({ page }) => {
  await menuButton(page).click()
  await expect(item(page, 'The article')).toBeVisible()
  await expectNoAxeViolations(page)
  await page.keyboard.press('Escape')
  await expect(item(page, 'The article')).toBeHidden()
  await expect(menuButton(page)).toBeFocused()
  await expect(page.getByRole('region', { name: 'Story' })).toContainText('This key lives only while its lease does.')
})

test('with reduced motion a scenario waits at its start', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await menuButton(page).click()
  await item(page, 'The heartbeat stops').click()
  await expect(page.getByText('t = 0.000 s')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
  // The stage has the focus: the key steps.
  await page.keyboard.press('Shift+ArrowRight')
  await expect(page.getByText('t = 0.030 s')).toBeVisible()
})
