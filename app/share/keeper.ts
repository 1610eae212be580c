// No work is lost: the run with its branches is kept in this browser while a reader works on it.
// The run comes back after a reload, a closed tab, or a crash of the worker. When another run
// replaces it, it goes aside and can be opened again. Of several tabs one writes (turn.ts), and a
// tab without acts never writes.
//
//   worker ── exported-tree ──▶ latest ──▶ current (IndexedDB)      the run on the page
//   another run is opened ──────────────────▶ earlier 7, 6, 5 …        those before it
//
// keeper/machine.ts makes the decisions. This file executes them, and passes the answers of the
// page, the store and the other tabs to the machine.

import type { CutShort, Recording, SavedRunTree } from '../../engine/worker/protocol'
import { notify } from '../store/ui'
import { FLAG, HUNG, mayBeKept, recall } from './flags'
import { isRefusal } from './keeper/coming'
import { step } from './keeper/machine'
import { createPerformer, type KeeperParts } from './keeper/perform'
import { firstState, type Input, type Page } from './keeper/state'
import type { EarlierId, Kept } from './kept'
import { leftOver } from './left-over'
import { createShelf } from './shelf'
import { createTurn } from './turn'
import { createVisits } from './visits'

/** Milliseconds that the browser's store may take to answer when the page begins. */
const PATIENCE_MS = 5000

export type Keeper = ReturnType<typeof createKeeper>

export function createKeeper({
  run,
  ui,
  commands,
  sharing,
  entries,
  send,
  runs,
  locks,
  isEmpty,
}: KeeperParts) {
  // Not a UUID: a page without a certificate, for example in a classroom's own network, cannot make
  // one.
  const tab = crypto.getRandomValues(new Uint32Array(2)).join('-')
  let state = firstState(tab, locks !== undefined)
  /** The pending inputs of the machine. Null while it is idle. */
  let inputs: Input[] | null = null
  /** Callers that wait until all stores are complete. */
  let idle: (() => void)[] = []
  /** The store was read when the page began. */
  let looked = false
  const visits = createVisits()
  const shelf = createShelf(ui, runs)
  const turn = createTurn(locks, {
    took: () => take({ type: 'taken-over' }),
    came: () => take({ type: 'turn-came' }),
    lost: () => take({ type: 'turn-lost' }),
  })
  const { perform, found } = createPerformer({
    run,
    ui,
    commands,
    sharing,
    entries,
    send,
    shelf,
    turn,
    visits,
    take,
  })

  /** Inputs that follow from an output are handled after all outputs of the current input. */
  function take(input: Input): void {
    if (inputs !== null) {
      inputs.push(input)
      return
    }
    inputs = [input]
    try {
      for (let next = inputs.shift(); next !== undefined; next = inputs.shift()) {
        const { state: after, outputs } = step(state, next, pageNow())
        state = after
        for (const output of outputs) perform(output)
      }
    } finally {
      inputs = null
    }
    if (state.storing.step !== 'idle') return
    for (const resolve of idle) resolve()
    idle = []
  }
  function pageNow(): Page {
    const { scenario, lesson, numbers, form, labRun, foreign, worked } = ui.getState()
    const place = { scenario, lesson, numbers, form, labRun, foreign, worked }
    const { key: entry, hash, shown } = entries
    return {
      ...place,
      view: sharing.view(),
      shown: { hash: shown.hash, entry: shown.key },
      here: { hash, entry },
      at: Date.now(),
      isEmpty: isEmpty(),
    }
  }
  /** Resolves when all stores are complete. */
  async function settled(): Promise<void> {
    if (state.storing.step !== 'idle') await new Promise<void>((resolve) => idle.push(resolve))
    await shelf.settled()
  }
  async function lost(why: string, crashed: boolean): Promise<void> {
    take({ type: 'lost', why, crashed })
    await found()
    await settled()
  }

  run.subscribe((next) => take({ type: 'run', run: next }))
  ui.subscribe(({ form }, before) => {
    if (form !== before.form) take({ type: 'form' })
  })
  // Changes of the page before its keeper was created.
  take({ type: 'run', run: run.getState() })

  return {
    /** The kept run; null at once without one. */
    async read(): Promise<Kept | null> {
      if (!mayBeKept()) return null
      looked = true
      let timer: ReturnType<typeof setTimeout> | undefined
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error('its store does not answer')), PATIENCE_MS)
      })
      try {
        const kept = await Promise.race([shelf.runs().then((all) => all.current()), late])
        take({ type: 'found', stamp: kept?.stamp ?? null })
        return kept
      } catch (error) {
        shelf.failed(error)
        return null
      } finally {
        clearTimeout(timer)
      }
    },
    /**
     * Offers a kept run that no flag reported when the page began: there was no room for the flag,
     * and there is now.
     */
    async findForgotten(): Promise<void> {
      if (looked) return
      const kept = await shelf.runs().then(
        (all) => all.current(),
        () => null,
      )
      // With a flag it is a run that was kept since then.
      if (kept === null || state.known !== null || recall(FLAG) !== null) return
      notify(ui, { kind: 'earlier', text: 'A run of an earlier visit is kept.', id: null })
    },
    /** Opens the run of the last visit, unless that run hung then. */
    async restore(kept: Kept): Promise<void> {
      take({ type: 'restore', kept, hung: recall(HUNG) === kept.stamp })
      await found()
      await settled()
    },
    /** A link was opened: the previous run still exists. */
    notifyEarlier: shelf.notifyEarlier,
    /** Opens the previous run. */
    async openEarlier(id: EarlierId | null = null): Promise<void> {
      try {
        const all = await shelf.runs()
        // A run that is being written is neither the current one nor an earlier one yet.
        do await settled()
        while (state.storing.step !== 'idle')
        const { written } = state
        // That run may have been deleted since the notice.
        const dropped = id === null ? shelf.takeDropped() : null
        const isCurrent = state.known === null && id === null
        const current = dropped ?? (isCurrent ? await all.current() : null)
        const latestId = id ?? (current === null ? (await all.earlier())[0]?.id : null) ?? null
        const kept = current ?? (latestId === null ? null : await all.get(latestId))
        // Meanwhile the run on the page took the place of that one.
        if (dropped === null && state.written !== written) return this.openEarlier(id)
        if (kept === null) return commands.notice('There is no earlier run')
        take({ type: 'reopen', kept, id: latestId })
        await found()
      } catch (error) {
        shelf.failed(error)
      }
    },
    /**
     * The page goes to another entry of the history: the current state of its run is remembered.
     * Must be called while the run is still there.
     */
    leaveEntry: () => take({ type: 'leave-entry' }),
    /** The run of the address was refused: the current run stays. */
    stays: () => take({ type: 'stays' }),
    /**
     * Returns to an earlier entry, with its run as it was left; resolves to false if its run is
     * unknown.
     */
    async returnTo(key: string): Promise<boolean> {
      await settled()
      const aside = await shelf.runs().then(
        async (all) => (await all.earlier()).find((each) => each.kept?.entry === key),
        () => undefined,
      )
      // The reader may have gone to another entry meanwhile.
      if (entries.key !== key) return true
      const kept = visits.get(key) ?? aside?.kept
      if (kept == null) return false
      take({ type: 'reopen', kept, id: aside?.id ?? null })
      await found()
      return true
    },
    /** The runs that were put aside, the latest first. */
    async earlier() {
      await settled()
      return (await shelf.runs()).earlier()
    },
    remove: (id: EarlierId) => shelf.enqueue((all) => all.remove(id)),
    /** Names an earlier run, or pins it so that it is never removed to make room. */
    change: (id: EarlierId, change: Partial<Pick<Kept, 'name' | 'pinned'>>) =>
      shelf.enqueue((all) => all.change(id, change)),
    /** Restores the runs that were removed to make room, pinned. */
    bringBack: shelf.bringBack,
    /** Another run is about to be opened: the current state of this one is kept. */
    replacing: () => take({ type: 'replacing' }),
    /** The worker's run at the time of the request. */
    tree: (tree: SavedRunTree, opened: number) => take({ type: 'tree', tree, opened }),
    /** The run that was sent is open. */
    treeOpened: (opened: number, cutShort: CutShort | null) =>
      take({ type: 'opened', opened, cutShort }),
    /** From now on this tab keeps its run, instead of the other tab. */
    takeOver: () => take({ type: 'take-over' }),
    /** The worker crashed and was replaced. */
    recover: (message: string) => lost(`The engine crashed and started again (${message}).`, true),
    /** The reader stopped the engine, and the worker was replaced. */
    giveUp: () => lost('The engine was stopped.', false),
    /**
     * The reader can stop the engine now: a kept run that does not open is not opened again by
     * itself.
     */
    hangs: () => take({ type: 'hangs' }),
    /** The rest of the run without the worker; null for a run without acts. */
    leftOver: (): Recording | null => (state.latest === null ? null : leftOver(state.latest)),
    /** The worker refused something; returns whether that was a kept run of this browser. */
    refused(why: string): boolean {
      const isOurs = isRefusal(state.coming, why)
      if (isOurs) take({ type: 'refused', why })
      return isOurs
    },
    /** The page may be closed at any moment. */
    leave: () => take({ type: 'leave' }),
  }
}
