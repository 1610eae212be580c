import { type ReactNode, useEffect, useId, useRef } from 'react'
import { Icon } from '../parts/icon'
import './dialogs.css'

/**
 * A modal dialog, open while it is mounted. Escape and × close it; `wide` gives it the room of a
 * table.
 */
export function Dialog({
  title,
  wide,
  className,
  onClose,
  children,
}: {
  title: string
  wide?: boolean
  className?: string
  onClose(): void
  children: ReactNode
}) {
  const ref = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const dialog = ref.current
    if (dialog && !dialog.open) dialog.showModal()
  }, [])
  return (
    <dialog
      ref={ref}
      className={className}
      aria-labelledby={id}
      data-wide={wide || undefined}
      onClose={onClose}
    >
      <div className="dialog-head">
        <h2 id={id}>{title}</h2>
        <button
          type="button"
          className="icon-button"
          aria-label="Close"
          title="Close (Escape)"
          onClick={() => ref.current?.close()}
        >
          <Icon name="close" />
        </button>
      </div>
      {children}
    </dialog>
  )
}
