// What the lines look like; that a real etcd does the same with them is for test/live/scripts.ts to say.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { TraceEvent } from '../base/trace'
import { DEFAULT_CONFIG } from '../sim/command'
import type { RecordedCommand } from '../sim/recording'
import { etcdctlScript } from './etcdctl-script'
import { Timeline } from './timeline'

function scriptOf(commands: RecordedCommand[], seconds = 10, members: 1 | 3 = 3): string {
  const timeline = new Timeline({ leasescope: 1, seed: 1, config: { ...DEFAULT_CONFIG, members }, commands })
  timeline.advance(seconds * 1000)
  const script = etcdctlScript(timeline)
  // Whatever was typed, bash can read it.
  const { status, stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return script
}

test('what can be done to a process is a kill for whoever names it, and everything else a comment', () => {
  const fault = (at: number, what: Extract<RecordedCommand, { type: 'fault' }>['fault']): RecordedCommand => ({
    type: 'fault',
    fault: what,
    at,
  })
  const script = scriptOf([
    fault(1000, { type: 'crash', member: 'm2' }),
    fault(2000, { type: 'restart', member: 'm2' }),
    fault(3000, { type: 'pause', member: 'm3' }),
    fault(4000, { type: 'resume', member: 'm3' }),
    fault(5000, { type: 'partition', groups: [['m1'], ['m2', 'm3']] }),
    fault(5200, { type: 'heal' }),
    fault(5400, { type: 'cut', from: ['m1'], to: ['m2'] }),
    fault(5600, { type: 'link', link: null, dial: 'delay', value: 50 }),
    fault(5800, { type: 'disk', member: 'm1', ms: 800 }),
    fault(7000, { type: 'stop', member: 'm1' }),
  ])
  const lines = script.slice(script.indexOf('sleep_until 1.000')).split('\n')
  expect(lines.filter((line) => line !== '' && !line.startsWith('sleep'))).toEqual([
    '# crash m2',
    'if [ -n "$M2_PID" ]; then kill -KILL "$M2_PID"; fi',
    '# restart m2',
    'if [ -n "$M2_START" ]; then eval "$M2_START"; fi',
    '# pause m3',
    'if [ -n "$M3_PID" ]; then kill -STOP "$M3_PID"; fi',
    '# resume m3',
    'if [ -n "$M3_PID" ]; then kill -CONT "$M3_PID"; fi',
    '# partition m1 m2,m3',
    '# heal',
    expect.stringMatching(/^# .*m1.*m2/),
    expect.stringMatching(/^# .*50 ms/),
    expect.stringMatching(/^# m1 .*800 ms/),
    '# stop m1',
    'if [ -n "$M1_PID" ]; then kill -TERM "$M1_PID"; fi',
    '# the end of the run',
  ])
})

test('a lease is what the real cluster called it, wherever its ID stands', () => {
  const terminal = (at: number, text: string): RecordedCommand => ({ type: 'console', terminal: 't1', text, mode: 'guided', at })
  const script = scriptOf(
    [
      terminal(0, 'etcdctl lease grant 60'),
      terminal(300, 'etcdctl put --lease=$L1 "/a b" \'$HOME\''),
      terminal(600, 'etcdctl lease renew $L1'),
      terminal(900, 'etcdctl lease timetolive --keys $L1'),
      terminal(1200, 'echo hello; rm -rf /'),
      { type: 'script', client: 'w', source: 'lease = grant 5\nkeep lease\nput /lock/$lease "a`b" with lease', at: 2000 },
      { type: 'fault', fault: { type: 'crash-client', client: 'w' }, at: 4000 },
    ],
    6,
    1,
  )
  expect(script).toContain('\nL1=$(grant 60)\n')
  expect(script).toContain('\netcdctl put --lease=$L1 "/a b" \'$HOME\'\n')
  expect(script).toContain('\netcdctl lease keep-alive --once $L1\n')
  expect(script).toContain('\netcdctl lease timetolive --keys $L1\n')
  // What was not etcdctl's is not run on somebody's machine.
  expect(script).toMatch(/^# echo hello\n# rm -rf \/$/m)
  expect(script).toMatch(/^L2=\$\(grant 5\) {3}# w$/m)
  expect(script).toContain('etcdctl put --lease=$L2 -- "/lock/""$L2" "a\\`b"')
  expect(script).toMatch(/^etcdctl lease keep-alive \$L2 &\nbeat_w_L2=\$!$/m)
  expect(script).toMatch(/^# w crashed\nkill -KILL "\$beat_w_L2" 2>\/dev\/null$/m)
})

test('a guided line counts the leases of the run, a strict line those of its terminal', () => {
  const line = (at: number, mode: 'strict' | 'guided', text: string): RecordedCommand => ({
    type: 'console',
    terminal: 't1',
    text,
    mode,
    at,
  })
  const script = scriptOf(
    [
      { type: 'script', client: 'w', source: 'lease = grant 50', at: 0 },
      line(1000, 'guided', 'etcdctl lease grant 60'),
      line(2000, 'guided', 'etcdctl lease timetolive --keys $L1'),
      line(3000, 'strict', 'etcdctl lease timetolive $L1'),
    ],
    6,
    1,
  )
  expect(script).toMatch(/^L1=\$\(grant 50\)/m)
  expect(script).toMatch(/^L2=\$\(grant 60\)$/m)
  expect(script.match(/etcdctl lease timetolive .*/g)).toEqual(['etcdctl lease timetolive --keys $L1', 'etcdctl lease timetolive $L2'])
})

test('a member of any name is a variable of the shell, and nothing more', () => {
  const trace: TraceEvent[] = ['m4', '1st', '$(touch${IFS}ran)', '";touch${IFS}ran;"'].flatMap((member, i) =>
    (['member-crashed', 'member-restarted'] as const).map((type, k) => ({
      id: 2 * i + k + 1,
      at: i,
      causes: [],
      level: 'fault',
      type,
      member,
    })),
  )
  const script = etcdctlScript({
    trace,
    end: 10,
    recording: () => ({ leasescope: 1, seed: 1, config: DEFAULT_CONFIG, commands: [] }),
  } as Partial<Timeline> as Timeline)
  const variables = [...script.matchAll(/eval "\$(.*)_START"; fi$/gm)].map((match) => match[1])
  expect(variables).toEqual(['M4', '_1ST', '__TOUCH__IFS_RAN_', '__TOUCH__IFS_RAN__'])
  expect(script.split('\n').filter((line) => line.includes('IFS}') && !line.startsWith('#'))).toEqual([])
})

test('a run from a stranger makes no script that does more than ask etcd', () => {
  const marker = 'touch ran'
  const evil = `x\n${marker}\n`
  const texts = [
    `etcdctl put a $(${marker})`,
    `etcdctl put a \`${marker}\``,
    `etcdctl put a "\`${marker}\`"`,
    `etcdctl put a "$(${marker})"`,
    `etcdctl put a b > ran`,
    `etcdctl put a b | ${marker}`,
    `etcdctl put a b && ${marker}`,
    `etcdctl put a \${x:-$(${marker})}`,
    `PATH=nowhere etcdctl put a b`,
    `ETCDCTL_API=$(${marker}) etcdctl put a b`,
    `etcdctl put a 'b\n${marker}'`,
  ]
  const script = scriptOf(
    [
      ...texts.map((text, i): RecordedCommand => ({ type: 'console', terminal: evil, text, mode: 'guided', at: i * 100 })),
      { type: 'script', client: evil, source: `lease = grant 5\nkeep lease\nput a "$(${marker})" with lease`, at: 2000 },
      { type: 'request', client: evil, request: { type: 'Lock', name: evil }, at: 2500 },
      { type: 'fault', fault: { type: 'pause-client', client: evil }, at: 3000 },
      { type: 'fault', fault: { type: 'partition', groups: [['m1'], [evil]] }, at: 3500 },
      { type: 'fault', fault: { type: 'clock', client: evil, percent: 50 }, at: 4000 },
    ],
    6,
    1,
  )
  const cwd = mkdtempSync(join(tmpdir(), 'leasescope-script-'))
  // Played with an etcdctl that is none: every other program would be one that the run brought along.
  const head = 'etcdctl() { echo "lease 1 granted"; }\nsleep() { :; }\ntouch() { echo RAN >&2; }\n'
  const { stderr } = spawnSync('bash', ['-s'], { input: head + script.replace(/^trap .*$/m, ''), encoding: 'utf8', cwd })
  expect(readdirSync(cwd)).toEqual([])
  rmSync(cwd, { recursive: true })
  expect(stderr).not.toContain('RAN')
  expect(stderr.replaceAll('lease 1 granted\n', '')).toBe('')
})
