import { momentText, shortId } from '../draw/figures'
import type { Scene } from './machine'
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
        detail:
          end.expiredAt === null
            ? `${capital(lease)} was revoked at ${exact(end.at)} (revision ${end.revision}), and ${OPENING_KEY} was deleted with it.`
            : `${capital(lease)} expired at ${exact(end.expiredAt)} and was revoked at ${exact(end.at)}: revision ${end.revision} deleted ${OPENING_KEY}.`,
        verdict: verdictOf(scene),
      }
    case 'rewound':
      return say(
        `Back in time: the key is here, and the lease has not expired.`,
        end === null ? '' : `Unless something is done, ${lease} ends at ${momentText(end.expiredAt ?? end.at)}.`,
      )
    case 'saving':
      return say('Renewed in time?', end === null ? '' : `Last time, ${lease} ended at ${momentText(end.at)}. Wait until that is past.`)
    case 'saved':
      return say(
        `Saved: renewed at ${momentText(scene.renewedAt ?? 0)}; the key is still here at ${momentText(end?.at ?? 0)}.`,
        'What happened before has not happened in this run. What would you like to try next?',
      )
    default:
      return unreachable(scene.phase)
  }
}

function verdictOf(scene: Scene): Caption['verdict'] {
  if (scene.answer === null) return null
  return scene.answer === 'no' ? { right: true, text: 'You said no: right.' } : { right: false, text: 'You said yes: not this time.' }
}

function say(title: string, detail: string): Caption {
  return { title, detail, verdict: null }
}

function exact(at: number): string {
  return `${(at / 1000).toFixed(3)} s`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function unreachable(value: never): never {
  throw new Error(`unknown phase ${JSON.stringify(value)}`)
}
