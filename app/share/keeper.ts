// Nothing is lost: the run with its branches is kept in this browser while one works on it, and comes back after a reload, a closed tab, or a crash of the worker.
// Where another run takes its place it goes aside, and can be had again. Of several tabs one writes: whoever holds the lock. The others say so, and can take it over.
//
//   worker ── exported-session ──▶ latest ──▶ current (IndexedDB)      the run on the page
//   another run is opened ──────────────────▶ earlier 7, 6, 5 …        those before it

import type { Recording, SavedSession, ToWorker, View } from '../../engine/worker/protocol'
import type { Commands } from '../commands/commands'
import { loadCatalogue } from '../scene/load-catalogue'
import { openingStory } from '../scene/opening'
import type { Scenario } from '../scene/scenario'
import { emptyRun, type RunState, type RunStore } from '../store/run'
import type { Tidings, UiStore } from '../store/ui'
import { CURSOR, FLAG, recall, remember } from './flags'
import type { EarlierId, Kept, KeptRuns } from './kept-runs'
import type { Sharing } from './sharing'

const LOCK = 'leasescope-run'
/** Milliseconds between two saves of a run in which nothing is done but that time passes, and those that the browser's store may take to answer a page that begins. */
const PAUSE_MS = 1000
const PATIENCE_MS = 5000

export interface KeeperParts {
  run: RunStore
  ui: UiStore
  commands: Commands
  sharing: Sharing
  send(message: ToWorker): void
  runs(): Promise<KeptRuns>
  locks: LockManager | undefined
  /** No run has been opened yet. */
  isEmpty(): boolean
}

export type Keeper = ReturnType<typeof createKeeper>

/** A session that the worker was sent and has not answered yet, and what becomes of the page when it has. */
interface Pending {
  from: 'visit' | 'crash' | 'earlier'
  session: SavedSession
  scenario: Scenario | null
  labRun: Recording | null
  view: View
  worked: boolean
  hash: string
  /** What is said when it is open. */
  tidings: Tidings | null
  id: EarlierId | null
}

export function createKeeper({ run, ui, commands, sharing, send, runs, locks, isEmpty }: KeeperParts) {
  // Not a UUID: a page without a certificate, as in a classroom's own network, cannot make one.
  const tab = crypto.getRandomValues(new Uint32Array(2)).join('-')
  let count = 0
  /** The stamp of the kept run as this tab last read or wrote it; null while the run on the page is not the one that is kept. */
  let known: string | null = null
  let latest: SavedSession | null = null
  /** What belonged to the run when it was asked for: the page may have gone on to the next when the answer comes. */
  let about: Omit<Kept, 'version' | 'session' | 'stamp'> | null = null
  /** Asked for by the page and not answered yet. */
  let asked = 0
  let role: 'none' | 'asking' | 'writer' | 'reader' = 'none'
  let done = ''
  let timer: ReturnType<typeof setTimeout> | null = null
  let store: Promise<KeptRuns> | null = null
  let pending: Pending | null = null
  /** What the next frame of another run tells of is the very run that is kept. */
  let same = false
  /** Nothing was heard of the run since it was opened. */
  let silent = false
  /** Of the earlier runs the one that stands on the page, until it is kept as the current one. */
  let instead: EarlierId | null = null
  /** Told once until it works again. */
  let failing = false
  /** What is written is written in its order. */
  let queue: Promise<void> = Promise.resolve()

  const kept = () => {
    store ??= runs()
    return store
  }
  function tell(kind: Tidings['kind'], text: string): void {
    ui.setState(({ tidings }) => ({ tidings: [...tidings.filter((each) => each.kind !== kind), { kind, text }] }))
  }
  function untell(...kinds: Tidings['kind'][]): void {
    ui.setState(({ tidings }) => ({ tidings: tidings.filter(({ kind }) => !kinds.includes(kind)) }))
  }
  function failed(error: unknown): void {
    store = null
    if (failing) return
    failing = true
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    const full = error instanceof DOMException && error.name === 'QuotaExceededError'
    tell(
      'failed',
      full
        ? `The browser has no room left, so this run is not kept (${why}). Save it as a file, or delete earlier runs under Share → Open….`
        : `The browser refuses storage, so this run is not kept (${why}). Save it as a file.`,
    )
  }
  function enqueue(job: () => Promise<void>): Promise<void> {
    queue = queue.then(job).catch(failed)
    return queue
  }

  /** Something was done in it, or it came from elsewhere. */
  const isWorkedOn = ({ undo, branches }: RunState) => undo !== null || branches.length > 1 || ui.getState().foreign
  const isStory = () => {
    const { scenario } = ui.getState()
    return scenario !== null && scenario.name !== openingStory.name
  }
  /** An opening in which nothing was done is not worth keeping: a newcomer who loads the page again sees it from the start. */
  const isWorthKeeping = (state: RunState) => isWorkedOn(state) || isStory() || (state.config?.members ?? 1) > 1

  function onChange(state: RunState, before: RunState): void {
    if (!state.ready || state.opened === 0) return
    silent = false
    if (state.opened !== before.opened) onAnother()
    const news =
      state.now !== before.now ||
      state.branches !== before.branches ||
      state.run !== before.run ||
      state.compare?.with !== before.compare?.with
    if (!news) return
    if (!isWorthKeeping(state)) {
      latest = null
      return
    }
    const { branches, compare } = state
    const deeds = `${state.run} ${state.undo} ${compare?.with} ${branches.map(({ id, name, commands }) => `${id} ${name} ${commands}`).join()}`
    if (deeds !== done) {
      done = deeds
      ask()
    } else timer ??= setTimeout(ask, PAUSE_MS)
  }
  /** Another run stands there. */
  function onAnother(): void {
    if (same) {
      same = false
      return
    }
    latest = null
    done = ''
    untell('restored')
    void enqueue(async () => {
      if (known === null || role !== 'writer') return
      const stamp = known
      known = null
      remember(FLAG, null)
      await (await kept()).putAside(stamp, false)
    })
  }
  function ask(): void {
    if (timer !== null) clearTimeout(timer)
    timer = null
    asked++
    const { scenario, labRun } = ui.getState()
    about = {
      view: sharing.view(),
      hash: location.hash,
      scenario: scenario?.name ?? null,
      labRun,
      worked: isWorkedOn(run.getState()),
      at: Date.now(),
    }
    send({ type: 'export-session' })
  }

  /** Asks for the lock; `steal` takes it from the tab that has it. */
  function claim(steal: boolean): void {
    role = 'asking'
    if (locks === undefined) {
      if (steal) known = null
      return hold()
    }
    const answer = (lock: Lock | null): Promise<void> | undefined => {
      if (lock !== null) {
        hold()
        // Until the tab is closed, or another takes it.
        return new Promise<void>(() => {})
      }
      lost()
      return undefined
    }
    locks.request(LOCK, steal ? { steal } : { ifAvailable: true }, answer).catch(lost)
  }
  function hold(): void {
    role = 'writer'
    untell('elsewhere')
    write()
  }
  /** Another tab has it: this one waits for its turn. */
  function lost(): void {
    role = 'reader'
    tell('elsewhere', 'Another tab keeps its run. This tab does not keep changes.')
    const answer = () => {
      hold()
      return new Promise<void>(() => {})
    }
    void locks?.request(LOCK, answer).catch(lost)
  }

  function write(): void {
    if (latest === null || about === null || role !== 'writer') return
    const whole = { version: 1 as const, session: latest, ...about }
    void enqueue(async () => {
      const stamp = `${tab} ${++count}`
      const put = await (await kept()).put({ ...whole, stamp }, known, instead, locks !== undefined || known === null)
      // Without locks this is how one hears of another tab.
      if (!put) return lost()
      known = stamp
      instead = null
      remember(FLAG, '1')
      if (failing) untell('failed')
      failing = false
    })
  }

  /** Sends a session that was kept; what the worker refuses leaves what stands there. */
  async function open(what: Omit<Pending, 'scenario'>, scenario: string | null): Promise<void> {
    const { catalogue } = scenario === null ? { catalogue: [] } : await loadCatalogue()
    // Who was quicker than that has chosen a run of their own.
    if (what.from === 'visit' && !isEmpty()) {
      known = null
      return tellEarlier()
    }
    pending = { ...what, scenario: catalogue.find(({ name }) => name === scenario) ?? null }
    send({ type: 'open-session', session: what.session })
  }
  const tellEarlier = () => tell('earlier', 'The run before this one is kept.')
  const asKept = ({ session, view, labRun, worked, hash }: Kept) => ({ session, view, labRun, worked, hash })

  /** A run that no worker can bear, or that none understands: it is out of the way, and not gone. */
  function forsake(): void {
    const stamp = known
    known = null
    latest = null
    remember(FLAG, null)
    if (stamp !== null) void enqueue(async () => (await kept()).putAside(stamp, true))
    commands.startOver()
  }

  run.subscribe(onChange)
  // What happened on the page before its keeper came.
  onChange(run.getState(), emptyRun)

  return {
    /** What was kept; null at once where nothing was. */
    async read(): Promise<Kept | null> {
      if (recall(FLAG) === null) return null
      let timer: ReturnType<typeof setTimeout> | undefined
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error('its store does not answer')), PATIENCE_MS)
      })
      try {
        return await Promise.race([kept().then((all) => all.current()), late])
      } catch (error) {
        failed(error)
        return null
      } finally {
        clearTimeout(timer)
      }
    },
    async restore(run: Kept): Promise<void> {
      known = run.stamp
      const tidings = { kind: 'restored', text: 'Your run is back as you left it.' } as const
      await open({ from: 'visit', ...asKept(run), tidings, id: null }, run.scenario)
    },
    /** A link was opened: the run before it is still there. */
    tellEarlier,
    /** The run that was there before this one. */
    async openEarlier(id: EarlierId | null = null): Promise<void> {
      await queue
      try {
        const all = await kept()
        const current = known === null && id === null ? await all.current() : null
        const latestId = id ?? (current === null ? (await all.earlier())[0]?.id : null) ?? null
        const found = current ?? (latestId === null ? null : await all.get(latestId))
        if (found === null) return commands.notice('There is no earlier run')
        await open({ from: 'earlier', ...asKept(found), tidings: null, id: latestId }, found.scenario)
      } catch (error) {
        failed(error)
      }
    },
    /** The runs that were put aside, the latest first. */
    async earlier() {
      await queue
      return (await kept()).earlier()
    },
    remove: (id: EarlierId) => enqueue(async () => (await kept()).remove(id)),
    /** Another run is about to be opened: this one is kept as it is now. */
    replacing(): void {
      if (known === null || latest === null) return
      asked++
      send({ type: 'export-session' })
    },
    /** The run as the worker had it when it was asked. */
    session(session: SavedSession, opened: number): void {
      asked = Math.max(0, asked - 1)
      // A run of which the page has not heard is none of what it knows: it is asked for again.
      if (opened !== run.getState().opened) return
      latest = session
      if (role === 'none') claim(false)
      else write()
    },
    /** The session that was sent stands there. */
    sessionOpened(): void {
      if (pending === null) return
      const { from, session, scenario, labRun, view, worked, hash, tidings, id } = pending
      pending = null
      same = from !== 'earlier'
      silent = true
      if (same) latest = session
      else instead = id
      sharing.opened(view, false)
      if (from !== 'crash') void sharing.beganWith(hash)
      ui.setState({ scenario, labRun, foreign: worked })
      if (view.compare !== undefined) commands.compare(view.compare)
      untell(from === 'earlier' ? 'earlier' : 'restored')
      if (tidings) tell(tidings.kind, tidings.text)
    },
    takeOver: () => claim(true),
    /** The worker crashed and another one stands there. */
    async recover(message: string): Promise<void> {
      const lost = pending
      const unheard = silent
      const missing = asked > 0
      pending = null
      same = false
      asked = 0
      // What was kept last may be older than what is on the screen.
      const { now } = run.getState()
      const view = sharing.view()
      // A session does not bring along what could be undone, by which one sees that something was done.
      const worked = isWorkedOn(run.getState())
      run.setState({ stopped: null, playing: false, opened: 0 })
      const why = `The engine crashed and started again (${message}).`
      if (lost !== null ? lost.from !== 'earlier' : unheard) {
        // It was this run that did it: it is not tried for ever.
        tell('crashed', `${why} The kept run was put aside. Find it under Share → Open….`)
        return forsake()
      }
      if (latest === null) {
        commands.startOver()
        return tell('crashed', `${why} The page starts over.`)
      }
      const { scenario, labRun } = ui.getState()
      const text = `${why} The run is restored${missing ? '. The last change may be missing' : ''}.`
      const cursor = Math.round(lost === null ? now : latest.cursor)
      const about = {
        session: { ...latest, cursor },
        view,
        labRun,
        worked,
        hash: '',
        tidings: { kind: 'crashed', text } as const,
        id: null,
      }
      await open({ from: 'crash', ...about }, scenario?.name ?? null)
    },
    /** The worker refused something; answers whether that was a run that this browser had kept. */
    refused(why: string): boolean {
      if (pending === null || !why.startsWith('open-session')) return false
      const { from } = pending
      pending = null
      // Another beginning puts away what was refused before it.
      if (from !== 'earlier') forsake()
      commands.refuse(`The kept run cannot be opened: ${why.replace(/^open-session: /, '')}`)
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
