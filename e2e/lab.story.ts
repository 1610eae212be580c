// The lock lab: the space-time diagram, and a run in which the reader is the scheduler.

import { expect, expectNoAxeViolations, type Page, test } from './harness'

const lab = (page: Page) => page.getByRole('region', { name: 'Lock lab' })
const cards = (page: Page) => page.getByRole('list', { name: 'What may happen next' }).getByRole('button')

async function openLab(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Lock lab' })
  await button.focus()
  await page.keyboard.press('Enter')
  await expect(lab(page)).toBeVisible()
}

async function openPane(page: Page, name: string): Promise<void> {
  await lab(page).getByRole('tab', { name }).click()
}

async function goTo(page: Page, seconds: number): Promise<void> {
  await page.getByRole('spinbutton', { name: 'Go to time (seconds)' }).fill(String(seconds))
  await page.keyboard.press('Enter')
  await expect(page.getByText(`t = ${seconds.toFixed(3)} s`)).toBeVisible()
}

test('the space-time diagram shows what the cursor has seen, and says the same in a table', async ({ page }) => {
  await page.getByRole('button', { name: 'Pause' }).click()
  await openLab(page)
  await goTo(page, 0.045)
  const figure = page.getByRole('img', { name: /^Space-time diagram/ })
  await expect(figure).toHaveAccessibleName(/lanes svc, m1; 2 messages\./)
  await lab(page).getByText('The same as a table').click()
  const rows = lab(page).getByRole('table').getByRole('row')
  await expect(rows).toHaveCount(3)
  await expect(rows.nth(1)).toContainText('svc → m1')
  await expect(rows.nth(1)).toContainText('arrives at 0.030')
  await expect(rows.nth(2)).toContainText('on its way, due at 0.060')
  // Later more is told, and back again as much as before.
  await goTo(page, 1)
  await expect(figure).toHaveAccessibleName(/; 6 messages\./)
  await goTo(page, 0.045)
  await expect(figure).toHaveAccessibleName(/; 2 messages\./)
  await rows.nth(1).getByRole('button').press('Enter')
  await expect(page.getByText('t = 0.000 s')).toBeVisible()
})

test('nothing moves but what is chosen, by keyboard, and a choice can be taken back', async ({ page }) => {
  await page.getByRole('button', { name: 'Pause' }).click()
  await goTo(page, 1)
  await openLab(page)
  const tab = lab(page).getByRole('tab', { name: 'Space-time' })
  await tab.focus()
  await page.keyboard.press('ArrowRight')
  await expect(lab(page).getByRole('tab', { name: 'You schedule' })).toBeFocused()
  const wait = cards(page).filter({ hasText: 'time passes until lease' })
  await expect(wait).toHaveCount(1)
  // The heartbeat is never chosen: time goes by without it, and the lease runs out when its pass is chosen.
  await wait.press('Enter')
  await expect(page.getByText(/t = 10\.\d+ s/)).toBeVisible()
  await expect(cards(page).filter({ hasText: 'sends its heartbeat' })).toContainText('due since 3.')
  const pass = cards(page).filter({ hasText: 'finds that lease' })
  await expect(pass).toHaveCount(1)
  await pass.press('Enter')
  await expect(pass).toHaveCount(0)
  await expect(page.getByRole('log')).toContainText('revokes L1 (expired)')
  await lab(page).getByRole('button', { name: 'Undo the last choice' }).press('Enter')
  await expect(pass).toHaveCount(1)
  await cards(page).first().focus()
  await page.keyboard.press('ArrowDown')
  await expect(cards(page).nth(1)).toBeFocused()
})

const client = (page: Page, name: string) => lab(page).getByRole('article', { name: `Client ${name}` })
const locks = (page: Page) => lab(page).getByRole('region', { name: 'Locks' })

async function start(page: Page, recipe: string, pane: string): Promise<void> {
  await openLab(page)
  await openPane(page, pane)
  await lab(page).getByRole('combobox', { name: 'Program' }).selectOption({ label: recipe })
  await lab(page).getByRole('button', { name: 'Start', exact: true }).press('Enter')
  await expect(client(page, 'b')).toBeVisible()
}

test('the scheduler lets both clients look before either puts: both see no lock, by keyboard', async ({ page }) => {
  await start(page, 'Check, then put', 'You schedule')
  await expect(page.getByText('t = 0.000 s')).toBeVisible()
  const line = (name: string, what: RegExp) =>
    cards(page)
      .filter({ hasText: new RegExp(`next line${name}`) })
      .filter({ hasText: what })
  const card = (who: string, what: RegExp) => cards(page).filter({ hasText: who }).filter({ hasText: what })
  for (const name of ['a', 'b']) {
    await line(name, /grant 10/).press('Enter')
    await card(`${name} → m1`, /LeaseGrant/).press('Enter')
    await card(`m1 → ${name}`, /TTL 10 s/).press('Enter')
    await line(name, /keep lease/).press('Enter')
    await line(name, /found = get/).press('Enter')
    await card(`${name} → m1`, /Range/).press('Enter')
    await card(`m1 → ${name}`, /nothing there/).press('Enter')
    await line(name, /if found/).press('Enter')
    // The one that looked first has not put yet: the other one is to look too.
    await expect(line(name, /put \/lock/)).toHaveCount(1)
  }
  await expect(locks(page)).toContainText('Nobody holds it.')
  for (const name of ['a', 'b']) {
    await line(name, /put \/lock/).press('Enter')
    await card(`${name} → m1`, /Put/).press('Enter')
    await card(`m1 → ${name}`, /done at revision/).press('Enter')
    await line(name, /enter \/lock/).press('Enter')
  }
  await expect(locks(page).getByRole('status')).toContainText('a and b are in the critical section at once.')
  await expect(page.getByRole('log')).toContainText(
    'is in the critical section /lock together with a: two at once. None of their leases is gone',
  )
  // From there to its causes: each had seen no lock.
  await locks(page).getByRole('button', { name: 'Why? lock /lock' }).press('Enter')
  const reasons = page.getByRole('list', { name: 'From the event back to its causes' }).getByRole('listitem')
  await expect(reasons.first()).toContainText('two at once')
  for (const name of ['a', 'b']) await expect(reasons.filter({ hasText: new RegExp(`${name} line 6: found = get /lock`) })).toHaveCount(1)
  // As one command a choice: the run plays again to the same end.
  await openPane(page, 'Space-time')
  await expect(page.getByRole('img', { name: /^Space-time diagram/ })).toHaveAccessibleName(/lanes a, b, m1/)
  await expectNoAxeViolations(page, '.lab')
})

test('a mistake is shown where it is, and the mended program runs', async ({ page }) => {
  await page.getByRole('button', { name: 'Pause' }).click()
  await openLab(page)
  await lab(page).getByRole('button', { name: 'Edit the program' }).press('Enter')
  const editor = lab(page).getByRole('textbox', { name: 'Program' })
  await editor.focus()
  await page.keyboard.press('Control+A')
  await page.keyboard.type('lease = grant 10\nput /mine $me wiht lease\nsleep 9s')
  const status = lab(page).getByRole('tabpanel', { name: 'Program' }).getByRole('status')
  await expect(status).toContainText('line 2, column 15: expected the end of the line here')
  await expect(lab(page).locator('.cm-lint-marker-error')).toHaveCount(1)
  await expect(lab(page).getByRole('button', { name: 'Start', exact: true })).toBeDisabled()
  await expectNoAxeViolations(page, '.lab')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('End')
  for (let i = 0; i < 'wiht lease'.length; i++) await page.keyboard.press('Backspace')
  await page.keyboard.type('with lease')
  await expect(status).toContainText('No mistake')
  // Tab leaves the editor.
  await page.keyboard.press('Tab')
  await expect(editor).not.toBeFocused()
  await lab(page).getByRole('button', { name: 'Start', exact: true }).press('Enter')
  await expect(client(page, 'b').getByRole('listitem').filter({ hasText: 'sleep 9s' })).toHaveAttribute('aria-current', 'step')
  await expect(page.getByRole('list', { name: 'Keys' })).toContainText('/mine')
})

test('a holder that was paused writes late: taken where nobody checks, bounced with both tokens where somebody does', async ({ page }) => {
  await start(page, 'Mutex with fencing', 'Storage')
  await page.getByRole('button', { name: 'Pause', exact: true }).press('Enter')
  await goTo(page, 0.5)
  await expect(locks(page)).toContainText('a holds it and works.')
  await lab(page).getByRole('button', { name: 'Pause a' }).press('Enter')
  await expect(client(page, 'a')).toContainText('PAUSED')
  await expect(locks(page)).toContainText(/Nobody works, b waits: a is paused/)
  await goTo(page, 3)
  await goTo(page, 7)
  await expect(client(page, 'a')).toContainText('gone since')
  await lab(page).getByRole('button', { name: 'Resume a' }).press('Enter')
  await goTo(page, 12)
  const ledger = lab(page).getByRole('table')
  await expect(ledger).toContainText('STALE: its writer’s lease is gone')
  await expect(lab(page).getByText('One write of a stale holder was taken.')).toBeVisible()
  await lab(page).getByRole('checkbox', { name: 'Check tokens' }).press('Space')
  await expect(ledger).toContainText(/bounced: token 2 < 3/)
  await expect(ledger).not.toContainText('STALE')
  await expect(page.getByText('t = 12.000 s')).toBeVisible()
  await expectNoAxeViolations(page, '.lab')
  const branches = page.locator('.branches-button .count')
  const before = await branches.innerText()
  await lab(page).getByRole('checkbox', { name: 'Check tokens' }).press('Space')
  await expect(ledger).toContainText('STALE')
  // Back where it was, not on a third branch.
  await expect(branches).toHaveText(before)
  // The stage shows the storage too, and each write's fate by a shape and words.
  await lab(page).getByRole('checkbox', { name: 'Check tokens' }).press('Space')
  await lab(page).getByRole('button', { name: 'Back to the stage' }).press('Enter')
  const storage = page.getByRole('article', { name: 'Storage' })
  await expect(storage).toContainText('refuses tokens below 3')
  await expect(storage.getByRole('listitem').first()).toContainText('✕ bounced: token 2 < 3')
  await expect(storage).toContainText('2 writes, 1 bounced')
  await page
    .getByRole('log')
    .getByRole('button', { name: /refuses from-a from a: token 2 is lower than 3/ })
    .first()
    .press('Enter')
  await expect(page.getByRole('img', { name: /refused reply from storage to a/ })).toBeVisible()
  await expectNoAxeViolations(page, '.stage')
  await goTo(page, 1)
  await expect(storage).toContainText('Nobody has written yet.')
})

test('the dead holder’s time is counted while everybody waits; without a lease it is for ever', async ({ page }) => {
  await start(page, 'Put if absent with a lease, polling', 'Space-time')
  await page.getByRole('button', { name: 'Pause', exact: true }).press('Enter')
  await goTo(page, 0.4)
  await lab(page).getByRole('button', { name: 'Crash a' }).press('Enter')
  await goTo(page, 2)
  await expect(locks(page)).toContainText(
    /Nobody works, b waits: a has crashed and its lease has \d\.\d s left; the expiry loop finds it at \d\.\d{3} s\./,
  )
  await expect(client(page, 'a')).toContainText('CRASHED')
  await goTo(page, 8)
  await expect(locks(page)).not.toContainText('has crashed')
  await lab(page).getByRole('combobox', { name: 'Program' }).selectOption({ label: 'Put if absent, without a lease' })
  await lab(page).getByRole('button', { name: 'Start', exact: true }).press('Enter')
  await page.getByRole('button', { name: 'Pause', exact: true }).press('Enter')
  await goTo(page, 0.4)
  await lab(page).getByRole('button', { name: 'Crash a' }).press('Enter')
  await goTo(page, 60)
  await expect(locks(page)).toContainText('its key has no lease and stays for ever')
})

test('a client is held, stepped by a line and run to one, while the other goes on', async ({ page }) => {
  await start(page, 'Check, then put', 'Space-time')
  await page.getByRole('button', { name: 'Start over' }).press('Enter')
  await page.getByRole('button', { name: 'Pause', exact: true }).press('Enter')
  await goTo(page, 0)
  await lab(page).getByRole('button', { name: 'Hold a' }).press('Enter')
  await goTo(page, 3)
  await expect(client(page, 'b')).toContainText('finished')
  await expect(client(page, 'a')).toContainText('held')
  const current = client(page, 'a').locator('[aria-current="step"]')
  await expect(current).toContainText('lease = grant 10')
  await lab(page).getByRole('button', { name: 'Step one line a' }).press('Enter')
  await lab(page).getByRole('button', { name: 'Step one line a' }).press('Enter')
  await expect(current).toContainText('found = get /lock')
  await lab(page).getByRole('button', { name: 'Run a to line 9' }).press('Enter')
  await expect(client(page, 'a')).toContainText('held')
  await expect(current).toContainText('enter /lock')
  await page.getByRole('button', { name: 'Pause', exact: true }).press('Enter')
  await lab(page).getByRole('button', { name: 'Release a' }).press('Enter')
  await page.getByRole('button', { name: 'Play', exact: true }).press('Enter')
  await expect(client(page, 'a')).toContainText('finished')
})

test('a clock that is set back makes its client believe for longer, and its card says how far it is off', async ({ page }) => {
  await start(page, 'Its own clock before each write', 'Storage')
  await page.getByRole('button', { name: 'Pause', exact: true }).press('Enter')
  await goTo(page, 1)
  await lab(page).getByRole('combobox', { name: 'Set the clock of a' }).selectOption({ label: '3 s back' })
  await expect(client(page, 'a')).toContainText('clock 3.0 s behind')
  await expect(page.getByRole('log')).toContainText('a has its clock set 3 s back')
  await goTo(page, 6)
  await expect(lab(page).getByRole('table')).toContainText('STALE: its writer’s lease is gone')
  await expectNoAxeViolations(page, '.lab')
  await lab(page).getByRole('button', { name: 'Back to the stage' }).press('Enter')
  await expect(page.getByRole('region', { name: 'Stage' }).getByRole('article', { name: 'Client a' })).toContainText('clock 3.0 s behind')
})

test('the opening leads on to two clients and a lock', async ({ page }) => {
  await page.getByRole('button', { name: 'Stop the heartbeat' }).press('Enter')
  const next = page.getByRole('button', { name: 'Now with two clients and a lock' })
  await expect(next).toBeVisible({ timeout: 60_000 })
  await next.press('Enter')
  await expect(client(page, 'a')).toBeVisible()
  await expect(client(page, 'b')).toBeVisible()
  await expect(locks(page)).toContainText('/lock')
})

test('a story of the lock lab opens in it, and console words drive a client', async ({ page }) => {
  await page.getByRole('button', { name: 'Scenarios' }).press('Enter')
  await page.getByRole('group', { name: 'Lock lab' }).getByRole('menuitem', { name: 'The herd' }).press('Enter')
  await expect(client(page, 'a')).toBeVisible()
  await page.getByRole('button', { name: 'Pause', exact: true }).press('Enter')
  await goTo(page, 0.3)
  const enter = async (line: string): Promise<void> => {
    const input = page.getByRole('region', { name: 'Console' }).getByRole('textbox')
    await input.fill(line)
    await input.press('Enter')
  }
  // A label of its program has that name too.
  const state = client(page, 'b').locator('header')
  await enter('hold b')
  await expect(state).toContainText('held')
  await enter('release b')
  await expect(state).not.toContainText('held')
  await enter('crash a')
  await expect(client(page, 'a')).toContainText('CRASHED')
})

for (const [width, height, colorScheme] of [
  [1440, 900, 'light'],
  [1024, 768, 'dark'],
  [390, 844, 'light'],
] as const) {
  test(`the lab at ${width} by ${height}, ${colorScheme}: axe finds nothing and nothing has to be scrolled sideways`, async ({ page }) => {
    await page.setViewportSize({ width, height })
    await page.emulateMedia({ colorScheme })
    await page.getByRole('button', { name: 'Pause' }).click()
    await openLab(page)
    await lab(page).getByRole('button', { name: 'Start', exact: true }).click()
    await page.getByRole('button', { name: 'Pause', exact: true }).click()
    await goTo(page, 1)
    for (const pane of ['Space-time', 'You schedule', 'Storage', 'Program']) {
      await openPane(page, pane)
      await expect(lab(page).getByRole('tabpanel', { name: pane })).not.toBeEmpty()
      await expectNoAxeViolations(page, '.lab')
      const [content, shown] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth])
      expect(content).toBe(shown)
    }
    await page.getByRole('button', { name: 'Back to the stage' }).click()
    await expect(page.getByRole('region', { name: 'Stage' })).toBeVisible()
  })
}
