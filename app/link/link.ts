import type { Frame, FromWorker, Opened, Recording, SavedSession, Shared, Stopped, ToWorker } from '../../engine/worker/protocol'

/** The worker as the page needs it: `Worker` is one, and so is a test's. */
export interface Port {
  postMessage(message: ToWorker): void
  onmessage: ((event: { data: FromWorker }) => void) | null
}

export interface LinkEvents {
  /** Answers whether the Frame said anything new. */
  frame(frame: Frame): boolean
  stopped(stopped: Stopped): void
  exported(recording: Recording): void
  /** The run with all its branches, as it was asked for. */
  session(session: SavedSession): void
  /** What was handed on to the page is open; what is to be handed on by it is there. */
  opened(opened: Opened): void
  shared(shared: Shared): void
  /** The worker could not take a message; the run goes on as if it had not come. */
  refused(message: string): void
  /** Something was sent, so that a sleeping loop wakes. */
  busy(): void
}

export interface Link {
  send(message: ToWorker): void
  /** Once per animation frame, with its wall time in ms. Sends one `advance` where one is wanted and none is outstanding. */
  tick(wallTime: number): void
  /** The page is hidden: nothing is sent until it is shown, and nothing is caught up then. */
  hide(): void
  /** A worker stands behind the port that knows of no run yet: until one is opened, no time passes and nothing is asked. */
  restarted(): void
  /** Whether the worker knows of no run yet. */
  isEmpty(): boolean
  /** Whether the next animation frame has anything to ask. */
  isBusy(): boolean
}

/** Another run begins with these. */
const OPENS = new Set<ToWorker['type']>(['open', 'open-scenario', 'open-session', 'open-shared'])
/** An advance never covers more than this, however long the page was away. */
const MOST_WALL_MS = 100

export function createLink(port: Port, events: LinkEvents): Link {
  let outstanding = false
  let stopped = false
  let empty = false
  // Asking goes on until a Frame of a resting run has brought no news: a resting page costs nothing.
  let resting = false
  let asked: number | null = null
  // Sent while a Frame was on its way: that Frame may not know of it yet.
  let unread = false

  port.onmessage = ({ data }) => {
    if (stopped) return
    switch (data.type) {
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
      case 'exported-session':
        events.session(data.session)
        break
      case 'opened':
        events.opened(data)
        break
      case 'shared':
        events.shared(data)
        break
      case 'refused':
        events.refused(data.message)
        break
      default:
        unreachable(data)
    }
  }

  return {
    send(message) {
      if (OPENS.has(message.type)) {
        empty = false
        // Another run: what became of the one before does not matter to it.
        if (stopped) outstanding = false
        stopped = false
      }
      if (stopped && message.type !== 'export') return
      port.postMessage(message)
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
    },
    hide() {
      asked = null
    },
    restarted() {
      empty = true
      outstanding = false
      stopped = false
      asked = null
    },
    isEmpty: () => empty,
    isBusy() {
      return !stopped && !empty && (outstanding || !resting)
    },
  }
}

function unreachable(value: never): never {
  throw new Error(`unknown message ${JSON.stringify(value)}`)
}
