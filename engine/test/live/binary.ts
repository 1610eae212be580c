// The etcd binary that a live test starts.

import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { EtcdVersion } from '../../base/etcd-versions'
import { readEtcdVersion } from '../../base/etcd-versions'

export interface Binary {
  /** The command that starts a process: a path, or `etcd` for the one on the PATH. */
  command: string
  /** Its own version, such as 3.6.16. */
  version: string
  /** The modelled release of that version. */
  release: EtcdVersion
}

/**
 * The etcd in a directory or at a path; the one on the PATH by default. Throws if there is none,
 * and for a release that is not modelled.
 */
export function binaryAt(path?: string): Binary {
  const command =
    path === undefined ? 'etcd' : statSync(path).isDirectory() ? join(path, 'etcd') : path
  const version =
    /etcd Version: (\S+)/.exec(execFileSync(command, ['--version']).toString())?.[1] ?? 'unknown'
  return {
    command,
    version,
    release: readEtcdVersion(version.split('.').slice(0, 2).join('.'), `the etcd at ${command}`),
  }
}
