import { useCallback, useEffect, useRef, useState } from 'react'
import { stopsText } from '../../../engine/text/stop-file'
import { visible } from '../../../engine/text/visible'
import type { Stop, StopsView } from '../../../engine/worker/protocol'
import { EMPTY_FORM, stopOf } from '../../scene/stop-form'
import { useApp, useRun, useUi } from '../parts/app-context'
import { Icon } from '../parts/icon'
import { PanelHead } from './panel-head'
import { type Commit, StopFields } from './stop-fields'
import { secondsText } from './stop-words'
import { StopsAsText } from './stops-text'
import { useStops } from './use-stops'
import './stops.css'

/**
 * The stops of the reader's own run, with their sentences and questions: a list, the form of one
 * stop, and the same as text.
 */
export default function StopsPanel() {
  const { commands } = useApp()
  const stops = useStops()
  const { list, view } = stops
  const [chosen, setChosen] = useState(0)
  const [added, setAdded] = useState(0)
  /** The form of a new stop, which takes the focus once. */
  const [fresh, setFresh] = useState('')
  const now = useRun((state) => state.now)
  const playing = useRun((state) => state.playing)
  const wish = useUi((state) => state.stopHere)
  /** The last wish that was met; null before the first. */
  const met = useRef<number | null>(null)
  const here = useRef<HTMLButtonElement>(null)
  const commit = useRef<Commit>(() => null)
  const keepCommit = useCallback((next: Commit) => {
    commit.current = next
  }, [])
  /**
   * Writes the form into the run. If the form is invalid, the reader stays in it, so that nothing
   * is lost.
   */
  function isUnfinished(): boolean {
    const message = commit.current()
    if (message !== null) commands.notice(`Stop ${chosen + 1} is not finished. ${message}`)
    return message !== null
  }
  /** Adds a stop at the cursor, or opens the existing one. */
  function addHere(of: StopsView): void {
    if (isUnfinished()) return
    const there = of.checks.findIndex(({ at }) => at === now)
    if (there >= 0) return choose(there)
    const moment = of.offered[0] ?? `at ${now / 1000}`
    const read = stopOf({ ...EMPTY_FORM, moment })
    if (!read.ok) return commands.refuse(read.message)
    const all = stops.latest()
    stops.set([...all.slice(0, of.place), read.stop, ...all.slice(of.place)])
    setChosen(of.place)
    setAdded(added + 1)
    setFresh(formKey(of.place, stops.turn, added + 1))
  }
  function choose(stop: number): void {
    if (isUnfinished()) return
    setChosen(stop)
    setFresh('')
  }
  // S was pressed. The first one opens what there is, or begins.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each wish, as soon as the stops are known
  useEffect(() => {
    if (view === null || view.now !== now || playing || met.current === wish) return
    const opens = met.current === null && list.length > 0
    met.current = wish
    if (!opens) return addHere(view)
    setChosen(Math.max(0, view.place - 1))
  }, [wish, view, now, playing])
  function move(by: number): void {
    if (isUnfinished()) return
    const all = [...stops.latest()]
    const [stop] = all.splice(chosen, 1)
    if (stop === undefined) return
    all.splice(chosen + by, 0, stop)
    stops.set(all)
    setChosen(chosen + by)
    setFresh('')
  }
  function remove(): void {
    stops.set(stops.latest().filter((_, i) => i !== chosen))
    setChosen(Math.max(0, Math.min(chosen, list.length - 2)))
    here.current?.focus()
  }
  function tryIt(): void {
    if (!isUnfinished()) commands.tryStops()
  }
  function takeText(next: readonly Stop[]): void {
    stops.set(next)
    setChosen(0)
    setAdded(added + 1)
  }
  const stop = list[chosen]
  const key = formKey(chosen, stops.turn, added)
  return (
    <>
      <PanelHead title="Stops" quiet={added > 0}>
        <button type="button" className="pick" disabled={list.length === 0} onClick={tryIt}>
          Try it
        </button>
      </PanelHead>
      {list.length === 0 ? (
        <p className="empty">The run does not stop by itself yet.</p>
      ) : (
        <ol className="stop-list" aria-label="Stops">
          {list.map((each, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a stop is its place
            <li key={i}>
              <button
                type="button"
                aria-current={i === chosen || undefined}
                onClick={() => choose(i)}
              >
                <b>{i + 1}</b>
                <span className="muted">
                  {view === null ? '' : secondsText(view.checks[i]?.at ?? null)}
                </span>
                <span className="stop-name">{visible(nameOf(each))}</span>
              </button>
            </li>
          ))}
        </ol>
      )}
      <p className="stop-acts">
        <button ref={here} type="button" onClick={() => commands.stopHere()}>
          <Icon name="plus" small />
          Stop here
        </button>
        {list.length > 1 && (
          <>
            <button
              type="button"
              className="icon-button"
              aria-label="Move up"
              disabled={chosen === 0}
              onClick={() => move(-1)}
            >
              <Icon name="chevron-up" small />
            </button>
            <button
              type="button"
              className="icon-button"
              aria-label="Move down"
              disabled={chosen >= list.length - 1}
              onClick={() => move(1)}
            >
              <Icon name="chevron" small />
            </button>
          </>
        )}
        {stop !== undefined && (
          <button type="button" className="quiet" onClick={remove}>
            Delete
          </button>
        )}
      </p>
      {stop !== undefined && (
        <StopFields
          key={key}
          number={chosen + 1}
          stop={stop}
          view={view}
          check={view?.checks[chosen] ?? null}
          focus={fresh === key}
          onCommit={keepCommit}
          onTry={tryIt}
          onStop={(next) =>
            stops.set(stops.latest().map((each, i) => (i === chosen ? next : each)))
          }
        />
      )}
      <StopsAsText text={stopsText(list)} onStops={takeText} />
    </>
  )
}

/** A new key restarts the form with the fields of its stop. */
function formKey(chosen: number, turn: number, added: number): string {
  return `${chosen} ${turn} ${added}`
}

/** The words of a stop. */
function nameOf({ ask, goal, say }: Stop): string {
  return ask?.text ?? goal?.text ?? say ?? 'says nothing yet'
}
