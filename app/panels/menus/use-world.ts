import { useShallow } from 'zustand/react/shallow'
import { useRun } from '../parts/app-context'
import type { World } from './entry'

/** What the entries are made from, as it is now. */
export function useWorld(): World {
  return useRun(
    useShallow(
      ({ members, clients, messages, partition, network, story, end }): World => ({
        members,
        clients,
        messages,
        partition,
        network,
        story,
        end,
      }),
    ),
  )
}
