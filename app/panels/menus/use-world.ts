import { useShallow } from 'zustand/react/shallow'
import { useRun } from '../parts/app-context'
import type { World } from './entry'

/** The current data for the entries. */
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
