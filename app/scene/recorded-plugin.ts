// Counts the answers of real etcd servers when the page is built. The page says how the model was
// checked; it does not include the recordings.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/**
 * The answers of a real etcd: exchanges with their API calls and watch events, and lines of
 * etcdctl.
 */
export interface Counts {
  exchanges: number
  calls: number
  events: number
  lines: number
}

const MODULE = 'virtual:recorded'
const FOLDER = join(import.meta.dirname, '../../engine/test/recordings')

/**
 * The fields of a recording that are counted. An exchange has steps; a transcript of etcdctl has
 * commands.
 */
interface RecordingFile {
  etcd?: string
  etcdctl?: string
  steps?: { call?: string }[]
  events?: unknown[]
  commands?: { stdout?: string }[]
}

/** Provides `recorded` to the page: the counts for each patch version, by its name. */
export function recorded(): Plugin {
  return {
    name: 'leasescope-recorded',
    resolveId: (id) => (id === MODULE ? `\0${MODULE}` : undefined),
    load: (id) =>
      id === `\0${MODULE}`
        ? `export const recorded = ${JSON.stringify(countRecordings(FOLDER))}`
        : undefined,
  }
}

/** The counts of all recordings below `api/` and `etcdctl/`, by the patch version that answered. */
export function countRecordings(folder: string): Record<string, Counts> {
  const found: Record<string, Counts> = {}
  const of = (version: string): Counts =>
    (found[version] ??= { exchanges: 0, calls: 0, events: 0, lines: 0 })
  for (const { etcd, etcdctl, steps = [], events = [], commands = [] } of [
    'api',
    'etcdctl',
  ].flatMap((name) => filesBelow(join(folder, name)))) {
    if (etcd !== undefined) {
      const counts = of(etcd)
      counts.exchanges++
      counts.calls += steps.length
      counts.events += events.length
    }
    if (etcdctl !== undefined) of(etcdctl).lines += commands.length
  }
  return found
}

function filesBelow(folder: string): RecordingFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as RecordingFile)
}
