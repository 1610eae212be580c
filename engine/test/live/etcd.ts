// A temporary real etcd: one member on loopback, on free ports, in its own directory.

import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { GrpcClient } from './grpc'

export interface LiveEtcd {
  url: string
  client: GrpcClient
  child: ChildProcess
  /**
   * A shell line that starts another etcd on the same data, in the background, after this one was
   * killed. `pidFile` then contains its process ID.
   */
  again: string
  pidFile: string
  /** Kills it and removes its directory. */
  stop(): Promise<void>
}

/** The longest start, in milliseconds. */
const START_MS = 20_000

/**
 * Starts an etcd of one member; throws with its log if it does not start. `command` starts the
 * process: `etcd` is the one on the PATH.
 */
export async function startEtcd(flags: string[] = [], command = 'etcd'): Promise<LiveEtcd> {
  const dir = mkdtempSync(join(tmpdir(), 'leasescope-etcd-'))
  const [client, peer] = (await Promise.all([freePort(), freePort()])).map(
    (port) => `http://127.0.0.1:${port}`,
  )
  if (client === undefined || peer === undefined) throw new Error('no free ports')
  const logPath = join(dir, 'log')
  const log = openSync(logPath, 'w')
  const args = [
    '--name',
    'm1',
    '--data-dir',
    join(dir, 'm1'),
    '--listen-client-urls',
    client,
    '--advertise-client-urls',
    client,
  ]
  args.push(
    '--listen-peer-urls',
    peer,
    '--initial-advertise-peer-urls',
    peer,
    '--initial-cluster',
    `m1=${peer}`,
    '--log-level',
    'error',
    ...flags,
  )
  const child = spawn(command, args, {
    stdio: ['ignore', log, log],
    env: { ...process.env, ETCD_UNSUPPORTED_ARCH: process.arch },
  })
  closeSync(log)
  // Every end of this process also ends its etcd.
  const kill = (): void => {
    child.kill('SIGKILL')
    if (existsSync(pidFile)) killed(Number(readFileSync(pidFile, 'utf8')))
  }
  process.once('exit', kill)
  const pidFile = join(dir, 'pid')
  const quoted = args.map((arg) => `'${arg}'`).join(' ')
  // A process group of its own: the end of the shell does not end it.
  const again = `ETCD_UNSUPPORTED_ARCH=${process.arch} setsid '${command}' ${quoted} >>'${logPath}' 2>&1 & M1_PID=$!; echo "$M1_PID" >'${pidFile}'; disown`
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const grpc = new GrpcClient(client)
  const stop = async (): Promise<void> => {
    grpc.close()
    process.off('exit', kill)
    kill()
    await exited
    while (existsSync(pidFile) && killed(Number(readFileSync(pidFile, 'utf8')))) await sleep(20)
    rmSync(dir, { recursive: true, force: true })
  }
  for (const until = performance.now() + START_MS; ; ) {
    if (child.exitCode !== null || performance.now() > until) {
      const said = readFileSync(logPath, 'utf8')
      await stop()
      throw new Error(`etcd did not start:\n${said}`)
    }
    try {
      const answer = await fetch(`${client}/health`)
      if (((await answer.json()) as { health?: string }).health === 'true') break
    } catch {
      // Not listening yet.
    }
    await sleep(30)
  }
  grpc.close()
  const connected = new GrpcClient(client)
  return {
    url: client,
    client: connected,
    child,
    again,
    pidFile,
    async stop() {
      connected.close()
      await stop()
    },
  }
}

/** Kills a process that is not a child of this one; false once it is gone. */
function killed(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL')
  } catch {
    return false
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address !== null
          ? resolve(address.port)
          : reject(new Error('no port')),
      )
    })
  })
}
