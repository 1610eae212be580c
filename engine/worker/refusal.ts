import type { Refused } from './protocol'

export function refused(message: string): Refused {
  return { type: 'refused', message }
}

/** The result of `make`. An exception becomes a refusal with its message, after `what`. */
export function orRefused<Made>(make: () => Made, what = ''): Made | Refused {
  try {
    return make()
  } catch (error) {
    return refused(`${what}${error instanceof Error ? error.message : String(error)}`)
  }
}
