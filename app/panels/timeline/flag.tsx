import { type KeyboardEvent, type PointerEvent, useCallback, useEffect, useRef } from 'react'
import { useApp, useRun, useUi } from '../parts/app-context'
import { mayMoveFocus } from '../parts/focus'
import { Icon } from '../parts/icon'
import { setAttribute } from '../parts/write'
import { pointIn } from '../parts/zoom'
import { TruthPill } from './cursor'
import { axisLabels, axisPlaces, FIRST_MS, flagsOf } from './flags'
import type { Plot } from './plot'

const STEP_MS = 100
/** Pixels at the bottom of a phone under the panels and the transport. */
const PINNED = 140
/** Events that show that the reader controls the page. */
const ACTS = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const

/**
 * The reader's answer to a question about a time: a flag on the axis. Drag and arrow keys move the
 * flag. After the decision the flag stays beside the truth.
 */
export default function AnswerFlag({ plot }: { plot: Plot }) {
  const story = useRun((state) => state.story)
  const draft = useUi((state) => state.answer)
  const ask = story?.ask
  if (ask == null || ask.kind !== 'when') return null
  const { answer, truth } = flagsOf(story, draft)
  return (
    <>
      {(ask.state === 'open' || answer !== null) && (
        <Flag key={ask.state} plot={plot} answer={answer} open={ask.state === 'open'} />
      )}
      {truth !== null && (
        <TruthPill plot={plot} at={truth} labels={axisLabels(story, draft, null)} />
      )}
    </>
  )
}

function Flag({ plot, answer, open }: { plot: Plot; answer: number | null; open: boolean }) {
  const { commands, run, ui, clock } = useApp()
  const flag = useRef<HTMLElement>(null)
  // The function is the same at every render. With another function the element is missing for a
  // moment, and the loop may place the flag in that moment.
  const hold = useCallback((element: HTMLElement | null): void => {
    flag.current = element
  }, [])
  const held = useRef<number | null>(null)
  useEffect(() => {
    clock.touch()
    return plot.add((scale, now) => {
      const x =
        axisPlaces(scale, now, { flag: answer ?? 'first', truth: null, parts: null }).flag ?? 0
      setAttribute(
        flag.current,
        'style',
        `transform: translateX(${x.toFixed(2)}px) translateX(-50%)`,
      )
    })
  }, [plot, answer, clock])

  const present = useUi((state) => state.present)
  // When no other element has the focus, the flag takes the focus, so that the arrow keys work at
  // once. In Present the arrow keys go to stops.
  useEffect(() => {
    const { activeElement } = document
    const free = activeElement === null || activeElement === document.body
    if (open && free && !present && mayMoveFocus(ui.getState().embedded))
      flag.current?.focus({ preventScroll: true })
  }, [open, present, ui])

  // On a phone the page may have to scroll to the timeline, where the reader answers. The parts
  // above the timeline may still grow, until the reader acts.
  useEffect(() => {
    if (!open || ui.getState().embedded) return
    const sizes = new ResizeObserver(() => {
      const element = flag.current
      if (element === null) return
      const { top, bottom } = element.getBoundingClientRect()
      if (top < 0 || bottom > window.innerHeight - PINNED)
        element.scrollIntoView({ block: 'center', inline: 'nearest' })
    })
    sizes.observe(document.body)
    const stop = () => sizes.disconnect()
    for (const act of ACTS) addEventListener(act, stop, { passive: true })
    return () => {
      stop()
      for (const act of ACTS) removeEventListener(act, stop)
    }
  }, [open, ui])

  function move(at: number): void {
    commands.draftAnswer(
      Math.max(
        Math.ceil(run.getState().now / STEP_MS) * STEP_MS,
        Math.round(at / STEP_MS) * STEP_MS,
      ),
    )
  }
  function onKeyDown(event: KeyboardEvent): void {
    const sign = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key]
    if (event.key === 'Enter' && answer !== null) {
      event.preventDefault()
      return commands.giveAnswer()
    }
    if (sign === undefined || !open) return
    event.preventDefault()
    event.stopPropagation()
    move((answer ?? run.getState().now + FIRST_MS) + sign * (event.shiftKey ? 10 : 1) * STEP_MS)
  }
  function onPointerMove(event: PointerEvent<HTMLButtonElement>): void {
    const axis = event.currentTarget.parentElement
    if (held.current === null || axis === null) return
    move(plot.scale.at(Math.min(plot.scale.right, pointIn(axis, event).x - held.current)))
  }
  const said = answer === null ? 'not answered' : `at ${seconds(answer)} s`
  if (!open)
    return (
      <span className="axis-label answer-flag" ref={hold}>
        <Icon name="flag" small />
        {said}
      </span>
    )
  return (
    <button
      ref={hold}
      type="button"
      role="slider"
      className="axis-label answer-flag"
      aria-label="Your answer"
      aria-valuemin={Math.round(run.getState().now)}
      aria-valuemax={Math.round(run.getState().now + 120_000)}
      aria-valuenow={answer ?? Math.round(run.getState().now + FIRST_MS)}
      aria-valuetext={said}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        held.current = pointIn(event.currentTarget, event).x - event.currentTarget.offsetWidth / 2
      }}
      onPointerMove={onPointerMove}
      onPointerUp={() => {
        held.current = null
      }}
      onPointerCancel={() => {
        held.current = null
      }}
    >
      <Icon name="flag" small />
      {answer === null ? 'drag me' : said}
    </button>
  )
}

function seconds(at: number): string {
  return (at / 1000).toFixed(1)
}
