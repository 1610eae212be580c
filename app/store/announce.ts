import { clockText } from '../draw/figures'
import type { RunState } from './run'

/** The last sentence for a screen reader. */
export interface Said {
  run: number
  now: number
  /** The number of log lines at or before the cursor. */
  past: number
  /** Wall milliseconds. */
  at: number
  /** The run was playing. */
  playing: boolean
}

type Heard = Pick<RunState, 'run' | 'now' | 'playing' | 'log' | 'on'>

/** While playing, one sentence a second at most. */
const EVERY_MS = 1000

/**
 * The sentence for now, or null. While stepping: every event. While playing: a summary, at most one
 * per wall second.
 */
export function announcement(said: Said, state: Heard, wall: number): string | null {
  if (state.run !== said.run) return null
  const news = state.log.past - said.past
  if (state.playing) {
    if (news <= 0 || wall - said.at < EVERY_MS) return null
    return summary(state, news)
  }
  // When the run stops, the pending events are announced.
  if (said.playing)
    return news > 0
      ? `Paused. ${summary(state, news)}`
      : `Paused at ${clockText(state.now)} seconds.`
  if (state.now === said.now && news === 0) return null
  if (state.on) return `${clockText(state.on.at)} seconds: ${state.on.text}`
  return `${clockText(state.now)} seconds.`
}

function summary(state: Heard, news: number): string {
  const last = state.log.lines[state.log.past - 1 - state.log.from]
  const count = news === 1 ? '1 event' : `${news} events`
  return last
    ? `${clockText(last.at)} seconds, ${count}: ${last.text}`
    : `${clockText(state.now)} seconds, ${count}.`
}
