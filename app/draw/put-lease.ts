import type { LeaseRow } from '../../engine/worker/protocol'

/**
 * The default lease (ID) of a new key: the chosen lease while it lives, otherwise the lease granted
 * last. Null if no lease lives.
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
