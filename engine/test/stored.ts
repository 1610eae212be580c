// Runs kept as recordings: finds of the fuzzer, as files that the page opens. A seed draws another
// run whenever the fuzzer changes; a recording stays.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Played } from '../fuzz/shrink'
import type { RecordingVerdict } from '../replay/check-recording'
import { checkRecording } from '../replay/check-recording'
import { readSharedRun } from '../replay/shared-run'

type Folder = 'flaws' | 'fuzz' | 'recipes'

const FOLDER = join(import.meta.dirname, 'recordings')

/** The names of the recordings of a folder. */
export function storedNames(folder: Folder): string[] {
  const files = readdirSync(join(FOLDER, folder))
  return files.map((file) => file.replace(/\.json$/, '')).sort()
}

/** A recording and its end. Throws for a recording that the page would refuse. */
export function stored(folder: Folder, name: string): Played {
  const read = readSharedRun(readFileSync(join(FOLDER, folder, `${name}.json`), 'utf8'), 'json')
  if (!read.ok) throw new Error(`${folder}/${name}: ${read.reason}`)
  return { recording: read.value, until: read.value.cursor ?? 0 }
}

/** The sound engine's verdict on it. */
export function verdictOn(folder: Folder, name: string): RecordingVerdict {
  const { recording, until } = stored(folder, name)
  return checkRecording(recording, until)
}
