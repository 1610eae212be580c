import { useId } from 'react'
import type { StopCheck, StopsView } from '../../../engine/worker/protocol'
import {
  marksOf,
  type StopForm,
  soOf,
  withMarks,
  withoutChoice,
  withSo,
} from '../../scene/stop-form'
import { Icon } from '../parts/icon'
import { comesText } from './stop-words'

interface Props {
  form: StopForm
  /** `now`: the change becomes part of the run at once, not only when the field loses the focus. */
  change(form: StopForm, now?: boolean): void
  view: StopsView | null
  /** Null while the fields are not part of the run. */
  check: StopCheck | null
  /** The reader's acts in the run became the solution. */
  onTaken(): void
}

const MOST_CHOICES = 6
const MOST_PARTS = 5

/** The question or the goal of a stop: one field after the other, by kind. */
export function StopAsks({ form, change, view, check, onTaken }: Props) {
  const { kind } = form
  const conditions = useId()
  return (
    <>
      <label>
        <span>{kind === 'goal' ? 'Goal' : 'Question'}</span>
        <input
          value={form.text}
          maxLength={110}
          autoComplete="off"
          onChange={(event) => change({ ...form, text: event.target.value })}
        />
      </label>
      <datalist id={conditions}>
        {view?.known.map(({ text, at }) => (
          <option key={text} value={text}>{`${text}, at ${at / 1000} s`}</option>
        ))}
      </datalist>
      {kind === 'choose' && (
        <Choices form={form} change={change} view={view} check={check} conditions={conditions} />
      )}
      {(kind === 'when' || kind === 'which' || kind === 'how-much') && (
        <Decides form={form} change={change} view={view} check={check} conditions={conditions} />
      )}
      {kind === 'goal' && (
        <Goal
          form={form}
          change={change}
          acts={check?.acts ?? []}
          conditions={conditions}
          onTaken={onTaken}
        />
      )}
      {kind !== 'goal' && (
        <label>
          <span>Then say</span>
          <input
            value={soOf(form, null)}
            maxLength={110}
            autoComplete="off"
            placeholder={kind === 'choose' ? 'for all other answers' : 'after the answer'}
            onChange={(event) => change(withSo(form, null, event.target.value))}
          />
        </label>
      )}
    </>
  )
}

interface WithConditions extends Omit<Props, 'onTaken'> {
  /** The ID of the list of conditions that come true in the run. */
  conditions: string
}

function Choices({ form, change, view, check, conditions }: WithConditions) {
  return (
    <>
      {form.choices.map((choice, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a choice is its place
        <fieldset key={i} className="stop-choice">
          <legend className="sr-only">Answer {i + 1}</legend>
          <label>
            <span>Answer {i + 1}</span>
            <input
              value={choice}
              maxLength={40}
              autoComplete="off"
              onChange={(event) =>
                change({
                  ...form,
                  choices: form.choices.map((each, at) => (at === i ? event.target.value : each)),
                })
              }
            />
          </label>
          {form.choices.length > 2 && (
            <button
              type="button"
              className="icon-button"
              aria-label={`Delete answer ${i + 1}`}
              onClick={() => change(withoutChoice(form, i), true)}
            >
              <Icon name="close" small />
            </button>
          )}
          <label>
            <span>Right when</span>
            <input
              value={marksOf(form, i)}
              list={conditions}
              placeholder="for example: L1 expired"
              spellCheck={false}
              autoComplete="off"
              onChange={(event) => change(withMarks(form, i, event.target.value))}
            />
          </label>
          <Comes
            times={form.marks.flatMap((mark, at) => (mark.choice === i ? [check?.marks[at]] : []))}
            until={view?.until ?? 0}
            fine={check?.truth != null}
          />
          <label>
            <span>Then say</span>
            <input
              value={soOf(form, i)}
              maxLength={110}
              autoComplete="off"
              onChange={(event) => change(withSo(form, i, event.target.value))}
            />
          </label>
        </fieldset>
      ))}
      {form.choices.length < MOST_CHOICES && (
        <button
          type="button"
          className="stop-more"
          onClick={() => change({ ...form, choices: [...form.choices, ''] })}
        >
          <Icon name="plus" small />
          Another answer
        </button>
      )}
    </>
  )
}

/**
 * The time when each condition comes true; empty while that is unknown. `fine`: another condition
 * decides, so a condition may never come true.
 */
function Comes({
  times,
  until,
  fine = false,
}: {
  times: (number | null | undefined)[]
  until: number
  fine?: boolean
}) {
  const known = times.filter((at) => at !== undefined)
  const never = known.some((at) => at === null)
  const first = known.filter((at) => at !== null)
  return (
    <p className="stop-check" data-bad={(never && !fine) || undefined}>
      {known.length === 0
        ? ' '
        : never
          ? comesText(null, until)
          : comesText(Math.min(...first), until)}
    </p>
  )
}

const WHICH = [
  'any lease ends',
  'any lease expired',
  'any lease renewed',
  'any key deleted',
  'any key created',
  'any key put',
  'any client crashes',
  'any client pauses',
  'any member crashes',
  'any member leads',
]
const HOW_MUCH = ['left L1', 'keys L1', 'revision', 'count L1 renewed until L1 ends']
const MARK_WORDS = { when: 'Right when', which: 'The first', 'how-much': 'Number' } as const

function Decides({ form, change, view, check, conditions }: WithConditions) {
  const own = useId()
  const { kind } = form
  if (kind !== 'when' && kind !== 'which' && kind !== 'how-much') return null
  const sections =
    view?.known.flatMap(({ text }) => /^\S+ enters (\S+)$/.exec(text)?.[1] ?? []) ?? []
  const offered =
    kind === 'which'
      ? [...WHICH, ...[...new Set(sections)].map((section) => `any client enters ${section}`)]
      : HOW_MUCH
  return (
    <>
      <label>
        <span>{MARK_WORDS[kind]}</span>
        <input
          value={form.mark}
          list={kind === 'when' ? conditions : own}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => change({ ...form, mark: event.target.value })}
        />
      </label>
      {kind === 'when' ? (
        <Comes times={[check?.marks[0]]} until={view?.until ?? 0} />
      ) : (
        <datalist id={own}>
          {offered.map((text) => (
            <option key={text} value={text} />
          ))}
        </datalist>
      )}
    </>
  )
}

interface GoalProps
  extends Pick<WithConditions, 'form' | 'change' | 'conditions'>,
    Pick<Props, 'onTaken'> {
  /** The acts in the run after the stop. */
  acts: StopCheck['acts']
}

function Goal({ form, change, acts, conditions, onTaken }: GoalProps) {
  const set = (i: number, part: Partial<StopForm['parts'][number]>) =>
    change({
      ...form,
      parts: form.parts.map((each, at) => (at === i ? { ...each, ...part } : each)),
    })
  return (
    <>
      {form.parts.map((part, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place
        <fieldset key={i} className="stop-choice">
          <legend className="sr-only">Part {i + 1}</legend>
          <label>
            <span>Part {i + 1}</span>
            <input
              value={part.text}
              maxLength={40}
              autoComplete="off"
              onChange={(event) => set(i, { text: event.target.value })}
            />
          </label>
          {form.parts.length > 1 && (
            <button
              type="button"
              className="icon-button"
              aria-label={`Delete part ${i + 1}`}
              onClick={() =>
                change({ ...form, parts: form.parts.filter((_, at) => at !== i) }, true)
              }
            >
              <Icon name="close" small />
            </button>
          )}
          <label>
            <span>Done when</span>
            <input
              value={part.when}
              list={conditions}
              spellCheck={false}
              autoComplete="off"
              onChange={(event) => set(i, { when: event.target.value })}
            />
          </label>
        </fieldset>
      ))}
      {form.parts.length < MOST_PARTS && (
        <button
          type="button"
          className="stop-more"
          onClick={() => change({ ...form, parts: [...form.parts, { when: '', text: '' }] })}
        >
          <Icon name="plus" small />
          Another part
        </button>
      )}
      <label>
        <span>May</span>
        <input
          value={form.may}
          spellCheck={false}
          autoComplete="off"
          placeholder="pause a ; resume a"
          onChange={(event) => change({ ...form, may: event.target.value })}
        />
      </label>
      <label>
        <span>Solution</span>
        <textarea
          value={form.solution}
          rows={Math.max(2, form.solution.split('\n').length)}
          spellCheck={false}
          placeholder={'0.5 pause a\n9 resume a'}
          onChange={(event) => change({ ...form, solution: event.target.value })}
        />
      </label>
      {acts.length > 0 && (
        <button
          type="button"
          className="stop-more"
          title="The run goes on without it, as a branch"
          onClick={() => {
            const may = [...new Set(acts.map(({ act }) => act))].join(' ; ')
            const solution = acts.map(({ at, act }) => `${at / 1000} ${act}`).join('\n')
            change({ ...form, may, solution }, true)
            onTaken()
          }}
        >
          Take what was done after this stop
        </button>
      )}
    </>
  )
}
