// The one animation loop of the page. Everything that moves is a painter: a function of the instant
// of the last Frame. Painters change elements by reference, without React. Nothing is drawn for an
// instant that the worker has not reached.

export type Painter = (now: number) => void

export interface Host {
  requestFrame(callback: (wallTime: number) => void): void
  /** Countdowns redraw once a second while playing (prefers-reduced-motion). */
  isCalm(): boolean
}

export interface Clock {
  /** The virtual ms on the screen. */
  now(): number
  /** A Frame has arrived. */
  set(now: number, playing: boolean): void
  /**
   * Paints at once, and again whenever the instant changes, until the returned function is called.
   */
  add(painter: Painter): () => void
  /** Something other than the instant changed: paint again on the next animation frame. */
  touch(): void
  /** Starts the loop if it sleeps. */
  wake(): void
}

const CALM_MS = 1000

/**
 * `tick` runs first on every animation frame. If it returns false and nothing is left to paint, the
 * loop sleeps.
 */
export function createClock(host: Host, tick: (wallTime: number) => boolean): Clock {
  const painters = new Set<Painter>()
  let now = 0
  let playing = false
  let stale = false
  let running = false
  let paintedAt = Number.NEGATIVE_INFINITY

  function frame(wallTime: number): void {
    const busy = tick(wallTime)
    const due = !playing || !host.isCalm() || wallTime - paintedAt >= CALM_MS
    if (stale && due) {
      stale = false
      paintedAt = wallTime
      for (const painter of painters) painter(now)
    }
    running = busy || stale
    if (running) host.requestFrame(frame)
  }

  function wake(): void {
    if (running) return
    running = true
    host.requestFrame(frame)
  }

  return {
    now: () => now,
    set(next, isPlaying) {
      stale ||= next !== now || isPlaying !== playing
      now = next
      playing = isPlaying
      wake()
    },
    add(painter) {
      painters.add(painter)
      painter(now)
      return () => {
        painters.delete(painter)
      }
    },
    touch() {
      stale = true
      wake()
    },
    wake,
  }
}
