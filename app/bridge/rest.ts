export type RequestFrame = (callback: (wallTime: number) => void) => void

export interface Rest {
  /**
   * Requests an animation frame. While the run plays, the frame comes when the page is on the
   * screen.
   */
  requestFrame: RequestFrame
  /** The page is on the screen now, or no longer. */
  see(seen: boolean): void
}

/**
 * Pauses the one animation loop of the page while a playing run is out of view. Nothing is painted,
 * and no requests go to the worker. A paused run is painted once; then the loop sleeps without
 * help.
 */
export function createRest(requestFrame: RequestFrame, isRunning: () => boolean): Rest {
  let seen = false
  let held: Parameters<RequestFrame>[0] | null = null
  const ask: RequestFrame = (callback) =>
    requestFrame((wallTime) => {
      if (seen || !isRunning()) callback(wallTime)
      else held = callback
    })
  return {
    requestFrame: ask,
    see(next) {
      seen = next
      if (!seen || held === null) return
      const callback = held
      held = null
      ask(callback)
    },
  }
}
