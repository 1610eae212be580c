// What of a kept run stands in localStorage, where it can be read at once.

/** That there is a run to be looked for, and where its cursor stood when the page went away. */
export const FLAG = 'leasescope-kept'
export const CURSOR = 'leasescope-cursor'

export function remember(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
  } catch {
    // Without it the page begins anew; that a run cannot be kept is told where it is written.
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
