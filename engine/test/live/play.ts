// Plays a shell script against its own real etcd, with a watch of all keys.

import { spawn } from 'node:child_process'
import type { Bytes } from '../../base/rpc'
import type { LiveEtcd } from './etcd'
import { startEtcd } from './etcd'

/** One change of a key, in bytes. The value of a deleted key is empty. */
export interface Change {
  type: 'PUT' | 'DELETE'
  key: Bytes
  value: Bytes
}

export interface Played {
  changes: Change[]
  /** stdout and stderr of the script. */
  said: string
}

/** Milliseconds after which a script that hangs is killed. */
const LONGEST_MS = 90_000

/** Plays a script. `after` runs while etcd is still up. */
export async function play(
  script: string,
  {
    env = {},
    cwd,
    after,
  }: { env?: Record<string, string>; cwd?: string; after?: (etcd: LiveEtcd) => Promise<void> } = {},
): Promise<Played> {
  const etcd = await startEtcd()
  const own = {
    ...process.env,
    ETCDCTL_API: '3',
    ETCDCTL_ENDPOINTS: etcd.url,
    M1_PID: String(etcd.child.pid),
    M1_START: etcd.again,
  }
  let [output, said] = ['', '']
  const watch = spawn('etcdctl', ['watch', '', '--prefix', '--rev=1', '-w', 'json'], {
    env: own,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  watch.stdout.on('data', (data: Buffer) => (output += data.toString()))
  try {
    const bash = spawn('bash', ['-s'], {
      env: { ...own, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: LONGEST_MS,
      killSignal: 'SIGKILL',
      ...(cwd === undefined ? {} : { cwd }),
    })
    for (const stream of [bash.stdout, bash.stderr])
      stream.on('data', (data: Buffer) => (said += data.toString()))
    bash.stdin.end(script)
    await ended(bash)
    await after?.(etcd)
  } finally {
    watch.kill()
    await ended(watch)
    await etcd.stop()
  }
  return { changes: changesOf(output), said }
}

function changesOf(output: string): Change[] {
  const decoded = (base64: string | undefined) =>
    Buffer.from(base64 ?? '', 'base64').toString('latin1')
  return output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .flatMap(
      (line) =>
        (JSON.parse(line) as { Events?: { type?: number; kv: { key: string; value?: string } }[] })
          .Events ?? [],
    )
    .map(({ type, kv }) => ({
      type: type === 1 ? 'DELETE' : 'PUT',
      key: decoded(kv.key),
      value: type === 1 ? '' : decoded(kv.value),
    }))
}

function ended(child: ReturnType<typeof spawn>): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)))
}
