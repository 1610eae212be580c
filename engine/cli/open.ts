// leasescope open: serves the page from this package's own files, on this computer only.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { deflateRawSync } from 'node:zlib'
import type { SharedForm } from '../replay/shared-run'
import { readSharedRun } from '../replay/shared-run'
import { servePage } from './page-server'

export const OPEN_HELP = `leasescope open [--port N] [FILE.json | LINK]
  Serves the page on this computer and prints its address. Ctrl-C ends it.
  FILE.json   a run saved by the page, a test or leasescope fuzz --recording: the page opens it
  LINK        the same for a link, or for its part from # on
  --port      the port (4173, or a free one if that is taken)`

const DEFAULT_PORT = 4173
/** The maximum of characters behind #r1. that the page reads (app/share/codec.ts). */
const LONGEST_PACKED = 200_000

/**
 * The subcommand. It returns 0 once the arguments are read; the process lives as long as the
 * server. An unusable port ends it with exit code 1.
 */
export function open(
  args: string[],
  out: (text: string) => void,
  error: (text: string) => void,
): number {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      port: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    out(`${OPEN_HELP}\n`)
    return 0
  }
  const [run, ...more] = positionals
  if (more.length > 0) throw new Error(`open takes one run\n${OPEN_HELP}`)
  const folder = join(import.meta.dirname, '../../dist')
  if (!existsSync(join(folder, 'index.html')))
    throw new Error(`the page is not built: there is no ${folder} (npm run build writes it)`)
  servePage({
    folder,
    fragment: run === undefined ? '' : fragmentOf(run),
    ...(values.port === undefined
      ? { port: DEFAULT_PORT, orFree: true }
      : { port: portOf(values.port), orFree: false }),
    onListening: (url) => out(`Leasescope is at ${url} (Ctrl-C ends it)\n`),
    onError: (problem) => {
      error(`leasescope open: ${problem.message}\n`)
      process.exitCode = 1
    },
  })
  return 0
}

/**
 * The part of the page's address from # on that opens this run. Throws with the reason for an
 * unreadable run.
 */
export function fragmentOf(run: string): string {
  const hash = run.indexOf('#')
  if (hash >= 0 && !existsSync(run)) {
    const fragment = run.slice(hash)
    if (fragment.startsWith('#r1?')) checked(fragment.slice('#r1?'.length), 'plain', 'the link')
    return fragment
  }
  const text = readFileSync(run, 'utf8')
  checked(text, 'json', run)
  const packed = deflateRawSync(text, { level: 9 }).toString('base64url')
  if (packed.length > LONGEST_PACKED)
    throw new Error(
      `${run}: too long for a link. Open the page without it, and drop the file on the page.`,
    )
  return `#r1.${packed}`
}

function checked(text: string, form: SharedForm, name: string): void {
  const read = readSharedRun(text, form)
  if (!read.ok) throw new Error(`${name}: ${read.reason}`)
}

function portOf(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new Error(`--port takes a number up to 65535, not ${text}`)
  return port
}
