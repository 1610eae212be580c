import { useEffect } from 'react'
import {
  CALM_LOCK,
  FIRST_LOCK,
  LEADER_TROUBLES,
  type LeaderTrouble,
  LOCK_LIMITS,
  type LockNumber,
} from '../../../engine/text/my-lock'
import type { LockWay, MyLock, TriedLock } from '../../../engine/worker/protocol'
import { VERSIONS } from '../../commands/replay'
import { clockText } from '../../draw/figures'
import { otherTtl, verdictWords, wayDetail, wayTitle } from '../../scene/my-lock'
import { WhatIf } from '../menus/what-if'
import { useApp, useRun, useUi } from '../parts/app-context'
import { Icon } from '../parts/icon'
import { ClientCard } from './client-card'
import { ChoiceField, NumberField } from './form-field'
import { FormHead, useRested } from './form-head'
import { LockLine } from './keys'
import type { Cast } from './use-stage'
import './lock-form.css'

/** The size of a client's card. */
const CARD = { width: 252, height: 104 }

const LEADER_WORDS: Record<LeaderTrouble, string> = {
  stays: 'stays',
  crashes: 'crashes',
  stops: 'is asked to end',
  freezes: 'freezes',
  'is cut off': 'is cut off',
}
const STORAGE = ['takes all', 'checks tokens'] as const
const PROGRAMS = ['writes on', 'looks first'] as const

/**
 * A lock with the reader's settings: the settings, the run at its cursor, and the time when the
 * lock failed.
 */
export default function LockForm({ cast }: { cast: Cast }) {
  const { lock, first, tried, isFirst, change } = useLock()
  const shown = tried !== null && isSame(tried.lock, lock) ? tried : null
  useTrial(lock, shown, isFirst)
  return (
    <div className="lock-form">
      <Settings lock={lock} first={first} onChange={change} />
      <Now cast={cast} />
      <section
        className="lock-verdict"
        aria-labelledby="lock-verdict-title"
        aria-busy={shown === null}
      >
        <header>
          <h2 id="lock-verdict-title">What happens</h2>
          <span className="lock-what-if">
            <WhatIf />
          </span>
        </header>
        {shown === null ? (
          <p className="muted">The run is played.</p>
        ) : (
          <Verdict tried={shown} onChange={change} />
        )}
      </section>
    </div>
  )
}

function useLock() {
  const { commands } = useApp()
  const form = useUi((state) => state.form)
  const [storyTtl = CALM_LOCK.ttlSeconds] = useRun((state) => state.ttls)
  const isStory = form?.story === true
  // In a story the TTL comes from the story, and the lock has no faults.
  const lock = form?.lock ?? (isStory ? { ...CALM_LOCK, ttlSeconds: storyTtl } : FIRST_LOCK)
  return {
    lock,
    tried: form?.tried ?? null,
    // The run of a story is already open.
    isFirst: isStory && form.lock === null,
    first: isStory ? { ...CALM_LOCK, ttlSeconds: lock.ttlSeconds } : FIRST_LOCK,
    change: (change: Partial<MyLock>) => commands.changeForm({ lock: { ...lock, ...change } }),
  }
}

/** Plays the run once the settings rest, and opens the run at the time of the verdict. */
function useTrial(lock: MyLock, tried: TriedLock | null, isFirst: boolean): void {
  const { commands } = useApp()
  useRested(lock, tried !== null, commands.tryLock)
  const opened = useUi((state) => state.form?.opened ?? null)
  useEffect(() => {
    if (tried === null || isFirst || opened === tried.recording) return
    commands.openInForm(tried.recording, tried.verdict.at)
  }, [tried, isFirst, opened, commands])
}

function isSame(a: MyLock, b: MyLock): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function Settings({
  lock,
  first,
  onChange,
}: {
  lock: MyLock
  first: MyLock
  onChange(change: Partial<MyLock>): void
}) {
  const number = (name: LockNumber, label: string, unit: 's' | 'ms', hidden = false) => {
    // All times in the settings are in milliseconds, except the TTL.
    const scale = unit === 's' && name !== 'ttlSeconds' ? 1000 : 1
    const { min, max } = LOCK_LIMITS[name]
    return (
      <NumberField
        label={label}
        hidden={hidden}
        unit={unit}
        value={lock[name] / scale}
        min={min / scale}
        max={max / scale}
        step={scale === 1 ? (unit === 's' ? 1 : 10) : 0.5}
        onChange={(value) => onChange({ [name]: Math.round(value * scale) })}
      />
    )
  }
  return (
    <section className="lock-settings" aria-labelledby="lock-settings-title">
      <FormHead id="lock-settings-title" title="Your lock" onReset={{ lock: first }} />
      <div>{number('ttlSeconds', 'TTL', 's')}</div>
      <div>
        {number('stallMs', 'Client a stalls for', 's')}
        {number('stallFromMs', 'from', 's')}
      </div>
      <div>
        <ChoiceField
          label="The leader"
          choices={LEADER_TROUBLES}
          words={LEADER_WORDS}
          value={lock.leader}
          onChange={(leader) => onChange({ leader })}
        />
        {lock.leader !== 'stays' && number('leaderAtMs', 'at', 's')}
      </div>
      <div>{number('roundTripMs', 'Round trip', 'ms')}</div>
      <div>
        <ChoiceField
          label="The storage"
          choices={STORAGE}
          value={STORAGE[lock.checkTokens ? 1 : 0]}
          onChange={(value) => onChange({ checkTokens: value === STORAGE[1] })}
        />
      </div>
      <div>
        <ChoiceField
          label="The program"
          choices={PROGRAMS}
          value={PROGRAMS[lock.looks ? 1 : 0]}
          onChange={(value) => onChange({ looks: value === PROGRAMS[1] })}
        />
      </div>
      <div>
        <ChoiceField
          label="etcd"
          choices={VERSIONS}
          value={lock.etcd}
          onChange={(etcd) => onChange({ etcd })}
        />
      </div>
    </section>
  )
}

/** The two clients and the lock at the cursor. */
function Now({ cast: { clients, locks } }: { cast: Cast }) {
  const now = useRun((state) => (state.playing ? null : state.now))
  return (
    <section className="lock-now" aria-labelledby="lock-now-title">
      <h2 id="lock-now-title">{now === null ? 'Now' : `At ${clockText(now)} s`}</h2>
      <div className="lock-cards" style={{ height: clients.length * (CARD.height + 12) }}>
        {clients.map((client, i) => (
          <ClientCard
            key={client.id}
            client={client}
            density="tight"
            box={{ x: 0, y: i * (CARD.height + 12), ...CARD }}
          />
        ))}
      </div>
      {locks.map((each) => (
        <LockLine key={each.name} lock={each} />
      ))}
    </section>
  )
}

function Verdict({
  tried: { lock, verdict, ways },
  onChange,
}: {
  tried: TriedLock
  onChange(change: Partial<MyLock>): void
}) {
  const { commands, sharing } = useApp()
  const { main, rest, bad } = verdictWords(verdict)
  const goalOpen = useRun((state) => state.story?.goal?.state === 'open')
  const other = otherTtl(lock, ways, LOCK_LIMITS.ttlSeconds.max)
  return (
    <>
      <p className="verdict" role="status" data-bad={bad || undefined}>
        <b>{main}</b> {rest}
      </p>
      {ways.length > 0 && (
        <h3>
          {verdict.outcome === 'safe' ? 'What would break it' : 'What would have prevented it'}
        </h3>
      )}
      <ul>
        {ways.map((way) => (
          <Way key={wayTitle(way)} way={way} onChange={onChange} />
        ))}
      </ul>
      <p className="lock-acts">
        {!goalOpen && (
          <button
            type="button"
            onClick={() => commands.beside({ ttl: { from: lock.ttlSeconds, to: other } })}
          >
            <Icon name="compare" />
            Beside a TTL of {other} s
          </button>
        )}
        <button type="button" onClick={() => commands.showProgram('a')}>
          <Icon name="program" />
          Edit the program
        </button>
        <button type="button" onClick={() => sharing.share('etcdctl')}>
          Export for a real cluster
        </button>
      </p>
    </>
  )
}

function Way({ way, onChange }: { way: LockWay; onChange(change: Partial<MyLock>): void }) {
  const helps = way.does === 'prevents'
  return (
    <li data-does={way.does}>
      <Icon name={helps ? 'check' : 'close'} small />
      <span>
        <span className="sr-only">
          {helps ? 'Prevents it: ' : way.does === 'fails' ? 'Does not prevent it: ' : ''}
        </span>
        <b>{wayTitle(way)}</b>
        <small>{wayDetail(way)}</small>
      </span>
      <button
        type="button"
        aria-label={`Play: ${wayTitle(way)}`}
        onClick={() => onChange(way.change)}
      >
        Play
      </button>
    </li>
  )
}
