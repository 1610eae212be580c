import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import type { ToWorker } from '../engine/worker/protocol'
import { createBridge, OPENS } from './bridge/bridge'
import { createClock } from './bridge/clock'
import { keepOffline, loadNewer } from './bridge/offline'
import { browserHost, openWorker } from './bridge/open-worker'
import { prefetchParts } from './bridge/parts'
import { createWatch } from './bridge/watch'
import { createCommands } from './commands/commands'
import { followStops } from './commands/shown'
import { AppContext } from './panels/parts/app-context'
import { CALM } from './panels/parts/media'
import { Screen } from './panels/screen'
import { createEntries } from './share/entries'
import { mayBeKept } from './share/flags'
import type { Keeper } from './share/keeper'
import { createSharing } from './share/sharing'
import { createPrefsStore } from './store/prefs'
import { createRunStore, isNews, receiveFrame } from './store/run'
import { createUiStore, notify } from './store/ui'
import './styles/tokens.css'
import './styles/fonts.css'
import './styles/base.css'
import './styles/controls.css'

const run = createRunStore()
const ui = createUiStore()
// The page is inside another page (embedded.ts): it stores nothing, and does nothing by itself.
const embedded = new URLSearchParams(location.search).has('embed')
const prefs = createPrefsStore(embedded ? undefined : () => localStorage)
const calm = matchMedia(CALM)
/** Reloads the page in the server's current version, or in the newer version that waits. */
let takeNewerVersion: () => void = () => void loadNewer(offlineHost)

// Created here, outside of all components: a double mount starts nothing twice.
const port = openWorker(
  {
    failed({ message, loaded }) {
      bridge.restarted()
      sharing.lost()
      const stopped = {
        message,
        recording: keeper?.leftOver() ?? null,
        what: loaded ? 'crashed' : 'not-loaded',
      } as const
      run.setState({ stopped, playing: false })
    },
    crashed(message) {
      bridge.restarted()
      sharing.lost()
      void keeping.then((keeper) => (keeper ? keeper.recover(message) : sharing.startOver()))
    },
  },
  browserHost(embedded ? 'without-locks' : ''),
)
const watch = createWatch(
  (callback, ms) => {
    const timer = setTimeout(callback, ms)
    return () => clearTimeout(timer)
  },
  (waiting) => {
    run.setState({ waiting })
    if (waiting === 'long') keeper?.hangs()
  },
)
const bridge = createBridge(
  port,
  {
    frame(frame) {
      const before = run.getState()
      run.setState(receiveFrame(before, frame), true)
      clock.set(frame.now, frame.playing)
      if (frame.shortfall) sharing.fellShort(frame.shortfall)
      return isNews(before, frame)
    },
    stopped({ message, recording }) {
      run.setState({ stopped: { message, recording, what: 'run' }, playing: false })
      sharing.lost()
    },
    exported: (recording) => void commands.deliverRecording(JSON.stringify(recording)),
    tree: (tree, opened) => keeper?.tree(tree, opened),
    treeOpened: (opened, cutShort) => keeper?.treeOpened(opened, cutShort),
    opened: ({ view, cutShort }) => sharing.opened(view, true, cutShort),
    shared: (shared) => void sharing.deliver(shared),
    pictured: (pictured) => commands.pictured(pictured),
    formed: (found) =>
      commands.changeForm(found.type === 'lock-tried' ? { tried: found } : { figured: found }),
    refused(message) {
      if (!keeper?.refused(message) && !sharing.refused(message)) commands.refuse(message)
      stay()
      // A page that is not embedded already shows the opening.
      if (embedded && bridge.isEmpty()) commands.startOver()
    },
    busy: () => clock.wake(),
  },
  watch,
)
/** An embedded page replaces this function, so that it can rest. */
let requestFrame = (callback: (wallTime: number) => void): void =>
  void requestAnimationFrame(callback)
const clock = createClock(
  { requestFrame: (callback) => requestFrame(callback), isCalm: () => calm.matches },
  (wallTime) => {
    bridge.tick(wallTime)
    return bridge.isBusy()
  },
)
const commands = createCommands({
  run,
  ui,
  prefs,
  send,
  isCalm: () => calm.matches || embedded,
  copy,
})
const sharing = createSharing({
  run,
  ui,
  prefs,
  commands,
  send,
  copy,
  save,
  address: () => location.href.replace(/[?#].*$/s, ''),
})
followStops(run, ui, commands)
const newKey = () => crypto.getRandomValues(new Uint32Array(2)).join('-')
const entries = createEntries(history, location.hash, newKey)
let keeper: Keeper | null = null
// The first paint does not need the earlier visit. It is loaded while the page starts.
const keeping: Promise<Keeper | null> = embedded
  ? Promise.resolve(null)
  : import('./share/keeper').then(
      ({ createKeeper }) => {
        const runs = () => import('./share/kept-runs').then(({ openKeptRuns }) => openKeptRuns())
        keeper = createKeeper({
          run,
          ui,
          commands,
          sharing,
          entries,
          send: bridge.send,
          runs,
          locks: navigator.locks,
          isEmpty: bridge.isEmpty,
        })
        return keeper
      },
      (error: unknown) => {
        const text = `A part of the page did not load, so this run is not kept (${error instanceof Error ? error.message : String(error)}).`
        notify(ui, { kind: 'failed', text })
        return null
      },
    )

document.addEventListener('visibilitychange', () => {
  if (!document.hidden) return
  keeper?.leave()
  bridge.hide()
})
addEventListener('pagehide', () => keeper?.leave())
addEventListener('hashchange', () => void navigate())
if (embedded) {
  ui.setState({ embedded })
  const rest = (restful: typeof requestFrame) => {
    requestFrame = restful
  }
  const parts = { run, prefs, commands, bridge, calm, requestFrame, rest }
  void import('./embedded').then(
    ({ beEmbedded }) => beEmbedded(parts),
    (error: unknown) =>
      commands.refuse(
        `a part of the page did not load (${error instanceof Error ? error.message : String(error)})`,
      ),
  )
}
document.documentElement.dataset.theme = prefs.getState().theme
ui.setState({ present: !embedded && new URLSearchParams(location.search).has('present') })
// The stored run is read first. The worker receives no request before it has a run.
bridge.restarted()
void begin()

const root = document.getElementById('root')
if (!root) throw new Error('no #root to draw in')
createRoot(root).render(
  <StrictMode>
    <AppContext
      value={{
        run,
        ui,
        prefs,
        commands,
        clock,
        sharing,
        keeping,
        stopEngine,
        takeNewerVersion: () => takeNewerVersion(),
      }}
    >
      <Screen />
    </AppContext>
  </StrictMode>,
)

// The page keeps working after a lost network or a newer deployment.
const offlineHost = {
  serviceWorker: navigator.serviceWorker as ServiceWorkerContainer | undefined,
  url: new URL('service-worker.js', document.baseURI),
  reload: () => location.reload(),
}
const whenIdle =
  window.requestIdleCallback ?? ((callback: () => void) => setTimeout(callback, 2000))
addEventListener('load', () =>
  whenIdle(() => {
    if (embedded) return
    void prefetchParts()
    void keeping.then((keeper) => keeper?.findForgotten())
    if (import.meta.env.PROD) void keepOffline(offlineHost, offerVersion)
  }),
)

/**
 * Order: the link, the last run, the opening. The last run comes first if it began with this link.
 */
async function begin(): Promise<void> {
  const looked = embedded || !mayBeKept() ? null : keeping.then((keeper) => keeper?.read() ?? null)
  const [kept, prepared] = await Promise.all([looked, sharing.prepare(location.hash)])
  // A reader who was faster has already chosen a run.
  if (!bridge.isEmpty()) {
    if (kept) keeper?.notifyEarlier(kept)
    return
  }
  if (kept && (prepared === null || kept.hash === location.hash)) return keeper?.restore(kept)
  if (!embedded || !prepared?.ok) commands.startOver()
  if (prepared) sharing.open(prepared)
  if (kept) keeper?.notifyEarlier(kept)
}

/** The page takes a newer version when the reader asks for it, never in the middle of a lesson. */
function offerVersion(takeOver: () => void): void {
  takeNewerVersion = takeOver
  const text = 'A newer version is ready. Your run is kept.'
  notify(ui, { kind: 'newer', text })
}

/** The address has changed: the reader followed a link, or went back or forward. */
async function navigate(): Promise<void> {
  const { hash } = location
  const move = entries.moved(hash, () => keeper?.leaveEntry())
  if (move.type === 'same') return
  if (move.type === 'back' && (await keeper?.returnTo(move.to))) return
  // The reader may have moved on meanwhile.
  if (entries.key === move.to && !(await sharing.follow(hash))) stay()
}

/** The request in the address was refused. The run stays, and so does its entry in the history. */
function stay(): void {
  entries.refused()
  keeper?.stays()
}

/** Ends the worker, even in the middle of its work, and returns to the previous run. */
function stopEngine(): void {
  port.restart()
  bridge.restarted()
  sharing.lost()
  stay()
  void keeping.then((keeper) => (keeper ? keeper.giveUp() : sharing.startOver()))
}

/**
 * Sends a message to the worker. If another run replaces the current run, the current run is stored
 * first.
 */
function send(message: ToWorker): void {
  if (OPENS.has(message.type) && !bridge.isEmpty()) keeper?.replacing()
  bridge.send(message)
}

function save(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  const anchor = document.createElement('a')
  anchor.href = url
  anchor.download = name
  anchor.click()
  setTimeout(() => URL.revokeObjectURL(url))
}

/** Copies the text to the clipboard. False if the browser does not allow it. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
