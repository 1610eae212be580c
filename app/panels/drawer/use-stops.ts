// The author's stops of the run, and the worker's findings about them.

import { useEffect, useRef, useState } from 'react'
import type { Stop, StopsView } from '../../../engine/worker/protocol'
import { freed, isSame, NO_STOPS, type StopList, told, written } from '../../scene/stop-list'
import { useApp, useRun, useUi } from '../parts/app-context'

export interface Stops extends Pick<StopList, 'list' | 'turn'> {
  /** Null until the worker has answered for this very list. */
  view: StopsView | null
  /** Replaces the stops of the run. */
  set(list: readonly Stop[]): void
  /** The last list, also during the event that has just set it. */
  latest(): readonly Stop[]
}

export function useStops(): Stops {
  const { commands, run } = useApp()
  const view = useRun((state) => state.stops)
  const opened = useRun((state) => state.opened)
  const refused = useUi((state) => state.refused)
  // A story of the catalogue keeps its rules until its stops change.
  const interest = useUi((state) => (state.scenario === null ? 'write' : 'read'))
  const [state, setState] = useState(() => told(NO_STOPS, view?.stops ?? []))
  const last = useRef(state)
  function change(next: StopList): void {
    last.current = next
    setState(next)
  }
  useEffect(() => commands.changeInterest({ stops: interest }), [commands, interest])
  useEffect(
    () => () => {
      commands.changeInterest({ stops: undefined })
      // The findings are outdated when they are requested again.
      run.setState({ stops: null })
    },
    [commands, run],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: what a refused message or another run leaves is told next
  useEffect(() => change(freed(last.current)), [opened, refused])
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each list that is told
  useEffect(() => {
    if (view !== null) change(told(last.current, view.stops))
  }, [view, opened, refused])
  return {
    list: state.list,
    turn: state.turn,
    view: view !== null && isSame(view.stops, state.list) ? view : null,
    set(list) {
      const next = written(last.current, list)
      if (next === last.current) return
      change(next)
      commands.setStops([...list])
    },
    latest: () => last.current.list,
  }
}
