// The words and buttons of the story bar: a function of the story at the cursor. The engine marks
// the answers; the page only writes the sentences.

import type {
  Answer,
  GoalView,
  LockView,
  QuestionView,
  ShownRows,
  StoryView,
} from '../../engine/worker/protocol'
import { clockText, listText } from '../draw/figures'
import { schemesText } from '../draw/lock-words'
import type { Scenario } from './scenario'

/** The action of a button of the bar. */
export type BarAct =
  | 'start'
  | 'go-on'
  | 'answer'
  | 'skip'
  | 'hint'
  | 'show-me'
  | 'why'
  | 'again'
  | 'what-if'
  | 'next'
  | 'stories'

export interface BarButton {
  act: BarAct
  word: string
}

export interface Bar {
  title: string
  detail: string
  /** `bad`: a rule that the reader cares about is broken; `right` and `wrong`: a verdict. */
  tone: 'plain' | 'bad' | 'right' | 'wrong'
  /**
   * After the verdict: the reader's answer and the run's, side by side. Their sentences make up
   * `detail`. Empty without an answer.
   */
  sides: readonly [] | readonly [yours: string, run: string]
  /** The choices of an open question with their answers; empty for other kinds. */
  choices: { word: string; answer: number | string }[]
  /** The reader types a whole number. */
  number: boolean
  /** The reader's draft answer to this question; null for none. */
  held: Answer
  /** The parts of a goal, in their order; empty without one. */
  parts: { text: string; done: boolean }[]
  /** The allowance of a goal and how much of it was used; null without a goal. */
  score: string | null
  /** The hint on the screen; null for none. */
  hint: { title: string; text: string; more: boolean; solution: boolean } | null
  /** The one filled button; null while the reader must choose first. */
  primary: BarButton | null
  others: BarButton[]
  /** Dashes: the number done, and the total; null if there is nothing to count. */
  progress: { done: number; of: number } | null
  /** The event that Why? explains; null for none. */
  event: number | null
}

export interface BarState {
  scenario: Scenario | null
  story: StoryView | null
  playing: boolean
  /** Virtual ms. */
  now: number
  /** The reader's draft answer; null for none. */
  answer: Answer
  /**
   * The number of hints shown for the open question or goal, and whether the last one is visible.
   */
  hints: number
  hinting: boolean
  locks: readonly LockView[]
  /** The last event that people care about, in words; null before the first. */
  last: { at: number; text: string } | null
  /** The number of this beat of the opening, and the total; null for another story. */
  beat: { number: number; of: number } | null
  /**
   * The step of a lesson, counted from 1; the number of steps; whether another lesson follows. Null
   * outside of a lesson.
   */
  step: { number: number; of: number; more: boolean } | null
  /** The form that replaces the stage; null for none. */
  form: 'lock' | 'ttl' | null
}

const EMPTY = {
  title: '',
  detail: '',
  tone: 'plain',
  sides: [],
  choices: [],
  number: false,
  held: null,
  parts: [],
  score: null,
  hint: null,
  primary: null,
  others: [],
  progress: null,
  event: null,
} satisfies Bar

const FORM_WORDS = {
  lock: {
    title: 'When is your lock no longer a lock?',
    detail:
      'Change a setting. The run is played again to the first moment when the lock is lost or two may write.',
  },
  ttl: {
    title: 'Which TTL fits?',
    detail: 'Change a number. Each figure opens the run that shows it.',
  },
}

export function barOf(state: BarState): Bar {
  const { scenario, story, step } = state
  const beat = step === null ? state.beat : null
  if (scenario === null && story === null)
    return state.form === null ? ownRun(state) : { ...EMPTY, ...FORM_WORDS[state.form] }
  const stops = story?.stops ?? 0
  const place = step ?? beat
  const progress = place
    ? { done: place.number, of: place.of }
    : stops > 1
      ? { done: story?.reached == null ? 0 : story.reached + 1, of: stops }
      : null
  const lock = lockLine(state.locks)
  const base: Bar = { ...EMPTY, progress }
  const title = scenario?.title ?? 'A run with stops'
  const sentence = scenario?.sentence ?? ''

  if (story === null || story.reached === null) {
    const detail =
      state.playing && lock !== null ? lock : { text: sentence, tone: 'plain' as const }
    return {
      ...base,
      title,
      detail: detail.text,
      tone: detail.tone,
      primary: state.playing ? null : { act: 'start', word: 'Start' },
    }
  }
  const { ask } = story
  if (story.goal?.state === 'open') return goal(base, story.goal, state)
  if (ask?.state === 'open') return question(base, ask, lock, state)
  // It is counted beside the run.
  if (ask?.state === 'waiting' && ask.atOnce)
    return { ...base, title: ask.question, detail: `${said(ask)} It is being counted.` }
  if (ask?.state === 'waiting') {
    return {
      ...base,
      title: ask.question,
      detail: `${said(ask)} ${state.playing ? 'The clock runs until the run shows it.' : 'The answer comes later in the run.'}`,
      others: [],
      ...unlessPlaying(state),
    }
  }
  const over = story.over && !state.playing
  const next: Partial<Bar> = over
    ? {
        primary:
          scenario === null ? null : step === null ? nextOf(beat) : nextStep(step, story.passed),
        score:
          step !== null && !story.passed && isFine(story)
            ? 'An earlier answer was not right'
            : null,
        others: [
          step === null || story.passed
            ? { act: 'again', word: againWord(scenario) }
            : afterStep(step, false),
          { act: 'what-if', word: 'What if…' },
        ],
      }
    : unlessPlaying(state)
  if (ask?.state === 'decided') {
    const verdict = verdictOf(ask)
    const why: BarButton[] = ask.event === null ? [] : [{ act: 'why', word: 'Why?' }]
    return {
      ...base,
      ...next,
      title: ask.so ?? ask.question,
      detail: verdict.said.join(' '),
      tone: verdict.tone,
      sides: verdict.said.length === 2 ? verdict.said : [],
      others: [...why, ...(next.others ?? [])],
      event: ask.event,
    }
  }
  if (story.goal !== null)
    return { ...base, ...next, ...reached(story.goal), event: story.goal.event }
  const detail = lock ?? {
    text: over ? `The story ends here, at ${clockText(state.now)} s.` : belowSay(story, state),
    tone: 'plain' as const,
  }
  return { ...base, ...next, title: story.say ?? title, detail: detail.text, tone: detail.tone }
}

/** After a story: the next beat of the opening, or the list of all stories after its last beat. */
function nextOf(beat: BarState['beat']): BarButton {
  if (beat === null) return { act: 'next', word: 'Next story' }
  return beat.number < beat.of
    ? { act: 'next', word: 'Go on' }
    : { act: 'stories', word: 'Go to the lessons' }
}

/**
 * A step that is not passed is repeated, or left for later. The next lesson follows the last step
 * of a lesson.
 */
function nextStep(step: NonNullable<BarState['step']>, passed: boolean): BarButton {
  return passed ? afterStep(step, passed) : { act: 'again', word: 'Try again' }
}

/** The reader's next step, passed or not. */
function afterStep(
  { number, of, more }: NonNullable<BarState['step']>,
  passed: boolean,
): BarButton {
  if (number < of) return { act: 'next', word: 'Next step' }
  return more
    ? { act: 'next', word: 'Next lesson' }
    : { act: 'stories', word: passed ? 'The lesson is done' : 'Go to the lessons' }
}

/** Whether the last answer gives no reason why a step is not passed. */
function isFine({ ask, goal }: StoryView): boolean {
  return goal === null ? ask?.right !== false && ask?.answer !== null : !goal.shown
}

function againWord(scenario: Scenario | null): string {
  return scenario !== null && scenario.combinations > 1 ? 'Again, other numbers' : 'Again'
}

function unlessPlaying({ playing }: BarState): Partial<Bar> {
  return playing ? {} : { primary: { act: 'go-on', word: 'Go on' } }
}

function question(base: Bar, ask: QuestionView, lock: Line | null, state: BarState): Bar {
  const { answer } = state
  // Two clients inside: such a question is about that. Any other trouble would read like a verdict
  // on the reader.
  const bad = lock?.verdict === 'broken' && ask.kind === 'choose' && answer === null ? lock : null
  return {
    ...base,
    title: ask.question,
    detail: bad?.text ?? how(ask, answer),
    tone: bad ? 'bad' : 'plain',
    choices: ask.choices.map((word, at) => ({ word, answer: ask.kind === 'which' ? word : at })),
    number: ask.kind === 'how-much',
    held: answer,
    hint: hintOf(ask.hints, state, false),
    primary: answer === null ? null : { act: 'answer', word: 'Go on' },
    others: [
      ...hintButton(ask.hints),
      ...(answer === null ? [{ act: 'skip', word: 'Skip' } as const] : []),
    ],
  }
}

function hintButton(hints: readonly string[]): BarButton[] {
  return hints.length > 0 ? [{ act: 'hint', word: 'Hint' }] : []
}

function hintOf(
  hints: readonly string[],
  { hints: shown, hinting }: BarState,
  solution: boolean,
): Bar['hint'] {
  const at = Math.min(shown, hints.length)
  const text = hints[at - 1]
  if (!hinting || text === undefined) return null
  return {
    title: hints.length > 1 ? `Hint ${at} of ${hints.length}` : 'Hint',
    text,
    more: at < hints.length,
    solution,
  }
}

/** The reader reaches a goal with the ordinary controls, so the bar has only help. */
function goal(base: Bar, { text, parts, used, par, may, hints }: GoalView, state: BarState): Bar {
  const show: BarButton[] = hints.length === 0 ? [{ act: 'show-me', word: 'Show me' }] : []
  return {
    ...base,
    title: text,
    // The reader makes the moves while the clock is paused. Their effect comes when the clock runs.
    detail:
      used > 0 && !state.playing ? `Press Play to see what follows. ${mayText(may)}` : mayText(may),
    parts,
    score: `${movesText(used)} used, par ${par}`,
    hint: hintOf(hints, state, true),
    others: [...hintButton(hints), ...show, { act: 'again', word: 'Start over' }],
  }
}

/** Acts of one client, in the words of its menu. */
const OF_A_CLIENT: Record<string, string> = {
  pause: 'pause it',
  resume: 'let it go on',
  on: 'start its heartbeat',
  off: 'stop its heartbeat',
}

/**
 * The acts that the reader may use, and where they are. Acts that do not belong to one client are
 * written as console lines.
 */
function mayText(may: readonly string[]): string {
  const acts = may.map((act) => {
    const [, client, state] =
      /^heartbeat (\S+) (on|off)$/.exec(act) ??
      /^(?=(?:pause|resume) )\S+ ((?!m\d$)\S+)()$/.exec(act) ??
      []
    return { client, word: OF_A_CLIENT[state || (act.split(' ')[0] ?? '')] }
  })
  const [first] = acts
  const isOfOne =
    first?.client !== undefined &&
    acts.every(({ client, word }) => client === first.client && word !== undefined)
  return isOfOne
    ? `Click ${first.client}: you may ${listText(acts.map(({ word }) => word ?? ''))}.`
    : `You may: ${may.join(', ')}.`
}

function reached({
  text,
  parts,
  used,
  par,
  shown,
}: GoalView): Pick<Bar, 'title' | 'detail' | 'tone' | 'parts'> {
  return {
    title: shown
      ? 'This is one way. Start over to do it yourself.'
      : `Reached in ${movesText(used)}. Par is ${par}.`,
    detail: text,
    tone: shown ? 'plain' : 'right',
    parts,
  }
}

function movesText(count: number): string {
  return count === 1 ? '1 move' : `${count} moves`
}

/** How the reader answers, or the draft answer. */
function how(ask: QuestionView, answer: Answer): string {
  if (answer !== null && ask.kind !== 'when') return `You choose ${answerText(ask, answer)}.`
  switch (ask.kind) {
    case 'when':
      return 'Choose a time on the timeline: press there, drag the flag, or use the arrow keys.'
    case 'choose':
    case 'what-next':
      return 'The clock is stopped. Choose an answer.'
    case 'which':
      return `The clock is stopped. Choose a ${ask.of}${ask.of === 'key' ? '' : ', here or in the picture'}.`
    case 'how-much':
      return 'The clock is stopped. Type a whole number.'
  }
}

function answerText({ kind, choices }: QuestionView, answer: number | string): string {
  switch (kind) {
    case 'when':
      return `${clockText(Number(answer))} s`
    case 'choose':
    case 'what-next':
      return quoted(choices[Number(answer)])
    case 'which':
    case 'how-much':
      return String(answer)
  }
}

function said(ask: QuestionView): string {
  return ask.answer === null ? '' : `You say ${answerText(ask, ask.answer)}.`
}

/**
 * The reader's answer, the run's answer, and whether they agree. The reader's part is left out
 * without an answer.
 */
function verdictOf(ask: QuestionView): {
  said: readonly [] | readonly [string] | readonly [string, string]
  tone: Bar['tone']
} {
  const { kind, answer, truth, right } = ask
  if (truth === null) return { said: [], tone: 'plain' }
  const run =
    kind === 'when'
      ? momentText(Number(truth), answer)
      : right
        ? 'Right.'
        : `The answer is ${answerText(ask, truth)}.`
  if (answer === null) return { said: [run], tone: 'plain' }
  return { said: [`You said ${answerText(ask, answer)}.`, run], tone: right ? 'right' : 'wrong' }
}

/** The time of the event, and its distance from the reader's answer. */
function momentText(truth: number, answer: Answer): string {
  const at = `It was at ${clockText(truth)} s`
  if (answer === null) return `${at}.`
  const off = truth - Number(answer)
  if (Math.abs(off) < 50) return `${at}, as you said.`
  return `${at}: ${(Math.abs(off) / 1000).toFixed(1)} s ${off > 0 ? 'later' : 'earlier'} than you said.`
}

function quoted(choice: string | undefined): string {
  return `“${choice ?? ''}”`
}

interface Line {
  text: string
  tone: 'plain' | 'bad'
  /** The verdict of a lock, if the line is about a lock. */
  verdict?: LockView['verdict']
}

/**
 * The lock with the worst problem: its holder according to the store, the clients that believe they
 * hold it, and those inside. Null without a lock.
 */
export function lockLine(locks: readonly LockView[]): Line | null {
  const order: LockView['verdict'][] = ['broken', 'wrong', 'stuck', 'held', 'free']
  const [lock] = [...locks].sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict))
  if (lock === undefined) return null
  const { name, holder, inside, waiting, verdict } = lock
  const owner = holder?.client ?? null
  const strangers = inside.filter((client) => client !== owner)
  const holds =
    owner === null ? `no client holds ${name} by the store` : `${owner} holds ${name} by the store`
  switch (verdict) {
    case 'broken':
      return {
        text: `${number(inside.length)} inside${since(lock)}: ${holds}, ${listText(strangers)} ${isOrAre(strangers)} inside too.`,
        tone: 'bad',
        verdict,
      }
    case 'wrong':
      return {
        text: `${capital(holds)}, and ${listText(strangers)} ${isOrAre(strangers)} inside.`,
        tone: 'bad',
      }
    case 'stuck':
      return { text: `${capital(holds)} and cannot give it back.${queue(waiting)}`, tone: 'bad' }
    case 'held':
      return {
        text: `${capital(holds)}${inside.includes(owner ?? '') ? ' and is inside' : ''}.${queue(waiting)}`,
        tone: 'plain',
      }
    case 'free':
      return { text: `${name} is free.`, tone: 'plain' }
  }
}

function queue(waiting: LockView['waiting']): string {
  if (waiting.length === 0) return ''
  return ` ${capital(listText(waiting.map(({ who }) => who)))} ${waiting.length === 1 ? 'waits' : 'wait'}.`
}

function since({ bothSince }: LockView): string {
  return bothSince === null ? '' : ` since ${clockText(bothSince)} s`
}

function isOrAre(clients: readonly string[]): string {
  return clients.length === 1 ? 'is' : 'are'
}

function number(count: number): string {
  return ['No client', 'One', 'Two', 'Three', 'Four'][count] ?? String(count)
}

/**
 * The beginning of a sentence: a client with a one-letter name gets its kind as a prefix, other
 * names are unchanged.
 */
function capital(text: string): string {
  if (/^[a-z]\b/.test(text)) return `Client ${text}`
  return text.startsWith('no client') ? `N${text.slice(1)}` : text
}

/** Groups of rows of the timeline, in words. */
const ROW_WORDS: Record<ShownRows, string> = {
  leader: 'leader',
  leases: 'leases',
  beliefs: 'beliefs of clients',
  keys: 'keys',
  locks: 'locks',
  heartbeats: 'heartbeats',
  terminals: 'console lines',
  faults: 'faults',
  rules: 'broken rules',
}

/**
 * The line below a stop's sentence: the progress of the story, and where to look. A reader who
 * steps on from the stop reads the last event.
 */
function belowSay({ stops, reached, here, show }: StoryView, { playing, last }: BarState): string {
  if (playing)
    return `The clock runs until ${reached === stops - 1 ? 'the story ends' : 'the next stop'}.`
  if (!here) return last === null ? '' : `${clockText(last.at)} s: ${last.text}`
  const place = stops > 1 ? [`Stop ${(reached ?? 0) + 1} of ${stops}.`] : []
  // This panel opens without a click.
  const rows = show?.panel === undefined ? (show?.rows ?? []) : []
  return [
    ...place,
    ...(rows.length > 0
      ? [`Look at the ${listText(rows.map((each) => ROW_WORDS[each]))} on the timeline.`]
      : []),
  ].join(' ')
}

/** Locks that do not exclude each other are a problem even before two clients are inside. */
function trouble(locks: readonly LockView[]): Line | null {
  const line = lockLine(locks)
  const mixed = locks.find(({ schemes }) => schemes.length > 0)
  return mixed === undefined || line?.verdict === 'broken'
    ? line
    : { text: schemesText(mixed), tone: 'bad' }
}

function ownRun(state: BarState): Bar {
  const lock = trouble(state.locks)
  const { last } = state
  return {
    ...EMPTY,
    title:
      last === null
        ? 'Your run. Nothing has happened yet.'
        : `${clockText(last.at)} s: ${last.text}`,
    detail:
      lock?.text ??
      `${state.playing ? 'Nothing stops the clock here.' : 'Press Play.'} Change the run with What if…, or type in the console.`,
    tone: lock?.tone ?? 'plain',
  }
}
