import type { LeaseRow } from '../../engine/worker/protocol'

/**
 * The lease (ID) that a new key gets unless the reader picks another: the chosen one while it
 * lives, else the one granted last. Null where none lives.
 */
export function leaseForKey(
  leases: readonly Pick<LeaseRow, 'id' | 'state' | 'grantedAt'>[],
  chosen: string | null,
): string | null {
  const live = leases.filter(({ state }) => state !== 'gone')
  if (live.some(({ id }) => id === chosen)) return chosen
  return (
    live.reduce<(typeof live)[number] | null>(
      (last, row) => (last !== null && last.grantedAt >= row.grantedAt ? last : row),
      null,
    )?.id ?? null
  )
}
