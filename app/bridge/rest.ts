export type RequestFrame = (callback: (wallTime: number) => void) => void

export interface Rest {
  /**
   * Asks for an animation frame. While the run goes on, it comes when the page is on the screen.
   */
  requestFrame: RequestFrame
  /** The page is on the screen now, or not any more. */
  see(seen: boolean): void
}

/**
 * Holds the one animation loop of the page while a run goes on that is not seen: nothing is
 * painted, and nothing is asked of the worker. A run that stands is painted once in any case; then
 * the loop sleeps by itself.
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
