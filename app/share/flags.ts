// The part of a kept run in localStorage, which can be read synchronously.

/** Tells that a run is kept, and the place of its cursor when the page was left. */
export const FLAG = 'leasescope-kept'
export const CURSOR = 'leasescope-cursor'
/** The stamp of a kept run that took so long to open that the page could offer to stop it. */
export const HUNG = 'leasescope-hung'

export function remember(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
  } catch {
    // The keeper reports it when it writes a run.
  }
}

/** Null if nothing is stored, or reading is not allowed. */
export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

/** As long as the longest stored value. */
const PROBE = 'leasescope-probe'
const PROBE_TEXT = '-'.repeat(100)

/** Why the browser stores nothing for the page: it is blocked, or full. Null if it does. */
export function whyForgetful(): 'blocked' | 'full' | null {
  try {
    localStorage.setItem(PROBE, PROBE_TEXT)
    localStorage.removeItem(PROBE)
    return null
  } catch (error) {
    return error instanceof DOMException && error.name === 'QuotaExceededError' ? 'full' : 'blocked'
  }
}

/** Whether a kept run may exist: there is a flag, or flags cannot be read. */
export function mayBeKept(): boolean {
  return recall(FLAG) !== null || whyForgetful() !== null
}
