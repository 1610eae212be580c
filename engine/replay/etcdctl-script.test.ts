// The text of the lines. test/live/scripts.ts checks that a real etcd does the same with them.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { EtcdVersion } from '../base/etcd-versions'
import type { LeaseId, Request } from '../base/rpc'
import type { TraceEvent } from '../base/trace'
import { DEFAULT_CONFIG } from '../sim/command'
import type { RecordedCommand } from '../sim/recording'
import { etcdctlScript } from './etcdctl-script'
import { Timeline } from './timeline'

function scriptOf(
  commands: RecordedCommand[],
  seconds = 10,
  members: 1 | 3 = 3,
  etcd: EtcdVersion = '3.4',
): string {
  const timeline = new Timeline({
    leasescope: 1,
    seed: 1,
    config: { ...DEFAULT_CONFIG, members, etcd },
    commands,
  })
  timeline.advance(seconds * 1000)
  const script = etcdctlScript(timeline)
  // Bash can read the script, whatever was typed.
  const { status, stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return script
}

test.each<[EtcdVersion, string[]]>([
  ['3.4', ['etcdctl del "a" "c"', 'etcdctl get --keys-only --prefix "a"']],
  [
    '3.5',
    ['etcdctl del --range "a" "c"', 'etcdctl get --count-only --write-out=fields --prefix "a"'],
  ],
  [
    '3.6',
    [
      'etcdctl del --range "a" "c"',
      'etcdctl get --count-only --write-out=fields --min-mod-rev=3 --prefix "a"',
    ],
  ],
  [
    '3.7',
    [
      'etcdctl del --range "a" "c"',
      'etcdctl get --count-only --write-out=fields --min-mod-rev=3 --prefix "a"',
    ],
  ],
])('the flags are those of etcdctl %s', (etcd, lines) => {
  const ask = (at: number, request: Request): RecordedCommand => ({
    type: 'request',
    client: 'a',
    request,
    at,
  })
  const script = scriptOf(
    [
      ask(1000, { type: 'DeleteRange', key: 'a', range_end: 'c' }),
      ask(2000, { type: 'Range', key: 'a', range_end: 'b', count_only: true, min_mod_revision: 3 }),
    ],
    3,
    1,
    etcd,
  )
  expect(script).toContain(`the etcdctl of ${etcd}`)
  const asked = script.split('\n').filter((line) => /^etcdctl (del|get)/.test(line))
  expect(asked.map((line) => line.replace(/ +#.*/, ''))).toEqual(lines)
})

test('a job that a signal ends is killed in the script too', () => {
  const script = scriptOf(
    [
      {
        type: 'console',
        terminal: 't1',
        text: 'etcdctl lock prod &\nsleep 1\nkill -9 %1',
        mode: 'strict',
        at: 0,
      },
    ],
    3,
    1,
  )
  expect(script).toContain('kill -KILL "$job_t1_1"')
})

test('signals to a process become `kill`, and every other fault becomes a comment', () => {
  const fault = (
    at: number,
    what: Extract<RecordedCommand, { type: 'fault' }>['fault'],
  ): RecordedCommand => ({
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

test('a lease has the ID of the real cluster, wherever its ID occurs', () => {
  const terminal = (at: number, text: string): RecordedCommand => ({
    type: 'console',
    terminal: 't1',
    text,
    mode: 'guided',
    at,
  })
  const script = scriptOf(
    [
      terminal(0, 'etcdctl lease grant 60'),
      terminal(300, 'etcdctl put --lease=$L1 "/a b" \'$HOME\''),
      terminal(600, 'etcdctl lease renew $L1'),
      terminal(900, 'etcdctl lease timetolive --keys $L1'),
      terminal(1200, 'echo hello; rm -rf /'),
      {
        type: 'script',
        client: 'w',
        source: 'lease = grant 5\nkeep lease\nput /lock/$lease "a`b" with lease',
        at: 2000,
      },
      { type: 'fault', fault: { type: 'crash-client', client: 'w' }, at: 4000 },
    ],
    6,
    1,
  )
  expect(script).toContain('\nL1=$(grant 60)\n')
  expect(script).toContain('\netcdctl put --lease=$L1 "/a b" \'$HOME\'\n')
  expect(script).toContain('\netcdctl lease keep-alive --once $L1\n')
  expect(script).toContain('\netcdctl lease timetolive --keys $L1\n')
  // A line that is not etcdctl's does not run.
  expect(script).toMatch(/^# echo hello\n# refused: rm -rf \/$/m)
  expect(script).toMatch(/^L2=\$\(grant 5\) {3}# w$/m)
  expect(script).toContain(`etcdctl put --lease=$L2 "/lock/""$L2" 'a\`b'`)
  expect(script).toMatch(/^etcdctl lease keep-alive \$L2 &\nbeat_w_L2=\$!$/m)
  expect(script).toMatch(/^# w crashed\nkill -KILL "\$beat_w_L2" 2>\/dev\/null$/m)
})

test('a paused client stops its own processes and no process of another client', () => {
  const keeping = (client: string): RecordedCommand => ({
    type: 'script',
    client,
    source: 'lease = grant 50\nkeep lease\nsleep 60s',
    at: 0,
  })
  const script = scriptOf(
    [
      keeping('a'),
      keeping('a_b'),
      { type: 'fault', fault: { type: 'pause-client', client: 'a' }, at: 3000 },
    ],
    6,
    1,
  )
  expect(script.match(/kill -STOP .*/g)).toEqual(['kill -STOP "$beat_a_L1" 2>/dev/null'])
  // A stopped process does not end by a signal alone.
  expect(script).toMatch(/^trap 'kill -CONT \$\(jobs -p\)/m)
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
  expect(script.match(/etcdctl lease timetolive .*/g)).toEqual([
    'etcdctl lease timetolive --keys $L1',
    'etcdctl lease timetolive $L2',
  ])
})

test('a member of any name is a variable of the shell, and nothing more', () => {
  const trace: TraceEvent[] = [
    'm4',
    '1st',
    'a-b',
    'a_b',
    'A_b',
    '$(touch${IFS}ran)',
    '";touch${IFS}ran;"',
  ].flatMap((member, i) =>
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
  expect(variables.slice(0, 2)).toEqual(['M4', '_1ST'])
  expect(variables.filter((name) => !/^\w+$/.test(name ?? ''))).toEqual([])
  // Two members of any names have two variables.
  expect(new Set(variables).size).toBe(7)
  expect(
    script.split('\n').filter((line) => line.includes('IFS}') && !line.startsWith('#')),
  ).toEqual([])
})

test('a run from a stranger makes a script that only calls etcd', () => {
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
      ...texts.map(
        (text, i): RecordedCommand => ({
          type: 'console',
          terminal: evil,
          text,
          mode: 'guided',
          at: i * 100,
        }),
      ),
      {
        type: 'script',
        client: evil,
        source: `lease = grant 5\nkeep lease\nput a "$(${marker})" with lease`,
        at: 2000,
      },
      { type: 'request', client: evil, request: { type: 'Lock', name: evil }, at: 2500 },
      { type: 'fault', fault: { type: 'pause-client', client: evil }, at: 3000 },
      { type: 'fault', fault: { type: 'partition', groups: [['m1'], [evil]] }, at: 3500 },
      { type: 'fault', fault: { type: 'clock', client: evil, percent: 50 }, at: 4000 },
    ],
    6,
    1,
  )
  const cwd = mkdtempSync(join(tmpdir(), 'leasescope-script-'))
  // A false etcdctl plays the script. Every other program that runs would come from the run.
  const head = 'etcdctl() { echo "lease 1 granted"; }\nsleep() { :; }\ntouch() { echo RAN >&2; }\n'
  const { stderr } = spawnSync('bash', ['-s'], {
    input: head + script.replace(/^trap .*$/m, ''),
    encoding: 'utf8',
    cwd,
  })
  expect(readdirSync(cwd)).toEqual([])
  rmSync(cwd, { recursive: true })
  expect(stderr).not.toContain('RAN')
  expect(stderr.replaceAll('lease 1 granted\n', '')).toBe('')
})

/** The lines of a script after its head, without comments of time. */
function linesOf(
  texts: string[],
  {
    mode = 'guided',
    members = 3,
    ctrlC,
  }: { mode?: 'strict' | 'guided'; members?: 1 | 3; ctrlC?: number } = {},
) {
  const typed = texts.map(
    (text, i): RecordedCommand => ({ type: 'console', terminal: 't1', text, mode, at: i * 1000 }),
  )
  const interrupt: RecordedCommand[] =
    ctrlC === undefined
      ? []
      : [{ type: 'interrupt', terminal: 't1', job: ctrlC, at: texts.length * 1000 }]
  const script = scriptOf([...typed, ...interrupt], texts.length + 2, members)
  const body = script.slice(script.indexOf('\nsleep_until 0.000')).split('\n')
  return body.filter(
    (line) => line !== '' && !line.startsWith('sleep_until') && line !== '# the end of the run',
  )
}

test('a line is written from its request and holds nothing else that was typed', () => {
  const lines = linesOf([
    'ETCDCTL_CACERT=/etc/passwd etcdctl --cert=/a --key=/b --user=root:root put ~ *',
    'NAME={a,b}',
    'etcdctl put $NAME "!!" --lease=0',
    '/tmp/etcdctl get --order=DESCEND --sort-by=MODIFY --limit=3 --rev=2 --keys-only a z -w json',
    'etcdctl del --prev-kv --prefix a',
    'etcdctl get "" --prefix',
    'etcdctl put -- -k --v',
    'etcdctl compact 2',
    'etcdctl endpoint status --cluster',
    'etcdctl endpoint health',
    'etcdctl --endpoints=http://127.0.0.1:22379 get a --consistency=s',
    'etcdctl member list',
  ])
  expect(lines).toEqual([
    'etcdctl put "~" "*"',
    '# NAME={a,b}',
    'etcdctl put "{a,b}" \'!!\'',
    'etcdctl get --limit=3 --rev=2 --order=DESCEND --sort-by=MODIFY --keys-only "a" "z"',
    'etcdctl del --prev-kv --prefix "a"',
    'etcdctl get --from-key ""',
    'etcdctl put -- "-k" "--v"',
    'etcdctl compaction 2',
    'etcdctl endpoint status --cluster',
    'etcdctl endpoint health',
    'ETCDCTL_ENDPOINTS="${M2_ENDPOINT:-$ETCDCTL_ENDPOINTS}" etcdctl get --consistency=s "a"',
    'etcdctl member list',
  ])
})

test.each([
  'etcdctl lock l sh /tmp/payload',
  'etcdctl watch foo -- touch /tmp/ran',
  'etcdctl snapshot save /tmp/precious',
  'etcdctl make-mirror http://evil:2379',
  'etcdctl user add root:root',
  'etcdctl put a $(touch /tmp/ran)',
  'etcdctl put a b > /tmp/ran',
  'touch /tmp/ran',
])('a refused line is a comment: %s', (text) => {
  expect(linesOf([text])).toEqual([`# refused: ${text}`])
})

test('a line with an ID or a URL of one cluster is a comment', () => {
  const lines = linesOf([
    'etcdctl member add evil --peer-urls=http://evil:2380',
    'etcdctl move-leader 8e9e05c52164694d',
  ])
  expect(lines).toEqual([
    '# etcdctl cannot ask this of another cluster: etcdctl member add evil --peer-urls=http://evil:2380',
    '# etcdctl cannot ask this of another cluster: etcdctl move-leader 8e9e05c52164694d',
  ])
})

test('a line about something that the run does not have keeps its command only where that changes nothing', () => {
  const lines = linesOf([
    'etcdctl alarm list',
    'etcdctl user  list',
    'etcdctl defrag --cluster',
    'etcdctl alarm disarm',
    'etcdctl get health',
  ])
  const why = '# not written, for it works on the servers themselves: '
  expect(lines).toEqual([
    'etcdctl alarm list',
    'etcdctl user list',
    `${why}etcdctl defrag --cluster`,
    `${why}etcdctl alarm disarm`,
    'etcdctl get "health"',
  ])
})

test('a line with a NUL byte becomes a comment, because no argument can hold the byte', () => {
  const why = '# not written, for a key or value has a NUL byte, which no argument can hold: '
  expect(linesOf(["etcdctl put a $'b\\x00c'"])).toEqual([`${why}etcdctl put a $'b\\x00c'`])
})

test('a comment has one line, whatever was typed', () => {
  expect(linesOf(['etcdctl put a "b\ntouch ran'])).toEqual([
    '# refused: etcdctl put a "b touch ran',
  ])
})

test('a transaction keeps backslashes and dollar signs from the here-document', () => {
  const lines = linesOf([
    'etcdctl txn <<\'X\'\nval("a") != "$b"\n\nput t "\\\\$(touch ran)`x`!"\n\n\nX',
  ])
  expect(lines).toEqual([
    'etcdctl txn <<END',
    'value("a") != "\\$b"',
    'put "t" "\\\\\\\\\\$(touch ran)\\`x\\`\\\\x21"',
    'END',
  ])
})

test('a command that lasts runs in the background until the run ends it', () => {
  const lines = linesOf(
    [
      'etcdctl watch --prefix "a b" &',
      'etcdctl lock l sleep 2',
      'etcdctl lock l echo x',
      'etcdctl elect e v &',
      'etcdctl elect -l e &',
    ],
    {
      ctrlC: 4,
    },
  )
  expect(lines).toEqual([
    'etcdctl watch --prefix "a b" &',
    'job_t1_1=$!',
    'etcdctl lock --ttl=10 "l" &',
    'job_t1_2=$!',
    'kill "$job_t1_2" 2>/dev/null',
    'etcdctl lock --ttl=10 "l" "true"',
    'etcdctl elect "e" "v" &',
    'job_t1_4=$!',
    'etcdctl elect --listen "e" &',
    'job_t1_5=$!',
    'kill "$job_t1_4" 2>/dev/null',
  ])
})

test('a watch of a key that begins with a dash takes it from the environment', () => {
  const watch = (key: string, range_end?: string): RecordedCommand => ({
    type: 'request',
    client: 'c',
    request: { type: 'WatchCreate', key, ...(range_end === undefined ? {} : { range_end }) },
    at: 0,
  })
  const script = scriptOf([watch('--', '-z'), watch('/bin/payload')], 1, 1)
  expect(script).toContain(
    '\nETCDCTL_WATCH_KEY="--" ETCDCTL_WATCH_RANGE_END="-z" etcdctl watch &\n',
  )
  // etcdctl would run the words after `--`.
  expect(script).toContain('\netcdctl watch "/bin/payload" &\n')
})

test('a read with bounds that etcdctl has no flags for becomes a wider read', () => {
  const request: Request = {
    type: 'Range',
    key: 'e/',
    range_end: 'e0',
    sort_order: 'DESCEND',
    sort_target: 'CREATE',
    max_create_revision: 5,
  }
  const script = scriptOf([{ type: 'request', client: 'c', request, at: 0 }], 1, 1)
  expect(script).toContain('\netcdctl get --order=DESCEND --sort-by=CREATE --prefix "e/"   # c\n')
})

test('a lease that was granted under a short ID leaves the keys alone', () => {
  const ID = '0000000000000001' as LeaseId
  const script = scriptOf(
    [
      { type: 'request', client: 'c', request: { type: 'LeaseGrant', TTL: 60, ID }, at: 0 },
      {
        type: 'request',
        client: 'c',
        request: { type: 'Put', key: 'k1', value: '1', lease: ID },
        at: 1000,
      },
    ],
    2,
    1,
  )
  expect(script).toContain('\netcdctl put --lease=$L1 "k1" "1"   # c\n')
})

test('a NUL byte anywhere in a transaction makes the line a comment', () => {
  const nul = 'a\0b'
  const txn = (key: string, value: string, put: string): Request => ({
    type: 'Txn',
    compare: [{ key, target: 'VALUE', result: 'EQUAL', value }],
    success: [{ type: 'Put', key: put, value: 'x' }],
    failure: [],
  })
  const told = (request: Request): string[] =>
    scriptOf([{ type: 'request', client: 'c', request, at: 1000 }])
      .split('\n')
      .filter((line) => /etcdctl.* txn/.test(line) && !line.startsWith('#'))
  expect(told(txn('k', 'v', 'p'))).toHaveLength(1)
  for (const request of [txn(nul, 'v', 'p'), txn('k', nul, 'p'), txn('k', 'v', nul)])
    expect(told(request)).toEqual([])
})

test('a watch of every key becomes a watch of the empty prefix', () => {
  const watched = (key: string, range_end: string): string | undefined =>
    scriptOf([
      { type: 'request', client: 'c', request: { type: 'WatchCreate', key, range_end }, at: 1000 },
    ])
      .split('\n')
      .find((line) => /etcdctl.* watch/.test(line) && !line.startsWith('#'))
  expect(watched('\0', '\0')).toMatch(/ watch --prefix ""/)
  expect(watched('b', '\0')).toBeUndefined()
})

test('a lock that is released at once becomes the lock of a command that ends at once', () => {
  const held = (ms: number): string =>
    scriptOf([
      { type: 'console', terminal: 't1', text: 'etcdctl lock job', mode: 'strict', at: 1000 },
      { type: 'interrupt', terminal: 't1', at: 1000 + ms },
    ])
  const lines = (script: string) =>
    script.split('\n').filter((line) => /etcdctl.* lock /.test(line) && !line.startsWith('#'))
  expect(lines(held(300))).toEqual([expect.stringMatching(/ lock .*"job" "true"/)])
  expect(lines(held(3000))).toEqual([expect.not.stringContaining('true')])
})

test('a comparison of a range of keys, or of a lease up to 3.5, is a comment', () => {
  const txn = (at: number, compare: object): RecordedCommand => ({
    type: 'request',
    client: 'a',
    request: {
      type: 'Txn',
      compare: [compare],
      success: [{ type: 'Put', key: 'k', value: `${at}` }],
      failure: [],
    } as Request,
    at,
  })
  const script = scriptOf(
    [
      txn(1000, { key: 'a', range_end: 'c', target: 'VERSION', result: 'EQUAL', version: 1 }),
      txn(2000, { key: 'a', target: 'VERSION', result: 'EQUAL', version: 1 }),
    ],
    3,
    1,
  )
  expect(script.match(/^#.*a: Txn, which etcdctl cannot ask of another cluster$/gm)).toHaveLength(1)
  expect(script).not.toContain('1000')
  expect(script).toContain('put "k" "2000"')
})

test('the renewals of a keep-alive loop become one job', () => {
  const script = scriptOf(
    [
      {
        type: 'script',
        client: 'w',
        source: 'lease = grant 2\nkeep lease\nput /w 1 with lease',
        at: 0,
      },
    ],
    9,
    1,
  )
  expect(script.match(/^[^#]*lease keep-alive/gm)).toHaveLength(1)
})

test('a keep-alive that was sent twice runs on, even if its line has `--once`', () => {
  const line = (text: string, at: number): RecordedCommand => ({
    type: 'console',
    terminal: 't1',
    text,
    mode: 'strict',
    at,
  })
  const stays = (until: number): boolean =>
    /lease keep-alive \S+ &/.test(
      scriptOf(
        [
          line('etcdctl lease grant 6', 0),
          line('etcdctl lease keep-alive $L1 # not --once', 500),
          { type: 'interrupt', terminal: 't1', at: until },
        ],
        9,
        1,
      ),
    )
  expect(stays(3500)).toBe(true)
})
