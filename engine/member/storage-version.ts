// The version of a member's storage, which its status shows from 3.6 on. A monitor sets it to the
// cluster's version (etcdserver/server.go: monitorStorageVersion).

import { PATCH_VERSIONS } from '../base/etcd-versions'
import type { Differences } from './versions'

/**
 * Milliseconds from a process's start until its monitor sets the version: the start itself, then
 * etcd's monitorVersionInterval of 4 s.
 */
const MONITOR_MS = 4500
/**
 * The version of a storage without the field for it (storage/schema/schema.go:
 * UnsafeDetectSchemaVersion).
 */
const UNMARKED = '3.5.0'

export class StorageVersion {
  /**
   * The time on the member's clock when the monitor sets it; 0 for a member that has run for long.
   */
  #setAt = 0
  readonly #isNew: boolean

  /** `before`: the state of the previous process; the disk keeps a version that was set. */
  constructor(before?: StorageVersion) {
    this.#isNew = before === undefined
    if (before !== undefined) this.#setAt = before.#setAt
  }

  /** The process starts. `runsForLong`: a member of a cluster that has run before time 0. */
  start(now: number, runsForLong: boolean): void {
    if (!runsForLong && (this.#isNew || this.#setAt > now)) this.#setAt = now + MONITOR_MS
  }

  /** The version in a status. `etcdVersion`: that of the member, such as 3.6.16. */
  at(now: number, etcdVersion: string, { storageVersionLags }: Differences): string {
    const [major, minor] = etcdVersion.split('.')
    const own = `${major}.${minor}.0`
    const isUnmarked =
      own < `${PATCH_VERSIONS['3.6'].slice(0, 3)}.0` || (storageVersionLags && now < this.#setAt)
    return isUnmarked ? UNMARKED : own
  }

  save(): number {
    return this.#setAt
  }

  static load(setAt: number): StorageVersion {
    const loaded = new StorageVersion()
    loaded.#setAt = setAt
    return loaded
  }
}
