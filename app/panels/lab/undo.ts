import { useApp, useRun } from '../app-context'

/** Takes the last command back by going to just before it; null where there is none. What was done stays in the run until something else is done. */
export function useUndo(): (() => void) | null {
  const { commands } = useApp()
  const event = useRun(
    ({ log }) => log.lines.slice(0, Math.max(0, log.past - log.from)).findLast(({ type }) => type === 'command')?.id ?? null,
  )
  // The first event of all is the start of the cluster.
  if (event === null || event <= 2) return null
  return () => commands.seekEvent(event - 1)
}
