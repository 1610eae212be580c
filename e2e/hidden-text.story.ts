// Hidden text from strangers in keys, values and names. Every name of a run has invisible
// characters, or characters that reorder their surroundings. The story opens the run in every
// panel. No such character may be in the document or on the canvas. Each key, value and name is
// isolated.

import { packed } from '../app/share/codec'
import { utf8 } from '../engine/base/bytes'
import { expect, type Page, test } from './harness'
import { drawer, leaseRow, openPanel, playButton, timeline } from './screen'

const config = {
  members: 3,
  etcd: '3.6',
  heartbeatMs: 100,
  electionMs: 1000,
  boot: 'elected',
  latencyMs: 30,
}
const lease = '0000000000000abc'
const program = [
  'lease = grant 30',
  'keep lease',
  'token = lock /j\u202eb with lease',
  'enter /j\u202eb',
  'ok = write v\u2066z with token token',
  'sleep 60s',
]

const request = (body: object) => ({ type: 'request', client: 'c\u200bd', request: body })
const commands = [
  { at: 0, ...request({ type: 'LeaseGrant', TTL: 60, ID: lease }) },
  { at: 500, ...request({ type: 'Put', key: utf8('\u202eabc'), value: utf8('\u2066y'), lease }) },
  { at: 500, ...request({ type: 'Put', key: 'k\xff', value: utf8('z\u200bw\nv') }) },
  { at: 600, type: 'script', client: 's\u2067x', source: program.join('\n') },
  {
    at: 1500,
    type: 'console',
    terminal: 't1',
    text: "etcdctl get '' --from-key # \u2066",
    mode: 'strict',
  },
  { at: 1600, type: 'console', terminal: 't\u202e2', text: 'etcdctl get \ufeff', mode: 'strict' },
]
const branch = (id: number, name: string, parent: number | null) => {
  const own =
    parent === null
      ? commands
      : [{ at: 2000, ...request({ type: 'Put', key: 'other', value: '\0' }) }]
  return {
    id,
    name,
    parent,
    shared: parent === null ? 0 : commands.length,
    forkAt: parent === null ? 0 : 2000,
    seed: 1,
    config,
    commands: own,
    end: 4000,
  }
}
const stops = [{ when: { type: 'at', at: 3000 }, say: 'The key \u202eabc is on L1.' }]
const branches = [branch(1, 'ma\u202ein', null), branch(2, 'b\u200br', 1)]
const run = { leasescope: 1, seed: 1, config, commands, stops, cursor: 3500, branch: 1, branches }

/**
 * Every text with an invisible character: in the document, on hover, for a screen reader, and on a
 * canvas.
 */
function hiddenIn(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const hidden =
      /[\p{C}\p{Zl}\p{Zp}\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]|\p{Default_Ignorable_Code_Point}/u
    const found = ((window as { painted?: string[] }).painted ?? [])
      .filter((text) => hidden.test(text))
      .map((text) => `canvas: ${JSON.stringify(text)}`)
    const walker = document.createTreeWalker(
      document.body,
      NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT,
    )
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      // Line breaks in printed text are also line breaks in the element.
      if (node instanceof Text && hidden.test(node.data.replace(/[\n\t]/g, '')))
        found.push(`${node.parentElement?.className}: ${JSON.stringify(node.data)}`)
      if (!(node instanceof Element)) continue
      for (const name of [
        'title',
        'label',
        'placeholder',
        'aria-label',
        'aria-description',
        'aria-valuetext',
      ])
        if (hidden.test(node.getAttribute(name) ?? ''))
          found.push(`${name} of ${node.className}: ${JSON.stringify(node.getAttribute(name))}`)
    }
    return found
  })
}

/** The isolation of the innermost element with exactly that text from the words around it. */
function isolation(page: Page, within: string, text: string): Promise<string[]> {
  return page.evaluate(
    ([selector, wanted]) => {
      const all = [...document.querySelectorAll(`${selector} *`)].filter(
        (element) => element.textContent?.trim() === wanted,
      )
      const inner = all.filter(
        (element) => !all.some((other) => other !== element && element.contains(other)),
      )
      return [...new Set(inner.map((element) => getComputedStyle(element).unicodeBidi))]
    },
    [within, text] as const,
  )
}

test('nothing hides, in no panel', async ({ page }) => {
  await page.addInitScript(() => {
    const painted: string[] = []
    Object.assign(window, { painted })
    for (const name of ['fillText', 'strokeText'] as const) {
      const draw = CanvasRenderingContext2D.prototype[name]
      CanvasRenderingContext2D.prototype[name] = function (text, ...rest) {
        painted.push(text)
        draw.call(this, text, ...rest)
      }
    }
  })
  const link = `#r1.${await packed(JSON.stringify(run))}`
  await page.goto('about:blank')
  await page.goto(`${process.env.LEASESCOPE_URL}${link}`)
  await expect(playButton(page)).toHaveText('Play')
  await expect(leaseRow(page, /^L1, /)).toBeVisible()

  await test.step('stage and timeline', async () => {
    const stage = page.getByRole('main')
    await expect(stage.locator('.key-tag code').first()).toHaveText('\\u202eabc')
    await expect(stage.locator('.key-tag').first()).toHaveAttribute(
      'title',
      '\\u202eabc = \\u2066y',
    )
    await expect(stage.getByText('c\\u200bd', { exact: true }).first()).toBeVisible()
    await expect(timeline(page)).toContainText('\\u202eabc')
    await expect.poll(() => isolation(page, '#stage', '\\u202eabc')).toEqual(['isolate'])
    await expect.poll(() => isolation(page, '.timeline', '\\u202eabc')).toEqual(['isolate'])
    await expect(page.locator('.branch-name')).toHaveText('ma\\u202ein')
    await expect.poll(() => hiddenIn(page)).toEqual([])
    await expect
      .poll(() => page.evaluate(() => (window as { painted?: string[] }).painted))
      .toContain('\\u2066y')
  })

  await test.step('keys', async () => {
    await openPanel(page, 'Keys')
    const row = drawer(page).getByRole('row', { name: 'abc' })
    await expect(row.getByRole('rowheader')).toHaveText('\\u202eabc\\u2066y')
    await expect(drawer(page).getByRole('rowheader', { name: 'k\\xff' })).toHaveText(
      'k\\xffz\\u200bw\\nv',
    )
    await expect.poll(() => isolation(page, '.keys', '\\u202eabc')).toEqual(['isolate'])
    await expect.poll(() => isolation(page, '.keys', '\\u2066y')).toEqual(['isolate'])
    await expect.poll(() => hiddenIn(page)).toEqual([])
  })

  for (const [panel, words] of [
    ['Log', 'creates key \\u202eabc at revision 2, attached to L1'],
    ['Why?', 'Why'],
    ['Program', '/j\\u202eb'],
    ['Storage', 'v\\u2066z'],
    ['Console', 'k\\xff'],
  ] as const) {
    await test.step(panel, async () => {
      await openPanel(page, panel)
      if (panel !== 'Console') await expect(drawer(page)).toContainText(words)
      await expect.poll(() => hiddenIn(page)).toEqual([])
    })
  }

  await test.step('what etcdctl printed', async () => {
    const printed = drawer(page).locator('.transcript')
    await expect(printed).toContainText('\\u202eabc')
    await expect(printed).toContainText('z\\u200bw')
    await expect(drawer(page).locator('.entry-line')).toContainText('# \\u2066')
  })

  await test.step('branches, and two of them side by side', async () => {
    await drawer(page).getByRole('button', { name: 'Close the panel' }).click()
    await page.locator('.branches-button').click()
    await expect(page.getByRole('list', { name: 'Branches' })).toContainText('b\\u200br')
    await expect.poll(() => hiddenIn(page)).toEqual([])
    await page.getByRole('button', { name: 'Compare with b\\u200br' }).click()
    await expect(page.locator('.compare-half')).toHaveCount(2)
    await expect.poll(() => hiddenIn(page)).toEqual([])
    await page
      .getByRole('navigation', { name: 'Panels' })
      .getByRole('button', { name: 'Compare' })
      .click()
    await expect(page.locator('.compare-half')).toHaveCount(0)
  })

  await test.step('the space-time diagram', async () => {
    await page.getByRole('button', { name: 'Timeline options' }).click()
    await page.getByRole('menu').getByText('Space-time', { exact: true }).click()
    await expect(
      page.getByRole('group', { name: /^Space-time diagram, .*s\\u2067x/ }),
    ).toBeVisible()
    await expect.poll(() => hiddenIn(page)).toEqual([])
  })

  await test.step('a key with a byte that is not UTF-8 is deleted by its own name', async () => {
    await openPanel(page, 'Keys')
    await drawer(page).getByRole('button', { name: 'Delete k\\xff' }).click()
    await expect(drawer(page).locator('del')).toHaveText('k\\xff')
  })
})
