// The keeper as a pure machine: step(state, input, page) → { state, outputs }. keeper.ts executes
// the outputs.

import type { SavedRunTree } from '../../../engine/worker/protocol'
import type { RunState } from '../../store/run'
import { CURSOR, HUNG } from '../flags'
import { beginActs, isAny, seeActs } from './acts'
import { arriving, onItsWay, onLost, onOpened, onRefused, restore, send } from './coming'
import { ask, askWith, isWorkedOn, notify, wait, withdraw } from './draft'
import {
  begin,
  enqueue,
  onAside,
  onCurrent,
  onNotStored,
  onPut,
  onTurn,
  openedOf,
  putAside,
  write,
} from './saving'
import type { Draft, Input, Output, Page, State } from './state'

/** The state after an input, and the outputs in order. */
export function step(state: State, input: Input, page: Page): { state: State; outputs: Output[] } {
  const draft: Draft = { now: { ...state }, outputs: [], page }
  take(draft, input)
  begin(draft)
  return { state: draft.now, outputs: draft.outputs }
}

function take(draft: Draft, input: Input): void {
  const { now, outputs } = draft
  switch (input.type) {
    case 'run':
      return onRun(draft, input.run)
    case 'form':
      // The run is kept with its form, even without acts.
      if (now.latest === null || now.coming.step !== 'none') return
      now.isTouched = true
      return wait(draft)
    case 'waited':
      now.isWaiting = false
      return ask(draft, false)
    case 'tree':
      return onTree(draft, input.tree, input.opened)
    case 'opened':
      return onOpened(draft, input.opened, input.cutShort)
    case 'refused':
      return onRefused(draft, input.why)
    case 'lost':
      return onLost(draft, input.why, input.crashed)
    case 'hangs':
      if (onItsWay(now.coming) === 'visit')
        outputs.push({ do: 'remember', key: HUNG, value: now.known })
      return
    case 'found':
      now.seen = input.stamp
      return
    case 'restore':
      return restore(draft, input.kept, input.hung)
    case 'reopen': {
      const { kept, id } = input
      const what = { from: 'earlier' as const, ...openedOf(kept), notice: null, id }
      outputs.push({ do: 'find-story', what, name: kept.scenario })
      return
    }
    case 'send':
      return send(draft, input.what)
    case 'replacing':
      if (now.known !== null && now.latest !== null && now.about !== null)
        askWith(draft, now.about, false)
      return
    case 'leave-entry':
      if (now.isHere) ask(draft, true)
      now.isHere = false
      return
    case 'stays':
      now.isHere = true
      return
    case 'leave':
      if (!now.isWaiting || now.known === null) return
      outputs.push({
        do: 'remember',
        key: CURSOR,
        value: `${now.known} ${Math.round(now.run.now)}`,
      })
      return ask(draft, false)
    case 'take-over':
      now.acts = { ...now.acts, insisted: true }
      now.isTouched = true
      if (!now.hasLocks) now.known = null
      outputs.push({ do: 'steal-turn' })
      return
    case 'taken-over':
      withdraw(draft, 'elsewhere')
      return write(draft)
    case 'turn-came':
      withdraw(draft, 'elsewhere')
      if (isAny(now.acts)) write(draft)
      else enqueue(now, { type: 'step-back' })
      return
    case 'turn-lost':
      return notify(draft, {
        kind: 'elsewhere',
        text: 'Another tab keeps its run. This tab does not keep changes.',
      })
    case 'turn':
      return onTurn(draft, input.isMine)
    case 'put':
      return onPut(draft, input.put)
    case 'aside':
      return onAside(draft, input.aside)
    case 'current':
      return onCurrent(draft, input.kept)
    case 'not-stored':
      return onNotStored(draft)
    case 'blocked':
      return onBlocked(draft, input.why)
  }
}

function onRun(draft: Draft, run: RunState): void {
  const { now } = draft
  const before = now.run
  now.run = run
  if (!run.ready || run.opened === 0) return
  const isAnother = run.opened !== before.opened
  if (isAnother) onAnother(draft)
  else now.acts = seeActs(now.acts, run)
  const isNews =
    run.now !== before.now ||
    run.branches !== before.branches ||
    run.run !== before.run ||
    run.story !== before.story ||
    run.compare?.with !== before.compare?.with
  if (!isNews) return
  if (!isAnother) now.isTouched = true
  if (!isWorthKeeping(draft)) {
    now.latest = null
    return
  }
  const done = `${now.acts.text} ${run.compare?.with}`
  if (done === now.askedAt) return wait(draft)
  now.askedAt = done
  ask(draft, false)
}

/** The first frame of another run. */
function onAnother(draft: Draft): void {
  const { now, outputs } = draft
  const what = arriving(now.coming, now.run.opened)
  const from = what?.from ?? null
  now.coming = now.coming.step === 'sent' ? { ...now.coming, before: null } : { step: 'none' }
  now.acts = beginActs(
    now.acts,
    now.run,
    from === null ? 'new' : from === 'crash' ? 'same' : 'again',
  )
  now.isHere = true
  draft.page = { ...draft.page, shown: draft.page.here }
  outputs.push({ do: 'arrived' })
  // A kept run need not be written again.
  now.isTouched = from !== 'visit' && from !== 'tab'
  if (from === null) now.label = { name: null, pinned: false }
  else outputs.push({ do: 'remember', key: HUNG, value: null })
  if (from !== null && from !== 'earlier') return
  now.latest = null
  now.askedAt = ''
  withdraw(draft, 'restored')
  putAside(draft, { type: 'aside' })
  now.instead = what?.id ?? null
}

/** The worker's run at the time of the request. */
function onTree(draft: Draft, tree: SavedRunTree, opened: number): void {
  const { now, outputs } = draft
  // Requests that were never answered belong to an earlier run.
  const first = now.asks.findIndex((each) => each.opened >= opened)
  const answered = now.asks[first]
  now.asks = first < 0 ? [] : now.asks.slice(first + 1)
  // The page does not know this run yet: the worker receives another request.
  if (opened !== now.run.opened) return
  if (answered?.leaving) outputs.push({ do: 'visit', about: answered.about, tree })
  now.about = answered?.about ?? now.about
  if (!isWorthKeeping(draft)) return
  now.latest = tree
  write(draft)
}

/** The run is written anyway. */
function onBlocked(draft: Draft, why: 'blocked' | 'full'): void {
  if (draft.now.isBlockedSaid) return
  draft.now.isBlockedSaid = true
  const what =
    why === 'full' ? 'has no room left in part of its storage' : 'blocks part of its storage'
  const text = `The browser ${what} (localStorage): settings are not kept. The run is kept.`
  notify(draft, { kind: 'blocked', text })
}

/**
 * An opening without acts is not worth keeping: a newcomer who reloads the page sees it from the
 * start.
 */
function isWorthKeeping(draft: Draft): boolean {
  const { acts, run } = draft.now
  const { scenario, foreign } = draft.page
  if (isAny(acts) || isWorkedOn(draft) || foreign !== null || run.branches.length > 1) return true
  return (scenario !== null && scenario.shelf !== 'opening') || (run.config?.members ?? 1) > 1
}
