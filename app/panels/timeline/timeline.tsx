// The run on a single axis: the record is left of *now*, the deadlines are right. Rows are elements
// with headers and actions; one canvas below the rows shows the marks. The rows scroll inside the
// timeline. The leader and the chosen lease stay in view.

import { useCallback, useEffect, useRef, useState } from 'react'
import { visibleLine } from '../../../engine/text/visible'
import { focusOf } from '../../commands/keys'
import type { Link } from '../../draw/timeline/chain'
import { RULER_HEIGHT } from '../../draw/timeline/layout'
import { covered, type Placed } from '../../draw/timeline/placed'
import { type Found, forkAt, foundAt } from '../../draw/timeline/words'
import { useApp, useRun, useUi } from '../parts/app-context'
import { lazyComponent, Part } from '../parts/lazy-part'
import { Cursor, PartsPill } from './cursor'
import { axisLabels } from './flags'
import { TimelineOptions } from './options'
import { Picture } from './picture'
import { Plot } from './plot'
import { useGestures, useZoom } from './pointer'
import { TimelineRow, useBranchNames } from './rows'
import { type Size, useSpacing, useTimelineParts } from './view'
import './timeline.css'

// Parts that the first view does not need load on first use.
const spacetime = lazyComponent('The space-time diagram', () => import('./spacetime'))
const flag = lazyComponent('The flag', () => import('./flag'))
const tableOf = lazyComponent('The table', () => import('./table'))

/** One row for each lease: its history left of now, its remaining time right of now. */
export function Timeline() {
  const mode = useUi((state) => state.timeline.mode)
  const [table, setTable] = useState(false)
  const [plot] = useState(() => new Plot())
  const spacing = useSpacing()
  const zoom = useZoom(plot, spacing)
  useKeys(zoom)
  return (
    <section className="timeline" aria-label="Timeline">
      {mode === 'space-time' ? (
        <Part of={spacetime} props={{ table }} />
      ) : (
        <Rows plot={plot} table={table} />
      )}
      <TimelineOptions spacing={spacing} zoom={zoom} table={table} showTable={setTable} />
    </section>
  )
}

function Rows({ plot, table }: { plot: Plot; table: boolean }) {
  const { commands, clock, run } = useApp()
  const [size, setSize] = useState<Size>({ width: 0, height: 0 })
  const [scrollTop, setScrollTop] = useState(0)
  const [hovered, setHovered] = useState<string | null>(null)
  const [focused, setFocused] = useState<string | null>(null)
  const spacing = useSpacing()
  const parts = useTimelineParts(size, scrollTop, spacing)
  const { tape, lines, layout, left, view } = parts
  const box = useRef<HTMLDivElement>(null)
  const scroller = useRef<HTMLDivElement>(null)
  const tip = useRef<HTMLParagraphElement>(null)
  const links = useRef<readonly Link[]>([])
  const names = useBranchNames()

  const measure = useCallback((element: HTMLDivElement | null) => {
    box.current = element
    if (element === null) return
    const observer = new ResizeObserver(() =>
      setSize({ width: element.clientWidth, height: element.clientHeight }),
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  const pointed = (x: number, y: number): Found | null =>
    foundAt(lines, links.current, plot.scale, clock.now(), x, y) ??
    (y <= RULER_HEIGHT ? forkAt(parts.forks, plot.scale, x) : null)
  useGestures({
    box,
    plot,
    spacing,
    left,
    right: parts.right,
    onTap(x, y) {
      setHovered(null)
      if (x < left) return
      const { story, now } = run.getState()
      const at = plot.scale.at(x)
      // With an open question about a time, a click on a later time sets the answer. A seek would
      // show the true answer.
      if (story?.ask?.kind === 'when' && story.ask.state === 'open' && at > now)
        return commands.draftAnswer(Math.round(at / 100) * 100)
      const found = pointed(x, y)
      if (found?.event != null) commands.seekEvent(found.event)
      else commands.seek(y <= RULER_HEIGHT && found !== null ? found.at : at)
    },
    onPoint(x, y, target) {
      const line = target instanceof Element ? target.closest<HTMLElement>('[data-line]') : null
      setHovered(line?.dataset.line ?? null)
      const isPlot =
        x >= left &&
        !(target instanceof Element && target.closest('button, [popover], .row-actions'))
      const found = isPlot ? pointed(x, y) : null
      showTip(tip.current, found?.text ?? '', x, y, size)
    },
    onLeave() {
      setHovered(null)
      showTip(tip.current, '', 0, 0, size)
    },
    onLongPress(target) {
      const line = target instanceof Element ? target.closest<HTMLElement>('[data-line]') : null
      line?.focus({ preventScroll: true })
    },
  })
  // When the reader chooses a lease on a dial or among the cells, the timeline scrolls to that
  // lease.
  const chosen = useUi((state) => state.lease)
  const index = tape?.chosen?.index ?? null
  const found = tape?.chosen?.row.id === chosen
  const { blocks, pinned } = layout
  const scrolledTo = useRef<string | null>(null)
  useEffect(() => {
    const block = blocks.find(({ lane, side }) => lane === 'leases' && side === 'here')
    const element = scroller.current
    // The timeline scrolls once for each chosen lease, so the reader may scroll away.
    if (chosen === null || scrolledTo.current === chosen) {
      scrolledTo.current = chosen
      return
    }
    if (!found || index === null || block === undefined || element === null) return
    scrolledTo.current = chosen
    const top = block.top + index * block.height
    const isIn = top >= element.scrollTop + pinned && top + block.height <= element.scrollTop + view
    if (!isIn) element.scrollTop = top - (pinned + view) / 2
  }, [chosen, found, index, blocks, pinned, view])

  const many = tape?.lanes.find(({ lane }) => lane === 'leases')
  const thin = lines.filter(
    ({ kind, y, height }) => kind === 'thin' && y >= pinned - height / 2 && y + height / 2 <= view,
  )
  const firstThin =
    thin[0] === undefined
      ? 0
      : Math.round(
          (thin[0].top - (blocks.find(({ kind }) => kind === 'thin')?.top ?? 0)) / thin[0].height,
        )
  const range =
    many === undefined || thin.length === 0
      ? ''
      : `${firstThin + 1}–${firstThin + thin.length} of ${many.total.toLocaleString('en')} live`
  const several = (kind: string): boolean =>
    (blocks.find((block) => block.kind === kind)?.total ?? 0) > 1
  const active = hovered ?? focused
  const asksWhen = useRun((state) => state.story?.ask?.kind === 'when')
  const story = useRun((state) => state.story)
  // The reader answers in the future part of the axis, so no actions cover that part.
  const answering = asksWhen && story?.ask?.state === 'open'
  const draft = useUi((state) => state.answer)
  return (
    <div className="timeline-body" ref={measure} data-table={table || undefined}>
      <Picture parts={parts} plot={plot} size={size} hovered={active} links={links} />
      <div
        className="timeline-scroll"
        ref={scroller}
        style={{ top: RULER_HEIGHT }}
        onScroll={(event) => {
          setScrollTop(event.currentTarget.scrollTop)
          clock.touch()
        }}
      >
        {/* biome-ignore lint/a11y/useSemanticElements: the rows lie over a canvas and are its
            headers */}
        <div
          role="table"
          className="timeline-rows"
          aria-label="Rows"
          style={{ height: view, marginBottom: -view }}
          onFocus={(event) =>
            setFocused(
              (event.target as HTMLElement).closest<HTMLElement>('[data-line]')?.dataset.line ??
                null,
            )
          }
          onBlur={(event) => {
            if (!event.currentTarget.contains(event.relatedTarget)) setFocused(null)
          }}
        >
          {lines.map((line) => (
            <TimelineRow
              key={line.id}
              line={line}
              left={left}
              active={active === line.id && !answering}
              several={several(line.kind)}
              range={range}
              clip={clipOf(line, lines)}
              branch={names === null ? null : line.side === 'here' ? names.here : names.there}
            />
          ))}
        </div>
        <div aria-hidden="true" style={{ height: Math.max(view, layout.height) }} />
      </div>
      <div
        className="timeline-more"
        aria-hidden="true"
        hidden={layout.height - Math.min(scrollTop, Math.max(0, layout.height - view)) <= view + 2}
      />
      <div className="timeline-axis" style={{ height: RULER_HEIGHT }}>
        {parts.partsAt !== null && (
          <PartsPill
            plot={plot}
            at={parts.partsAt}
            labels={axisLabels(story, draft, parts.partsAt)}
          />
        )}
        <Cursor plot={plot} spacing={spacing} />
        {asksWhen && <Part of={flag} props={{ plot }} />}
      </div>
      <p className="timeline-tip" ref={tip} aria-hidden="true" hidden />
      {table && <Part of={tableOf} props={{ tape, programs: parts.programs }} />}
    </div>
  )
}

function clipOf(line: Placed, lines: readonly Placed[]): string | undefined {
  const under = covered(line, lines)
  return under === null ? undefined : `inset(${under.top}px 0 ${under.bottom}px)`
}

/** Pixels between the pointer and the tip. */
const AWAY = 14

function showTip(tip: HTMLElement | null, text: string, x: number, y: number, size: Size): void {
  if (tip === null) return
  tip.hidden = text === ''
  if (text === '') return
  tip.textContent = visibleLine(text)
  const left = x > size.width / 2 ? x - AWAY - tip.offsetWidth : x + AWAY
  const top = y > size.height - 60 ? y - AWAY - tip.offsetHeight : y + AWAY
  tip.style.transform = `translate(${Math.max(2, left)}px, ${top}px)`
}

/** The keys `+` `-` `0` and F, unless a field has the focus. */
function useKeys(zoom: (by: number | null) => void): void {
  const { commands, ui, prefs } = useApp()
  const latest = useRef(zoom)
  useEffect(() => {
    latest.current = zoom
  })
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      if (
        event.defaultPrevented ||
        event.ctrlKey ||
        event.altKey ||
        event.metaKey ||
        !prefs.getState().shortcuts
      )
        return
      if (document.querySelector('dialog[open]')) return
      const target = event.target instanceof HTMLElement ? event.target : document.body
      const focus = focusOf(
        target.tagName,
        target.getAttribute('type'),
        target.getAttribute('role'),
        target.isContentEditable,
      )
      if (focus === 'field' || focus === 'choice') return
      if (event.key === '+' || event.key === '=') latest.current(0.5)
      else if (event.key === '-') latest.current(2)
      else if (event.key === '0') latest.current(null)
      else if (event.key.toLowerCase() === 'f')
        commands.changeTimeline({ full: !ui.getState().timeline.full })
      else return
      event.preventDefault()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [commands, ui, prefs])
}
