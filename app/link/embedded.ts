// The page inside of another one: `?embed`, with `&play` to begin by itself and `&theme=light` or `dark`. It rests while it is off the screen.

export interface Embedded {
  /** It plays by itself once it is first seen. */
  play: boolean
  /** As its host looks; null: as the reader's system does. */
  theme: 'light' | 'dark' | null
}

/** What an address asks for behind its `?`; null for a page of its own. */
export function readEmbedded(search: string): Embedded | null {
  const fields = new URLSearchParams(search)
  if (!fields.has('embed')) return null
  const theme = fields.get('theme')
  return { play: fields.has('play'), theme: theme === 'light' || theme === 'dark' ? theme : null }
}

export interface Rest {
  /** Asks for an animation frame, which comes when the page is on the screen. */
  requestFrame(callback: (wallTime: number) => void): void
  /** The page is on the screen now, or not any more. */
  see(seen: boolean): void
}

/** Holds the one animation loop of the page while it is not seen: nothing is painted, and nothing is asked of the worker. Until something is seen it rests. */
export function createRest(requestFrame: Rest['requestFrame']): Rest {
  let seen = false
  let held: Parameters<Rest['requestFrame']>[0] | null = null
  const ask: Rest['requestFrame'] = (callback) =>
    requestFrame((wallTime) => {
      if (seen) callback(wallTime)
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

/** A store that keeps nothing. */
export const nowhere = {
  getItem: () => null,
  setItem() {},
  removeItem() {},
}
