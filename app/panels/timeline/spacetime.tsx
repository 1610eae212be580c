import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { SpacetimeView } from '../../../engine/worker/protocol'
import { columnsThatFit, type Placed, placeSpacetime } from '../../draw/spacetime'
import { placeWords, type Words } from '../../draw/spacetime-words'
import { useApp, useRun, useUi } from '../parts/app-context'
import { SpacetimeFigure } from './spacetime-figure'
import { useMeasure, useRoom } from './spacetime-room'
import { SpacetimeTip, type Tip } from './spacetime-tip'
import { SpacetimeTwin } from './spacetime-twin'
import './spacetime.css'

/**
 * The number of kept columns, as a multiple of the columns in view. The reader can scroll back over
 * these columns.
 */
const KEPT = 3
const FEWEST = 24
const MOST = 120

/**
 * The timeline as a space-time diagram. Clients, members and storage have lanes, each event has a
 * column, and messages are slanted lines. `table` shows a list of the same events instead.
 */
export default function Spacetime({ table = false }: { table?: boolean }) {
  const { commands } = useApp()
  const [box, room] = useRoom()
  const view = useRun((state) => state.spacetime)
  const playing = useRun((state) => state.playing)
  const all = useUi((state) => state.heartbeats)
  const columns =
    room === null ? null : Math.min(MOST, Math.max(FEWEST, KEPT * columnsThatFit(room.width)))
  useEffect(() => {
    if (columns === null) return
    commands.changeInterest({ spacetime: { columns, ...(all ? { all } : {}) } })
    return () => commands.changeInterest({ spacetime: undefined })
  }, [commands, columns, all])
  const measure = useMeasure(box)
  const drawn = useMemo(
    () => (view === null || room === null ? null : draw(view, room, measure)),
    [view, room, measure],
  )
  useFollow(box, drawn?.placed, playing)
  return (
    <div className="spacetime" ref={box}>
      {view !== null && view.messages.length === 0 && view.notes.length === 0 && (
        <p className="spacetime-empty">No message yet.</p>
      )}
      {drawn !== null && room !== null && !table && (
        <Plane {...drawn} unit={room.unit} cut={view?.cut === true} />
      )}
      {view !== null && (table || !playing) && <SpacetimeTwin view={view} shown={table} />}
    </div>
  )
}

interface Drawn {
  placed: Placed
  words: Words
}

function draw(
  view: SpacetimeView,
  room: { width: number; height: number },
  measure: (text: string, bold: boolean) => number,
): Drawn {
  const placed = placeSpacetime(view, room)
  return { placed, words: placeWords(placed, measure) }
}

function Plane({ placed, words, unit, cut }: Drawn & { unit: number; cut: boolean }) {
  const [tip, setTip] = useState<Tip | null>(null)
  const { width, height, lanes } = placed
  return (
    <div className="spacetime-plane" style={{ width: width * unit, height: height * unit }}>
      <ul className="spacetime-names" aria-label="Lanes">
        {cut && (
          <li className="spacetime-cut" title="Earlier columns are left out">
            …
          </li>
        )}
        {lanes.map(({ id, state, y }) => (
          <li key={id} style={{ top: y * unit }}>
            <b title={id}>{id}</b>
            <span title={state}>{state}</span>
          </li>
        ))}
      </ul>
      <SpacetimeFigure placed={placed} words={words} unit={unit} onTip={setTip} />
      {tip !== null && <SpacetimeTip tip={tip} placed={placed} unit={unit} />}
    </div>
  )
}

/**
 * Keeps the cursor in view while the run plays. Afterwards the cursor stays in view until the
 * reader scrolls away.
 */
function useFollow(
  box: React.RefObject<HTMLDivElement | null>,
  placed: Placed | undefined,
  playing: boolean,
): void {
  const follows = useRef(true)
  const left = useRef(0)
  useEffect(() => {
    const element = box.current
    if (element === null) return
    // A change of size scrolls too. Only a place that differs from the place set here comes from
    // the reader.
    const look = (): void => {
      const { scrollLeft, clientWidth, scrollWidth } = element
      follows.current =
        Math.abs(scrollLeft - left.current) <= 1 || scrollLeft + clientWidth >= scrollWidth - 8
    }
    element.addEventListener('scroll', look, { passive: true })
    return () => element.removeEventListener('scroll', look)
  }, [box])
  useLayoutEffect(() => {
    const element = box.current
    if (element === null || placed === undefined || !(playing || follows.current)) return
    element.scrollLeft = element.scrollWidth
    left.current = element.scrollLeft
  }, [box, placed, playing])
}
