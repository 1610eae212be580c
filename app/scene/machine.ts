// The opening scene: a key that dies with its lease, and is saved. The scene only advises. It holds no control of its own: where it stands follows from
// what the Frames show, so that leaving the path (another button, the console, the slider) cannot break it; only what Frames cannot know is remembered.

import type { LeaseEnd, LeaseRow, StopOn } from '../../engine/worker/protocol'
import type { RunState } from '../store/run'
import { OPENING_CLIENT } from './opening'

/** `waiting`: the heartbeat has stopped and the end is not known yet. `rewound`: it is known, and ahead. `saving`: renewed, and the old end is ahead. */
export type Phase = 'intro' | 'waiting' | 'ended' | 'rewound' | 'saving' | 'saved'

export interface Scene {
  phase: Phase
  /** Put away by the reader. */
  dismissed: boolean
  answer: Answer | null
  lease: string | null
  ttlSeconds: number
  /** How the lease ended, in the run it ended in. */
  end: SceneEnd | null
  /** When the heartbeat began again before that end, and the first renewal after it. */
  restartedAt: number | null
  renewedAt: number | null
  /** The main button was pressed and no Frame has shown its effect yet. */
  stopping: boolean
}

export type Answer = 'yes' | 'no'

export interface SceneEnd {
  run: number
  how: LeaseEnd
  /** When its time ran out; null where somebody revoked it before. */
  expiredAt: number | null
  /** When the revoke was applied and the key deleted. */
  at: number
  /** Null where only the log still tells of the end. */
  revision: number | null
}

export type SceneInput = { type: 'stop-pressed' } | { type: 'answered'; answer: Answer } | { type: 'dismissed' } | { type: 'shown' }

export function beginScene(): Scene {
  return {
    phase: 'intro',
    dismissed: false,
    answer: null,
    lease: null,
    ttlSeconds: 10,
    end: null,
    restartedAt: null,
    renewedAt: null,
    stopping: false,
  }
}

export function stepScene(scene: Scene, input: SceneInput): Scene {
  switch (input.type) {
    case 'stop-pressed':
      return { ...scene, stopping: true }
    case 'answered':
      return scene.phase === 'waiting' ? { ...scene, answer: input.answer } : scene
    case 'dismissed':
      return { ...scene, dismissed: true }
    case 'shown':
      return { ...scene, dismissed: false }
    default:
      return unreachable(input)
  }
}

type Seen = Pick<RunState, 'run' | 'now' | 'clients' | 'leases' | 'log' | 'marks'>

/** Where the scene stands at what the last Frame shows. The same object when nothing changed. */
export function observe(scene: Scene, state: Seen): Scene {
  const belief = state.clients.find((client) => client.id === OPENING_CLIENT)?.sessions[0]
  if (!belief) return change(scene, { phase: 'intro', lease: null })
  const row = state.leases.rows.find(({ id }) => id === belief.lease)
  const lease = { lease: belief.lease, ttlSeconds: belief.ttlSeconds }

  const seen = row?.ended ? endOfRow(state.run, row, row.ended) : row ? null : endInLog(state, belief.lease)
  if (seen) {
    const known = scene.end !== null && scene.end.run === seen.run && scene.end.at === seen.at
    const end = known ? scene.end : seen
    return change(scene, { ...lease, phase: 'ended', end, restartedAt: null, renewedAt: null, stopping: false })
  }
  const { end } = scene
  const endsHere = end !== null && end.run === state.run
  // Its row is kept for a while only; that it ended stands.
  if (endsHere && state.now >= end.at && scene.restartedAt === null) return change(scene, { ...lease, phase: 'ended' })

  if (!belief.heartbeat) {
    if (endsHere && scene.restartedAt === null) return change(scene, { ...lease, phase: 'rewound', stopping: false })
    if (scene.restartedAt !== null && state.now < scene.restartedAt) return change(scene, { ...lease, phase: 'saving' })
    const asked = scene.phase === 'waiting'
    return change(scene, {
      ...lease,
      phase: 'waiting',
      answer: asked ? scene.answer : null,
      end: null,
      restartedAt: null,
      renewedAt: null,
      stopping: false,
    })
  }

  if (end === null) return change(scene, { ...lease, phase: 'intro' })
  const restartedAt = scene.restartedAt ?? (scene.phase === 'rewound' && !endsHere ? state.now : null)
  if (restartedAt === null || state.now < restartedAt) return change(scene, { ...lease, phase: 'intro', restartedAt })
  const renewal = row?.renewedAt ?? null
  const renewedAt = scene.renewedAt ?? (renewal !== null && renewal >= restartedAt ? renewal : null)
  const saved = renewedAt !== null && state.now >= end.at
  return change(scene, { ...lease, phase: saved ? 'saved' : 'saving', restartedAt, renewedAt })
}

/** What the run is to pause on by itself: the end that the reader is waiting for. */
export function stopOnOf(scene: Scene): StopOn | null {
  if (scene.dismissed) return null
  return scene.phase === 'waiting' || scene.stopping ? 'lease-end' : null
}

/** Where to rewind to: far enough before the end that there is time to act. */
export function rewindTo(end: SceneEnd): number {
  return Math.max(0, (end.expiredAt ?? end.at) - 2500)
}

/** What a run that paused on a lease's end stands on: the revoke, or the last key that it deleted. */
const ends = ['lease-revoked', 'key-deleted']

/** The run paused on the end of another lease than the one waited for. */
export function isOtherEnd(scene: Scene, state: Pick<RunState, 'playing' | 'on'>): boolean {
  return (
    stopOnOf(scene) !== null &&
    !state.playing &&
    state.on !== null &&
    ends.includes(state.on.type) &&
    state.on.lease !== null &&
    state.on.lease !== scene.lease
  )
}

function endOfRow(run: number, row: LeaseRow, { at, end, revision }: NonNullable<LeaseRow['ended']>): SceneEnd {
  return { run, how: end, expiredAt: row.expiredAt, at, revision }
}

/** A row stays for a while only; whoever jumps over that finds the end in the log, as far back as the page shows it. Null where it is not there. */
function endInLog({ run, log, marks }: Seen, lease: string): SceneEnd | null {
  const past = log.lines.slice(0, Math.max(0, log.past - log.from)).filter((line) => line.lease === lease)
  const revoked = past.findLast(({ type }) => type === 'lease-revoked')
  if (!revoked) return null
  const expired = past.findLast(({ type }) => type === 'lease-expired')
  // Its line tells when the primary saw it; its mark stands at the moment itself.
  const expiredAt = expired ? (marks.find(({ event }) => event === expired.id)?.at ?? expired.at) : null
  return { run, how: expired ? 'expired' : 'revoked', expiredAt, at: revoked.at, revision: null }
}

function change(scene: Scene, to: Partial<Scene>): Scene {
  const next = { ...scene, ...to }
  return (Object.keys(next) as (keyof Scene)[]).every((name) => Object.is(next[name], scene[name])) ? scene : next
}

function unreachable(value: never): never {
  throw new Error(`unknown input ${JSON.stringify(value)}`)
}
