// Nothing is lost: the run with its branches is kept in this browser while one works on it, and
// comes back after a reload, a closed tab, or a crash of the worker. Where another run takes its
// place it goes aside, and can be had again. Of several tabs one writes (turn.ts), and none in
// which nothing was done.
//
//   worker ── exported-tree ──▶ latest ──▶ current (IndexedDB)      the run on the page
//   another run is opened ──────────────────▶ earlier 7, 6, 5 …        those before it

import type { CutShort, Recording, SavedRunTree, ToWorker } from '../../engine/worker/protocol'
import type { Commands } from '../commands/commands'
import { loadCatalogue } from '../scene/load-catalogue'
import type { Scenario } from '../scene/scenario'
import { emptyRun, type RunState, type RunStore } from '../store/run'
import {
  type Tidings,
  tell as tellUi,
  type UiState,
  type UiStore,
  untell as untellUi,
} from '../store/ui'
import { createActs } from './acts'
import type { Entries } from './entries'
import { CURSOR, FLAG, HUNG, mayBeKept, recall, remember, whyForgetful } from './flags'
import type { EarlierId, Kept } from './kept'
import type { KeptRuns, Put } from './kept-runs'
import { leftOver } from './left-over'
import type { Sharing } from './sharing'
import { createShelf } from './shelf'
import { isKeptAside } from './surplus'
import { createTurn } from './turn'
import { createVisits } from './visits'

/**
 * Milliseconds between two saves of a run in which nothing is done but that time passes, and those
 * that the browser's store may take to answer a page that begins.
 */
const PAUSE_MS = 1000
const PATIENCE_MS = 5000

export interface KeeperParts {
  run: RunStore
  ui: UiStore
  commands: Commands
  sharing: Sharing
  entries: Entries
  send(message: ToWorker): void
  runs(): Promise<KeptRuns>
  locks: LockManager | undefined
  /** No run has been opened yet. */
  isEmpty(): boolean
}

export type Keeper = ReturnType<typeof createKeeper>

/** What is known of a run beside its session. */
export type About = Omit<Kept, 'version' | 'session' | 'stamp'>

/**
 * A session that the worker was sent and has not answered yet, and what becomes of the page when it
 * has.
 */
interface Pending
  extends Pick<
    Kept,
    | 'session'
    | 'lesson'
    | 'numbers'
    | 'form'
    | 'labRun'
    | 'view'
    | 'worked'
    | 'foreign'
    | 'hash'
    | 'name'
    | 'pinned'
  > {
  /** `visit`: the run of the last visit. `tab`: that run as another tab went on with it. */
  from: 'visit' | 'tab' | 'crash' | 'earlier'
  scenario: Scenario | null
  /** What is said when it is open. */
  tidings: Tidings | null
  id: EarlierId | null
}

/** A session that the worker was asked for. */
interface Ask {
  about: About
  opened: number
  /** The page goes to another entry of the history. */
  leaving: boolean
}

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
  // Not a UUID: a page without a certificate, as in a classroom's own network, cannot make one.
  const tab = crypto.getRandomValues(new Uint32Array(2)).join('-')
  let count = 0
  /**
   * The stamp of the kept run as this tab last read or wrote it; null while the run on the page is
   * not the one that is kept.
   */
  let known: string | null = null
  /**
   * The stamp of the run that was kept when the page began: its reader knows that it goes aside.
   */
  let seen: string | null = null
  let latest: SavedRunTree | null = null
  let about: About | null = null
  let asks: Ask[] = []
  let done = ''
  let timer: ReturnType<typeof setTimeout> | null = null
  let pending: Pending | null = null
  /** How the run came whose first frame is awaited; null for one that is not kept. */
  let arriving: Pending['from'] | null = null
  /** Nothing was heard of the run since it was opened. */
  let silent: Pending['from'] | null = null
  /**
   * Something happened in the run since it was opened again: until then there is nothing to write.
   */
  let touched = false
  /** Of the earlier runs the one that is on the page, until it is kept as the current one. */
  let instead: EarlierId | null = null
  let blocked = false
  /** The store was asked when the page began. */
  let looked = false
  let label: Pick<Kept, 'name' | 'pinned'> = { name: null, pinned: false }
  const acts = createActs()
  const visits = createVisits()
  const shelf = createShelf(ui, runs)
  const turn = createTurn(locks, {
    came() {
      untell('elsewhere')
      if (acts.any) write()
      else void shelf.enqueue(stepBack)
    },
    lost: () => tell('elsewhere', 'Another tab keeps its run. This tab does not keep changes.'),
  })

  const tell = (kind: Tidings['kind'], text: string, id: EarlierId | null = null) =>
    tellUi(ui, { kind, text, id })
  const untell = (...kinds: Tidings['kind'][]) => untellUi(ui, ...kinds)
  const isWorkedOn = () => acts.changed || ui.getState().worked
  /**
   * An opening in which nothing was done is not worth keeping: a newcomer who loads the page again
   * sees it from the start.
   */
  function isWorthKeeping({ branches, config }: RunState): boolean {
    const { scenario, foreign } = ui.getState()
    if (acts.any || isWorkedOn() || foreign !== null || branches.length > 1) return true
    return (scenario !== null && scenario.shelf !== 'opening') || (config?.members ?? 1) > 1
  }

  function onChange(state: RunState, before: RunState): void {
    if (!state.ready || state.opened === 0) return
    if (silent !== null) remember(HUNG, null)
    silent = null
    if (state.opened !== before.opened) onAnother(state)
    else acts.see(state)
    const news =
      state.now !== before.now ||
      state.branches !== before.branches ||
      state.run !== before.run ||
      state.story !== before.story ||
      state.compare?.with !== before.compare?.with
    if (!news) return
    if (state.opened === before.opened) touched = true
    if (!isWorthKeeping(state)) {
      latest = null
      return
    }
    const changes = `${acts.text} ${state.compare?.with}`
    if (changes !== done) {
      done = changes
      ask()
    } else timer ??= setTimeout(() => ask(), PAUSE_MS)
  }
  /** Another run is on the page. */
  function onAnother(state: RunState): void {
    const from = arriving
    arriving = null
    acts.begin(state, from === null ? 'new' : from === 'crash' ? 'same' : 'again')
    entries.arrived()
    visits.arrived()
    // As it is kept it need not be written again.
    touched = from !== 'visit' && from !== 'tab'
    if (from === null) label = { name: null, pinned: false }
    if (from !== null && from !== 'earlier') return
    latest = null
    done = ''
    untell('restored')
    void shelf.enqueue(async (all) => {
      if (known === null || !(await turn.take())) return
      const stamp = known
      known = null
      remember(FLAG, null)
      const put = await all.putAside(stamp, false)
      shelf.went(put)
      // Nobody asked for another run: the form opens one by itself.
      const { form } = ui.getState()
      if (put.id !== null && form !== null && !form.story)
        tell('earlier', 'Your run before this form is kept.', put.id)
    })
  }
  function ask(leaving = false): void {
    if (timer !== null) clearTimeout(timer)
    timer = null
    const { scenario, lesson, numbers, form, labRun, foreign } = ui.getState()
    const now: About = {
      view: sharing.view(),
      hash: entries.shown.hash,
      entry: entries.shown.key,
      scenario: scenario?.name ?? null,
      lesson,
      numbers,
      form,
      labRun,
      foreign,
      worked: isWorkedOn(),
      ...label,
      at: Date.now(),
    }
    about = now
    askWith(now, leaving)
  }
  function askWith(what: About, leaving: boolean): void {
    asks.push({ about: what, opened: run.getState().opened, leaving })
    send({ type: 'export-tree' })
  }

  function write(): void {
    if (latest === null || about === null || !touched) return
    const whole = { version: 1 as const, session: latest, ...about }
    void shelf.enqueue(async (all) => {
      if (!(await turn.take())) return
      const stamp = `${tab} ${++count}`
      const mayReplace = (other: string | null) =>
        other === seen || (acts.any && (locks !== undefined || known === null))
      const put = await all.put({ ...whole, stamp }, { known, instead, mayReplace })
      if (!put.written) return stepBack(all)
      const before = known
      known = stamp
      instead = null
      remember(FLAG, '1')
      tellPut(put, before)
      shelf.worked()
      tellBlocked()
    })
  }
  /** Once: the run is written all the same. */
  function tellBlocked(): void {
    const why = blocked ? null : whyForgetful()
    if (why === null) return
    blocked = true
    const what =
      why === 'full' ? 'has no room left in part of its storage' : 'blocks part of its storage'
    tell('blocked', `The browser ${what} (localStorage): settings are not kept. The run is kept.`)
  }
  function tellPut({ id, stamp, removed, dropped }: Put, before: string | null): void {
    const others =
      id !== null && stamp !== seen && stamp !== before && !stamp?.startsWith(`${tab} `)
    if (others) tell('other', 'The run of the other tab is kept.', id)
    shelf.went({ removed, dropped })
  }
  /**
   * Another tab went on with the kept run, and nothing was done here: that tab may write, and this
   * one shows what it wrote.
   */
  async function stepBack(all: KeptRuns): Promise<void> {
    if (locks === undefined && acts.any) return turn.lose()
    turn.release()
    if (known === null || acts.any) return
    const newer = await all.current()
    if (newer === null || newer.stamp === known) return
    known = newer.stamp
    seen = newer.stamp
    const tidings = {
      kind: 'restored',
      text: 'Your run is here as the other tab left it.',
    } as const
    await open({ from: 'tab', ...asKept(newer), tidings, id: null }, newer.scenario)
  }

  /** Sends a session that was kept; what the worker refuses leaves what is there. */
  async function open(what: Omit<Pending, 'scenario'>, scenario: string | null): Promise<void> {
    const { catalogue } = scenario === null ? { catalogue: [] } : await loadCatalogue()
    // Who was quicker than that has chosen a run of their own.
    if (what.from === 'visit' && !isEmpty()) {
      known = null
      return tellEarlier(what)
    }
    pending = { ...what, scenario: catalogue.find(({ name }) => name === scenario) ?? null }
    send({ type: 'open-tree', tree: what.session })
  }
  /**
   * The run of the last visit goes aside when this one is written, or is forgotten then: only what
   * is true until somebody reads it is said.
   */
  const tellEarlier = (before: Pick<Kept, 'worked' | 'pinned' | 'name' | 'foreign'>) => {
    shelf.takeDropped()
    tell(
      'earlier',
      isKeptAside(before)
        ? 'The run before this one is kept.'
        : 'The run of your last visit is here until this one is kept.',
    )
  }
  const asKept = ({
    session,
    view,
    lesson,
    numbers,
    form,
    labRun,
    worked,
    foreign,
    hash,
    name,
    pinned,
  }: Omit<Kept, 'version' | 'stamp'>) => ({
    session,
    view,
    lesson,
    numbers,
    form,
    labRun,
    worked,
    foreign,
    hash,
    name,
    pinned,
  })

  /**
   * A run that no worker can bear, or that none understands: it is out of the way, and not gone.
   */
  async function forsake(said: ((id: EarlierId | null) => void) | null): Promise<void> {
    const stamp = known
    known = null
    latest = null
    remember(FLAG, null)
    remember(HUNG, null)
    commands.startOver()
    if (stamp === null) return
    await shelf.enqueue(async (all) => {
      const put = await all.putAside(stamp, true)
      said?.(put.id)
      shelf.went(put)
    })
  }
  const tellUnopened = (id: EarlierId | null) => tell('unopened', 'The last run did not open.', id)

  /**
   * Another worker is there, and knows of no run: it gets the one that the page showed, or the one
   * before where that was it.
   */
  async function comeBack(why: string, crashed: boolean): Promise<void> {
    const lost = pending
    const unheard = silent
    const missing = asks.length > 0
    pending = null
    arriving = null
    silent = null
    asks = []
    // What was kept last may be older than what is on the screen.
    const { now } = run.getState()
    const view = sharing.view()
    const worked = isWorkedOn()
    run.setState({ stopped: null, playing: false, opened: 0 })
    if (lost !== null ? lost.from !== 'earlier' : unheard !== null) {
      // It was this run that did it: it is not tried for ever.
      if (!crashed) return forsake(tellUnopened)
      tell('crashed', `${why} The kept run was put aside. Find it under Share → Open….`)
      return forsake(null)
    }
    if (latest === null) {
      commands.startOver()
      return tell('crashed', `${why} The page starts over.`)
    }
    const { scenario, lesson, numbers, form, labRun, foreign } = ui.getState()
    const text = `${why} The run is restored${missing ? '. The last change may be missing' : ''}.`
    const cursor = Math.round(lost === null ? now : latest.cursor)
    const tidings = { kind: 'crashed', text } as const
    const session = { ...latest, cursor }
    const page = { lesson, numbers, form, labRun, worked, foreign }
    await open(
      { from: 'crash', session, view, ...page, hash: '', ...label, tidings, id: null },
      scenario?.name ?? null,
    )
  }

  /**
   * A form is closed or has other settings: the run is kept with it, though nothing happens in it.
   */
  function onForm({ form }: UiState, before: UiState): void {
    if (form === before.form || latest === null || arriving !== null || pending !== null) return
    touched = true
    timer ??= setTimeout(() => ask(), PAUSE_MS)
  }

  run.subscribe(onChange)
  ui.subscribe(onForm)
  // What happened on the page before its keeper came.
  onChange(run.getState(), emptyRun)

  return {
    /** What was kept; null at once where nothing was. */
    async read(): Promise<Kept | null> {
      if (!mayBeKept()) return null
      looked = true
      let timer: ReturnType<typeof setTimeout> | undefined
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error('its store does not answer')), PATIENCE_MS)
      })
      try {
        const found = await Promise.race([shelf.runs().then((all) => all.current()), late])
        seen = found?.stamp ?? null
        return found
      } catch (error) {
        shelf.failed(error)
        return null
      } finally {
        clearTimeout(timer)
      }
    },
    /**
     * Offers a kept run that nothing told of when the page began: where there was no room for the
     * flag, and there is now.
     */
    async findForgotten(): Promise<void> {
      if (looked) return
      const found = await shelf.runs().then(
        (all) => all.current(),
        () => null,
      )
      // With a flag it is a run that was kept since then.
      if (found !== null && known === null && recall(FLAG) === null)
        tell('earlier', 'A run of an earlier visit is kept.')
    },
    /** Opens the run of the last visit, unless it was that run that hung then. */
    async restore(run: Kept): Promise<void> {
      known = run.stamp
      if (recall(HUNG) === run.stamp) return forsake(tellUnopened)
      const tidings = { kind: 'restored', text: 'Your run is back as you left it.' } as const
      await open({ from: 'visit', ...asKept(run), tidings, id: null }, run.scenario)
    },
    /** A link was opened: the run before it is still there. */
    tellEarlier,
    /** The run that was there before this one. */
    async openEarlier(id: EarlierId | null = null): Promise<void> {
      await shelf.settled()
      try {
        const all = await shelf.runs()
        // That one may have been forgotten since it was said to be here.
        const dropped = id === null ? shelf.takeDropped() : null
        const current = dropped ?? (known === null && id === null ? await all.current() : null)
        const latestId = id ?? (current === null ? (await all.earlier())[0]?.id : null) ?? null
        const found = current ?? (latestId === null ? null : await all.get(latestId))
        if (found === null) return commands.notice('There is no earlier run')
        await open(
          { from: 'earlier', ...asKept(found), tidings: null, id: latestId },
          found.scenario,
        )
      } catch (error) {
        shelf.failed(error)
      }
    },
    /**
     * The page goes to another entry of the history: its run is remembered as it is now. Called
     * while it is still there.
     */
    leaveEntry(): void {
      if (visits.leave()) ask(true)
    },
    /** What the address asks for was refused: the run stays. */
    stays: () => visits.arrived(),
    /**
     * To an entry that was there before: its run as it was left; answers false where nothing is
     * known of it.
     */
    async returnTo(key: string): Promise<boolean> {
      await shelf.settled()
      const aside = await shelf.runs().then(
        async (all) => (await all.earlier()).find((each) => each.kept?.entry === key),
        () => undefined,
      )
      // The reader may have gone on meanwhile.
      if (entries.key !== key) return true
      const found = visits.get(key) ?? aside?.kept
      if (found == null) return false
      await open(
        { from: 'earlier', ...asKept(found), tidings: null, id: aside?.id ?? null },
        found.scenario,
      )
      return true
    },
    /** The runs that were put aside, the latest first. */
    async earlier() {
      await shelf.settled()
      return (await shelf.runs()).earlier()
    },
    remove: (id: EarlierId) => shelf.enqueue((all) => all.remove(id)),
    /** Names an earlier run, or pins it so that it is never removed to make room. */
    change: (id: EarlierId, change: Partial<Pick<Kept, 'name' | 'pinned'>>) =>
      shelf.enqueue((all) => all.change(id, change)),
    /** The runs that had to go come back, pinned. */
    bringBack: shelf.bringBack,
    /** Another run is about to be opened: this one is kept as it is now. */
    replacing(): void {
      if (known !== null && latest !== null && about !== null) askWith(about, false)
    },
    /** The run as the worker had it when it was asked. */
    session(session: SavedRunTree, opened: number): void {
      // Those that were never answered belong to a run before.
      while (asks[0] !== undefined && asks[0].opened < opened) asks.shift()
      const answered = asks.shift()
      // A run of which the page has not heard is none of what it knows: it is asked for again.
      if (opened !== run.getState().opened) return
      if (answered?.leaving) visits.remember(answered.about, session)
      about = answered?.about ?? about
      if (!isWorthKeeping(run.getState())) return
      latest = session
      write()
    },
    /** The session that was sent is open. */
    sessionOpened(cutShort: CutShort | null = null): void {
      if (pending === null) return
      const {
        from,
        session,
        scenario,
        lesson,
        numbers,
        form,
        labRun,
        view,
        worked,
        foreign,
        hash,
        name,
        pinned,
        tidings,
        id,
      } = pending
      pending = null
      arriving = from
      silent = from
      label = { name, pinned }
      if (from === 'earlier') instead = id
      else latest = session
      untell(from === 'earlier' ? 'earlier' : 'restored', 'unopened')
      sharing.opened(view, false, cutShort)
      if (from !== 'crash') void sharing.beganWith(hash)
      // The reader is where they were: in a step of a lesson, and in its form.
      ui.setState({ scenario, lesson, numbers, form, labRun, foreign, worked })
      if (view.compare !== undefined) commands.compare(view.compare)
      if (tidings && cutShort === null) tell(tidings.kind, tidings.text)
    },
    /** This tab keeps its run from now on, and not the other one. */
    async takeOver(): Promise<void> {
      acts.insist()
      touched = true
      if (locks === undefined) known = null
      if (!(await turn.steal())) return
      untell('elsewhere')
      write()
    },
    /** The worker crashed and another one is there. */
    recover: (message: string) =>
      comeBack(`The engine crashed and started again (${message}).`, true),
    /** The reader stopped the engine, and another worker is there. */
    giveUp: () => comeBack('The engine was stopped.', false),
    /**
     * The reader may stop the engine by now: a kept run that it cannot open is not opened again by
     * itself.
     */
    hangs(): void {
      if ((pending?.from ?? silent) === 'visit') remember(HUNG, known)
    },
    /** What is left of the run without the worker; null where nothing was done in it. */
    leftOver: (): Recording | null => (latest === null ? null : leftOver(latest)),
    /** The worker refused something; answers whether that was a run that this browser had kept. */
    refused(why: string): boolean {
      if (pending === null || !why.startsWith('open-tree')) return false
      const { from } = pending
      pending = null
      // Another beginning puts away what was refused before it.
      if (from !== 'earlier') void forsake(null)
      commands.refuse(`The kept run cannot be opened: ${why.replace(/^open-tree: /, '')}`)
      return true
    },
    /** The page may be gone the next moment. */
    leave(): void {
      if (timer === null || known === null) return
      remember(CURSOR, `${known} ${Math.round(run.getState().now)}`)
      ask()
    },
  }
}
