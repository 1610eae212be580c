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

/** The worker as the page needs it: `Worker` is one, and so is a test's. */
export interface Port {
  postMessage(message: ToWorker): void
  onmessage: ((event: { data: FromWorker }) => void) | null
}

export interface BridgeEvents {
  /** Answers whether the Frame said anything new. */
  frame(frame: Frame): boolean
  stopped(stopped: Stopped): void
  exported(recording: Recording): void
  /** The run with all its branches, as it was asked for. */
  tree(tree: SavedRunTree, opened: number): void
  /** Such a run is open again; `cutShort` where it is not at its cursor. */
  /** `opened`: which of the worker's runs it is. */
  treeOpened(opened: number, cutShort: CutShort | null): void
  /** What was handed on to the page is open; what is to be handed on by it is there. */
  opened(opened: Opened): void
  shared(shared: Shared): void
  pictured(pictured: Pictured): void
  /** What a form asked for. */
  formed(found: TriedLock | FiguredTtl): void
  /** The worker could not take a message; the run goes on as if it had not come. */
  refused(message: string): void
  /** Something was sent, so that a sleeping loop wakes. */
  busy(): void
}

export interface Bridge {
  send(message: ToWorker): void
  /**
   * Once per animation frame, with its wall time in ms. Sends one `advance` where one is wanted and
   * none is outstanding.
   */
  tick(wallTime: number): void
  /** The page is hidden: nothing is sent until it is shown, and nothing is caught up then. */
  hide(): void
  /**
   * A worker stands behind the port that knows of no run yet: until one is opened, no time passes
   * and nothing is asked.
   */
  restarted(): void
  /** Whether the worker knows of no run yet, nor was sent one. */
  isEmpty(): boolean
  /** Whether the next animation frame has anything to ask. */
  isBusy(): boolean
}

/** Another run begins with these. */
export const OPENS: ReadonlySet<ToWorker['type']> = new Set<ToWorker['type']>([
  'open',
  'open-scenario',
  'open-tree',
  'open-shared',
])
/**
 * Of them these are answered, and may be refused: whether a run stands there is known when they
 * are.
 */
const ANSWERED: ReadonlySet<ToWorker['type']> = new Set<ToWorker['type']>([
  'open-tree',
  'open-shared',
])
/** What a worker without a run takes: how the next one is looked at, and how it goes. */
const FOR_LATER: ReadonlySet<ToWorker['type']> = new Set<ToWorker['type']>([
  'interest',
  'pace',
  'speed',
])
/** An advance never covers more than this, however long the page was away. */
const MOST_WALL_MS = 100

export function createBridge(port: Port, events: BridgeEvents, watch?: Watch): Bridge {
  let outstanding = false
  let stopped = false
  let empty = false
  // It was sent one, and has not said yet whether it takes it.
  let opening = false
  // Asking goes on until a Frame of a resting run has brought no news: a resting page costs
  // nothing.
  let resting = false
  let asked: number | null = null
  // Sent while a Frame was on its way: that Frame may not know of it yet.
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
        // Another run: what became of the one before does not matter to it.
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
