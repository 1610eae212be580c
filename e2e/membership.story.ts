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
