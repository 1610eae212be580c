// What a run is set to, as a form edits it, and the change that the form comes to.

import type { Difference } from '../../engine/text/differences'
import type { Change, Config } from '../../engine/worker/protocol'

export interface Settings {
  etcd: Config['etcd']
  members: number
  /** As typed. */
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

/** Null where nothing differs, and where the seed is no whole number. */
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
