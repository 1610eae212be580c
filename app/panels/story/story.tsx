import { type KeyboardEvent, useEffect, useRef } from 'react'
import { captionOf } from '../../scene/caption'
import type { Phase } from '../../scene/machine'
import type { Scenario } from '../../scene/scenario'
import { useApp, useRun, useUi } from '../parts/app-context'
import { focusConsole } from '../parts/focus'
import { CloseIcon } from '../parts/icons'

/** Beside the stage: the opening scene, or what a scenario is about. */
export function Story() {
  const scenario = useUi((state) => state.scenario)
  const dismissed = useUi((state) => state.scene.dismissed)
  if (dismissed) return null
  return scenario === null ? <Opening /> : <About scenario={scenario} />
}

/** A scenario plays by itself: its words, and how to look at it. */
function About({ scenario }: { scenario: Scenario }) {
  const playing = useRun((state) => state.playing)
  return (
    <section className="story" aria-label="Story">
      <div className="story-words">
        <p className="story-title">{scenario.title}</p>
        <p className="story-detail">{scenario.sentence}</p>
      </div>
      <div className="story-actions">
        <ul className="hints" aria-label="Ways to look at it">
          <li>
            {playing ? 'Pause' : 'Play'} <kbd>Space</kbd>
          </li>
          <li>
            Step to the next lease event <kbd>Shift + →</kbd>
          </li>
        </ul>
        <PutAway />
      </div>
    </section>
  )
}

/** One sentence and one large button at a time. */
function Opening() {
  const scene = useUi((state) => state.scene)
  const ready = useRun((state) => state.ready)
  const paused = useRun((state) => !state.playing)
  const { commands } = useApp()
  const box = useMainFocus(scene.phase, ready)
  const caption = captionOf(scene)
  const stuck = paused && (scene.phase === 'waiting' || scene.phase === 'saving')
  return (
    <section className="story" aria-label="Story" data-phase={scene.phase} ref={box}>
      <div className="story-words" aria-live="polite" aria-atomic="true">
        <p className="story-title">{caption.title}</p>
        <p className="story-detail">
          {caption.verdict && (
            <b className="verdict" data-right={caption.verdict.right || undefined}>
              {caption.verdict.right ? '✓' : '✕'} {caption.verdict.text}
            </b>
          )}{' '}
          {caption.detail}
          {ready && paused && scene.phase === 'intro' && ' The clock is paused: Play, or Space, lets it run.'}
        </p>
      </div>
      <div className="story-actions">
        {stuck && (
          <button type="button" className="button" onClick={() => commands.play()}>
            Go on
          </button>
        )}
        <Main phase={scene.phase} />
        <PutAway />
      </div>
    </section>
  )
}

function PutAway() {
  const { director } = useApp()
  return (
    <button
      type="button"
      className="button icon-only ghost"
      aria-label="Put the story away"
      title="Put the story away"
      onClick={() => {
        director.dismiss()
        document.getElementById('stage')?.focus({ preventScroll: true })
      }}
    >
      <CloseIcon />
    </button>
  )
}

function Main({ phase }: { phase: Phase }) {
  const { director, commands } = useApp()
  switch (phase) {
    case 'intro':
      return <MainButton label="Stop the heartbeat" onPress={director.stopHeartbeat} />
    case 'waiting':
      return <Question />
    case 'ended':
      return (
        <div className="next-steps">
          <MainButton label="Rewind and save it" onPress={director.rewind} />
          <button type="button" className="button small" onClick={() => commands.twoClientsAndALock()}>
            Now with two clients and a lock
          </button>
        </div>
      )
    case 'rewound':
      return <MainButton label="Renew the lease" onPress={director.renew} />
    case 'saving':
      return <MainButton label="Skip to that moment" onPress={director.skip} />
    case 'saved':
      return (
        <div className="next-steps">
          <MainButton
            label="Try the console"
            onPress={() => {
              director.toConsole()
              focusConsole()
            }}
          />
          <button type="button" className="button small" onClick={director.stopHeartbeat}>
            Stop it again
          </button>
          <button type="button" className="button small" onClick={() => commands.twoClientsAndALock()}>
            Two clients and a lock
          </button>
          <button type="button" className="button small" onClick={() => commands.startOver()}>
            From the beginning
          </button>
        </div>
      )
  }
}

function MainButton({ label, onPress }: { label: string; onPress(): void }) {
  return (
    <button type="button" className="button main" data-main onClick={onPress} onKeyDown={once}>
      {label}
    </button>
  )
}

/** The key that pressed one main button may still be down when the next one takes its place. */
function once(event: KeyboardEvent): void {
  if (event.repeat && (event.key === 'Enter' || event.key === ' ')) event.preventDefault()
}

function Question() {
  const answer = useUi((state) => state.scene.answer)
  const { director } = useApp()
  return (
    <fieldset className="question">
      <legend className="sr-only">Will the key survive?</legend>
      {(['yes', 'no'] as const).map((each) => (
        <button
          key={each}
          type="button"
          className="button main"
          {...(each === 'yes' ? { 'data-main': true } : {})}
          aria-pressed={answer === each}
          onClick={() => director.answer(each)}
          onKeyDown={once}
        >
          {each === 'yes' ? 'Yes' : 'No'}
        </button>
      ))}
    </fieldset>
  )
}

/** Moves the focus to the new main button, unless the reader is at work elsewhere. */
function useMainFocus(phase: Phase, shown: boolean) {
  const box = useRef<HTMLElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another phase has another button
  useEffect(() => {
    const active = document.activeElement
    const free = !active || active === document.body || box.current?.contains(active)
    if (shown && free) box.current?.querySelector<HTMLElement>('[data-main]')?.focus({ preventScroll: true })
  }, [phase, shown])
  return box
}
