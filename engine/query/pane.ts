// One branch at the cursor, for a comparison side by side. It has the leader, the leases and their
// keys, the beliefs of clients, the holders of locks, and the breaches. Deadlines are virtual ms;
// the page computes the time left.

import { bytesText } from '../base/bytes'
import { NO_LEASE } from '../base/rpc'
import type { Violation } from '../check/violation'
import { clientViews } from './clients'
import { invariantsView } from './invariants'
import type { LockView, StorageView } from './lab'
import { labView, storageView } from './lab'
import { memberViews } from './members'
import type { Belief, ClientView, MemberView } from './rows'
import type { Scene } from './scene'
import { authority, deadlineOf, nobodyCounts } from './scene'
import { countUntil } from './until'

/**
 * A thing in a pane. `differs` lists its differences to the other side. Empty where it is the same,
 * null where the other side does not have it.
 */
export interface Beside<T> {
  /** Identifies the thing on both sides. */
  id: string
  is: T
  differs: string[] | null
}

export interface PaneLease {
  /** `L1` for the first grant of the branch. */
  name: string
  ttlSeconds: number
  /** Null where no lessor counts. */
  deadline: number | null
  grantedAt: number
  renewedAt: number | null
  keys: { key: string; value: string }[]
  /** The number with unlisted ones. */
  keyCount: number
}

export type PaneMember = Pick<
  MemberView,
  'name' | 'role' | 'status' | 'paused' | 'term' | 'primary'
>

export type PaneClient = Pick<ClientView, 'kind' | 'state' | 'since' | 'library' | 'program'> & {
  beliefs: Belief[]
  section: string | null
}

export interface PaneGone {
  /** The lease. */
  id: string
  name: string
  /** Virtual ms when it ended. */
  at: number
}

export type PaneLock = Pick<LockView, 'verdict' | 'inside'> & {
  holder: string | null
  token: number | null
}

export interface PaneView {
  /** How far the branch has been played, virtual ms. */
  end: number
  nobodyCounts: boolean
  members: Beside<PaneMember>[]
  leases: Beside<PaneLease>[]
  /** Keys without a lease, with their values. */
  keys: Beside<string>[]
  clients: Beside<PaneClient>[]
  locks: Beside<PaneLock>[]
  /** The guarded resource; empty where the run does not use it. */
  storage: Beside<StorageView>[]
  /** Leases that have ended, the latest first; they are no difference by themselves. */
  gone: PaneGone[]
  /** The breaches so far: the sentence and the reason. */
  broken: Beside<{ sentence: string; because: string; at: number }>[]
}

const MOST_KEYS = 8
const MOST_GONE = 12

type Listed<T> = { id: string; is: T; facets: Record<string, unknown> }

/** Every thing in the pane, each with the parts that count as a difference. */
export type Whole = {
  [Part in Exclude<keyof PaneView, 'end' | 'nobodyCounts' | 'gone'>]: Listed<
    PaneView[Part][number]['is']
  >[]
} & {
  nobodyCounts: boolean
  gone: PaneGone[]
}

/**
 * `violations`: the breaches in the whole of this branch; `seen`: the last event that the checks
 * have seen.
 */
export function wholeOf(
  scene: Scene,
  { violations, seen }: { violations: readonly Violation[]; seen: number },
): Whole {
  return {
    nobodyCounts: nobodyCounts(scene.sim),
    members: memberViews(scene).map(({ name, role, status, paused, term, primary }) => ({
      id: name,
      is: { name, role, status, paused, term, primary },
      facets: { role: [role, status, paused], term, 'counts down': primary },
    })),
    leases: leasesOf(scene),
    keys: keysOf(scene),
    clients: clientViews(scene).map(({ id, kind, state, since, library, sessions, program }) => ({
      id,
      is: {
        kind,
        state,
        since,
        library,
        program,
        beliefs: sessions,
        section: program?.section ?? null,
      },
      facets: {
        process: state,
        library,
        belief: sessions.map(({ lease, ttlSeconds, until, lost }) => [
          lease,
          ttlSeconds,
          until,
          lost,
        ]),
        heartbeat: sessions.map(({ heartbeat }) => heartbeat),
        truth: sessions.map(({ truth }) => truth.goneAt !== null),
        section: program?.section ?? null,
      },
    })),
    locks: labView(scene).locks.map(({ name, verdict, inside, holder }) => {
      const by = holder === null ? null : (holder.client ?? holder.key)
      return {
        id: name,
        is: { verdict, inside, holder: by, token: holder?.token ?? null },
        facets: {
          holder: by,
          token: holder?.token ?? null,
          'who is inside': inside,
          state: verdict,
        },
      }
    }),
    storage: storageOf(scene),
    gone: goneOf(scene),
    broken: invariantsView(violations, seen, scene.last).rows.flatMap(
      ({ name, sentence, broken }) =>
        broken === null
          ? []
          : [
              {
                id: name,
                is: { sentence, because: broken.because, at: broken.at },
                facets: { reason: broken.because },
              },
            ],
    ),
  }
}

function leasesOf({ sim, ledger, last }: Scene): Whole['leases'] {
  const member = authority(sim)
  const { lessor, store } = member
  return member.leases().map((info) => {
    const { id, ttlSeconds } = info
    const held = lessor.keysOf(id)
    const keys = held.slice(0, MOST_KEYS).map((key) => {
      const value = store.get(key)?.value
      return { key: bytesText(key), value: value === undefined ? '' : bytesText(value) }
    })
    const until = deadlineOf(sim, info)
    return {
      id,
      is: {
        name: ledger.names.nameOf(id, last),
        ttlSeconds,
        deadline: until,
        grantedAt: ledger.datesOf(id, last).grantedAt ?? info.grantedAt,
        renewedAt: ledger.datesOf(id, last).renewedAt,
        keys,
        keyCount: held.length,
      },
      facets: { TTL: ttlSeconds, 'time left': until, keys: [keys, held.length] },
    }
  })
}

function keysOf({ sim }: Scene): Whole['keys'] {
  return [...authority(sim).store.startingAt('')]
    .filter(({ lease }) => lease === NO_LEASE)
    .map(({ key, value }) => ({
      id: bytesText(key),
      is: bytesText(value),
      facets: { value: bytesText(value) },
    }))
}

function storageOf(scene: Scene): Whole['storage'] {
  const view = storageView(scene)
  if (view === null) return []
  const writes = view.writes.map(({ client, value, token, taken }) => [client, value, token, taken])
  return [{ id: 'storage', is: view, facets: { writes: [view.total, writes], rule: view.checks } }]
}

function goneOf({ sim, ledger, last }: Scene): PaneGone[] {
  const { lessor } = authority(sim)
  const ends = ledger.leaseEnds.slice(0, countUntil(ledger.leaseEnds, last)).reverse()
  return ends
    .filter(
      ({ lease }, i) => !lessor.has(lease) && ends.findIndex((end) => end.lease === lease) === i,
    )
    .slice(0, MOST_GONE)
    .map(({ lease, at }) => ({ id: lease, name: ledger.names.nameOf(lease, last), at }))
}
