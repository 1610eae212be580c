import type {
  CutShort,
  FiguredTtl,
  Frame,
  FromWorker,
  Opened,
  Pictured,
  Recording,
  SavedRunTree,
  Shared,
  Stopped,
  ToWorker,
  TriedLock,
} from '../../engine/worker/protocol'
import type { Watch } from './watch'

/** The part of a `Worker` that the page needs. Tests have one of their own. */
export interface Port {
  postMessage(message: ToWorker): void
  onmessage: ((event: { data: FromWorker }) => void) | null
}

export interface BridgeEvents {
  /** Returns whether the Frame had news. */
  frame(frame: Frame): boolean
  stopped(stopped: Stopped): void
  exported(recording: Recording): void
  /** The requested run tree: the run with all its branches. */
  tree(tree: SavedRunTree, opened: number): void
  /**
   * Such a run tree is open. `opened`: the number of the run in the worker. `cutShort`: the run
   * does not reach its cursor.
   */
  treeOpened(opened: number, cutShort: CutShort | null): void
  /** A shared run is open, or a run is ready to share. */
  opened(opened: Opened): void
  shared(shared: Shared): void
  pictured(pictured: Pictured): void
  /** The result that a form requested. */
  formed(found: TriedLock | FiguredTtl): void
  /** The worker refused a message. The run continues as if the message had not been sent. */
  refused(message: string): void
  /** A message was sent, which wakes a sleeping loop. */
  busy(): void
}

export interface Bridge {
  send(message: ToWorker): void
  /**
   * Once per animation frame, with its wall time in ms. Sends one `advance` if it is wanted and
   * none is outstanding.
   */
  tick(wallTime: number): void
  /**
   * The page is hidden: nothing is sent until it is visible, and the missed time is not made up.
   */
  hide(): void
  /**
   * The worker behind the port has no run yet. Until a run is opened, no time passes and no
   * requests are sent.
   */
  restarted(): void
  /** Whether the worker has no run and was sent none. */
  isEmpty(): boolean
  /** Whether the next animation frame has something to request. */
  isBusy(): boolean
}

/** Messages that open another run. */
export const OPENS: ReadonlySet<ToWorker['type']> = new Set<ToWorker['type']>([
  'open',
  'open-scenario',
  'open-tree',
  'open-shared',
])
/** The worker answers these, and may refuse them. Its answer says whether it has a run. */
const ANSWERED: ReadonlySet<ToWorker['type']> = new Set<ToWorker['type']>([
  'open-tree',
  'open-shared',
])
/** Messages for a worker without a run: the view and the pace of the next one. */
const FOR_LATER: ReadonlySet<ToWorker['type']> = new Set<ToWorker['type']>([
  'interest',
  'pace',
  'speed',
])
/** An advance never covers more than this, even if the page was hidden for longer. */
const MOST_WALL_MS = 100

export function createBridge(port: Port, events: BridgeEvents, watch?: Watch): Bridge {
  let outstanding = false
  let stopped = false
  let empty = false
  // The worker was sent a run, and has not accepted or refused it yet.
  let opening = false
  // The requests continue until a Frame of a resting run has no news. A resting page costs nothing.
  let resting = false
  let asked: number | null = null
  // Sent while a Frame was on its way. That Frame may be older than the message.
  let unread = false

  function arrived(): void {
    empty = false
    opening = false
    events.busy()
  }

  port.onmessage = ({ data }) => {
    if (stopped) return
    receive(data)
    watch?.heard(!stopped && (outstanding || opening))
  }
  function receive(data: FromWorker): void {
    switch (data.type) {
      case 'ready':
        break
      case 'frame': {
        outstanding = false
        const news = events.frame(data)
        if (!news && !data.playing && !data.answering && !unread) resting = true
        unread = false
        break
      }
      case 'stopped':
        stopped = true
        events.stopped(data)
        break
      case 'exported':
        events.exported(data.recording)
        break
      case 'exported-tree':
        events.tree(data.tree, data.opened)
        break
      case 'opened-tree':
        arrived()
        events.treeOpened(data.opened, data.cutShort ?? null)
        break
      case 'opened':
        arrived()
        events.opened(data)
        break
      case 'shared':
        events.shared(data)
        break
      case 'pictured':
        events.pictured(data)
        break
      case 'lock-tried':
      case 'ttl-figured':
        events.formed(data)
        break
      case 'refused':
        opening = false
        events.refused(data.message)
        break
      default:
        unreachable(data)
    }
  }

  return {
    send(message) {
      if (empty && !OPENS.has(message.type) && !FOR_LATER.has(message.type)) return
      if (OPENS.has(message.type)) {
        if (empty && ANSWERED.has(message.type)) opening = true
        else empty = false
        // The end of the previous run does not concern the new run.
        if (stopped) outstanding = false
        stopped = false
      }
      if (stopped && message.type !== 'export') return
      port.postMessage(message)
      if (opening) watch?.asked()
      resting = false
      unread = outstanding
      events.busy()
    },
    tick(wallTime) {
      if (outstanding || resting || stopped || empty) {
        if (resting) asked = null
        return
      }
      const wallMs = asked === null ? 0 : Math.min(MOST_WALL_MS, Math.max(0, wallTime - asked))
      asked = wallTime
      outstanding = true
      port.postMessage({ type: 'advance', wallMs })
      watch?.asked()
    },
    hide() {
      asked = null
    },
    restarted() {
      empty = true
      opening = false
      outstanding = false
      stopped = false
      asked = null
      watch?.restarted()
    },
    isEmpty: () => empty && !opening,
    isBusy() {
      return !stopped && !empty && (outstanding || !resting)
    },
  }
}

function unreachable(value: never): never {
  throw new Error(`unknown message ${JSON.stringify(value)}`)
}
