// Runs that the worker plays beside the open run, which does not change.

import { unreachable } from '../base/assert'
import { parseScenario } from '../scenario/scenario'
import { miniatureOf } from './miniature'
import { tryLock } from './my-lock'
import type { FromWorker, ToWorker } from './protocol'
import { orRefused } from './refusal'
import { ttlFigures } from './ttl-figures'

/** The messages that do not change the open run. */
export type Aside = Extract<ToWorker, { type: 'picture' | 'try-lock' | 'figure-ttl' }>

/** Answers such a message, or refuses it with a sentence. */
export function answerAside(message: Aside): FromWorker {
  return orRefused((): FromWorker => {
    switch (message.type) {
      case 'picture':
        return { type: 'pictured', name: message.name, miniature: miniatureOf(message.file) }
      case 'try-lock': {
        const { lock, file } = message
        const stops = file === undefined ? {} : { stops: parseScenario(file).stops }
        const tried = tryLock(lock)
        return { type: 'lock-tried', lock, ...tried, recording: { ...tried.recording, ...stops } }
      }
      case 'figure-ttl':
        return { type: 'ttl-figured', needs: message.needs, ...ttlFigures(message.needs) }
      default:
        return unreachable(message)
    }
  })
}
