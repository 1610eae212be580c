import type { Answer, StoryView } from '../../../engine/worker/protocol'
import { type AxisPlace, apart } from '../../draw/timeline/apart'
import type { Scale } from '../../draw/timeline/scale'
import type { Draft } from '../../store/ui'

/**
 * The reader's answer to a question about a time and, after the verdict, the true time. Both are
 * null without such a question.
 */
export function flagsOf(
  story: StoryView | null,
  draft: Draft | null,
): { answer: number | null; truth: number | null } {
  const ask = story?.ask
  if (ask == null || ask.kind !== 'when') return { answer: null, truth: null }
  const held = draft !== null && draft.stop === story?.reached ? draft.answer : null
  return { answer: moment(ask.state === 'open' ? held : ask.answer), truth: moment(ask.truth) }
}

function moment(answer: Answer): number | null {
  return typeof answer === 'number' ? answer : null
}

/** The first place of a flag before the reader moves the flag, in virtual ms after *now*. */
export const FIRST_MS = 5500

/** Half the widths of the labels on the axis, in pixels. */
const HALF = { now: 22, flag: 46, label: 60 }

/**
 * The labels of the axis beside *now*: the reader's flag, the truth, and the time when two branches
 * part. Times are virtual ms, null for an absent label. `first` is a flag that the reader has not
 * moved.
 */
export interface AxisLabels {
  flag: number | 'first' | null
  truth: number | null
  parts: number | null
}

/** The labels of a story and of a comparison. */
export function axisLabels(
  story: StoryView | null,
  draft: Draft | null,
  parts: number | null,
): AxisLabels {
  const { answer, truth } = flagsOf(story, draft)
  const waits = story?.ask?.kind === 'when' && story.ask.state === 'open'
  return { flag: answer ?? (waits ? 'first' : null), truth, parts }
}

/**
 * The places of the labels in pixels. Each label keeps clear of *now* and of the labels before it.
 * The place of an absent label is null.
 */
export function axisPlaces(
  scale: Scale,
  now: number,
  { flag, truth, parts }: AxisLabels,
): Record<keyof AxisLabels, number | null> {
  const taken: AxisPlace[] = [{ x: scale.x(now), half: HALF.now }]
  const place = (at: number | null, half: number, right: number): number | null => {
    if (at === null) return null
    const x = apart({ x: at, half }, taken, 0, right)
    taken.push({ x, half })
    return x
  }
  const at = flag === 'first' ? now + FIRST_MS : flag
  return {
    // The line below the flag stays at its time, and the flag stays in view.
    flag: place(
      at === null ? null : Math.max(scale.left, Math.min(scale.right, scale.x(at))),
      HALF.flag,
      scale.right + 60,
    ),
    truth: place(truth === null ? null : scale.x(truth), HALF.label, scale.right),
    parts: place(parts === null ? null : scale.x(parts), HALF.label, scale.right),
  }
}
