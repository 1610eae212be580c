// The tape: every lane of a run over time, gone through by pointer, by keys and by numbers.

import { expect, expectNoAxeViolations, type Page, test } from './harness'

/** The old leader behind a wall, played to its end; the playhead at 9 s. */
async function oldLeader(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Scenarios' }).click()
  await page.getByRole('menuitem', { name: 'The old leader behind a wall', exact: true }).click()
  await goTo(page, '20')
  await goTo(page, '9')
}

async function goTo(page: Page, seconds: string): Promise<void> {
  await page.getByRole('spinbutton', { name: 'Go to time (seconds)' }).fill(seconds)
  await page.keyboard.press('Enter')
  await expect(page.getByText(`t = ${Number(seconds).toFixed(3)} s`)).toBeVisible()
}

const slider = (page: Page) => page.getByRole('slider', { name: 'Time' })
const lanes = (page: Page) => page.getByRole('region', { name: 'Lanes of the tape' })
const windowField = (page: Page, name: string) => page.getByRole('spinbutton', { name, exact: true })

/** Where virtual `ms` stands on a tape that shows from 0 to `all` in true time: pixels from the slider's left edge. */
async function xOf(page: Page, ms: number, all: number): Promise<number> {
  const box = await slider(page).boundingBox()
  return (ms / all) * (box?.width ?? 0)
}

/** How many pixels of the picture are of the colour of a token, so that a lane that is drawn can be told from one that is not. */
async function pixelsOf(page: Page, token: string): Promise<number> {
  return page.evaluate((name) => {
    const canvas = document.querySelector<HTMLCanvasElement>('.tape-picture canvas')
    const context = canvas?.getContext('2d')
    if (!canvas || !context) return -1
    const probe = document.createElement('span')
    probe.style.color = `var(${name})`
    document.body.append(probe)
    const wanted = getComputedStyle(probe).color.match(/\d+/g)?.map(Number) ?? []
    probe.remove()
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
    let count = 0
    for (let i = 0; i < data.length; i += 4) if (wanted.every((part, j) => Math.abs(part - (data[i + j] ?? 0)) <= 1)) count++
    return count
  }, token)
}

test('a tap goes to that moment, and a tap on a mark to that very event', async ({ page }) => {
  await oldLeader(page)
  await slider(page).click({ position: { x: await xOf(page, 15_000, 20_000), y: 8 } })
  await expect(page.getByText('t = 15.0')).toBeVisible()
  // The lease is the second lane. Its renewal at 2.044 s: some pixels beside it are near enough.
  const x = await xOf(page, 2_044, 20_000)
  await slider(page).hover({ position: { x: x + 3, y: 20 + 24 + 12 } })
  await expect(page.getByText('2.044 s: lease …5d01 renewed')).toBeVisible()
  await slider(page).click({ position: { x: x + 3, y: 20 + 24 + 12 } })
  await expect(page.getByText('t = 2.044 s')).toBeVisible()
  await expect(slider(page)).toHaveAttribute('aria-valuetext', /^2\.044 s, event \d+ of \d+, .*renews L1 for 5 s/)
})

test('what stands under the pointer is told in words', async ({ page }) => {
  await oldLeader(page)
  const at = async (ms: number, y: number) => slider(page).hover({ position: { x: await xOf(page, ms, 20_000), y } })
  await at(3_300, 20 + 12)
  await expect(page.getByText(/m1 · term 2: leads, from 0 s to 4\.242 s/)).toBeVisible()
  await at(12_800, 20 + 12)
  await expect(page.getByText('12.8 s: nobody leads')).toBeVisible()
  await at(10_282, 20 + 24 + 12)
  await expect(page.getByText('10.282 s: lease …5d01 expired: its revoke is applied')).toBeVisible()
})

test('by keys alone: a slider with a spoken value', async ({ page }) => {
  await oldLeader(page)
  await slider(page).focus()
  await page.keyboard.press('ArrowLeft')
  await expect(page.getByText('t = 8.900 s')).toBeVisible()
  await page.keyboard.press('PageUp')
  await expect(page.getByText('t = 9.900 s')).toBeVisible()
  await page.keyboard.press('Home')
  await expect(page.getByText('t = 0.000 s')).toBeVisible()
  await page.keyboard.press('End')
  await expect(page.getByText('t = 20.000 s')).toBeVisible()
  await expect(slider(page)).toHaveAttribute('aria-valuetext', /^20 s, event (\d+) of \1, after: /)
  await page.getByRole('button', { name: '−1 s' }).click()
  await expect(page.getByText('t = 19.000 s')).toBeVisible()
})

test('a lease opened up shows its saw-tooth, and closes again', async ({ page }) => {
  await oldLeader(page)
  const open = page.getByRole('button', { name: 'Remaining time of lease …5d01' })
  await expect(open).toHaveAttribute('aria-expanded', 'false')
  const [before, height] = [await pixelsOf(page, '--live-tint'), (await slider(page).boundingBox())?.height ?? 0]
  expect(before).toBe(0)
  await open.focus()
  await page.keyboard.press('Enter')
  await expect(open).toHaveAttribute('aria-expanded', 'true')
  await expect.poll(async () => (await slider(page).boundingBox())?.height ?? 0).toBeGreaterThan(height)
  await expect.poll(() => pixelsOf(page, '--live-tint')).toBeGreaterThan(500)
  await page.keyboard.press('Enter')
  await expect.poll(() => pixelsOf(page, '--live-tint')).toBe(0)
})

test('lanes fold, and stay as they were left', async ({ page }) => {
  await oldLeader(page)
  const fold = page.getByRole('button', { name: 'Leases', exact: true })
  await fold.click()
  await expect(fold).toHaveAttribute('aria-expanded', 'false')
  await expect(page.getByRole('button', { name: 'Remaining time of lease …5d01' })).toHaveCount(0)
  await page.reload()
  await expect(fold).toHaveAttribute('aria-expanded', 'false')
  await fold.click()
  await expect(page.getByRole('button', { name: /Remaining time of lease/ })).toHaveCount(1)
})

test('spaced by events every instant has its room, and a step is an event', async ({ page }) => {
  await oldLeader(page)
  const x = async (): Promise<number> => {
    const [head, box] = await Promise.all([page.locator('.tape-picture .tape-head').boundingBox(), slider(page).boundingBox()])
    return Math.round((head?.x ?? 0) - (box?.x ?? 0))
  }
  await goTo(page, '0.02')
  const close = await x()
  await page.getByRole('combobox', { name: 'Spacing' }).selectOption('event-spaced')
  // In true time 20 ms are a pixel; here they are a gap like any other.
  await expect.poll(x).toBeGreaterThan(close + 8)
  await slider(page).focus()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByText('t = 0.030 s')).toBeVisible()
  await page.reload()
  await expect(page.getByRole('combobox', { name: 'Spacing' })).toHaveValue('event')
  await page.getByRole('combobox', { name: 'Spacing' }).selectOption('true time')
})

test('the window is moved by keys and by numbers, and follows the playhead', async ({ page }) => {
  await oldLeader(page)
  const [from, to] = [windowField(page, 'From (seconds)'), windowField(page, 'To (seconds)')]
  await expect(to).toHaveValue('20')
  await page.getByRole('button', { name: 'Closer' }).focus()
  await page.keyboard.press('Enter')
  await expect(from).toHaveValue('4.5')
  await expect(to).toHaveValue('14.5')
  await page.getByRole('button', { name: 'Later' }).click()
  await expect(from).toHaveValue('9.5')
  // The playhead is out of sight, and stays so until it moves.
  await page.getByRole('button', { name: '+100 ms' }).click()
  await expect(from).toHaveValue('4.1')
  await from.fill('2')
  await to.fill('6')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Fit' })).toBeEnabled()
  await page.getByRole('button', { name: 'Next event', exact: true }).click()
  await expect(from).not.toHaveValue('2')
  await page.getByRole('button', { name: 'Fit' }).click()
  await expect(from).toHaveValue('0')
  await expect(to).toHaveValue('20')
})

test('more leases than there is room for are counted, and come as rows where they are asked for', async ({ page }) => {
  await page.getByRole('textbox', { name: 'Console' }).fill(Array.from({ length: 60 }, () => 'etcdctl lease grant 60').join('\n'))
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await goTo(page, '20')
  const all = page.getByRole('button', { name: /Show all 61 leases/ })
  await expect(all).toBeVisible()
  await expect(page.getByRole('button', { name: /Remaining time of lease/ })).toHaveCount(0)
  await all.click()
  await expect(page.getByRole('button', { name: /Remaining time of lease/ })).toHaveCount(50)
  await page.getByRole('button', { name: 'Later leases' }).click()
  await expect(page.getByRole('button', { name: /Remaining time of lease/ })).toHaveCount(11)
})

test('while the run plays the picture is drawn for news, not for frames', async ({ page }) => {
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.evaluate(() => {
    const real = CanvasRenderingContext2D.prototype.clearRect
    const counts = { paints: 0 }
    Object.assign(window, { counts })
    CanvasRenderingContext2D.prototype.clearRect = function (...box) {
      counts.paints++
      real.apply(this, box)
    }
  })
  await page.getByRole('button', { name: 'Play', exact: true }).click()
  const frames = await page.evaluate(
    () =>
      new Promise<number>((done) => {
        let count = 0
        const next = (): void => {
          if (++count < 120) requestAnimationFrame(next)
          else done(count)
        }
        next()
      }),
  )
  const paints = await page.evaluate(() => (window as unknown as { counts: { paints: number } }).counts.paints)
  // Two seconds of a heartbeat: a handful of events, each of which draws the lanes and the overview once.
  expect(paints).toBeLessThan(frames / 2)
})

for (const [name, viewport] of [
  ['on a desk', { width: 1280, height: 800 }],
  ['on a phone', { width: 390, height: 844 }],
] as const) {
  test(`axe finds nothing, and nothing is wider than the page, ${name}`, async ({ page }) => {
    await page.setViewportSize(viewport)
    await oldLeader(page)
    await page.getByRole('button', { name: 'Remaining time of lease …5d01' }).click()
    await expect(lanes(page)).toBeVisible()
    await expectNoAxeViolations(page, '.transport')
    await page.getByRole('button', { name: 'Legend' }).click()
    await expect(page.getByRole('group', { name: 'Legend' })).toContainText('revoked because somebody asked for it')
    await expectNoAxeViolations(page, '.transport')
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(viewport.width)
  })
}
