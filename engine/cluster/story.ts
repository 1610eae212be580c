// What an error adds to etcd's words: why the answer may be missing, and what happened last.

import { Code } from '../base/errors'
import type { ClientId, MemberName } from '../base/trace'
import type { Timeline } from '../replay/timeline'
import { traceLine } from '../text/describe'
import { LeaseNames } from '../text/names'

/** How many of the last events an error shows. */
const SHOWN_EVENTS = 8

/** The last events as text, without ticks and empty passes. */
export function lastEvents({ trace }: Timeline): string {
  const names = LeaseNames.of(trace)
  const shown = trace.filter(({ level }) => level !== 'machinery').slice(-SHOWN_EVENTS)
  return `the last events:\n${shown.map((event) => traceLine(event, names)).join('\n')}`
}

/** Ends the message of a deadline. */
export function deadlineStory(
  timeline: Timeline,
  client: ClientId,
  member: MemberName | undefined,
  ms: number,
): string {
  const known = knownDown(timeline, client, member)
  return ` after ${ms / 1000} virtual seconds${known}; ${lastEvents(timeline)}`
}

/** Ends the message of another error; empty unless that is Unavailable. */
export function failureStory(
  timeline: Timeline,
  client: ClientId,
  member: MemberName | undefined,
  code: number,
): string {
  return code === Code.Unavailable ? knownDown(timeline, client, member) : ''
}

/** The members that the client knows, if none of them runs; else empty. */
function knownDown({ sim }: Timeline, client: ClientId, member: MemberName | undefined): string {
  const all = sim.servers.map(({ state, member: { options } }) => ({ name: options.name, state }))
  const isAll = sim.config.clientEndpoints === 'all'
  const known =
    member !== undefined ? all.filter(({ name }) => name === member) : isAll ? all : all.slice(0, 1)
  if (known.some(({ state }) => state === 'up')) return ''
  const states = known.map(({ name, state }) => `${name} (${state})`).join(', ')
  const setting = isAll ? 'the option member left out' : "clientEndpoints: 'all'"
  const hint = known.length < all.length ? `; with ${setting} it switches to another member` : ''
  return `; client ${client} knows only ${states}${hint}`
}
