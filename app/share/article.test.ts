// The article of public/: static, under the page's own policy, with three runs at their places.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Host } from '../../engine/worker/host'
import type { Frame } from '../../engine/worker/protocol'
import { POLICY } from '../offline/plugin'
import { loadCatalogue } from '../scene/load-catalogue'
import { readStop } from './sharing'

const folder = join(import.meta.dirname, '../../public')
const html = readFileSync(join(folder, 'article.html'), 'utf8')
const css = readFileSync(join(folder, 'article.css'), 'utf8')
const frames = [...html.matchAll(/<iframe src="([^"]*)" title="([^"]*)"/g)].map(
  ([, src = '', title = '']) => ({ src, title }),
)

test('its policy is that of the page, and nothing in it is inline', () => {
  expect(/http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1]).toBe(POLICY)
  expect(html).not.toMatch(/<script|<style|style=|\son\w+=|https?:/)
})

test('its colours, fonts and names of sizes are those of the page', () => {
  const tokens = readFileSync(join(folder, '../app/styles/tokens.css'), 'utf8')
  expect(css).toContain('@import url("./app/styles/tokens.css")')
  expect(css).not.toMatch(/#[0-9a-f]{3,8}\b|rgb|hsl/)
  for (const [, name = ''] of css.matchAll(/var\((--[\w-]+)\)/g))
    expect(tokens, name).toContain(`${name}:`)
})

test('it has three runs, each with a name', () => {
  expect(frames).toHaveLength(3)
  for (const { src, title } of frames) {
    expect(src).toMatch(/^\.\/\?embed#scenario\//)
    expect(title).not.toBe('')
  }
})

test.each(frames)('the run $src opens at a question, with the clock paused', async ({ src }) => {
  const { address, stop } = readStop(src.slice(src.indexOf('#')))
  const { catalogue } = await loadCatalogue()
  const story = catalogue.find(({ name }) => `#scenario/${name}` === address)
  expect(story, address).toBeDefined()
  const host = new Host(() => 0)
  host.receive({ type: 'open-scenario', file: story!.file })
  host.receive({ type: 'seek-stop', stop: stop! })
  const frame = host.receive({ type: 'advance', wallMs: 100 }) as Frame
  expect(frame.shortfall).toBeUndefined()
  expect(frame).toMatchObject({
    playing: false,
    story: { reached: stop, here: true, ask: { state: 'open' } },
  })
})
