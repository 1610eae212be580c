// The settings of a run: the version with each of its differences, the endpoints of clients,
// checkpoints. A change replays the same commands, beside the run before the change.

import { expect, expectNoAxeViolations, test } from './harness'
import { openStory, stageGroup } from './screen'

test('by keyboard: pre-vote is switched on in 3.4, clients know every member, checkpoints are kept; the run is played again as a branch', async ({
  page,
}) => {
  await openStory(page, 'rejoin-3.4')
  await expect(stageGroup(page, /^Member /)).toHaveCount(3)
  const button = page.getByRole('button', { name: /^etcd 3\.\d/ })
  await expect(button).toHaveText(/^etcd 3\.4 /)
  await button.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'How true is this?' })
  await expect(dialog).toBeVisible()
  // The counts of comparisons with etcd come first.
  await expect(dialog.getByRole('region', { name: 'What was compared with etcd' })).toContainText(
    /etcd 3\.4 is modelled as 3\.4\.23\. Compared with a real 3\.4\.23: \d,\d{3} API calls/,
  )
  await expect(
    dialog.getByRole('combobox', { name: 'As etcd' }).getByRole('option', { selected: true }),
  ).toHaveText('3.4 (as 3.4.23)')
  await expect(dialog.getByRole('combobox', { name: 'Members' })).toHaveValue('3')
  const again = dialog.getByRole('button', { name: 'Replay with these' })
  await expect(again).toBeDisabled()
  const preVote = dialog.getByRole('checkbox', { name: 'Pre-vote' })
  await expect(preVote).not.toBeChecked()
  await expect(preVote).toHaveAccessibleDescription(/asks for pre-votes.*on by default from 3\.5/)
  await preVote.press('Space')
  await expect(dialog).toContainText('not as 3.4')
  await dialog.getByRole('combobox', { name: 'Clients know' }).selectOption('all')
  await dialog.getByRole('combobox', { name: 'Checkpoints of leases' }).selectOption('persist')
  await expectNoAxeViolations(page)
  await again.press('Enter')
  await expect(dialog).toHaveCount(0)
  await expect(page.locator('.branch-name')).toHaveText(
    'endpoints: all, checkpoints: persist, preVote on',
  )

  // The current run has this setting; another version has its own default.
  await button.press('Enter')
  await expect(preVote).toBeChecked()
  await expect(dialog.getByRole('combobox', { name: 'Clients know' })).toHaveValue('all')
  await expect(dialog.getByRole('combobox', { name: 'Checkpoints of leases' })).toHaveValue(
    'persist',
  )
  await dialog.getByRole('combobox', { name: 'As etcd' }).selectOption('3.6')
  await expect(dialog).not.toContainText('not as 3.6')
  await again.press('Enter')
  await expect(button).toHaveText(/^etcd 3\.6 /)
  await page.getByRole('button', { name: 'Undo' }).press('Enter')
  await expect(button).toHaveText(/^etcd 3\.4 /)

  // Another seed or size gives another run. Text that is not a number is refused.
  await button.press('Enter')
  await dialog.getByRole('textbox', { name: 'Seed' }).fill('x')
  await expect(again).toBeDisabled()
  await dialog.getByRole('textbox', { name: 'Seed' }).fill('7')
  await dialog.getByRole('combobox', { name: 'Members' }).selectOption('5')
  await again.press('Enter')
  await expect(stageGroup(page, /^Member /)).toHaveCount(5)
})
