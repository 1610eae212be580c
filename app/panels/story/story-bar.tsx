import { type KeyboardEvent, useEffect, useMemo, useRef } from 'react'
import { visible } from '../../../engine/text/visible'
import { type Bar, type BarAct, type BarButton, type BarState, barOf } from '../../scene/bar'
import { beatOf } from '../../scene/beats'
import { embeddedBar } from '../../scene/embedded-bar'
import { type LessonPlace, lessonOf, placeAfter } from '../../scene/lessons'
import { useApp, useRun, useUi } from '../parts/app-context'
import { mayMoveFocus } from '../parts/focus'
import { Icon } from '../parts/icon'
import { Dashes, Parts, Sides } from './story-detail'
import './story.css'

/**
 * The words of the story at the cursor, its question and its buttons: two lines, and one filled
 * button. The height never changes.
 */
export function StoryBar() {
  const bar = useBar()
  const {
    title,
    detail,
    tone,
    sides,
    choices,
    number,
    held,
    parts,
    score,
    hint,
    primary,
    others,
    progress,
  } = bar
  const box = useRef<HTMLElement>(null)
  const { commands } = useApp()
  const over = useRun((state) => state.story?.over === true)
  useEffect(() => {
    if (over) commands.storySeen()
  }, [over, commands])
  useMainFocus(box, `${title} ${primary?.act}`)
  return (
    <section
      className="story-bar"
      aria-label="Story"
      ref={box}
      data-long={title.length > LONG_TITLE || undefined}
      data-wide={isWide(bar) || undefined}
    >
      <div className="story-words">
        <h1 aria-live="polite" title={title}>
          {title}
        </h1>
        <p className="story-detail" data-tone={tone}>
          {progress && <Dashes {...progress} />}
          {tone === 'bad' && <Icon name="down" small />}
          {tone === 'right' && sides.length === 0 && <Icon name="check" small />}
          {sides.length > 0 ? (
            <Sides sides={sides} title={detail} />
          ) : parts.length > 0 ? (
            <Parts parts={parts} title={detail} />
          ) : (
            <span title={detail}>{detail}</span>
          )}
        </p>
      </div>
      <div className="story-acts">
        {score && <span className="score">{score}</span>}
        {choices.length > 0 && <Choices choices={choices} held={held} />}
        {number && <NumberField held={held} />}
        {others.map((button) => (
          <ActButton key={button.act} button={button} bar={bar} className="quiet" />
        ))}
        {primary && <ActButton button={primary} bar={bar} className="fill" />}
      </div>
      {hint && <Hint hint={hint} />}
    </section>
  )
}

/** A title of this many characters has two smaller lines. */
const LONG_TITLE = 64
/**
 * The characters that fit on one line of a phone: the controls beside the detail, and an answer
 * beside the truth.
 */
const MOST_BESIDE = 27
const MOST_SAID = 44
/** The characters that the padding of a control takes. */
const AROUND = 3

/** On a phone, whether the controls need their own lines. What if… is elsewhere there. */
function isWide({ sides, parts, choices, others, primary, detail }: Bar): boolean {
  const controls = [
    ...choices,
    ...others.filter(({ act }) => act !== 'what-if'),
    ...(primary === null ? [] : [primary]),
  ]
  if (parts.length > 0 || (sides.length > 0 && detail.length > MOST_SAID)) return true
  return controls.reduce((sum, { word }) => sum + word.length + AROUND, 0) > MOST_BESIDE
}

function Hint({ hint: { title, text, more, solution } }: { hint: NonNullable<Bar['hint']> }) {
  const { commands } = useApp()
  return (
    <div className="hint" role="status">
      <h2>
        <Icon name="bulb" small />
        {title}
        <button
          type="button"
          className="icon-button"
          aria-label="Close the hint"
          onClick={() => commands.hint()}
        >
          <Icon name="close" small />
        </button>
      </h2>
      <p>{text}</p>
      {(more || solution) && (
        <p className="hint-acts">
          {more && (
            <button type="button" onClick={() => commands.nextHint()}>
              Next hint
            </button>
          )}
          {solution && (
            <button type="button" className="quiet" onClick={() => commands.showSolution()}>
              Show me, as a branch
            </button>
          )}
        </p>
      )}
    </div>
  )
}

function Choices({ choices, held: answer }: Pick<Bar, 'choices' | 'held'>) {
  const { commands } = useApp()
  return (
    <div className="picks" role="radiogroup" aria-label="Your answer" onKeyDown={moveInside}>
      {choices.map((choice, at) => {
        const isFirst = answer === null && at === 0
        return (
          // biome-ignore lint/a11y/useSemanticElements: a choice looks and is pressed like a button
          <button
            key={choice.word}
            type="button"
            role="radio"
            className="pick"
            aria-checked={answer === choice.answer}
            tabIndex={answer === choice.answer || isFirst ? 0 : -1}
            data-main={answer === choice.answer || isFirst || undefined}
            onClick={() => commands.draftAnswer(choice.answer)}
          >
            {visible(choice.word)}
          </button>
        )
      })}
    </div>
  )
}

export function NumberField({ held: answer }: Pick<Bar, 'held'>) {
  const { commands } = useApp()
  return (
    <input
      className="number-answer"
      type="number"
      inputMode="numeric"
      step={1}
      min={-1}
      max={1_000_000_000}
      aria-label="Your answer, a whole number"
      data-main={answer === null || undefined}
      value={answer ?? ''}
      onChange={({ target }) =>
        commands.draftAnswer(/^-?\d{1,9}$/.test(target.value) ? Number(target.value) : null)
      }
      onKeyDown={(event) => event.key === 'Enter' && commands.giveAnswer()}
    />
  )
}

/** The arrows choose, as in every radio group. */
function moveInside(event: KeyboardEvent<HTMLDivElement>): void {
  const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
  if (by === undefined) return
  event.preventDefault()
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="radio"]')]
  const at = all.findIndex((each) => each.matches(':focus'))
  const next = all[(at + by + all.length) % all.length]
  next?.focus()
  next?.click()
}

export function ActButton({
  button: { act, word },
  bar,
  className,
}: {
  button: BarButton
  bar: Bar
  className: string
}) {
  const perform = usePerform(bar)
  // The main button takes Space. A button that leaves the story must not: the reader may mean Play.
  const leaves = act === 'stories' || (act === 'next' && word !== 'Go on')
  return (
    <button
      type="button"
      className={className}
      data-act={act}
      data-main={(className === 'fill' && !leaves) || undefined}
      onClick={() => perform(act)}
      onKeyDown={once}
    >
      {word}
    </button>
  )
}

/** The key that pressed one button may still be down when the next button replaces it. */
function once(event: KeyboardEvent): void {
  if (event.repeat && (event.key === 'Enter' || event.key === ' ')) event.preventDefault()
}

function usePerform({ event }: Bar): (act: BarAct) => void {
  const { commands, sharing, ui } = useApp()
  return (act) => {
    switch (act) {
      case 'start':
      case 'go-on':
        return commands.play()
      case 'answer':
        return commands.giveAnswer()
      case 'skip':
        return commands.skipQuestion()
      case 'hint':
        return commands.hint()
      case 'show-me':
        return commands.showSolution()
      case 'why':
        return commands.why(event)
      case 'again':
        return sharing.startOver()
      case 'what-if':
        return ui.setState({ asked: { menu: 'what-if' } })
      case 'stories':
        return commands.openLibrary()
      case 'next':
        return void commands.nextStory()
    }
  }
}

function stepOf(lesson: LessonPlace | null): BarState['step'] {
  if (lesson === null) return null
  return {
    number: lesson.step + 1,
    of: lessonOf(lesson.name)?.steps.length ?? 0,
    more: placeAfter(lesson) !== null,
  }
}

const NO_DRAFT = { answer: null, hints: 0, hinting: false }

export function useBar(): Bar {
  const scenario = useUi((state) => state.scenario)
  const lesson = useUi((state) => state.lesson)
  const form = useUi((state) => state.form?.tab ?? null)
  const embedded = useUi((state) => state.embedded)
  const draft = useUi((state) => state.answer)
  const story = useRun((state) => state.story)
  const playing = useRun((state) => state.playing)
  const now = useRun((state) => (state.playing ? 0 : state.now))
  const lab = useRun((state) => state.lab)
  const last = useRun((state) => state.progress.last)
  const { answer, hints, hinting } =
    draft !== null && draft.stop === story?.reached ? draft : NO_DRAFT
  return useMemo(() => {
    const state: BarState = {
      scenario,
      story,
      playing,
      now,
      answer,
      hints,
      hinting,
      locks: lab?.locks ?? [],
      last,
      beat: beatOf(scenario?.name),
      step: stepOf(lesson),
      form,
    }
    return embedded ? embeddedBar(barOf({ ...state, beat: null, step: null })) : barOf(state)
  }, [embedded, scenario, lesson, form, story, playing, now, answer, hints, hinting, lab, last])
}

/** Moves the focus to the new main control, unless the reader is at work elsewhere. */
function useMainFocus(box: React.RefObject<HTMLElement | null>, of: string): void {
  const { ui } = useApp()
  // biome-ignore lint/correctness/useExhaustiveDependencies: another sentence has another main control
  useEffect(() => {
    const active = document.activeElement
    const { embedded, panel } = ui.getState()
    // An author who writes a stop does not answer it.
    const free =
      panel !== 'stops' && (!active || active === document.body || box.current?.contains(active))
    if (free && mayMoveFocus(embedded))
      box.current?.querySelector<HTMLElement>('[data-main]')?.focus({ preventScroll: true })
  }, [of, box, ui])
}
