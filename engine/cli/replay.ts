// leasescope replay: plays a recording and prints its trace. The same recording gives the same
// lines in a browser.

import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { SharedRun } from '../replay/shared-form'
import { openSharedRun, readSharedRun } from '../replay/shared-run'
import { foreignEngine } from '../sim/engine-version'
import { traceText } from '../text/describe'
import { madeWithText } from '../text/made-with'

export const REPLAY_HELP = `leasescope replay [--json] [--until SECONDS] FILE.json
  Plays a recording (a file that the page saved) and prints its trace, one line per event.
  Reports on stderr if another engine made the recording: it may play differently.
  --json      one JSON object per event
  --until     the end, in virtual seconds (default: its cursor, else its last command)`

/** The subcommand. Returns the exit code of the process. */
export function replay(
  args: string[],
  out: (text: string) => void,
  error: (text: string) => void,
): number {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      until: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    out(`${REPLAY_HELP}\n`)
    return 0
  }
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0)
    throw new Error(`replay takes one recording\n${REPLAY_HELP}`)
  const read = readSharedRun(readFileSync(file, 'utf8'), 'json')
  if (!read.ok) throw new Error(`${file}: ${read.reason}`)
  const engine = foreignEngine(read.value.engine)
  if (engine !== null) error(`${file}: ${madeWithText(engine)}\n`)
  const { timeline } = openSharedRun(read.value)
  const until = values.until === undefined ? endOf(read.value) : milliseconds(values.until)
  timeline.seek({ at: until })
  const events = timeline.trace.filter(({ at }) => at <= until)
  // In one piece: a reader may close the pipe early.
  out(
    values.json ? events.map((event) => `${JSON.stringify(event)}\n`).join('') : traceText(events),
  )
  return 0
}

/** The default end of a run, in virtual ms: its cursor or its last command. */
export function endOf({ cursor = 0, commands }: SharedRun): number {
  return Math.max(cursor, commands.at(-1)?.at ?? 0)
}

/** The seconds of `--until` in virtual ms. */
export function milliseconds(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value) || value < 0 || value > 1e9)
    throw new Error(`--until takes seconds, not ${text}`)
  return Math.round(value * 1000)
}
