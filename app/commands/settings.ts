// The settings of a run as a form edits them, and the resulting change.

import type { Difference } from '../../engine/text/differences'
import type { Change, Config } from '../../engine/worker/protocol'

export interface Settings {
  etcd: Config['etcd']
  members: number
  /** The text as typed. */
  seed: string
  endpoints: NonNullable<Config['clientEndpoints']>
  checkpoint: NonNullable<Config['checkpoint']>
  differences: Partial<Record<Difference, boolean>>
  /** Another library for one client; null while none is chosen. */
  library: Change['library'] | null
}

export function settingsOf(
  { etcd, members, clientEndpoints, checkpoint, differences }: Config,
  seed: number,
): Settings {
  return {
    etcd,
    members,
    seed: String(seed),
    endpoints: clientEndpoints ?? 'first',
    checkpoint: checkpoint ?? 'off',
    differences: differences ?? {},
    library: null,
  }
}

/** Null if nothing differs, and if the seed is not a whole number. */
export function settingsChange(before: Settings, after: Settings): Change | null {
  if (!/^\d{1,15}$/.test(after.seed)) return null
  const config: Partial<Config> = {
    ...(after.etcd === before.etcd ? {} : { etcd: after.etcd }),
    ...(after.members === before.members ? {} : { members: after.members }),
    ...(after.endpoints === before.endpoints ? {} : { clientEndpoints: after.endpoints }),
    ...(after.checkpoint === before.checkpoint ? {} : { checkpoint: after.checkpoint }),
    ...(isSame(before.differences, after.differences) ? {} : { differences: after.differences }),
  }
  const change: Change = {
    ...(after.seed === before.seed ? {} : { seed: Number(after.seed) }),
    ...(after.library ? { library: after.library } : {}),
    ...(Object.keys(config).length === 0 ? {} : { config }),
  }
  return Object.keys(change).length === 0 ? null : change
}

function isSame(a: Settings['differences'], b: Settings['differences']): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<Difference>
  return [...names].every((name) => a[name] === b[name])
}
