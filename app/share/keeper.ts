// Nothing is lost: the run with its branches is kept in this browser while one works on it, and comes back after a reload, a closed tab, or a crash of the worker.
// Of several tabs one writes: whoever holds the lock. The others say so, and can take it over.

import type { SavedSession, ToWorker } from '../../engine/worker/protocol'
import type { Commands } from '../commands/commands'
import type { RunState, RunStore } from '../store/run'
import type { Tidings, UiStore } from '../store/ui'
import type { Kept, KeptRuns, Place } from './kept-runs'
import type { Sharing } from './sharing'

const LOCK = 'leasescope-run'
/** In localStorage, where it can be read at once: that there is a run to be looked for, and where its cursor stood when the page went away. */
const FLAG = 'leasescope-kept'
const CURSOR = 'leasescope-cursor'
/** Milliseconds between two saves of a run in which nothing is done but that time passes. */
const PAUSE_MS = 1000

export interface KeeperParts {
  run: RunStore
  ui: UiStore
  commands: Commands
  sharing: Sharing
  send(message: ToWorker): void
  runs(): Promise<KeptRuns>
  locks: LockManager | undefined
  storage(): Storage
}

export type Keeper = ReturnType<typeof createKeeper>

export function createKeeper({ run, ui, commands, sharing, send, runs, locks, storage }: KeeperParts) {
  const tab = crypto.randomUUID()
  let count = 0
  /** The stamp of the current run as this tab last read or wrote it. */
  let known: string | null = null
  let latest: SavedSession | null = null
  let role: 'none' | 'asking' | 'writer' | 'reader' = 'none'
  let done = ''
  let timer: ReturnType<typeof setTimeout> | null = null
  let store: Promise<KeptRuns> | null = null
  let restoring = false
  /** Told once until it works again. */
  let failing = false

  const kept = () => {
    store ??= runs()
    return store
  }
  function remember(key: string, value: string | null): void {
    try {
      if (value === null) storage().removeItem(key)
      else storage().setItem(key, value)
    } catch {
      // Without it the page begins anew; that a run cannot be kept is told where it is written.
    }
  }
  function recall(key: string): string | null {
    try {
      return storage().getItem(key)
    } catch {
      return null
    }
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
      `This run is not kept: ${full ? 'the browser has no room left for it' : 'the browser does not let the page keep anything'} (${why}). Save it as a file.`,
    )
  }

  /** An opening in which nothing was done is not worth keeping: a newcomer who loads the page again sees it from the start. */
  function isWorthKeeping({ undo, branches, config }: RunState): boolean {
    const { scenario, foreign } = ui.getState()
    return undo !== null || branches.length > 1 || scenario !== null || foreign || (config?.members ?? 1) > 1
  }

  function onChange(state: RunState, before: RunState): void {
    if (!state.ready || (state.now === before.now && state.branches === before.branches && state.run === before.run)) return
    if (!isWorthKeeping(state)) {
      latest = null
      return
    }
    const deeds = `${state.run} ${state.undo} ${state.branches.map(({ id, name, commands }) => `${id} ${name} ${commands}`).join()}`
    if (deeds !== done) {
      done = deeds
      ask()
    } else timer ??= setTimeout(ask, PAUSE_MS)
  }
  function ask(): void {
    if (timer !== null) clearTimeout(timer)
    timer = null
    send({ type: 'export-session' })
  }

  /** Asks for the lock; `steal` takes it from the tab that has it. */
  function claim(steal: boolean): void {
    if (locks === undefined) {
      role = 'writer'
      return
    }
    role = 'asking'
    const hold = (lock: Lock | null): Promise<void> | undefined => {
      if (lock === null) {
        lost()
        return
      }
      role = 'writer'
      untell('elsewhere')
      void write()
      // Until the tab is closed, or another takes it.
      return new Promise<void>(() => {})
    }
    locks.request(LOCK, steal ? { steal } : { ifAvailable: true }, hold).catch(lost)
  }
  /** Another tab has it: this one waits for its turn. */
  function lost(): void {
    role = 'reader'
    tell('elsewhere', 'Another tab keeps its run; what is done in this one is not kept.')
    void locks
      ?.request(LOCK, () => {
        role = 'writer'
        untell('elsewhere')
        void write()
        return new Promise<void>(() => {})
      })
      .catch(lost)
  }

  async function write(): Promise<void> {
    if (latest === null) return
    const stamp = `${tab} ${++count}`
    const { scenario } = ui.getState()
    const before = known
    known = stamp
    try {
      await (await kept()).put(
        { version: 1, session: latest, view: sharing.view(), hash: location.hash, scenario: scenario?.name ?? null, stamp },
        before,
      )
      remember(FLAG, '1')
      if (failing) untell('failed')
      failing = false
    } catch (error) {
      known = before
      failed(error)
    }
  }

  /** Puts a session in the place of the run that stands there. What the worker refuses leaves that. */
  async function open(session: SavedSession, scenario: string | null): Promise<void> {
    const { catalogue } = scenario === null ? { catalogue: [] } : await import('../scene/catalogue')
    commands.startOver()
    restoring = true
    send({ type: 'open-session', session })
    sharing.opened({})
    ui.setState({ scenario: catalogue.find(({ name }) => name === scenario) ?? null })
    commands.look({})
  }

  async function openPlace(place: Place): Promise<void> {
    try {
      const found = await (await kept()).get(place)
      if (found === null) return commands.notice('There is no earlier run')
      untell('earlier', 'restored')
      await open(found.session, found.scenario)
    } catch (error) {
      failed(error)
    }
  }

  run.subscribe(onChange)

  return {
    /** What was kept; null at once where nothing was. */
    async read(): Promise<Kept | null> {
      if (recall(FLAG) === null) return null
      try {
        const found = await (await kept()).get('current')
        const cursor = /^(.+) (\d+)$/.exec(recall(CURSOR) ?? '')
        if (found && cursor?.[1] === found.stamp) found.session.cursor = Math.max(0, Number(cursor[2]))
        return found
      } catch (error) {
        failed(error)
        return null
      }
    },
    async restore({ session, scenario, view, stamp }: Kept): Promise<void> {
      known = stamp
      await open(session, scenario)
      const { tab: panel, lab } = view
      ui.setState({ ...(panel === undefined ? {} : { tab: panel }), ...(lab === undefined ? {} : { lab: true, labPane: lab }) })
      tell('restored', 'Your run is back as you left it.')
    },
    /** A link was opened: the run before it is still there. */
    tellEarlier: () => tell('earlier', 'The run you had before is kept.'),
    openEarlier: () => openPlace(recall(FLAG) === null || known !== null ? 'previous' : 'current'),
    /** The run as the worker had it when it was asked. */
    session(session: SavedSession): void {
      restoring = false
      latest = session
      if (role === 'none') claim(false)
      else if (role === 'writer') void write()
    },
    takeOver: () => claim(true),
    /** The reader begins anew, a scenario from its own start: what was kept is put aside. */
    async startOver(): Promise<void> {
      untell('restored', 'crashed')
      latest = null
      commands.startOver()
      if (role !== 'writer') return
      remember(FLAG, null)
      try {
        await (await kept()).putAside()
      } catch (error) {
        failed(error)
      }
    },
    /** The worker crashed and another one stands there. */
    async recover(message: string): Promise<void> {
      // What was kept last may be older than what is on the screen.
      const cursor = Math.round(run.getState().now)
      run.setState({ stopped: null, playing: false })
      if (latest === null) commands.startOver()
      else await open({ ...latest, cursor }, ui.getState().scenario?.name ?? null)
      tell('crashed', `The engine crashed and was started again (${message}). The run is as it was.`)
    },
    /** The worker refused something; answers whether that was a run that this browser had kept. */
    refused(why: string): boolean {
      if (!restoring || !why.startsWith('open-session')) return false
      restoring = false
      untell('restored')
      commands.refuse(`The run that was kept cannot be opened: ${why}`)
      void commands.startOver()
      return true
    },
    dismiss: (kind: Tidings['kind']) => untell(kind),
    /** The page may be gone the next moment. */
    leave(): void {
      if (timer === null || known === null) return
      remember(CURSOR, `${known} ${Math.round(run.getState().now)}`)
      ask()
    },
  }
}
