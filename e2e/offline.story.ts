// The page without a network: complete after the first visit, never white, and with requests to its
// own server only.

import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { enter } from './acts'
import { browserFlags, findBrowser } from './browser.mjs'
import { expect, type Page, serveUnder, test } from './harness'
import { drawer, messages, openPanel, openStory, pause, question } from './screen'

const dist = join(import.meta.dirname, '../dist')
const scripts = readdirSync(join(dist, 'assets')).filter((name) => name.endsWith('.js'))
const html = readFileSync(join(dist, 'index.html'), 'utf8')
const entry = /<script[^>]*src="\.\/assets\/([^"]+)"/.exec(html)?.[1] ?? ''

test.describe('with a service worker', () => {
  test.use({ serviceWorkers: 'allow' })
  test('after the first visit the page is whole without a network, from any path', async ({
    context,
    problems,
  }) => {
    const site = await serveUnder('/some/path/')
    const page = await context.newPage()
    await page.goto(site.url)
    await isStored(page)
    await site.close()
    await page.goto(`${site.url}#scenario/lab-herd`)
    await page.reload()
    await expect(question(page)).toHaveText('How many waiters does one release wake?')
    await page.getByRole('button', { name: 'Program', exact: true }).click()
    await expect(page.getByRole('complementary')).toContainText('lease = grant 5')
    expect(problems).toEqual([])
    await page.close()
  })
})

/** Waits until the page is stored and its service worker serves it. */
function isStored(page: Page): Promise<void> {
  return page.evaluate(async () => {
    await navigator.serviceWorker.ready
    if (!navigator.serviceWorker.controller)
      await new Promise((done) =>
        navigator.serviceWorker.addEventListener('controllerchange', done),
      )
  })
}

/** The same page as another deployment serves it: every script has a different name. */
function otherDeployment(): string {
  const folder = mkdtempSync(join(tmpdir(), 'leasescope-newer-'))
  cpSync(dist, folder, { recursive: true })
  const renamed = (text: string) =>
    scripts.reduce((all, name) => all.replaceAll(name, `newer-${name}`), text)
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(js|html|css)$/.test(name)) continue
    const path = join(folder, name)
    const text = renamed(readFileSync(path, 'utf8'))
    writeFileSync(path, text.replace(/const VERSION = '.*?'/, "const VERSION = 'newer'"))
    renameSync(path, join(folder, renamed(name)))
  }
  return folder
}

for (const host of ['127.0.0.1', 'leasescope.test']) {
  // At leasescope.test the stored page comes first; at 127.0.0.1 the network comes first.
  test(`a part that is missing after a newer deployment leads to that, with the run, at ${host}`, async () => {
    let folder = dist
    const site = await serveUnder('/', () => folder)
    const url = site.url.replace('127.0.0.1', host)
    const executablePath = findBrowser()
    const browser = await chromium.launch({
      args: [
        ...browserFlags,
        `--host-resolver-rules=MAP ${host} 127.0.0.1`,
        `--unsafely-treat-insecure-origin-as-secure=${new URL(url).origin}`,
      ],
      ...(executablePath === undefined ? {} : { executablePath }),
    })
    const page = await browser.newPage({ serviceWorkers: 'allow' })
    await page.goto(url)
    await isStored(page)
    await pause(page)
    await enter(page, 'etcdctl put mine still-here')
    await openPanel(page, 'Keys')
    await expect(drawer(page)).toContainText('still-here')
    await page.waitForFunction(() => localStorage.getItem('leasescope-kept') !== null)
    // From now on the page fetches no part early, and does not look for a newer version.
    await page.addInitScript(() => Object.assign(window, { requestIdleCallback: () => 0 }))
    await page.reload()
    await expect(messages(page)).toContainText('Your run is back as you left it.')
    folder = otherDeployment()
    // The whole open page is stored. But a browser may delete stored files.
    await page.evaluate(async () => {
      for (const name of await caches.keys()) {
        const cache = await caches.open(name)
        for (const request of await cache.keys())
          if (/assets\/log-/.test(request.url)) await cache.delete(request)
      }
    })
    await page.getByRole('button', { name: 'Log', exact: true }).click()
    await expect(page.getByRole('alert')).toContainText(
      'A newer version is out. Reload the page: your run is kept.',
    )
    await page.getByRole('alert').getByRole('button', { name: 'Reload' }).click()
    await expect(page.locator('script[type="module"][src]')).toHaveAttribute(
      'src',
      `./assets/newer-${entry}`,
    )
    await expect(messages(page)).toContainText('Your run is back as you left it.')
    await openPanel(page, 'Keys')
    await expect(drawer(page)).toContainText('still-here')
    await openPanel(page, 'Log')
    await browser.close()
    await site.close()
    rmSync(folder, { recursive: true })
  })
}

test('the policy of the page lets nothing be loaded from elsewhere, and no script be inline or evaluated', async ({
  page,
  problems,
}) => {
  const policy = await page
    .locator('meta[http-equiv="Content-Security-Policy"]')
    .getAttribute('content')
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("script-src 'self';")
  expect(policy).not.toContain('wasm')
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/)
  const broken = page.evaluate(
    () =>
      new Promise<string[]>((resolve) => {
        const found: string[] = []
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
          found.push(effectiveDirective)
          if (found.length === 3) resolve(found.sort())
        })
        const inline = document.createElement('script')
        inline.textContent = 'window.ran = true'
        document.body.append(inline)
        void fetch('http://127.0.0.2:9/').catch(() => {})
        // A timer runs a string as code. The browser's own tools may evaluate strings; the page may
        // not.
        setTimeout('window.ran = true')
      }),
  )
  expect(await broken).toEqual(['connect-src', 'script-src', 'script-src-elem'])
  expect(await page.evaluate(() => 'ran' in window)).toBe(false)
  problems.length = 0
})

test.describe('a part that does not arrive', () => {
  // The first paint waits for the entry, and for its direct imports.
  const known = `${html} ${readFileSync(join(dist, 'assets', entry), 'utf8')}`
  const later = scripts.filter(
    (name) =>
      name !== entry &&
      !name.startsWith('worker-') &&
      !new RegExp(`(href="\\./assets/|from"\\./|import"\\./)${name}`).test(known),
  )
  test('leaves the page as it is, whatever part it is', async ({ browser, baseURL }) => {
    expect(later.length).toBeGreaterThan(10)
    const page = await browser.newPage({ serviceWorkers: 'block' })
    let failing = ''
    await page.route('**/assets/*.js', (route) =>
      route.request().url().endsWith(failing) ? route.abort() : route.fallback(),
    )
    for (const name of later) {
      failing = name
      await page.goto(baseURL ?? '')
      await expect(page.getByRole('button', { name: /^(Play|Pause)$/ }), name).toBeVisible()
      await expect(question(page), name).not.toBeEmpty()
    }
    await page.close()
  })
  test('is said, and comes when it is asked for again', async ({ page, problems }) => {
    await openStory(page, 'lab-herd')
    let fails = true
    await page.route('**/assets/program-*.js', (route) =>
      fails ? route.abort() : route.fallback(),
    )
    await page.reload()
    await page.getByRole('button', { name: 'Program', exact: true }).click()
    const drawer = page.getByRole('complementary')
    await expect(drawer.getByRole('alert')).toContainText('did not load')
    fails = false
    await drawer.getByRole('button', { name: 'Try again' }).click()
    await expect(drawer).toContainText('lease = grant 5')
    problems.length = 0
  })
  test('of a newer deployment is called so', async ({ page, problems }) => {
    await openStory(page, 'lab-herd')
    await page.route('**/assets/program-*.js', (route) => route.fulfill({ status: 404 }))
    await page.reload()
    await page.route(/\/(#.*)?$/, (route) =>
      route.fulfill({ contentType: 'text/html', body: html.replaceAll(entry, 'index-newer.js') }),
    )
    await page.getByRole('button', { name: 'Program', exact: true }).click()
    await expect(page.getByRole('alert')).toContainText(
      'A newer version is out. Reload the page: your run is kept.',
    )
    problems.length = 0
  })
})

test('the licences of all that is bundled go along, and the page leads to them', async ({
  page,
  baseURL,
}) => {
  await page.getByRole('button', { name: /^etcd 3\.\d/ }).click()
  const link = page
    .getByRole('dialog')
    .getByRole('link', { name: 'Licences of the works in this page' })
  const href = await link.getAttribute('href')
  const text = await (await page.request.get(`${baseURL}${href}`)).text()
  for (const name of ['react-dom', 'valibot', 'd3-shape', '@codemirror/view', 'IBM Plex'])
    expect(text).toContain(name)
})
