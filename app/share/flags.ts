// What of a kept run is in localStorage, where it can be read at once.

/** That there is a run to be looked for, and where its cursor was when the page went away. */
export const FLAG = 'leasescope-kept'
export const CURSOR = 'leasescope-cursor'
/** The stamp of a kept run that took so long to open that the page could offer to stop it. */
export const HUNG = 'leasescope-hung'

export function remember(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
  } catch {
    // The keeper says so when it writes a run.
  }
}

/** Null where nothing is, or nothing may be read. */
export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

/** As long as the longest that is remembered here. */
const PROBE = 'leasescope-probe'
const PROBE_TEXT = '-'.repeat(100)

/**
 * Why the browser lets the page remember nothing here: it is blocked, or there is no room. Null
 * where it does.
 */
export function whyForgetful(): 'blocked' | 'full' | null {
  try {
    localStorage.setItem(PROBE, PROBE_TEXT)
    localStorage.removeItem(PROBE)
    return null
  } catch (error) {
    return error instanceof DOMException && error.name === 'QuotaExceededError' ? 'full' : 'blocked'
  }
}

/** Whether it is worth looking for a kept run: there is a flag, or none can be seen. */
export function mayBeKept(): boolean {
  return recall(FLAG) !== null || whyForgetful() !== null
}
