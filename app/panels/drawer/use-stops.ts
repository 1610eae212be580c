// The stops of the run as the author has them: those that were sent last, until the worker has them too.

import { useEffect, useRef, useState } from 'react'
import type { Stop, StopsView } from '../../../engine/worker/protocol'
import { useApp, useRun } from '../parts/app-context'

export interface Stops {
  list: readonly Stop[]
  /** What the run makes of them; null until the worker has said it of this very list. */
  view: StopsView | null
  /** Counts up with every list that came from elsewhere: undo, another run, another text. */
  turn: number
  /** Gives the run other stops. */
  set(list: readonly Stop[]): void
  /** The last list, also within the event that has just set it. */
  latest(): readonly Stop[]
}

export function useStops(): Stops {
  const { commands, run } = useApp()
  const told = useRun((state) => state.stops)
  const opened = useRun((state) => state.opened)
  const [own, setOwn] = useState<{ list: readonly Stop[]; sent: boolean }>({ list: told?.stops ?? [], sent: false })
  const [turn, setTurn] = useState(0)
  const last = useRef(own.list)
  useEffect(() => {
    commands.look({ stops: true })
    return () => {
      commands.look({ stops: undefined })
      // What was said of them is old when they are asked for again.
      run.setState({ stops: null })
    }
  }, [commands, run])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another run has stops of its own
  useEffect(() => setOwn(({ list }) => ({ list, sent: false })), [opened])
  useEffect(() => {
    if (told === null) return
    const arrived = isSame(told.stops, last.current)
    // A list that was sent before the last one is on its way through.
    if (!arrived && own.sent) return
    if (!arrived) {
      last.current = told.stops
      setTurn((before) => before + 1)
    }
    if (!arrived || own.sent) setOwn({ list: last.current, sent: false })
  }, [told, own])
  return {
    list: own.list,
    view: told !== null && isSame(told.stops, own.list) ? told : null,
    turn,
    set(list) {
      if (isSame(list, last.current)) return
      last.current = list
      setOwn({ list, sent: true })
      commands.setStops([...list])
    },
    latest: () => last.current,
  }
}

export function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}
