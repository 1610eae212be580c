import { type FormEvent, useState } from 'react'
import type { MessageView } from '../../../engine/worker/protocol'
import { type Dial, dialFault, faultLine, linkChoices } from '../../commands/faults'
import { useApp, useRun } from '../parts/app-context'
import { Disclosure } from '../parts/popover'

/** What a link can be made to do, and what is worth trying first. */
const DIALS: Record<Dial, { word: string; unit: 'ms' | '%'; usual: number }> = {
  delay: { word: 'take longer by', unit: 'ms', usual: 50 },
  jitter: { word: 'take longer by up to', unit: 'ms', usual: 50 },
  loss: { word: 'lose', unit: '%', usual: 20 },
  duplicate: { word: 'double', unit: '%', usual: 20 },
  reorder: { word: 'get out of order', unit: '%', usual: 20 },
}
const ALL = Object.keys(DIALS) as Dial[]
const MOST = { ms: 60_000, '%': 100 }

/** Links that are slow, uneven, lossy, doubling or out of order: one, one direction of one, or all. */
export function LinkTools() {
  return (
    <Disclosure className="button small" label="Links" button={<>Links ▾</>}>
      <LinkForm />
    </Disclosure>
  )
}

function LinkForm() {
  const members = useRun((state) => state.members)
  const clients = useRun((state) => state.clients)
  const { commands } = useApp()
  const [place, setPlace] = useState(0)
  const [dial, setDial] = useState<Dial>('delay')
  const [value, setValue] = useState(String(DIALS.delay.usual))
  const choices = linkChoices(
    members.map(({ name }) => name),
    clients.map(({ id }) => id),
  )
  const { unit } = DIALS[dial]
  const fault = dialFault(choices[place]?.link ?? null, dial, Number(value), MOST[unit])
  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    if (fault) commands.fault(fault)
  }
  return (
    <form className="link-form" onSubmit={onSubmit}>
      <label>
        Link
        <select value={place} onChange={(event) => setPlace(Number(event.target.value))}>
          {choices.map(({ word }, index) => (
            <option key={word} value={index}>
              {word}
            </option>
          ))}
        </select>
      </label>
      <label>
        shall
        <select
          value={dial}
          onChange={(event) => {
            const chosen = event.target.value as Dial
            setDial(chosen)
            setValue(String(DIALS[chosen].usual))
          }}
        >
          {ALL.map((each) => (
            <option key={each} value={each}>
              {DIALS[each].word}
            </option>
          ))}
        </select>
      </label>
      <label>
        {unit === 'ms' ? 'milliseconds' : 'percent of its messages'}
        <input type="number" min={0} max={MOST[unit]} step={1} required value={value} onChange={(event) => setValue(event.target.value)} />
      </label>
      <p className="link-form-end">
        <button type="submit" className="button small">
          Set
        </button>
        {fault && <code aria-hidden="true">{faultLine(fault)}</code>}
      </p>
      <p className="popover-words">
        0 takes it back; “Heal the network” takes all of it back. Calls go over TCP: what is lost there comes later.
      </p>
    </form>
  )
}

/** Milliseconds by which a message is held up at a press. */
const HOLD_MS = 500
/** Rows, heartbeats last. */
const MOST_ROWS = 40

/** Each message in flight, by name, and what a hand can do to it. The clock stands still while one chooses. */
export function FlightTools() {
  const { commands } = useApp()
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only listens to what its button does
    // biome-ignore lint/a11y/useKeyWithClickEvents: a button's click is a key's too
    <span
      onClick={(event) => {
        if ((event.target as Element).closest('[aria-controls]')) commands.pause()
      }}
    >
      <Disclosure className="button small" label="Messages in flight" button={<>Messages ▾</>}>
        <FlightList />
      </Disclosure>
    </span>
  )
}

function FlightList() {
  const messages = useRun((state) => state.messages)
  const rows = [...messages].sort((a, b) => Number(a.machinery) - Number(b.machinery) || a.due - b.due || a.id - b.id)
  return (
    <>
      <p className="popover-title" tabIndex={-1}>
        {rows.length === 0 ? 'No message is in flight' : `In flight: ${rows.length}`}
      </p>
      <p className="popover-words">The clock stands still while you choose.</p>
      <ul className="flight-list">
        {rows.slice(0, MOST_ROWS).map((message) => (
          <FlightRow key={message.id} message={message} />
        ))}
      </ul>
    </>
  )
}

function FlightRow({ message }: { message: MessageView }) {
  const { commands } = useApp()
  const { id, from, to, label, kind, doomed } = message
  const answers = kind === 'reply' && !label.startsWith('Msg')
  const name = `${answers ? `answer ${label}` : label} ${from} → ${to}, number ${id}`
  const act = (word: string, fate: 'deliver' | 'drop' | 'delay') => {
    const fault =
      fate === 'delay' ? ({ type: 'message', message: id, fate, ms: HOLD_MS } as const) : ({ type: 'message', message: id, fate } as const)
    return (
      <button type="button" className="button small" title={faultLine(fault)} onClick={() => commands.fault(fault)}>
        {word}
        <span className="sr-only"> {name}</span>
      </button>
    )
  }
  return (
    <li>
      <span className="flight-name">
        <b>{id}</b> {answers ? '↩ ' : ''}
        {label} {from} → {to}
        {doomed && <i> ✕ will not arrive</i>}
      </span>
      <span className="flight-acts">
        {act('Deliver now', 'deliver')}
        {act('Drop', 'drop')}
        {act(`+${HOLD_MS} ms`, 'delay')}
      </span>
    </li>
  )
}
