// Programs of clients: recipes and their editor, and a run in which the reader is the scheduler.
// Also a debugger for one client, locks, and the storage that checks tokens.

import { act, choose, client, enter, openRun, stage } from './acts'
import { expect, expectNoAxeViolations, type Page, test } from './harness'
import {
  drawer,
  fitsSideways,
  goTo,
  leaseRow,
  openPanel,
  openStory,
  standsAt,
  storyBar,
} from './screen'

const cards = (page: Page) =>
  page.getByRole('list', { name: 'What may happen next' }).getByRole('button')
const log = (page: Page) => drawer(page).getByRole('listbox', { name: 'What happened' })
const lines = (page: Page, name: string) =>
  drawer(page)
    .getByRole('listbox', { name: `Program of ${name}` })
    .getByRole('option')
const storage = (page: Page) => stage(page).getByRole('region', { name: /^Storage, / })

const openRecipes = (page: Page) => choose(page, 'What if…', 'A lock recipe, or a program…')

/** Starts a recipe in two clients, paused at 0. */
async function start(page: Page, recipe: string): Promise<void> {
  await openRun(page, 1)
  await openRecipes(page)
  await drawer(page).getByRole('combobox', { name: 'Program' }).selectOption({ label: recipe })
  await drawer(page).getByRole('button', { name: 'Start a run' }).press('Enter')
  await expect(client(page, 'b')).toBeVisible()
  await goTo(page, 0)
}

const stepBy = (page: Page, word: string) => choose(page, /^step by /, word)

test('nothing moves but what is chosen, by keyboard, and a choice can be taken back', async ({
  page,
}) => {
  await openRun(page, 1)
  await stepBy(page, 'move')
  const wait = cards(page).filter({ hasText: 'time passes until m1 finds that L1' })
  await expect(wait).toHaveCount(1)
  // The reader never chooses the heartbeat. Time passes without it, and the lease expires when the
  // reader chooses the lessor's pass.
  await wait.press('Enter')
  await expect(page.getByRole('button', { name: /^Time: 10\.\d{3} s/ })).toBeVisible()
  await expect(cards(page).filter({ hasText: /heartbeat|keep-alive/ })).toContainText(
    'due since 3.',
  )
  const pass = cards(page).filter({ hasText: /m1 finds that L1 has expired and/ })
  await pass.press('Enter')
  await expect(pass).toHaveCount(0)
  await expect(leaseRow(page, /^L1, gone/)).toBeVisible()
  await drawer(page).getByRole('button', { name: 'Undo the last choice' }).press('Enter')
  await expect(pass).toHaveCount(1)
  await expect(leaseRow(page, /^L1, gone/)).toHaveCount(0)
  await cards(page).first().focus()
  await page.keyboard.press('ArrowDown')
  await expect(cards(page).nth(1)).toBeFocused()
  await expectNoAxeViolations(page)
})

test('the scheduler lets both clients look before either puts: both see no lock, by keyboard', async ({
  page,
}) => {
  await start(page, 'Check, then put')
  await stepBy(page, 'move')
  const line = (name: string, what: RegExp) =>
    cards(page)
      .filter({ hasText: new RegExp(`^${name} .*next line`) })
      .filter({ hasText: what })
  const card = (who: string, what: RegExp) =>
    cards(page).filter({ hasText: who }).filter({ hasText: what })
  for (const name of ['a', 'b']) {
    await line(name, /grant 10/).press('Enter')
    await card(`${name} → m1`, /LeaseGrant/).press('Enter')
    await card(`m1 → ${name}`, /TTL 10 s/).press('Enter')
    await line(name, /keep lease/).press('Enter')
    await line(name, /found = get/).press('Enter')
    await card(`${name} → m1`, /Range/).press('Enter')
    await card(`m1 → ${name}`, /no key/).press('Enter')
    await line(name, /if found/).press('Enter')
    // The client that looked first has not put its key yet, so the other client can look too.
    await expect(line(name, /put \/lock/)).toHaveCount(1)
  }
  for (const name of ['a', 'b']) {
    await line(name, /put \/lock/).press('Enter')
    await card(`${name} → m1`, /Put/).press('Enter')
    await card(`m1 → ${name}`, /revision/).press('Enter')
    await line(name, /enter \/lock/).press('Enter')
  }
  await expect(storyBar(page)).toContainText(
    /Two inside since \d\.\d{3} s: b holds \/lock by the store, a is inside too/,
  )
  for (const name of ['a', 'b'])
    await expect(client(page, name)).toHaveAccessibleName(/, inside \/lock/)
  await expect(page.getByRole('button', { name: /mutual exclusion broken at/ })).toBeVisible()
  // From there to the causes: each client had seen no lock.
  await openPanel(page, 'Log')
  await log(page)
    .getByRole('option', { name: /is in the critical section \/lock together with a: two at once/ })
    .focus()
  await page.keyboard.press('w')
  const reasons = drawer(page)
    .getByRole('list', { name: 'From the event back to its causes' })
    .getByRole('listitem')
  await expect(reasons.first()).toContainText('two at once')
  for (const name of ['a', 'b'])
    await expect(
      reasons.filter({ hasText: new RegExp(`${name} runs line 6: found = get /lock`) }),
    ).toHaveCount(1)
  await expectNoAxeViolations(page)
})

test('a mistake is shown where it is, and the mended program runs', async ({ page }) => {
  await openRun(page, 1)
  await openRecipes(page)
  await drawer(page).getByRole('button', { name: 'Edit' }).press('Enter')
  const editor = drawer(page).getByRole('textbox', { name: 'Program' })
  await editor.focus()
  await page.keyboard.press('Control+A')
  await page.keyboard.insertText('lease = grant 10\nput /mine $me wiht lease\nsleep 9s')
  const status = drawer(page).getByRole('status')
  await expect(status).toContainText('Line 2, column 15: expected the end of the line here')
  await expect(drawer(page).locator('.cm-lint-marker-error')).toHaveCount(1)
  await expect(drawer(page).getByRole('button', { name: 'Start a run' })).toBeDisabled()
  await expectNoAxeViolations(page)
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('End')
  for (let i = 0; i < 'wiht lease'.length; i++) await page.keyboard.press('Backspace')
  await page.keyboard.insertText('with lease')
  await expect(status).toHaveText('')
  // Tab leaves the editor.
  await page.keyboard.press('Tab')
  await expect(editor).not.toBeFocused()
  await drawer(page).getByRole('button', { name: 'Start a run' }).press('Enter')
  await goTo(page, 1)
  await expect(lines(page, 'a').filter({ hasText: 'sleep 9s' })).toHaveAttribute(
    'aria-selected',
    'true',
  )
  await expect(client(page, 'b').locator('[aria-current="step"]')).toContainText('sleep 9s')
  await expect(stage(page).getByTitle(/^\/mine = /)).toBeVisible()

  // A changed program of a running client is a new branch.
  await drawer(page).getByRole('button', { name: 'Edit' }).press('Enter')
  await drawer(page).getByRole('textbox', { name: 'Program of a' }).focus()
  await page.keyboard.press('Control+A')
  await page.keyboard.insertText('lease = grant 5\nput /other $me with lease\nsleep 9s')
  await drawer(page).getByRole('button', { name: 'Run as a new branch' }).press('Enter')
  await expect(page.getByRole('button', { name: /^Branch: / })).toBeVisible()
  await expect(stage(page).getByTitle(/^\/other = /)).toBeVisible()
})

test('a holder that was paused writes late: taken where the storage checks nothing, refused where it checks tokens', async ({
  page,
}) => {
  await start(page, 'Mutex with fencing')
  await goTo(page, 0.5)
  await expect(storyBar(page)).toContainText('Client a holds /job by the store and is inside.')
  await act(page, client(page, 'a'), 'Pause')
  await expect(client(page, 'a')).toContainText('frozen')
  await expect(client(page, 'a')).toHaveAccessibleName(/frozen at 0\.500 s/)
  await goTo(page, 3)
  await goTo(page, 7)
  await expect(client(page, 'a')).toHaveAccessibleName(
    /frozen without L1, since \d\.\d{3} s L1 is gone/,
  )
  await act(page, client(page, 'a'), 'Go on')
  await goTo(page, 12)
  await expect(storage(page)).toContainText('STALE, taken')
  await openPanel(page, 'Storage')
  await expect(drawer(page).getByRole('status')).toHaveText(
    'One write of a stale holder was taken.',
  )
  const checks = drawer(page).getByRole('checkbox', { name: 'Checks tokens' })
  const writes = drawer(page).getByRole('list', { name: 'Writes, the latest first' })
  await checks.press('Space')
  await expect(writes).toContainText('refused')
  await expect(writes).not.toContainText('stale')
  await expect(storage(page)).toHaveAccessibleName(/^Storage, checks tokens, /)
  await standsAt(page, 12)
  await expectNoAxeViolations(page)
  const branch = page.getByRole('button', { name: /^Branch: / })
  const count = async () => (await branch.textContent())?.match(/\d+ branches/)?.[0]
  await expect(branch).toHaveText(/\d+ branches/)
  const before = await count()
  await checks.press('Space')
  await expect(writes).toContainText('stale, taken')
  // The toggle returns to the first branch and makes no third branch.
  await expect.poll(count).toBe(before)
  // The stage shows the result of each write in words, and the refused reply on its way.
  await checks.press('Space')
  await expect(storage(page)).toContainText('refuses tokens below 3')
  await expect(storage(page)).toContainText('refused')
  await writes.getByRole('button', { name: /from-a.*refused/ }).press('Enter')
  await expect(
    stage(page).getByRole('group', { name: 'refused reply from storage to a' }),
  ).toBeVisible()
  await expectNoAxeViolations(page, '#stage')
  await goTo(page, 1)
  await expect(storage(page)).toContainText('No write yet.')
})

test('a dead holder’s lease is counted while the other waits; without a lease the key is for ever', async ({
  page,
}) => {
  await start(page, 'Put if absent with a lease, polling')
  await goTo(page, 0.4)
  await act(page, client(page, 'a'), 'Crash')
  await goTo(page, 2)
  await expect(client(page, 'a')).toHaveAccessibleName(/, down/)
  await expect(storyBar(page)).toContainText(
    'Client a holds /lock by the store and cannot give it back. Client b waits.',
  )
  await expect(leaseRow(page, /^L1, \d\.\d of 5 s/)).toBeVisible()
  await goTo(page, 8)
  await expect(storyBar(page)).not.toContainText('cannot give it back')
  await start(page, 'Put if absent, without a lease')
  await goTo(page, 0.4)
  await act(page, client(page, 'a'), 'Crash')
  await goTo(page, 60)
  await expect(storyBar(page)).toContainText('cannot give it back')
  await expect(stage(page).getByTitle('/lock = a')).toBeVisible()
})

test('a client is held, stepped by a line and run to one, while the other goes on', async ({
  page,
}) => {
  await start(page, 'Check, then put')
  const hand = (name: string) => drawer(page).getByRole('button', { name, exact: true })
  await openPanel(page, 'Program')
  await hand('Hold').press('Enter')
  await goTo(page, 3)
  await expect(client(page, 'b')).toContainText('its program ended')
  await expect(drawer(page)).toContainText('a is held')
  const current = lines(page, 'a').and(page.locator('[aria-selected="true"]'))
  await expect(current).toContainText('lease = grant 10')
  // The first step sends the grant and waits for its answer; the second step starts the heartbeat.
  await hand('Step one line').press('Enter')
  await act(page, client(page, 'a'), 'Step one line')
  await expect(current).toContainText('found = get /lock')
  await act(page, client(page, 'a'), 'Run to line…', { Line: '9' })
  await page.getByRole('button', { name: 'Play', exact: true }).press('Enter')
  await expect(current).toContainText('enter /lock')
  await expect(drawer(page)).toContainText('a is held')
  await page.getByRole('button', { name: 'Pause', exact: true }).press('Enter')
  await act(page, client(page, 'a'), 'Release')
  await page.getByRole('button', { name: 'Play', exact: true }).press('Enter')
  await expect(drawer(page)).toContainText('a has ended')
})

test('a clock that is set back makes its client believe for longer, and its card says how far it is off', async ({
  page,
}) => {
  await start(page, 'Its own clock before each write')
  await goTo(page, 1)
  await act(page, client(page, 'a'), 'Set the clock…', { 'It is set by': '-3000' })
  await expect(client(page, 'a')).toContainText('3.0 s behind')
  await openPanel(page, 'Log')
  await expect(log(page)).toContainText('3 s back')
  await goTo(page, 6)
  await expect(storage(page)).toContainText('STALE, taken')
  await expectNoAxeViolations(page)
})

test('a story of programs opens from the library, and console words drive a client', async ({
  page,
}) => {
  await page.getByRole('button', { name: /: stories$/ }).press('Enter')
  await page.getByRole('searchbox', { name: 'Search' }).fill('herd')
  await page.getByRole('searchbox', { name: 'Search' }).fill('How many waiters')
  await page
    .getByRole('button', { name: /How many waiters does one release wake\?/ })
    .press('Enter')
  await expect(client(page, 'a')).toBeVisible()
  await goTo(page, 0.3)
  await enter(page, 'hold b')
  await openPanel(page, 'Program')
  await drawer(page).getByRole('combobox', { name: 'Client' }).selectOption('b')
  await expect(drawer(page)).toContainText('b is held')
  await enter(page, 'release b')
  await enter(page, 'crash a')
  await expect(client(page, 'a')).toHaveAccessibleName(/, down/)
  await openPanel(page, 'Program')
  await expect(drawer(page)).not.toContainText('b is held')
})

test('the opening leads on to two clients and a lock', async ({ page }) => {
  await openStory(page, 'beat-3-leader-dies')
  await goTo(page, 30)
  await storyBar(page).getByRole('button', { name: 'Go on', exact: true }).press('Enter')
  await expect(client(page, 'a')).toBeVisible()
  await expect(client(page, 'b')).toBeVisible()
  await expect(storyBar(page)).toContainText('/')
})

test('programs in any window: axe finds nothing and nothing has to be scrolled sideways', async ({
  page,
}) => {
  await start(page, 'Mutex with fencing')
  for (const [width, height, colorScheme] of [
    [1440, 900, 'light'],
    [1024, 768, 'dark'],
    [390, 844, 'light'],
  ] as const) {
    await page.setViewportSize({ width, height })
    await page.emulateMedia({ colorScheme })
    await goTo(page, 1)
    await expectNoAxeViolations(page)
    await fitsSideways(page, `at ${width} by ${height}`)
  }
})
