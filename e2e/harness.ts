import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize, sep } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { test as base, expect, type Page } from 'playwright/test'

export { expect, type Page }

const dist = join(import.meta.dirname, '../dist')

/**
 * A story begins on the open page. It fails if the page wrote an error, threw, or sent a request to
 * another server. A story that expects an error takes it out of `problems`.
 */
export const test = base.extend<{ problems: string[] }>({
  baseURL: async ({}, use) => {
    await use(process.env.LEASESCOPE_URL)
  },
  problems: async ({}, use) => {
    await use([])
  },
  page: async ({ page, baseURL, problems }, use) => {
    collectProblems(page, problems)
    await page.goto(baseURL ?? '')
    await use(page)
    expect(problems, 'what went wrong on the page').toEqual([])
  },
})

/**
 * Adds a line to `problems` for every error in the console, uncaught error, failed request, and
 * request to another server.
 */
export function collectProblems(page: Page, problems: string[]): void {
  page.on('console', (message) => {
    if (message.type() === 'error')
      problems.push(`console: ${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.stack ?? error.message}`))
  page.on('request', (request) => {
    const url = new URL(request.url())
    const own = url.hostname === '127.0.0.1' || url.protocol === 'data:' || url.protocol === 'blob:'
    if (!own) problems.push(`asked another server: ${request.url()}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`)
  })
}

/**
 * Fails with one readable line for each broken rule of WCAG 2.2 A and AA, or of axe's best
 * practice. `within` is a selector; `rules` names some of axe's rules instead.
 */
export async function expectNoAxeViolations(
  page: Page,
  within?: string,
  rules?: string[],
): Promise<void> {
  const values = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
  // axe runs in the page itself, without its frames. It reports violations in full, and only the
  // existence of other results. This takes a quarter of the time of a second page opened for each
  // run.
  const builder = new AxeBuilder({ page }).setLegacyMode(true).options({
    runOnly: rules ? { type: 'rule', values: rules } : { type: 'tag', values },
    resultTypes: ['violations'],
    iframes: false,
  })
  if (within !== undefined) builder.include(within)
  const { violations } = await builder.analyze()
  const lines = violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id} at ${node.target.join(' ')}: ${help}\n    ${node.html}`),
  )
  expect(lines, 'accessibility').toEqual([])
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/**
 * A plain file server. It serves dist/, or the folder that `folder` names at that moment, under
 * `prefix` (such as `/some/deep/path/`), and nothing elsewhere. `close` ends it.
 */
export async function serveUnder(
  prefix: string,
  folder = () => dist,
): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname)
    const root = folder()
    const file = normalize(join(root, path.slice(prefix.length) || 'index.html'))
    const found =
      path.startsWith(prefix) &&
      file.startsWith(root + sep) &&
      (await stat(file).catch(() => null))?.isFile()
    if (!found) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' })
    createReadStream(file).pipe(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${portOf(server)}${prefix}`, close: () => closed(server) }
}

function portOf(server: Server): number {
  // A server that listens on a port returns an object here; a string would be the name of a pipe.
  return (server.address() as AddressInfo).port
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
