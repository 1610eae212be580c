// What a run is set to, beside its size: the version with each of its differences, whom clients know, checkpoints. A change plays the same commands again.

import { expect, expectNoAxeViolations, test } from './harness'

test('by keyboard: pre-vote is switched on in 3.4, clients know every member, checkpoints are kept; the run is played again as a branch', async ({
  page,
}) => {
  await page.getByRole('combobox', { name: 'Members' }).selectOption('3')
  await expect(page.getByRole('article', { name: /^Member / })).toHaveCount(3)
  await page.getByRole('button', { name: 'Pause' }).press('Enter')
  const button = page.getByRole('button', { name: /settings of this run/ })
  await expect(button).toContainText('3 members · 3.4')
  await button.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'How this run is set' })
  await expect(dialog).toBeVisible()
  const again = dialog.getByRole('button', { name: 'Run again with these' })
  await expect(again).toBeDisabled()
  const preVote = dialog.getByRole('checkbox', { name: 'pre vote' })
  await expect(preVote).not.toBeChecked()
  await expect(preVote).toHaveAccessibleDescription(/asks whether it could win.*on by default from 3\.5/)
  await preVote.press('Space')
  await expect(dialog).toContainText('≠ 3.4')
  await dialog.getByRole('combobox', { name: 'Clients know' }).selectOption('all')
  await dialog.getByRole('combobox', { name: 'Checkpoints of leases' }).selectOption('persist')
  await expectNoAxeViolations(page)
  await again.press('Enter')
  await expect(dialog).toHaveCount(0)
  await expect(page.locator('.branch-name')).toHaveText('endpoints: all, checkpoints: persist, preVote on')

  // It is so in the run that stands there now, and another version has its own.
  await button.press('Enter')
  await expect(preVote).toBeChecked()
  await expect(dialog.getByRole('combobox', { name: 'Clients know' })).toHaveValue('all')
  await expect(dialog.getByRole('combobox', { name: 'Checkpoints of leases' })).toHaveValue('persist')
  await dialog.getByRole('combobox', { name: 'As etcd' }).selectOption('3.6')
  await expect(dialog).not.toContainText('≠ 3.6')
  await again.press('Enter')
  await expect(button).toContainText('3 members · 3.6')
  await page.getByRole('button', { name: 'Undo' }).press('Enter')
  await expect(button).toContainText('3 members · 3.4')
})
