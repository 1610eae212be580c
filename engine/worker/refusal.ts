import type { Refused } from './protocol'

export function refused(message: string): Refused {
  return { type: 'refused', message }
}

/** What `make` gives. What it throws is refused in words, with `what` before them. */
export function orRefused<Made>(make: () => Made, what = ''): Made | Refused {
  try {
    return make()
  } catch (error) {
    return refused(`${what}${error instanceof Error ? error.message : String(error)}`)
  }
}
