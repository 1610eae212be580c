import { useState } from 'react'
import { useApp } from '../parts/app-context'
import { Disclosure } from '../parts/popover'

/** The last row: a button that grants a lease. */
export function GrantLease() {
  return (
    <Disclosure button="+ Grant a lease" label="Grant a lease" className="quiet grant-lease" above>
      <GrantForm />
    </Disclosure>
  )
}

function GrantForm() {
  const { commands } = useApp()
  const [ttl, setTtl] = useState('10')
  const seconds = Number(ttl)
  const good = ttl.trim() !== '' && Number.isInteger(seconds)
  return (
    <form
      className="grant-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (!good) return
        commands.grant(seconds)
        event.currentTarget.closest<HTMLElement>('[popover]')?.hidePopover()
      }}
    >
      <label>
        TTL{' '}
        <input
          type="number"
          inputMode="numeric"
          step={1}
          value={ttl}
          onChange={(event) => setTtl(event.target.value)}
        />{' '}
        s
      </label>
      <button type="submit" disabled={!good}>
        Grant
      </button>
    </form>
  )
}
