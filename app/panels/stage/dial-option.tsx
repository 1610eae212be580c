import type { CSSProperties, KeyboardEvent, ReactNode } from 'react'
import type { LeaseRow } from '../../../engine/worker/protocol'
import { useApp, useUi } from '../parts/app-context'
import { DialFace, dialLabel } from './dial'

/**
 * Dials as a list of leases with one chosen lease. The list is one Tab stop, and the arrow keys
 * move inside the list.
 */
export function Dials({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div
      className="dials"
      role="listbox"
      aria-label={name}
      tabIndex={-1}
      onKeyDown={moveBetweenOptions}
    >
      {children}
    </div>
  )
}

/** The lease whose dial is the Tab stop: the chosen lease, else the first. */
export function useTabStop(leases: readonly LeaseRow[]): string | null {
  const chosen = useUi((state) => state.lease)
  return (leases.find(({ id }) => id === chosen) ?? leases[0])?.id ?? null
}

interface OptionProps {
  lease: LeaseRow
  r: number
  /**
   * Seconds beyond the TTL from a new leader. Null when the deadline does not come from a new
   * leader.
   */
  gift: number | null
  /** This dial is the Tab stop. */
  stop: boolean
  style: CSSProperties
}

/** A dial. A click, Enter or Space chooses its lease. */
export function DialOption({ lease, r, gift, stop, style }: OptionProps) {
  const { commands } = useApp()
  const isChosen = useUi((state) => state.lease === lease.id)
  const choose = () => commands.chooseLease(lease.id)
  return (
    <div
      className="dial"
      role="option"
      aria-selected={isChosen}
      aria-label={dialLabel(lease)}
      tabIndex={stop ? 0 : -1}
      title={`Lease ${lease.id}`}
      style={style}
      onClick={choose}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return
        event.preventDefault()
        event.stopPropagation()
        choose()
      }}
    >
      <DialFace lease={lease} r={r} gift={gift} />
    </div>
  )
}

function moveBetweenOptions(event: KeyboardEvent<HTMLElement>): void {
  const step =
    event.key === 'ArrowDown' || event.key === 'ArrowRight'
      ? 1
      : event.key === 'ArrowUp' || event.key === 'ArrowLeft'
        ? -1
        : 0
  if (step === 0) return
  const options = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="option"]')]
  const next = options[options.indexOf(document.activeElement as HTMLElement) + step]
  if (!next) return
  event.preventDefault()
  event.stopPropagation()
  next.focus()
}
