// The kinds of question in a run, each answered on the page and marked by the run: which, how much,
// what next. Also goals and hints.

import { parseScenario, runScenario } from '../engine/scenario/scenario'
import { act, client } from './acts'
import { expect, expectNoAxeViolations, type Page, test } from './harness'
import { openFile } from './open-file'
import {
  fastest,
  leaseRow,
  messages,
  openStory,
  pause,
  playButton,
  playOn,
  question,
  standsAt,
  storyBar,
} from './screen'

const RUN = `config etcd=3.6 seed=1 latencyMs=30
a session ttl=6 key=/a value=1
until 0.2
b session ttl=10 key=/b value=2
until 0.5
a heartbeat off
until 4
a asks m1 put /k a
until 4.01
b asks m1 put /k b
until 20
stop at 3
  ask how-much What does timetolive say of L1 now?
  mark left L1
stop at 4.02
  ask what-next Which message arrives first?
stop at 5
  ask which Which lease ends first?
  mark any lease ends
  so It has no heartbeat.
  hint One client has stopped its heartbeat.
  hint Look at the saw-tooth of each lease.
`

const button = (page: Page, name: string) =>
  storyBar(page).getByRole('button', { name, exact: true })
const radio = (page: Page, name: RegExp | string) => storyBar(page).getByRole('radio', { name })

async function openRun(page: Page): Promise<void> {
  const { recording } = runScenario(parseScenario(RUN))
  await openFile(page, recording)
  await expect(question(page)).toHaveText('A run with stops')
  await fastest(page)
}

test('how much, what next, and which: by keyboard alone', async ({ page }) => {
  await openRun(page)
  await button(page, 'Start').press('Enter')
  await standsAt(page, 3)
  const field = storyBar(page).getByRole('spinbutton', { name: 'Your answer, a whole number' })
  await expect(field).toBeFocused()
  await expectNoAxeViolations(page, '.story-bar')
  await page.keyboard.type('5')
  await page.keyboard.press('Enter')
  // A question about the current state is marked at once.
  await expect(storyBar(page)).toContainText('You said 5. The answer is 3.')
  await standsAt(page, 3)
  await expect(button(page, 'Go on')).toBeFocused()
  await page.keyboard.press('Enter')
  await standsAt(page, 4.02)
  await expect(radio(page, /^a → m1/)).toBeFocused()
  await page.keyboard.press('Space')
  await button(page, 'Go on').press('Enter')
  await expect(storyBar(page)).toContainText('Right.')
  await standsAt(page, 4.03)
  await button(page, 'Go on').press('Enter')
  await standsAt(page, 5)
  await expect(radio(page, 'L1')).toBeFocused()
  await page.keyboard.press('Space')
  await button(page, 'Go on').press('Enter')
  await expect(question(page)).toHaveText('It has no heartbeat.')
  await expect(storyBar(page)).toContainText('You said L1. Right.')
})

test('which: a lease is chosen in the picture, after two hints', async ({ page }) => {
  await openRun(page)
  await playButton(page).click()
  await standsAt(page, 3)
  await button(page, 'Skip').click()
  await standsAt(page, 4.02)
  await button(page, 'Skip').click()
  await standsAt(page, 4.03)
  await playButton(page).click()
  await standsAt(page, 5)
  await expect(storyBar(page)).toContainText(
    'The clock is stopped. Choose a lease, here or in the picture.',
  )
  await expectNoAxeViolations(page, '.story-bar')
  await button(page, 'Hint').click()
  await expect(storyBar(page)).toContainText('Hint 1 of 2')
  await expect(storyBar(page)).toContainText('One client has stopped its heartbeat.')
  await button(page, 'Next hint').click()
  await expect(storyBar(page)).toContainText('Look at the saw-tooth of each lease.')
  await expect(button(page, 'Next hint')).toBeHidden()
  await leaseRow(page, /^L2/).getByRole('rowheader').click()
  await expect(radio(page, 'L2')).toBeChecked()
  await button(page, 'Go on').click()
  await expect(storyBar(page)).toContainText('You said L2. The answer is L1.')
  // The stage marks both answers.
  await expect(page.locator('.answer-marks').getByText('your answer')).toBeVisible()
  await expect(page.locator('.answer-marks').getByText('the run')).toBeVisible()
})

test('a goal: only its own acts count, hints help, and the solution is a branch that does not pass', async ({
  page,
}) => {
  await openStory(page, 'goal-late-write')
  await playOn(page)
  await standsAt(page, 0.3)
  await expect(question(page)).toHaveText('Make the storage take a’s write after b has written.')
  await expect(storyBar(page)).toContainText('0 moves used, par 2')
  await expectNoAxeViolations(page, '.story-bar')
  await act(page, client(page, 'b'), 'Pause')
  await expect(messages(page)).toContainText('To reach this goal you may: pause a, resume a.')

  // The reader's own moves reach the goal.
  await act(page, client(page, 'a'), 'Pause')
  await expect(storyBar(page)).toContainText('a is paused, done')
  await playButton(page).click()
  await expect(storyBar(page)).toContainText('b writes, done')
  await pause(page)
  await act(page, client(page, 'a'), 'Go on')
  await playButton(page).click()
  await expect(question(page)).toHaveText('Reached in 2 moves. Par is 2.')
  await expect(playButton(page)).toHaveText('Play')

  await button(page, 'Again, other numbers').click()
  await playOn(page)
  await standsAt(page, 0.3)
  await button(page, 'Hint').click()
  await button(page, 'Next hint').click()
  await button(page, 'Show me, as a branch').click()
  await expect(question(page)).toHaveText('This is one way. Start over to do it yourself.')
  await expect(page.getByRole('button', { name: /the solution/ })).toBeVisible()
})
