// The same story again: the same commands at the same times with a dial or two changed. One gesture makes the branch and holds what was there beside it.

import { type FormEvent, type ReactNode, useId, useState } from 'react'
import type { Change, Config } from '../../../engine/worker/protocol'
import { useApp, useRun } from '../parts/app-context'
import { usePopover } from '../parts/popover'

export function Again() {
  const { trigger, box, open, close } = usePopover()
  const id = useId()
  return (
    <>
      <button
        type="button"
        className="button again-button"
        title="The same commands again, with a dial changed, as a branch beside this one"
        {...trigger}
      >
        <span aria-hidden="true">⟳ </span>Again with…
      </button>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would not be a popover */}
      <div className="popover" role="group" aria-labelledby={id} {...box}>
        {open && <Dials id={id} onDone={close} />}
      </div>
    </>
  )
}

type Dial = 'ttl' | 'latency' | 'peerLatency' | 'etcd' | 'seed' | 'members'
type Dials = Record<Dial, string>

const UNTOUCHED: Dials = { ttl: '', latency: '', peerLatency: '', etcd: '', seed: '', members: '' }
const VERSIONS = ['3.4', '3.5', '3.6']
const SIZES = ['1', '3', '5', '7']

function Dials({ id, onDone }: { id: string; onDone(): void }) {
  const { commands } = useApp()
  const config = useRun((state) => state.config)
  const seed = useRun((state) => state.seed)
  const ttls = useRun((state) => state.ttls)
  const [from, setFrom] = useState(ttls[0] ?? 0)
  const [dials, setDials] = useState(UNTOUCHED)
  if (config === null || seed === null) return null
  const { latencyMs, peerLatencyMs = latencyMs, members, etcd } = config
  const change = changeOf(dials, from, config, seed)
  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    if (change === null) return
    commands.again(change)
    onDone()
  }
  const to = (dial: Dial) => ({ value: dials[dial], onChange: (value: string) => setDials({ ...dials, [dial]: value }) })
  return (
    <form className="again" onSubmit={onSubmit}>
      <h3 id={id}>The same story again with…</h3>
      <p className="hint">The same commands at the same times, as a branch beside this one. What is left empty stays.</p>
      <dl>
        {ttls.length > 0 && (
          <Row word="TTL" now={<From ttls={ttls} from={from} onChange={setFrom} />}>
            <NumberTo label="New TTL (seconds)" min={1} max={9_000_000_000} unit="s" {...to('ttl')} />
          </Row>
        )}
        <Row word="Latency to clients" now={`${latencyMs} ms`}>
          <NumberTo label="New latency to clients (milliseconds)" min={0} max={60_000} unit="ms" {...to('latency')} />
        </Row>
        <Row word="Latency between members" now={`${peerLatencyMs} ms`}>
          <NumberTo label="New latency between members (milliseconds)" min={0} max={60_000} unit="ms" {...to('peerLatency')} />
        </Row>
        <Row word="Version of etcd" now={etcd}>
          <OneOf label="New version of etcd" choices={VERSIONS} now={etcd} {...to('etcd')} />
        </Row>
        <Row word="Members" now={members}>
          <OneOf label="New number of members" choices={SIZES} now={String(members)} {...to('members')} />
        </Row>
        <Row word="Seed" now={seed}>
          <NumberTo label="New seed" min={0} max={Number.MAX_SAFE_INTEGER} unit="" {...to('seed')} />
        </Row>
      </dl>
      <button type="submit" className="button main" disabled={change === null}>
        Run again and compare
      </button>
    </form>
  )
}

function Row({ word, now, children }: { word: string; now: ReactNode; children: ReactNode }) {
  return (
    <div>
      <dt>{word}</dt>
      <dd className="figure">{now}</dd>
      <dd>
        <span aria-hidden="true">→ </span>
        {children}
      </dd>
    </div>
  )
}

/** Which of a run's TTLs is meant; no choice where there is one. */
function From({ ttls, from, onChange }: { ttls: number[]; from: number; onChange(ttl: number): void }) {
  if (ttls.length === 1) return <>{from} s</>
  return (
    <select aria-label="TTL now (seconds)" value={from} onChange={(event) => onChange(Number(event.target.value))}>
      {ttls.map((ttl) => (
        <option key={ttl} value={ttl}>
          {ttl} s
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

function NumberTo({ label, min, max, unit, value, onChange }: ToProps & { min: number; max: number; unit: string }) {
  return (
    <>
      <input
        className="field-short"
        type="number"
        inputMode="numeric"
        min={min}
        max={max}
        step={1}
        aria-label={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />{' '}
      {unit}
    </>
  )
}

function OneOf({ label, choices, now, value, onChange }: ToProps & { choices: string[]; now: string }) {
  return (
    <select aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
      <option value="">the same</option>
      {choices
        .filter((choice) => choice !== now)
        .map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
    </select>
  )
}

/** What is otherwise than now; null where nothing is. What does not fit never gets here: the form's own checks are before it. */
function changeOf(dials: Dials, from: number, now: Config, seed: number): Change | null {
  const number = (dial: Dial, before: number | undefined): number | undefined =>
    dials[dial] === '' || Number(dials[dial]) === before ? undefined : Number(dials[dial])
  const ttl = number('ttl', from)
  const latencyMs = number('latency', now.latencyMs)
  const peerLatencyMs = number('peerLatency', now.peerLatencyMs ?? now.latencyMs)
  const members = number('members', now.members)
  const newSeed = number('seed', seed)
  const config: Partial<Config> = {
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...(peerLatencyMs === undefined ? {} : { peerLatencyMs }),
    ...(dials.etcd === '' ? {} : { etcd: dials.etcd as Config['etcd'] }),
    ...(members === undefined ? {} : { members }),
  }
  const change: Change = {
    ...(ttl === undefined ? {} : { ttl: { from, to: ttl } }),
    ...(newSeed === undefined ? {} : { seed: newSeed }),
    ...(Object.keys(config).length === 0 ? {} : { config }),
  }
  return Object.keys(change).length === 0 ? null : change
}
