import { useLayoutEffect, useRef, useState } from 'react'
import { visible } from '../../../engine/text/visible'
import type { StageSize } from '../../draw/stage-shapes'
import { useRun, useUi } from '../parts/app-context'
import type { Cast } from './use-stage'
import './answer-marks.css'

interface Mark {
  of: 'yours' | 'run' | 'both'
  left: number
  top: number
  width: number
  height: number
}

const WORDS = { yours: 'your answer', run: 'the run', both: 'your answer, and the run' }
/** Pixels between a card and its mark. */
const ROOM = 3

/**
 * Marks for a question about a lease, a key, a client or a member. The stage marks the reader's
 * choice and, after the decision, the outcome of the run.
 */
export default function AnswerMarks({ cast, size }: { cast: Cast; size: StageSize }) {
  const story = useRun((state) => state.story)
  const draft = useUi((state) => state.answer)
  const box = useRef<HTMLDivElement>(null)
  const [marks, setMarks] = useState<Mark[]>([])
  const ask = story?.ask?.kind === 'which' ? story.ask : null
  const held = draft !== null && draft.stop === story?.reached ? draft.answer : null
  const yours = ask?.state === 'open' ? held : (ask?.answer ?? null)
  const truth = ask?.truth ?? null
  const of = ask?.of ?? null
  // biome-ignore lint/correctness/useExhaustiveDependencies: the layout of the stage changes with its size and with the cast
  useLayoutEffect(() => {
    const stage = box.current?.parentElement
    if (stage == null) return
    const { left, top } = stage.getBoundingClientRect()
    const place = (name: string, mark: Mark['of']): Mark[] =>
      elementsOf(stage, of, name, cast).map((element) => {
        const { left: x, top: y, width, height } = element.getBoundingClientRect()
        return {
          of: mark,
          left: x - left - ROOM,
          top: y - top - ROOM,
          width: width + 2 * ROOM,
          height: height + 2 * ROOM,
        }
      })
    const both = yours !== null && yours === truth
    const found = both
      ? place(String(yours), 'both')
      : [
          ...(yours === null ? [] : place(String(yours), 'yours')),
          ...(truth === null ? [] : place(String(truth), 'run')),
        ]
    setMarks((before) => (JSON.stringify(before) === JSON.stringify(found) ? before : found))
  }, [of, yours, truth, cast.clients, cast.members, cast.leases, cast.keys, size])
  return (
    <div ref={box} className="answer-marks" aria-hidden="true">
      {marks.map(({ of, ...style }) => (
        <span key={`${of} ${style.left} ${style.top}`} data-of={of} style={style}>
          <b>{WORDS[of]}</b>
        </span>
      ))}
    </div>
  )
}

/** The cards, dials and tags of a name. */
function elementsOf(stage: Element, of: string | null, name: string, { leases }: Cast): Element[] {
  switch (of) {
    case 'client':
    case 'member':
      return all(stage, '[data-menu]', 'data-menu', `${of} ${name}`)
    case 'key':
      return all(stage, '[data-key]', 'data-key', visible(name))
    case 'lease': {
      const lease = leases.find((row) => row.name === name)
      return lease === undefined ? [] : all(stage, '.dial', 'title', `Lease ${lease.id}`)
    }
    default:
      return []
  }
}

function all(stage: Element, selector: string, attribute: string, value: string): Element[] {
  return [...stage.querySelectorAll(selector)].filter(
    (element) => element.getAttribute(attribute) === value,
  )
}
