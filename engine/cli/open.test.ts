import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkOf } from '../replay/shared-run'
import { NEW_RUN_CONFIG } from '../sim/command'
import { fragmentOf, open } from './open'
import { servePage } from './page-server'

const RUN = { leasescope: 1 as const, seed: 7, config: NEW_RUN_CONFIG, commands: [] }
let folder = ''
const at = (name: string, text: string) => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'leasescope-open-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('the run argument of leasescope open', () => {
  test('a file becomes a link with the whole run', () => {
    const fragment = fragmentOf(at('run.json', JSON.stringify(RUN)))
    expect(fragment).toMatch(/^#r1\.[\w-]+$/)
    const text = inflateRawSync(Buffer.from(fragment.slice(4), 'base64url')).toString()
    expect(JSON.parse(text)).toEqual(RUN)
  })

  test.each([
    ['#r1?seed=7', '#r1?seed=7'],
    ['http://example.org/a/#r1?seed=7&members=3', '#r1?seed=7&members=3'],
    ['#scenario/too-late', '#scenario/too-late'],
  ])('the part of %s from # on is used', (link, fragment) => {
    expect(fragmentOf(link)).toBe(fragment)
  })

  test('an unreadable run is refused with its place', () => {
    expect(() => fragmentOf('#r1?sead=7')).toThrow('the link: field 1 (sead=7): expected one of')
    const damaged = at('damaged.json', JSON.stringify({ ...RUN, check: checkOf(RUN), seed: 8 }))
    expect(() => fragmentOf(damaged)).toThrow('damaged.json: check: expected the check digits')
    expect(() => fragmentOf(join(folder, 'none.json'))).toThrow('ENOENT')
  })

  test('there is at most one run, and a port is a number', () => {
    const quiet = () => {}
    expect(() => open(['a', 'b'], quiet, quiet)).toThrow('open takes one run')
    expect(() => open(['--port', '70000'], quiet, quiet)).toThrow(
      /--port takes a number up to 65535, not 70000|the page is not built/,
    )
  })
})

describe('the server of the page', () => {
  const host = '127.0.0.1'
  const get = (port: number, path: string, options: { method?: string; host?: string } = {}) =>
    new Promise<{ status: number; type: string; text: string }>((resolve, reject) => {
      const { method = 'GET', host: named = `localhost:${port}` } = options
      const asked = request({ host, port, path, method, headers: { host: named } }, (answer) => {
        let text = ''
        answer.on('data', (data) => {
          text += data
        })
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            type: answer.headers['content-type'] ?? '',
            text,
          }),
        )
      })
      asked.on('error', reject)
      asked.end()
    })
  const served = (fragment: string, port = 0) =>
    new Promise<{ url: string; port: number; stop: () => void }>((resolve, onError) => {
      const page = at('index.html', '<!doctype html>the page')
      const stop = servePage({
        folder: join(page, '..'),
        fragment,
        port,
        orFree: true,
        onListening: (url) => resolve({ url, port: Number(new URL(url).port), stop }),
        onError,
      })
    })

  test('serves the files of its folder and no others', async () => {
    const { url, port, stop } = await served('')
    expect(url).toBe(`http://127.0.0.1:${port}/`)
    const html = { status: 200, type: 'text/html; charset=utf-8', text: '<!doctype html>the page' }
    expect(await get(port, '/')).toEqual(html)
    expect(await get(port, '/index.html?x')).toEqual(html)
    expect(await get(port, '/', { method: 'HEAD' })).toEqual({ ...html, text: '' })
    for (const path of ['/none', '/../etc/passwd', '/..%2f..%2fetc/passwd', '/%00', '/%', '/run'])
      expect([path, (await get(port, path)).status]).toEqual([path, 404])
    expect((await get(port, '/', { method: 'POST' })).status).toBe(405)
    expect((await get(port, '/', { host: 'example.org' })).status).toBe(403)
    stop()
  })

  test('puts a short run into the address, and a long one behind a redirect', async () => {
    const short = await served('#r1?seed=7')
    expect(short.url).toBe(`http://127.0.0.1:${short.port}/#r1?seed=7`)
    short.stop()
    const long = await served(`#r1.${'a'.repeat(2000)}`)
    expect(long.url).toBe(`http://127.0.0.1:${long.port}/run`)
    const { text } = await get(long.port, '/run')
    expect(text).toContain(`location.replace("/#r1.${'a'.repeat(2000)}")`)
    long.stop()
  })

  test('uses a free port if the port is taken', async () => {
    const first = await served('')
    const second = await served('', first.port)
    expect(second.port).not.toBe(first.port)
    first.stop()
    second.stop()
  })
})
