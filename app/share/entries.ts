// Maps the entries of the browser's history to runs. Each entry has a key. Back and Forward bring
// back the run of that key; they do not open the link again.
//
//   #r1?a (key 1) ── a link is followed ──▶ #r1?b (key 2)
//                 ◀── Back: the run of key 1, as it was left ──

const KEY = 'leasescope'

/**
 * `same`: the same run, at another place of the page. `new`: an address for the first time. `back`:
 * a known entry.
 */
export type Move = { type: 'same' } | { type: 'new' | 'back'; from: string; to: string }

export interface Entries {
  /** The key of the entry whose run is on the page, and the # of its address. */
  readonly key: string
  readonly hash: string
  /**
   * The entry of the run on the page: the previous one, until the run of the new address is open.
   */
  readonly shown: { key: string; hash: string }
  /** The address has changed. `onLeave` is called before another entry replaces this one. */
  moved(hash: string, onLeave?: () => void): Move
  /** The run of the new address was refused: its entry is another one of the previous run. */
  refused(): void
  /** The run of the new address is on the page. */
  arrived(): void
}

export function createEntries(
  history: Pick<History, 'state' | 'replaceState'>,
  hash: string,
  newKey: () => string,
): Entries {
  let left: { key: string; hash: string } | null = null
  const keyHere = (): string | null => {
    const state: unknown = history.state
    const key = typeof state === 'object' && state !== null && KEY in state ? state[KEY] : null
    return typeof key === 'string' ? key : null
  }
  const give = (key: string): string => {
    history.replaceState({ [KEY]: key }, '')
    return key
  }
  let current = { key: keyHere() ?? give(newKey()), hash }
  return {
    get key() {
      return current.key
    },
    get hash() {
      return current.hash
    },
    get shown() {
      return left ?? current
    },
    moved(next, onLeave) {
      const known = keyHere()
      if (known === current.key) return { type: 'same' }
      // A place on this page, for example the skip link's.
      if (known === null && /^(#[\w-]*)?$/.test(next)) {
        give(current.key)
        return { type: 'same' }
      }
      onLeave?.()
      left = current
      current = { key: known ?? give(newKey()), hash: next }
      return { type: known === null ? 'new' : 'back', from: left.key, to: current.key }
    },
    refused() {
      if (left === null) return
      current = { key: give(left.key), hash: current.hash }
      left = null
    },
    arrived() {
      left = null
    },
  }
}
