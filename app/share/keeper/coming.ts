// How a kept run comes to the page, in three steps. If an engine ends on the way, that run is put
// aside, so that it is not opened for ever.
//
//   none ── send ──▶ sent ── opened ──▶ open ── its first frame ──▶ none

import type { CutShort } from '../../../engine/worker/protocol'
import { FLAG, HUNG } from '../flags'
import type { Kept } from '../kept'
import { isWorkedOn, notify, withdraw } from './draft'
import { openedOf, putAside } from './saving'
import type { Arriving, Coming, Draft, From, Pending } from './state'

/** The run that was sent is open. */
export function onOpened(draft: Draft, opened: number, cutShort: CutShort | null): void {
  const { now, outputs } = draft
  if (now.coming.step !== 'sent') return
  const { what } = now.coming
  const { from, id, name, pinned, notice } = what
  now.coming = { step: 'open', what: { from, id, opened } }
  now.label = { name, pinned }
  if (from !== 'earlier') now.latest = what.session
  withdraw(draft, from === 'earlier' ? 'earlier' : 'restored', 'unopened')
  outputs.push({ do: 'show', what, cutShort })
  if (notice !== null && cutShort === null) notify(draft, notice)
}

/** The worker refused a kept run; the open run does not change. */
export function onRefused(draft: Draft, why: string): void {
  const { now, outputs } = draft
  if (!isRefusal(now.coming, why)) return
  const { what, before } = now.coming
  now.coming = before === null ? { step: 'none' } : { step: 'open', what: before }
  // Another start removes the run that was refused before it.
  if (what.from !== 'earlier') forsake(draft, false)
  outputs.push({
    do: 'refuse',
    why: `The kept run cannot be opened: ${why.replace(/^open-tree: /, '')}`,
  })
}

/** Whether the worker refused a kept run, and not something else. */
export function isRefusal(coming: Coming, why: string): coming is Coming & { step: 'sent' } {
  return coming.step === 'sent' && why.startsWith('open-tree')
}

/**
 * A new worker has no run. It gets the run of the page, or the previous one if the engine ended on
 * that run.
 */
export function onLost(draft: Draft, why: string, crashed: boolean): void {
  const { now, outputs, page } = draft
  const { coming, latest, run } = now
  const missing = now.asks.length > 0
  now.coming = { step: 'none' }
  now.asks = []
  outputs.push({ do: 'reset' })
  if (isToBlame(coming)) {
    const isKept = now.known !== null
    const where = 'The kept run was put aside. Find it under Share → Open….'
    if (crashed) notify(draft, { kind: 'crashed', text: `${why} ${isKept ? where : STARTS_OVER}` })
    return forsake(draft, !crashed || !isKept)
  }
  if (latest === null) {
    outputs.push({ do: 'start-over' })
    return notify(draft, { kind: 'crashed', text: `${why} ${STARTS_OVER}` })
  }
  const { view, lesson, numbers, form, labRun, foreign } = page
  const text = `${why} The run is restored${missing ? '. The last change may be missing' : ''}.`
  // The last kept state may be older than the screen.
  const cursor = Math.round(coming.step === 'sent' ? latest.cursor : run.now)
  const session = { ...latest, cursor }
  const left = { session, view, lesson, numbers, form, labRun, foreign, worked: isWorkedOn(draft) }
  outputs.push({
    do: 'find-story',
    what: {
      from: 'crash',
      ...left,
      ...now.label,
      hash: '',
      notice: { kind: 'crashed', text },
      id: null,
    },
    name: page.scenario?.name ?? null,
  })
}

const STARTS_OVER = 'The page starts over.'

export function restore(draft: Draft, kept: Kept, hung: boolean): void {
  const { now, outputs } = draft
  now.known = kept.stamp
  if (hung) return forsake(draft, true)
  const notice = { kind: 'restored', text: 'Your run is back as you left it.' } as const
  const what = { from: 'visit' as const, ...openedOf(kept), notice, id: null }
  outputs.push({ do: 'find-story', what, name: kept.scenario })
}

/** Sends a kept run; if the worker refuses it, the page does not change. */
export function send(draft: Draft, what: Pending): void {
  const { now, outputs, page } = draft
  // A reader has opened a run earlier.
  if (what.from === 'visit' && !page.isEmpty) {
    now.known = null
    outputs.push({ do: 'notify-earlier', before: what })
    return
  }
  now.coming = { step: 'sent', what, before: awaited(now.coming) }
  outputs.push({ do: 'send', message: { type: 'open-tree', tree: what.session } })
}

/** A run that every worker fails on, or that none can read: it is put aside, and not deleted. */
function forsake(draft: Draft, isSaid: boolean): void {
  const { now, outputs } = draft
  now.latest = null
  outputs.push({ do: 'remember', key: FLAG, value: null })
  outputs.push({ do: 'remember', key: HUNG, value: null })
  outputs.push({ do: 'start-over' })
  putAside(draft, { type: 'forsake', isSaid })
}

/** The kept run whose first frame is awaited. */
function awaited(coming: Coming): Arriving | null {
  return coming.step === 'open' ? coming.what : coming.step === 'sent' ? coming.before : null
}

/** The kept run of a first frame, by the number of its run; null for any other run. */
export function arriving(coming: Coming, opened: number): Arriving | null {
  const what = awaited(coming)
  return what?.opened === opened ? what : null
}

/** The kept run that is to be the next on the page. */
export function onItsWay(coming: Coming): From | null {
  return coming.step === 'none' ? null : coming.what.from
}

/**
 * Whether the engine ended on a kept run that came by itself. An earlier run was requested by the
 * reader, and the run before it comes back.
 */
function isToBlame(coming: Coming): boolean {
  if (coming.step === 'sent') return coming.what.from !== 'earlier'
  return coming.step === 'open' && /^(visit|crash)$/.test(coming.what.from)
}
