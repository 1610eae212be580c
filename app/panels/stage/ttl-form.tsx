import { useEffect } from 'react'
import { FIRST_NEEDS, NEEDS_LIMITS } from '../../../engine/text/ttl-needs'
import type { FiguredTtl, TtlFigure, TtlNeeds } from '../../../engine/worker/protocol'
import { VERSIONS } from '../../commands/replay'
import { advice, figureDetail, figureTitle, figureValue } from '../../scene/ttl-words'
import { WhatIf } from '../menus/what-if'
import { useApp, useUi } from '../parts/app-context'
import { ChoiceField, NumberField } from './form-field'
import { FormHead, useRested } from './form-head'
import './lock-form.css'

const LOOPS = ['as clientv3', 'each'] as const
/** In a story the reader sets the TTL of the question. */
const STORY_NEEDS: TtlNeeds = { ...FIRST_NEEDS, ttlSeconds: 5 }
/** The first interval between the keep-alives of a client with its own loop, in ms. */
const OWN_LOOP_MS = 2000

/** The form that computes a TTL: the worst cases, each with a run that shows the case. */
export default function TtlForm() {
  const { commands } = useApp()
  const form = useUi((state) => state.form)
  const isStory = form?.story === true
  const needs = form?.needs ?? (isStory ? STORY_NEEDS : FIRST_NEEDS)
  const figured = form?.figured ?? null
  const shown =
    figured !== null && JSON.stringify(figured.needs) === JSON.stringify(needs) ? figured : null
  useRested(needs, shown !== null, commands.figureTtl)
  const change = (changed: Partial<TtlNeeds>) =>
    commands.changeForm({ needs: { ...needs, ...changed } })
  useEffect(() => {
    // The page opens the run of the first figure, so that the timeline shows the computed case.
    const [first] = shown?.figures ?? []
    if (first !== undefined && form?.opened === null && !isStory)
      commands.openInForm(first.recording, first.at)
  }, [shown, form, isStory, commands])
  return (
    <div className="lock-form ttl-form">
      <Needs needs={needs} onChange={change} />
      <section
        className="ttl-figures"
        aria-labelledby="ttl-figures-title"
        aria-busy={shown === null}
      >
        <header>
          <h2 id="ttl-figures-title">Worst cases, by etcd’s rules and in a run</h2>
          <span className="lock-what-if">
            <WhatIf />
          </span>
        </header>
        {shown === null ? (
          <p className="muted">The runs are played.</p>
        ) : (
          <Figures figured={shown} opens={!isStory} onChange={change} />
        )}
      </section>
    </div>
  )
}

function Needs({
  needs,
  onChange,
}: {
  needs: TtlNeeds
  onChange(change: Partial<TtlNeeds>): void
}) {
  const number = (
    name: keyof typeof NEEDS_LIMITS,
    label: string,
    unit: string,
    { scale = 1, step = 1, hidden = false } = {},
  ) => {
    const { min, max } = NEEDS_LIMITS[name]
    return (
      <NumberField
        label={label}
        hidden={hidden}
        unit={unit}
        value={(needs[name] ?? OWN_LOOP_MS) / scale}
        min={min / scale}
        max={max / scale}
        step={step}
        onChange={(value) => onChange({ [name]: Math.round(value * scale) })}
      />
    )
  }
  return (
    <section className="lock-settings" aria-labelledby="ttl-needs-title">
      <FormHead id="ttl-needs-title" title="Your clients" onReset={{ needs: null }} />
      <div>{number('ttlSeconds', 'TTL', 's')}</div>
      <div>{number('pauseMs', 'Longest pause', 's', { scale: 1000, step: 0.5 })}</div>
      <div>{number('roundTripMs', 'Round trip', 'ms', { step: 10 })}</div>
      <div>
        <ChoiceField
          label="Keep-alives"
          choices={LOOPS}
          value={LOOPS[needs.keepAliveMs === null ? 0 : 1]}
          onChange={(value) => onChange({ keepAliveMs: value === LOOPS[0] ? null : OWN_LOOP_MS })}
        />
        {needs.keepAliveMs !== null &&
          number('keepAliveMs', 'Time between keep-alives', 's', {
            scale: 1000,
            step: 0.1,
            hidden: true,
          })}
      </div>
      <div>{number('electionMs', 'Election timeout', 'ms', { step: 100 })}</div>
      <div>{number('clients', 'Clients', '')}</div>
      <div>
        <ChoiceField
          label="etcd"
          choices={VERSIONS}
          value={needs.etcd}
          onChange={(etcd) => onChange({ etcd })}
        />
      </div>
    </section>
  )
}

function Figures({
  figured,
  opens,
  onChange,
}: {
  figured: FiguredTtl
  opens: boolean
  onChange(change: Partial<TtlNeeds>): void
}) {
  const { figures, gap, least, needs } = figured
  return (
    <>
      <p className="ttl-advice" role="status">
        {advice(figured, needs)}
        {least !== null && least !== needs.ttlSeconds && (
          <button type="button" className="pick" onClick={() => onChange({ ttlSeconds: least })}>
            Take {least} s
          </button>
        )}
      </p>
      <ul>
        {figures.map((figure) => (
          <Figure key={figure.name} figure={figure} gap={gap} opens={opens} />
        ))}
      </ul>
    </>
  )
}

/** In a story the run does not change, because the question is about this run. */
function Figure({ figure, gap, opens }: { figure: TtlFigure; gap: number; opens: boolean }) {
  const { commands } = useApp()
  const title = figureTitle(figure)
  return (
    <li>
      <span>
        {title} <b>{figureValue(figure)}</b>
        <small>{figureDetail(figure, gap)}</small>
      </span>
      {opens && (
        <button
          type="button"
          aria-label={`Open the run: ${title}`}
          onClick={() => commands.openInForm(figure.recording, figure.at)}
        >
          Open the run
        </button>
      )}
    </li>
  )
}
