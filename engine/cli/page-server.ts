// A static server for the built page. It listens on the loopback address only and serves the files
// of one folder.

import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, resolve, sep } from 'node:path'

export interface PageServerOptions {
  /** The folder of the built page. */
  folder: string
  /** The part of the page's address from # on; empty for the page alone. */
  fragment: string
  /** 0 for any free port. */
  port: number
  /** Whether to use a free port if this one is taken. */
  orFree: boolean
  /** Called once, with the address to visit. */
  onListening(url: string): void
  /** Called if the server cannot listen. */
  onError(error: Error): void
}

/** The longest fragment that is printed in the address. */
const LONGEST_PRINTED = 1500
/** The address that redirects to a longer fragment. */
const RUN_PATH = '/run'

const TYPES: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}

/** Starts the server. Returns a function that stops it. */
export function servePage(options: PageServerOptions): () => void {
  const { fragment } = options
  const server = createServer((request, response) => {
    answer(request, response, options).catch((error: Error) => {
      response.writeHead(500).end(error.message)
    })
  })
  let mayMove = options.orFree
  server.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE' || !mayMove) return options.onError(error)
    mayMove = false
    server.listen(0, '127.0.0.1')
  })
  server.on('listening', () => {
    const { port } = server.address() as AddressInfo
    const isShort = fragment.length <= LONGEST_PRINTED
    options.onListening(`http://127.0.0.1:${port}${isShort ? `/${fragment}` : RUN_PATH}`)
  })
  server.listen(options.port, '127.0.0.1')
  return () => server.close()
}

async function answer(
  { method, url = '/', headers }: IncomingMessage,
  response: ServerResponse,
  { folder, fragment }: PageServerOptions,
): Promise<void> {
  // A foreign host name that resolves to this address (DNS rebinding) gets no files.
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(headers.host ?? ''))
    return void response.writeHead(403).end()
  if (method !== 'GET' && method !== 'HEAD') return void response.writeHead(405).end()
  const path = pathOf(url)
  if (path === RUN_PATH && fragment !== '') {
    const script = `location.replace(${JSON.stringify(`/${fragment}`).replaceAll('<', '\\u003c')})`
    const page = `<!doctype html><title>Leasescope</title><script>${script}</script>`
    return void response.writeHead(200, { 'content-type': TYPES['.html'] }).end(page)
  }
  const file = path === null ? null : fileOf(folder, path)
  const content = file === null ? null : await readFile(file).catch(() => null)
  if (file === null || content === null) return void response.writeHead(404).end('Not found')
  response
    .writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-length': content.length,
      'cache-control': 'no-cache',
    })
    .end(method === 'HEAD' ? undefined : content)
}

/** The path of an address, decoded; null for an invalid one. */
function pathOf(url: string): string | null {
  try {
    return decodeURIComponent(url.split(/[?#]/)[0]!)
  } catch {
    return null
  }
}

/** The file of a path; null for a path outside the folder. */
function fileOf(folder: string, path: string): string | null {
  if (path.includes('\0')) return null
  const root = resolve(folder)
  const file = resolve(join(root, path.endsWith('/') ? `${path}index.html` : path))
  return file.startsWith(root + sep) ? file : null
}
