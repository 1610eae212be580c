// The reader's own run gets a stop with a question. The author tries it as a learner sees it, and
// shares the run with the stop.

import { enter, openRun } from './acts'
import { collectProblems, expect, expectNoAxeViolations, type Page, test } from './harness'
import { drawer, fastest, goTo, messages, question, standsAt, storyBar } from './screen'

const form = (page: Page) => drawer(page).getByRole('form', { name: 'Stop 1' })
const radio = (page: Page, name: string) => storyBar(page).getByRole('radio', { name, exact: true })

test('S, a question, a try, and a link that asks the same: by keyboard alone', async ({
  page,
  context,
  browser,
  problems,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await openRun(page, 1)
  await enter(page, 'etcdctl lease grant 7')
  await expect(drawer(page)).toContainText('granted with TTL(7s)')
  await fastest(page)
  await goTo(page, 2)
  await page.keyboard.press('s')
  await expect(form(page).getByRole('textbox', { name: 'Say' })).toBeFocused()
  await expect(form(page)).toContainText('The run is here at 2 s.')
  await page.keyboard.type('No client keeps L2 alive.')
  await page.keyboard.press('Tab')
  await form(page).getByRole('combobox', { name: 'Ask' }).press('w')
  await form(page).getByRole('combobox', { name: 'Ask' }).press('w')
  await page.keyboard.press('Tab')
  await expect(form(page).getByRole('textbox', { name: 'Question' })).toBeFocused()
  // A question without words is not tried, and it is not lost.
  await page.keyboard.press('Control+Enter')
  await expect(messages(page)).toContainText(
    'Stop 1 is not finished. Question: ask: expected a sentence',
  )
  await page.keyboard.type('Which lease ends first?')
  await page.keyboard.press('Enter')
  await expect(form(page).getByRole('status')).toContainText('Right in this run: L2')
  await expectNoAxeViolations(page, '.drawer')

  await page.keyboard.press('Control+Enter')
  await expect(drawer(page)).toHaveCount(0)
  await standsAt(page, 2)
  await expect(question(page)).toHaveText('Which lease ends first?')
  await expect(radio(page, 'L1')).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(radio(page, 'L2')).toBeChecked()
  await storyBar(page).getByRole('button', { name: 'Go on', exact: true }).press('Enter')
  await expect(storyBar(page)).toContainText('You said L2. Right.')

  // S returns to the stop, which is unchanged.
  await page.keyboard.press('s')
  await expect(form(page).getByRole('textbox', { name: 'Question' })).toHaveValue(
    'Which lease ends first?',
  )
  await standsAt(page, 2)
  // The first S opened the existing stop. The second S adds a stop at the cursor.
  await expect(drawer(page).getByRole('list', { name: 'Stops' }).getByRole('listitem')).toHaveCount(
    1,
  )
  await page.getByRole('main').focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('s')
  await expect(
    drawer(page).getByRole('form', { name: 'Stop 2' }).getByRole('textbox', { name: 'Say' }),
  ).toBeFocused()
  // Undo restores the deleted stop.
  await drawer(page).getByRole('button', { name: 'Delete' }).press('Enter')
  await expect(form(page)).toBeVisible()
  await goTo(page, 2)
  await drawer(page).getByRole('button', { name: 'Delete' }).press('Enter')
  await expect(drawer(page)).toContainText('The run does not stop by itself yet.')
  await page.keyboard.press('Control+z')
  await expect(form(page).getByRole('textbox', { name: 'Question' })).toHaveValue(
    'Which lease ends first?',
  )
  await page.getByRole('button', { name: 'Share' }).press('Enter')
  await page.getByRole('menuitem', { name: 'Copy link' }).press('Enter')
  await expect(messages(page)).toContainText('Link copied')
  const link = await page.evaluate(() => navigator.clipboard.readText())

  const learner = await (await browser.newContext()).newPage()
  collectProblems(learner, problems)
  await learner.goto(link)
  await expect(question(learner)).toHaveText('Which lease ends first?')
  await standsAt(learner, 2)
  await expect(drawer(learner)).toHaveCount(0)
  await expect(radio(learner, 'L2')).not.toBeChecked()
  await learner.context().close()
})
