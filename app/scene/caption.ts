import { shortId } from '../draw/figures'
import type { Scene, SceneEnd } from './machine'
import { OPENING_KEY } from './opening'

export interface Caption {
  title: string
  detail: string
  /** Whether the reader's answer was right; null where there was none. */
  verdict: { right: boolean; text: string } | null
}

/** What the scene says at a phase. */
export function captionOf(scene: Scene): Caption {
  const lease = scene.lease === null ? 'its lease' : `lease ${shortId(scene.lease)}`
  const { end } = scene
  switch (scene.phase) {
    case 'intro':
      return say(
        'This key lives only while its lease does.',
        `svc keeps ${lease} alive with a heartbeat: each answer gives it ${scene.ttlSeconds} s again.`,
      )
    case 'waiting':
      return say(
        'The heartbeat has stopped. Will the key survive?',
        scene.answer === null
          ? `Nobody renews ${lease} any more; the server counts on.`
          : `You said ${scene.answer}. The run pauses when it is decided.`,
      )
    case 'ended':
      if (end === null) return say('The lease is gone.', '')
      return {
        title: 'The lease is gone, and the key went with it.',
        detail: fateOf(scene, end),
        verdict: verdictOf(scene),
      }
    case 'rewound':
      return say(
        `Back in time: the key is here, and the lease has not expired.`,
        end === null
          ? ''
          : `Unless something is done, ${lease} ${end.expiredAt === null ? 'ends' : 'expires'} at ${exact(end.expiredAt ?? end.at)}.`,
      )
    case 'saving':
      return say('Renewed in time?', end === null ? '' : `Last time, ${lease} ended at ${exact(end.at)}. Wait until that is past.`)
    case 'saved':
      return say(
        `Saved: renewed at ${tenths(scene.renewedAt ?? 0)}; the key is still here at ${tenths(end?.at ?? 0)}.`,
        'What happened before has not happened in this run. What would you like to try next?',
      )
    default:
      return unreachable(scene.phase)
  }
}

function fateOf({ lease }: Scene, end: SceneEnd): string {
  const name = lease === null ? 'The lease' : `Lease ${shortId(lease)}`
  const deleted = `${end.revision === null ? 'that' : `revision ${end.revision}`} deleted ${OPENING_KEY}.`
  if (end.expiredAt === null) return `${name} was revoked at ${exact(end.at)}: ${deleted}`
  return `${name} expired at ${exact(end.expiredAt)}, revoked at ${exact(end.at)}: ${deleted} The server looks every half second.`
}

function verdictOf(scene: Scene): Caption['verdict'] {
  if (scene.answer === null) return null
  return scene.answer === 'no' ? { right: true, text: 'You said no: right.' } : { right: false, text: 'You said yes: not this time.' }
}

function say(title: string, detail: string): Caption {
  return { title, detail, verdict: null }
}

/** For a headline. Rounded, so that two moments in one sentence keep their distance. */
function tenths(at: number): string {
  return `${(at / 1000).toFixed(1)} s`
}

function exact(at: number): string {
  return `${(at / 1000).toFixed(3)} s`
}

function unreachable(value: never): never {
  throw new Error(`unknown phase ${JSON.stringify(value)}`)
}
