import { type KeyboardEvent, useState } from 'react'

/** A list that is one Tab stop: arrows, Page Up and Down, Home and End move between its rows. */
export interface Rows {
  list: { onKeyDown(event: KeyboardEvent<HTMLElement>): void }
  /** For each row; `id` is its own. */
  row(id: number): { tabIndex: 0 | -1; 'data-row': number; onFocus(): void }
}

const PAGE = 10

/**
 * `first` is the row that Tab comes to before another one has had the focus; `ids` are all rows in
 * their order. Enter acts on the row with the focus. `beyond` hears of a step past an end.
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
