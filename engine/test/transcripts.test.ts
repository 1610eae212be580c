// What a real etcdctl 3.4.23 printed on a terminal is what the console prints: every transcript is played as a script on virtual time and compared line by line.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { RanCommand } from '../cli/run'
import { runScript } from '../cli/run'

interface Recorded {
  line: string
  stdin?: string
  stdout?: string
  stderr?: string
  exit?: number
}

const FOLDER = join(import.meta.dirname, 'recordings/etcdctl')

/** The transcript as somebody would paste it. */
function script(commands: Recorded[]): string {
  return commands.map(({ line, stdin }) => `${fill(line)}${stdin === undefined ? '' : ` <<'EOF'\n${fill(stdin)}EOF`}`).join('\n')
}

const fill = (text: string): string => text.replace(/\{L(\d+)\}/g, '$L$1')

/** IDs, terms and timings differ from run to run: the same one stands for itself wherever it stands again. */
function normal(texts: string[]): string[] {
  const ids = new Map<string, string>()
  const named = (id: string): string => {
    if (!ids.has(id)) ids.set(id, `ID${ids.size + 1}`)
    return ids.get(id)!
  }
  return texts.map((text) => {
    const lines = text
      .replace(/\{[Ll](\d+)\}/g, 'lease')
      .replace(/"(cluster_id|member_id|raft_term)":(\d+|\{\w+\})/g, '"$1":N')
      .replace(/"(ClusterID|MemberID|RaftTerm)" : (\d+|\{\w+\})/g, '"$1" : N')
      .replace(/took = \S+/g, 'took = T')
      .replace(/\b[0-9a-f]{16}\b/g, named)
    // Only the first line of a help text counts.
    return lines.startsWith('NAME:\n') ? lines.split('\n').slice(0, 2).join('\n') : lines
  })
}

/** The run's own lease IDs, as the transcripts write them. */
function leasesNamed(ran: RanCommand[]): (text: string) => string {
  const ids: string[] = []
  for (const { line, stdout } of ran) {
    if (!/lease grant/.test(line)) continue
    const hex = stdout.match(/^lease ([0-9a-f]{16}) granted/)?.[1]
    const decimal = stdout.match(/"ID" ?: ?(\d+)/)?.[1]
    if (hex !== undefined) ids.push(hex)
    else if (decimal !== undefined) ids.push(BigInt(decimal).toString(16).padStart(16, '0'))
  }
  return (text) => ids.reduce((done, id) => done.replaceAll(id, 'lease').replaceAll(BigInt(`0x${id}`).toString(), 'lease'), text)
}

describe.each(readdirSync(FOLDER).filter((name) => name.endsWith('.json')))('%s', (name) => {
  const { commands } = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as { commands: Recorded[] }
  const ran = runScript(script(commands), { seed: 1, members: 1, guided: false })
  const hide = leasesNamed(ran)
  const ours = normal(ran.flatMap(({ stdout, stderr }) => [hide(stdout), hide(stderr)]))
  const theirs = normal(commands.flatMap(({ stdout = '', stderr = '' }) => [stdout, stderr]))

  test('has a command for every line', () => {
    expect(ran).toHaveLength(commands.length)
  })
  test.each(commands.map(({ line }, i) => [i, line] as const))('%i: %s', (i) => {
    expect({ stdout: ours[2 * i], stderr: ours[2 * i + 1] }).toEqual({ stdout: theirs[2 * i], stderr: theirs[2 * i + 1] })
    if (commands[i]!.exit !== undefined) expect(ran[i]!.exit).toBe(commands[i]!.exit)
  })
})
