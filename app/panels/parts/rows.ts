import { type KeyboardEvent, useState } from 'react'

/** A list with one Tab stop. Arrows, Page Up, Page Down, Home and End move between the rows. */
export interface Rows {
  list: { onKeyDown(event: KeyboardEvent<HTMLElement>): void }
  /** The properties of each row. `id` identifies the row. */
  row(id: number): { tabIndex: 0 | -1; 'data-row': number; onFocus(): void }
}

const PAGE = 10

/**
 * `first` is the Tab stop before any row has had the focus, and `ids` are all rows in order. Enter
 * calls `act` with the row that has the focus. A step past an end calls `beyond`.
 */
export function useRows(
  ids: readonly number[],
  first: number | null,
  act: (id: number) => void,
  beyond?: (up: boolean) => void,
): Rows {
  const [focused, setFocused] = useState<number | null>(null)
  const stop =
    focused !== null && ids.includes(focused)
      ? focused
      : first !== null && ids.includes(first)
        ? first
        : (ids[0] ?? null)
  return {
    list: {
      onKeyDown(event) {
        const { key, currentTarget, target } = event
        if (
          event.ctrlKey ||
          event.metaKey ||
          event.altKey ||
          !(target instanceof HTMLElement) ||
          !target.matches('[data-row]')
        )
          return
        const at = ids.indexOf(Number(target.dataset.row))
        const to = new Map([
          ['ArrowDown', at + 1],
          ['ArrowUp', at - 1],
          ['PageDown', Math.min(ids.length - 1, at + PAGE)],
          ['PageUp', Math.max(0, at - PAGE)],
          ['Home', 0],
          ['End', ids.length - 1],
        ]).get(key)
        if (to === undefined && key !== 'Enter') return
        event.preventDefault()
        if (to === undefined) act(Number(target.dataset.row))
        else if (to < 0 || to >= ids.length) beyond?.(to < 0)
        else currentTarget.querySelector<HTMLElement>(`[data-row="${ids[to]}"]`)?.focus()
      },
    },
    row: (id) => ({
      tabIndex: id === stop ? 0 : -1,
      'data-row': id,
      onFocus: () => setFocused(id),
    }),
  }
}
