// The lessons: stories of the catalogue in a teaching order. A step is passed when every question
// has a right answer and every goal is reached.

export interface Lesson {
  /** The name in addresses: #lesson/NAME/STEP. */
  name: string
  title: string
  about: string
  /** The names of the stories. */
  steps: readonly string[]
}

/** The reader's place in a lesson; `step` counts from 0. */
export interface LessonPlace {
  name: string
  step: number
}

/** Stories that open with a form instead of the stage. */
export const FORMS: Readonly<Record<string, 'lock' | 'ttl'>> = {
  'my-lock': 'lock',
  'what-ttl': 'ttl',
}

export const LESSONS: readonly Lesson[] = [
  {
    name: 'leases',
    title: 'Leases',
    about: 'A key lives as long as its lease, and a lease as long as it is renewed',
    steps: [
      'register-and-vanish',
      'goal-keep-alive',
      'late-renewal',
      'revoke-and-ttl-0',
      'keys-of-a-lease',
    ],
  },
  {
    name: 'inside',
    title: 'Inside',
    about: 'The leader finds the first lease at the root of a heap',
    steps: ['inside-root', 'inside-sift', 'inside-pass', 'inside-keys', 'inside-growth'],
  },
  {
    name: 'cluster',
    title: 'The cluster',
    about: 'The leader counts, and most members must agree on an end',
    steps: [
      'beat-3-leader-dies',
      'leader-stops',
      'quorum-of-five',
      'frozen-member',
      'checkpoint-counts',
    ],
  },
  {
    name: 'locks',
    title: 'Locks',
    about: 'A lock is a key on a lease, and its order is that of revisions',
    steps: ['lock-race', 'lock-queue', 'lock-without-lease', 'lock-herd', 'lock-order'],
  },
  {
    name: 'fencing',
    title: 'Fencing',
    about: 'A lock does not stop a late write, a token does',
    steps: ['paused-holder', 'goal-late-write', 'token', 'own-clock', 'library-notices'],
  },
  {
    name: 'operating',
    title: 'Operating',
    about: 'What a lock, a registration and a cluster survive, and with which TTL',
    steps: ['my-lock', 'what-ttl', 'registration-returns', 'member-added', 'articles-say'],
  },
]

export function lessonOf(name: string | undefined): Lesson | undefined {
  return LESSONS.find((lesson) => lesson.name === name)
}

/** The step at that place; undefined for an unknown place. */
export function stepAt({ name, step }: LessonPlace): string | undefined {
  return lessonOf(name)?.steps[step]
}

/**
 * The place after that one: the next step, or the next lesson after the last step. Null after the
 * last lesson, and for an unknown place.
 */
export function placeAfter({ name, step }: LessonPlace): LessonPlace | null {
  const at = LESSONS.findIndex((lesson) => lesson.name === name)
  const lesson = LESSONS[at]
  if (lesson === undefined) return null
  if (step + 1 < lesson.steps.length) return { name, step: step + 1 }
  const next = LESSONS[at + 1]
  return next === undefined ? null : { name: next.name, step: 0 }
}

/** The first step that is not passed yet; the first step once all are passed. */
export function nextToDo({ steps }: Lesson, passed: readonly string[]): number {
  return Math.max(
    0,
    steps.findIndex((step) => !passed.includes(step)),
  )
}

/** The number of passed steps. */
export function passedOf({ steps }: Lesson, passed: readonly string[]): number {
  return steps.filter((step) => passed.includes(step)).length
}

/**
 * The place in an address: `#lesson/cluster/2`; the first step if there is no number. Null for
 * another address.
 */
export function readLessonAddress(hash: string): LessonPlace | null {
  const [, name = '', step = '1'] = /^#lesson\/([a-z]+)(?:\/([1-9]\d?))?$/.exec(hash) ?? []
  const place = { name, step: Number(step) - 1 }
  return stepAt(place) === undefined ? null : place
}
