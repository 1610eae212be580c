// Runs saved as etcdctl scripts, played against a real etcd. A watch of all keys must receive the
// engine's changes, in its order.

import { spawnSync } from 'node:child_process'
import { text } from '../../base/bytes'
import { etcdctlScript } from '../../replay/etcdctl-script'
import { Timeline } from '../../replay/timeline'
import type { Command } from '../../sim/command'
import { DEFAULT_CONFIG } from '../../sim/command'
import type { RecordedCommand } from '../../sim/recording'
import type { Change } from './play'
import { play } from './play'
import { playStranger } from './strangers'

const terminal = (at: number, line: string): RecordedCommand => ({
  type: 'console',
  terminal: 't1',
  text: line,
  mode: 'guided',
  at,
})
const client = (at: number, name: string, source: string): RecordedCommand =>
  ({ type: 'script', client: name, source, at }) satisfies Command & { at: number }

interface Run {
  name: string
  seconds: number
  commands: RecordedCommand[]
}

/**
 * Moments without a fixed order are at least a second apart: both sides end a lease up to half a
 * second late.
 */
const runs: Run[] = [
  {
    name: 'typed lines: one lease runs out, another is kept alive until Ctrl-C',
    seconds: 9,
    commands: [
      terminal(0, 'etcdctl lease grant 2'),
      terminal(100, 'etcdctl put --lease=$L1 /a "left alone"'),
      terminal(200, 'etcdctl lease grant 2'),
      terminal(300, "etcdctl put --lease=$L2 /b 'kept $alive'"),
      terminal(400, 'etcdctl lease keep-alive $L2 &'),
      { type: 'interrupt', terminal: 't1', job: 5, at: 4500 },
      terminal(4600, 'etcdctl put /c 3'),
    ],
  },
  {
    name: 'a lease with several keys is revoked, a transaction, a tutorial’s own ID; a client is frozen and its lease runs out',
    seconds: 7,
    commands: [
      client(0, 'w', 'lease = grant 2\nkeep lease\nput /w "alive" with lease'),
      terminal(100, 'etcdctl lease grant 60'),
      terminal(
        300,
        'etcdctl put --lease=326969472b0c5c05 /z 1\netcdctl put --lease=326969472b0c5c05 /y "é 2"',
      ),
      terminal(
        1000,
        'etcdctl txn <<END\nmod("/z") > "0"\n\nput /x "it is there"\ndel /y\n\nput /x "it is not"\n\nEND',
      ),
      { type: 'fault', fault: { type: 'pause-client', client: 'w' }, at: 1800 },
      terminal(2000, 'etcdctl lease revoke $L1'),
      { type: 'fault', fault: { type: 'resume-client', client: 'w' }, at: 5500 },
      terminal(6000, 'etcdctl del /x'),
    ],
  },
  {
    name: 'programs: two clients want a lock, the first stops renewing',
    seconds: 9,
    commands: [
      client(
        0,
        'a',
        'lease = grant 2\nkeep lease\nput /lock/$lease "a" with lease\nsleep 2s\nput /said "a"',
      ),
      client(
        1000,
        'b',
        'lease = grant 60\nput /lock/$lease "b" with lease\nsleep 6s\ndelete /lock/$lease\nrevoke lease',
      ),
      { type: 'fault', fault: { type: 'crash-client', client: 'a' }, at: 3200 },
    ],
  },
  {
    name: 'the member is killed and started again, and gives the lease its whole TTL; then it is frozen past the end of another',
    seconds: 14,
    commands: [
      terminal(0, 'etcdctl lease grant 2'),
      terminal(200, 'etcdctl put --lease=$L1 /a 1'),
      { type: 'fault', fault: { type: 'crash', member: 'm1' }, at: 1000 },
      { type: 'fault', fault: { type: 'restart', member: 'm1' }, at: 2000 },
      // Without the kill the lease would be over by now.
      terminal(3200, 'etcdctl put /b 2'),
      terminal(8000, 'etcdctl put /c 3'),
      terminal(8200, 'etcdctl lease grant 2'),
      terminal(8400, 'etcdctl put --lease=$L2 /d 4'),
      { type: 'fault', fault: { type: 'pause', member: 'm1' }, at: 9000 },
      { type: 'fault', fault: { type: 'resume', member: 'm1' }, at: 11_500 },
      terminal(13_000, 'etcdctl put /e 5'),
    ],
  },
]

/** The changes of one member on the engine. */
function expected(timeline: Timeline): Change[] {
  return timeline.trace.flatMap((event): Change[] => {
    if (event.type === 'key-put' && event.member === 'm1')
      return [{ type: 'PUT', key: event.kv.key, value: event.kv.value }]
    if (event.type === 'key-deleted' && event.member === 'm1')
      return [{ type: 'DELETE', key: event.key, value: '' }]
    return []
  })
}

/** Lease IDs differ between clusters: in keys they become the number of their first occurrence. */
function comparable(events: Change[]): string[] {
  const ids: string[] = []
  return events.map(({ type, key, value }) => {
    const named = text(key).replace(/[0-9a-f]{15,16}/, (id) => {
      if (!ids.includes(id)) ids.push(id)
      return `lease ${ids.indexOf(id) + 1}`
    })
    return `${type} ${named}${type === 'PUT' ? ` = ${text(value)}` : ''}`
  })
}

function isFound(program: string): boolean {
  return spawnSync(program, ['version'], { stdio: 'ignore' }).error === undefined
}

async function playRun({ name, seconds, commands }: Run): Promise<boolean> {
  const timeline = new Timeline({ leasescope: 1, seed: 1, config: DEFAULT_CONFIG, commands })
  timeline.advance(seconds * 1000)
  const script = etcdctlScript(timeline)
  const wanted = comparable(expected(timeline))
  const { changes, said } = await play(script)
  const got = comparable(changes)
  const same = wanted.length > 0 && JSON.stringify(got) === JSON.stringify(wanted)
  console.log(`${same ? '✓' : '✗'} ${name} (${wanted.length} events)`)
  if (!same)
    console.log(
      `the engine:\n  ${wanted.join('\n  ')}\nthe real etcd:\n  ${got.join('\n  ')}\nthe script:\n${script}\nit said:\n${said}`,
    )
  return same
}

async function playStrangersRun(): Promise<boolean> {
  const { commands, wrong } = await playStranger()
  console.log(
    `${wrong.length === 0 ? '✓' : '✗'} a stranger's run does nothing but ask etcd (${commands} commands)`,
  )
  for (const sentence of wrong) console.log(`  ${sentence}`)
  return wrong.length === 0
}

const missing = ['etcd', 'etcdctl'].filter((program) => !isFound(program))
if (missing.length > 0) console.log(`skipped: no ${missing.join(' and no ')} on the PATH`)
else {
  const results = await Promise.all([...runs.map(playRun), playStrangersRun()])
  process.exitCode = results.every(Boolean) ? 0 : 1
}
