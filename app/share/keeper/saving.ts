// The way of a run into the store, one job after the other. A job reads its data when it begins,
// because the run on the page may have changed by then.
//
//   write      the turn ▶ put ─▶ written, or another tab's run is newer: step back
//   aside      the turn ▶ put aside
//   forsake               put aside in any case
//   step-back  no turn  ▶ look ─▶ the newer run of the other tab

import { FLAG } from '../flags'
import type { Kept } from '../kept'
import type { Aside, Put } from '../kept-runs'
import { isKeptAside } from '../surplus'
import { isAny } from './acts'
import type { Draft, Job, Opened } from './state'

/** The run on the page is to be written, if it has acts. */
export function write({ now }: Draft): void {
  const { latest, about, isTouched } = now
  if (latest === null || about === null || !isTouched) return
  const whole = { version: 1 as const, session: latest, ...about }
  now.unwritten = whole
  enqueue(now, { type: 'write', whole, isWork: isAny(now.acts), instead: now.instead })
}

/** The run leaves the page. Work that the store does not have is written first. */
export function putAside(
  { now }: Draft,
  how: { type: 'aside' } | { type: 'forsake'; isSaid: boolean },
): void {
  const { unwritten, instead } = now
  const left = unwritten !== null && isKeptAside(unwritten) ? unwritten : null
  now.unwritten = null
  const isQueued = now.queue.some((job) => job.type === 'write' && job.whole === left)
  if (left !== null && !isQueued)
    enqueue(now, { type: 'write', whole: left, isWork: true, instead })
  enqueue(now, { ...how, left })
}

export function enqueue(now: Draft['now'], job: Job): void {
  now.queue = [...now.queue, job]
}

/** Begins the next jobs, up to one that waits for an answer. */
export function begin(draft: Draft): void {
  const { now, outputs } = draft
  for (;;) {
    const [job] = now.queue
    if (job === undefined || now.storing.step !== 'idle') return
    if (job.type === 'write' || (job.type === 'aside' && now.known !== null)) {
      now.storing = { step: 'turn' }
      outputs.push({ do: 'take-turn' })
    } else if (job.type === 'forsake' && now.known !== null) leaveStore(draft, true)
    else if (job.type === 'step-back') stepBack(draft)
    else finish(draft)
  }
}

/** The answer to the first job's request for the turn. */
export function onTurn(draft: Draft, isMine: boolean): void {
  const { now, outputs } = draft
  const [job] = now.queue
  if (now.storing.step !== 'turn') return
  if (job?.type === 'write' && isMine) {
    const { known, seen } = now
    const { whole, instead } = job
    const stamp = `${now.tab} ${++now.written}`
    const any = job.isWork && (now.hasLocks || known === null)
    now.storing = { step: 'put', stamp, whole, instead }
    outputs.push({ do: 'put', kept: { ...whole, stamp }, known, instead, may: { seen, any } })
  } else if (job?.type === 'aside' && isMine && now.known !== null) leaveStore(draft, false)
  else {
    // The kept run is not the one on the page, whichever tab may write.
    if (job?.type === 'aside') now.known = null
    finish(draft)
  }
}

export function onPut(draft: Draft, { written, id, stamp, removed, dropped }: Put): void {
  const { now, outputs } = draft
  const { storing, known } = now
  if (storing.step !== 'put') return
  if (!written) {
    now.queue = [{ type: 'step-back' }, ...now.queue.slice(1)]
    now.storing = { step: 'idle' }
    return
  }
  const { whole, instead } = storing
  now.known = storing.stamp
  if (now.instead === instead) now.instead = null
  if (now.unwritten === whole) now.unwritten = null
  // Stored data is not left behind, and a free place may belong to another run.
  now.queue = now.queue.map((job) => {
    if ('left' in job) return job.left === whole ? { ...job, left: null } : job
    return job.type === 'write' && job.instead === instead ? { ...job, instead: null } : job
  })
  outputs.push({ do: 'remember', key: FLAG, value: '1' })
  const isOthers =
    id !== null && stamp !== now.seen && stamp !== known && !stamp?.startsWith(`${now.tab} `)
  if (isOthers) {
    const text = 'The run of the other tab is kept.'
    outputs.push({ do: 'notify', notice: { kind: 'other', text, id } })
  }
  outputs.push({ do: 'went', gone: { removed, dropped } }, { do: 'stored' })
  finish(draft)
}

export function onAside(draft: Draft, { id, removed, dropped }: Aside): void {
  const { now, outputs, page } = draft
  const [job] = now.queue
  if (now.storing.step !== 'aside') return
  if (job?.type === 'forsake' && job.isSaid) {
    const text = 'The last run did not open.'
    outputs.push({ do: 'notify', notice: { kind: 'unopened', text, id } })
  }
  outputs.push({ do: 'went', gone: { removed, dropped } })
  // Its reader did not request another run: the form opens one by itself.
  if (job?.type === 'aside' && id !== null && page.form !== null && !page.form.story) {
    const text = 'Your run before this form is kept.'
    outputs.push({ do: 'notify', notice: { kind: 'earlier', text, id } })
  }
  finish(draft)
}

/** The run of the other tab comes to this page, if this page has no acts. */
export function onCurrent(draft: Draft, newer: Kept | null): void {
  const { now, outputs } = draft
  if (now.storing.step !== 'look') return
  if (newer !== null && newer.stamp !== now.known) {
    now.known = newer.stamp
    now.seen = newer.stamp
    const text = 'Your run is here as the other tab left it.'
    outputs.push({
      do: 'find-story',
      what: { from: 'tab', ...openedOf(newer), notice: { kind: 'restored', text }, id: null },
      name: newer.scenario,
    })
  }
  finish(draft)
}

/** The store failed the first job. Its data still exists here. */
export function onNotStored(draft: Draft): void {
  if (draft.now.storing.step !== 'idle') finish(draft)
}

/** The parts of a kept run that come to the page. */
export function openedOf(kept: Omit<Kept, 'version' | 'stamp'>): Opened {
  const { session, view, lesson, numbers, form, labRun, worked, foreign, hash, name, pinned } = kept
  return { session, view, lesson, numbers, form, labRun, worked, foreign, hash, name, pinned }
}

function leaveStore({ now, outputs }: Draft, whatever: boolean): void {
  if (now.known === null) return
  outputs.push({ do: 'remember', key: FLAG, value: null })
  outputs.push({ do: 'put-aside', stamp: now.known, whatever })
  now.storing = { step: 'aside' }
  now.known = null
}

function stepBack(draft: Draft): void {
  const { now, outputs } = draft
  const isWorkedOn = isAny(now.acts)
  if (!now.hasLocks && isWorkedOn) outputs.push({ do: 'lose-turn' })
  else outputs.push({ do: 'release-turn' })
  const hasLeft = now.queue.some((job) => 'left' in job)
  if (now.known === null || isWorkedOn || hasLeft) return finish(draft)
  now.storing = { step: 'look' }
  outputs.push({ do: 'look' })
}

/** The first job is complete. */
function finish({ now, outputs }: Draft): void {
  const [job, ...rest] = now.queue
  now.queue = rest
  now.storing = { step: 'idle' }
  if (job !== undefined && 'left' in job && job.left !== null)
    outputs.push({ do: 'offer', left: job.left })
}
