// The same run with other numbers: the same commands at the same times, as a branch that is
// compared with this one.

import { type FormEvent, type ReactNode, useState } from 'react'
import { visible } from '../../../engine/text/visible'
import { LIBRARIES, LIBRARY_NAMES, libraryOf, libraryOwners } from '../../commands/libraries'
import {
  CHECKPOINTS,
  checkpointWords,
  type Dial,
  replayChange,
  SIZES,
  UNTOUCHED,
  VERSIONS,
} from '../../commands/replay'
import { useApp, useRun } from '../parts/app-context'

export default function ReplayForm({ onDone }: { onDone(): void }) {
  const { commands } = useApp()
  const config = useRun((state) => state.config)
  const seed = useRun((state) => state.seed)
  const ttls = useRun((state) => state.ttls)
  const [ttl, setTtl] = useState(ttls[0] ?? 0)
  const clients = libraryOwners(useRun((state) => state.clients))
  const [client = clients[0] ?? '', setClient] = useState<string>()
  const [dials, setDials] = useState(UNTOUCHED)
  if (config === null || seed === null) return null
  const { latencyMs, peerLatencyMs = latencyMs, members, etcd, checkpoint = 'off' } = config
  const change = replayChange(dials, { ttl, config, seed, client })
  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    if (change === null) return
    commands.again(change)
    onDone()
  }
  const to = (dial: Dial) => ({
    value: dials[dial],
    onChange: (value: string) => setDials({ ...dials, [dial]: value }),
  })
  return (
    <form className="replay" onSubmit={onSubmit}>
      <p className="muted small">
        The same commands at the same times, as a branch beside this one.
      </p>
      <dl>
        {ttls.length > 0 && (
          <Row word="TTL" now={<TtlNow ttls={ttls} ttl={ttl} onChange={setTtl} />}>
            <NumberTo
              label="New TTL (seconds)"
              min={1}
              max={9_000_000_000}
              unit="s"
              {...to('ttl')}
            />
          </Row>
        )}
        {clients.length > 0 && (
          <Row
            word="Library"
            now={<ClientNow clients={clients} client={client} onChange={setClient} />}
          >
            <OneOf
              label={`New library of ${visible(client)}`}
              choices={LIBRARIES}
              words={LIBRARY_NAMES}
              now={libraryOf(config, client)}
              {...to('library')}
            />
          </Row>
        )}
        <Row word="Latency to clients" now={`${latencyMs} ms`}>
          <NumberTo
            label="New latency to clients (milliseconds)"
            min={0}
            max={60_000}
            unit="ms"
            {...to('latency')}
          />
        </Row>
        <Row word="Latency between members" now={`${peerLatencyMs} ms`}>
          <NumberTo
            label="New latency between members (milliseconds)"
            min={0}
            max={60_000}
            unit="ms"
            {...to('peerLatency')}
          />
        </Row>
        <Row word="etcd" now={etcd}>
          <OneOf label="New version of etcd" choices={VERSIONS} now={etcd} {...to('etcd')} />
        </Row>
        <Row word="Members" now={members}>
          <OneOf
            label="New number of members"
            choices={SIZES.map(String)}
            now={String(members)}
            {...to('members')}
          />
        </Row>
        <Row word="Checkpoints" now={checkpointWords[checkpoint]}>
          <OneOf
            label="Checkpoints of leases"
            choices={CHECKPOINTS}
            words={checkpointWords}
            now={checkpoint}
            {...to('checkpoint')}
          />
        </Row>
        <Row word="Seed" now={seed}>
          <NumberTo
            label="New seed"
            min={0}
            max={Number.MAX_SAFE_INTEGER}
            unit=""
            {...to('seed')}
          />
        </Row>
      </dl>
      <button type="submit" className="pick" disabled={change === null}>
        Replay and compare
      </button>
    </form>
  )
}

function Row({ word, now, children }: { word: string; now: ReactNode; children: ReactNode }) {
  return (
    <div>
      <dt>{word}</dt>
      <dd className="muted">{now}</dd>
      <dd>{children}</dd>
    </div>
  )
}

/** The TTL to replace, if a run has several. */
function TtlNow({
  ttls,
  ttl,
  onChange,
}: {
  ttls: number[]
  ttl: number
  onChange(ttl: number): void
}) {
  if (ttls.length === 1) return <>{ttl} s</>
  return (
    <select
      aria-label="TTL now (seconds)"
      value={ttl}
      onChange={(event) => onChange(Number(event.target.value))}
    >
      {ttls.map((each) => (
        <option key={each} value={each}>
          {each} s
        </option>
      ))}
    </select>
  )
}

/** The client whose library to replace, if a run has several clients. */
function ClientNow({
  clients,
  client,
  onChange,
}: {
  clients: string[]
  client: string
  onChange(client: string): void
}) {
  if (clients.length === 1) return <>of {visible(client)}</>
  return (
    <select
      aria-label="Client whose library is replaced"
      value={client}
      onChange={(event) => onChange(event.target.value)}
    >
      {clients.map((each) => (
        <option key={each} value={each}>
          {visible(each)}
        </option>
      ))}
    </select>
  )
}

interface ToProps {
  label: string
  value: string
  onChange(value: string): void
}

function NumberTo({
  label,
  min,
  max,
  unit,
  value,
  onChange,
}: ToProps & { min: number; max: number; unit: string }) {
  return (
    <>
      <input
        type="number"
        inputMode="numeric"
        min={min}
        max={max}
        step={1}
        aria-label={label}
        value={value}
        placeholder="same"
        onChange={(event) => onChange(event.target.value)}
      />{' '}
      {unit}
    </>
  )
}

function OneOf<T extends string>({
  label,
  choices,
  words,
  now,
  value,
  onChange,
}: ToProps & { choices: readonly T[]; words?: Readonly<Record<T, string>>; now: string }) {
  return (
    <select aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
      <option value="">same</option>
      {choices
        .filter((choice) => choice !== now)
        .map((choice) => (
          <option key={choice} value={choice}>
            {words?.[choice] ?? choice}
          </option>
        ))}
    </select>
  )
}
