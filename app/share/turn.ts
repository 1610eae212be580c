// Of several tabs one writes the current run: the one that holds the lock. A tab requests it when
// it has something to write, and releases it when it has not.

const LOCK = 'leasescope-run'

export interface Turn {
  /**
   * Requests the lock, if this tab neither has it nor waits for it; resolves to whether it has it
   * now.
   */
  take(): Promise<boolean>
  /** Takes it from the tab that has it. */
  steal(): void
  /** Releases it; the next waiting tab then has it. */
  release(): void
  /** For browsers without locks: another tab writes. */
  lose(): void
}

export interface TurnEvents {
  /** This tab has taken it from the tab that had it. */
  took(): void
  /** This tab has waited, and has it now. */
  came(): void
  /** Another tab has it; this one waits. */
  lost(): void
}

export function createTurn(locks: LockManager | undefined, events: TurnEvents): Turn {
  let state: 'none' | 'mine' | 'waiting' = 'none'
  let letGo: (() => void) | null = null
  let isStealing = false

  function hold(): Promise<void> {
    state = 'mine'
    return new Promise((resolve) => {
      letGo = resolve
    })
  }
  function lose(): void {
    letGo = null
    state = 'waiting'
    events.lost()
    const answer = (): Promise<void> => {
      const held = hold()
      events.came()
      return held
    }
    locks?.request(LOCK, answer).catch(stolen)
  }
  function stolen(): void {
    if (state === 'mine') lose()
  }
  function request(options: LockOptions, granted?: () => void): Promise<boolean> {
    if (locks === undefined) {
      state = 'mine'
      granted?.()
      return Promise.resolve(true)
    }
    return new Promise((resolve) => {
      const answer = (lock: Lock | null): Promise<void> | undefined => {
        if (lock === null) lose()
        const held = lock === null ? undefined : hold()
        // At once: another tab may take it the next moment.
        if (lock !== null) granted?.()
        resolve(lock !== null)
        return held
      }
      locks.request(LOCK, options, answer).catch(() => {
        stolen()
        resolve(false)
      })
    })
  }
  return {
    async take() {
      if (state === 'none') return request({ ifAvailable: true })
      return state === 'mine'
    },
    steal() {
      // Otherwise this tab would take it from itself.
      if (state === 'mine') return events.took()
      if (isStealing) return
      isStealing = true
      void request({ steal: true }, events.took).finally(() => {
        isStealing = false
      })
    },
    release() {
      if (state !== 'mine') return
      state = 'none'
      letGo?.()
      letGo = null
    },
    lose,
  }
}
