import { useMemo } from 'react'
import type { Belief, ClientView } from '../../../engine/worker/protocol'
import { spokenSessions } from '../../draw/belief'
import { useMoment } from '../parts/moment'

/** The sessions that the card of a client names at this instant. */
export function useSessions(client: ClientView): readonly Belief[] {
  const spoken = useMoment((now) => {
    const sessions = spokenSessions(client.sessions, client, now)
    return sessions === client.sessions ? null : sessions.map(({ lease }) => lease).join(' ')
  })
  return useMemo(
    () =>
      spoken === null
        ? client.sessions
        : client.sessions.filter(({ lease }) => spoken.split(' ').includes(lease)),
    [client.sessions, spoken],
  )
}
