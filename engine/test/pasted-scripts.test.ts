// Scripts from public articles and repositories, pasted into the console. A compound command of the
// shell does not run, so its body must print nothing: a body without its condition would print
// false statements.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { TraceEvent } from '../base/trace'
import { Timeline } from '../replay/timeline'
import { DEFAULT_CONFIG } from '../sim/command'

const FOLDER = join(import.meta.dirname, 'recordings/scripts')

/** The lines that begin, each with its output. */
function pasted(name: string): { line: string; stdout: string; stderr: string }[] {
  const text = readFileSync(join(FOLDER, name), 'utf8')
  const timeline = new Timeline({
    leasescope: 1,
    seed: 1,
    config: DEFAULT_CONFIG,
    commands: [{ type: 'console', terminal: 't1', text, mode: 'guided', at: 0 }],
  })
  timeline.advance(60_000)
  const printed = (
    line: Extract<TraceEvent, { type: 'console-line' }>,
    stream: 'stdout' | 'stderr',
  ) =>
    timeline.trace
      .flatMap((event) =>
        event.type === 'console-output' && event.job === line.job && event.stream === stream
          ? [event.text]
          : [],
      )
      .join('')
  return timeline.trace.flatMap((event) =>
    event.type === 'console-line'
      ? [{ line: event.line, stdout: printed(event, 'stdout'), stderr: printed(event, 'stderr') }]
      : [],
  )
}

const whole = (place: string, what: string) =>
  `${place}: ${what} is not modelled yet; none of its lines ran\n`

/** The message of each compound command of a script, and the claims of its bodies. */
const scripts: Record<string, { refused: string[]; claims: string[] }> = {
  'ttl-lab.sh': {
    refused: [whole('line 7–11', 'a shell `if`'), whole('line 13–15', 'a shell `if`')],
    claims: ['Key is gone', 'Key still exists'],
  },
  'lock-functions.sh': {
    refused: [
      whole('line 4–11', 'the shell function `acquire_etcd_lock`'),
      whole('line 12–18', 'the shell function `release_etcd_lock`'),
    ],
    claims: ['got it', 'local', 'return', 'command not found'],
  },
  'fifo-lock.sh': {
    refused: [
      whole('line 6–10', 'the shell function `release_lock`'),
      whole('line 11–19', 'a shell `if`'),
    ],
    claims: ['lock success', 'already run on', 'command not found'],
  },
  'find-leader.sh': { refused: [], claims: ['jq', 'command not found', 'subshells'] },
}

test('every script has its expectation', () => {
  expect(Object.keys(scripts).toSorted()).toEqual(readdirSync(FOLDER).toSorted())
})

describe.each(Object.entries(scripts))('%s', (name, { refused, claims }) => {
  test('refuses each compound command once', () => {
    const said = pasted(name).map(({ stderr }) => stderr)
    expect(said.filter((stderr) => stderr.includes('none of its lines ran'))).toEqual(refused)
  })

  test('prints nothing from a body that did not run', () => {
    for (const { line, stdout, stderr } of pasted(name))
      for (const claim of claims) expect(stdout + stderr, `${line}: ${claim}`).not.toContain(claim)
  })
})
