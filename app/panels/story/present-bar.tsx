import { type KeyboardEvent, useEffect } from 'react'
import { visible } from '../../../engine/text/visible'
import { type Choice, choicesOf, handsText, leading, readHands } from '../../commands/hands'
import { useApp, useRun, useUi } from '../parts/app-context'
import { Icon } from '../parts/icon'
import { ActButton, NumberField, useBar } from './story-bar'
import './present-bar.css'

/**
 * Buttons that a room does not need. The teacher skips a question by showing the answer, and the
 * drawer is closed.
 */
const HIDDEN = new Set(['skip', 'why', 'what-if'])

/**
 * The story bar for a room: the question in large letters, its answers with letters, and fields for
 * a show of hands.
 */
export default function PresentBar() {
  const bar = useBar()
  const { commands, ui } = useApp()
  const ask = useRun((state) => state.story?.ask ?? null)
  const times = useRun((state) => state.lecture?.times ?? null)
  const place = useRun((state) => `${state.opened} ${state.story?.reached}`)
  const hands = useUi((state) => state.hands[place] ?? NONE)
  const over = useRun((state) => state.story?.over === true)
  useEffect(() => {
    if (over) commands.storySeen()
  }, [over, commands])
  const choices = choicesOf(ask, times)
  const open = ask?.state === 'open'
  const number = open && bar.number
  function count(at: number, raised: number): void {
    const next = choices.map((_, i) => (i === at ? raised : (hands[i] ?? 0)))
    ui.setState((state) => ({ hands: { ...state.hands, [place]: next } }))
    if (open) commands.draftAnswer(leading(choices, next))
  }
  // The marks on the answers already say what the detail would say.
  const own = useRun((state) => state.story === null)
  const detail = choices.length > 0 || bar.parts.length > 0 || own ? '' : bar.detail
  const score = handsText(choices, hands)
  // A room raises hands and cannot pass a step, so the story continues after the answer.
  const onward = bar.others.find(({ act }) => act === 'next' || act === 'stories')
  const primary = onward ?? bar.primary
  const title = ask !== null && ask.state !== 'decided' ? ask.question : bar.title
  return (
    <section className="present-bar" aria-label="Story">
      <div className="present-question">
        <h1 aria-live="polite" data-long={title.length > LONG || undefined}>
          {title}
        </h1>
        {score !== null && <p className="present-score">{score}</p>}
        {number && <NumberField held={bar.held} />}
        {bar.others
          .filter((button) => !HIDDEN.has(button.act) && button !== onward)
          .map((button) => (
            <ActButton key={button.act} button={button} bar={bar} className="quiet" />
          ))}
        {open ? (
          <button
            type="button"
            className="fill"
            onClick={() => (bar.held === null ? commands.skipQuestion() : commands.giveAnswer())}
          >
            Show the answer
          </button>
        ) : (
          primary && <ActButton button={primary} bar={bar} className="fill" />
        )}
      </div>
      {detail !== '' && (
        <p className="story-detail present-detail" data-tone={bar.tone}>
          {bar.tone === 'right' && <Icon name="check" small />}
          <span>{detail}</span>
        </p>
      )}
      {choices.length > 0 && <Choices choices={choices} hands={hands} onCount={count} />}
      {bar.parts.length > 0 && (
        <ul className="present-parts">
          {bar.parts.map(({ text, done }) => (
            <li key={text} data-done={done || undefined}>
              <Icon name={done ? 'check' : 'stop'} small />
              {visible(text)}
              <span className="sr-only">{done ? ', done' : ', to do'}</span>
            </li>
          ))}
        </ul>
      )}
      {bar.hint && <p className="present-detail present-hint">{bar.hint.text}</p>}
    </section>
  )
}

/** A title longer than this has smaller letters, so that it fits on two lines. Characters. */
const LONG = 64
const NONE: readonly number[] = []

interface ChoicesProps {
  choices: readonly Choice[]
  hands: readonly number[]
  onCount(at: number, raised: number): void
}

function Choices({ choices, hands, onCount }: ChoicesProps) {
  const total = choices.reduce((sum, _, at) => sum + (hands[at] ?? 0), 0)
  return (
    <ol
      className="present-choices"
      aria-label="Answers"
      style={{ '--columns': Math.min(3, choices.length) } as React.CSSProperties}
    >
      {choices.map(({ letter, word, right }, at) => {
        const raised = hands[at] ?? 0
        return (
          <li
            key={letter}
            data-right={right === true || undefined}
            data-wrong={right === false || undefined}
          >
            <b>{letter}</b>
            <span className="present-choice-word">
              {visible(word)}
              {right === true && <span className="sr-only">, right</span>}
            </span>
            {right === true && <Icon name="check" />}
            <input
              className="hands"
              inputMode="numeric"
              autoComplete="off"
              aria-label={`Hands for ${letter}`}
              placeholder="0"
              value={raised === 0 ? '' : raised}
              onChange={({ target }) => {
                const typed = readHands(target.value)
                if (typed !== null) onCount(at, typed)
              }}
              onFocus={({ currentTarget }) => currentTarget.select()}
              onKeyDown={(event) => countByKey(event, raised, (next) => onCount(at, next))}
            />
            <i
              aria-hidden="true"
              style={{ width: `${total === 0 ? 0 : (100 * raised) / total}%` }}
            />
          </li>
        )
      })}
    </ol>
  )
}

/** Adds or removes one hand. Escape leaves the field. */
function countByKey(
  event: KeyboardEvent<HTMLInputElement>,
  raised: number,
  count: (raised: number) => void,
): void {
  const by = { ArrowUp: 1, ArrowDown: -1 }[event.key]
  if (by !== undefined) count(Math.max(0, Math.min(999, raised + by)))
  else if (event.key === 'Escape') event.currentTarget.blur()
  else return
  event.preventDefault()
}
