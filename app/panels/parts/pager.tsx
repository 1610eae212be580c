interface PagerProps {
  what: string
  from: number
  count: number
  total: number
  onTurn(from: number): void
}

/** Moves the page's window on a long list. Empty when the page shows the whole list. */
export function Pager({ what, from, count, total, onTurn }: PagerProps) {
  if (total <= count && from === 0) return null
  return (
    <nav className="pager" aria-label={`More ${what}`}>
      <button
        type="button"
        className="quiet"
        disabled={from === 0}
        onClick={() => onTurn(Math.max(0, from - count))}
      >
        Earlier {what}
      </button>
      <span>
        {from + 1}–{Math.min(total, from + count)} of {total}
      </span>
      <button
        type="button"
        className="quiet"
        disabled={from + count >= total}
        onClick={() => onTurn(from + count)}
      >
        Later {what}
      </button>
    </nav>
  )
}
