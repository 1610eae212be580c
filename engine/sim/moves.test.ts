import { describe, expect, test } from 'vitest'
import type { TraceEvent } from '../base/trace'
import { Timeline } from '../replay/timeline'
import { DEFAULT_CONFIG } from './command'
import { Simulation } from './simulation'

const config = { ...DEFAULT_CONFIG, latencyMs: 10 }

/**
 * Two clients that each put the same key at the same instant. The order of two messages decides
 * which put is last.
 */
function race(): { sim: Simulation; events: TraceEvent[] } {
  const events: TraceEvent[] = []
  const sim = new Simulation(config, 1, (event) => events.push(event))
  for (const client of ['a', 'b'])
    sim.submit({ type: 'request', client, request: { type: 'Put', key: 'k', value: client } })
  return { sim, events }
}

const deliveries = (sim: Simulation): { id: number; client: string }[] =>
  sim
    .moves()
    .flatMap(({ id, due }) => (due.type === 'deliver' ? [{ id, client: due.message.client }] : []))

describe('moves', () => {
  test('are listed by time and sequence, and playing takes the first', () => {
    const { sim } = race()
    const moves = sim.moves()
    expect(moves.map(({ at }) => at)).toEqual(moves.map(({ at }) => at).toSorted((a, b) => a - b))
    expect(deliveries(sim).map(({ client }) => client)).toEqual(['a', 'b'])
    sim.advance(100)
    expect(sim.members[0]!.store.get('k')?.value).toBe('b')
  })

  test('may be taken in another order: time advances to the chosen move, and overdue moves stay deliverable', () => {
    const { sim } = race()
    const b = deliveries(sim).find(({ client }) => client === 'b')!
    expect(sim.take(b.id)).toBe(true)
    expect(sim.now).toBe(10)
    expect(deliveries(sim).some(({ client }) => client === 'a')).toBe(true)
    sim.advance(100)
    expect(sim.members[0]!.store.get('k')?.value).toBe('a')
  })

  test('that are unknown are refused', () => {
    const { sim } = race()
    const before = JSON.stringify(sim.save())
    expect(sim.take(1_000_000)).toBe(false)
    expect(JSON.stringify(sim.save())).toBe(before)
  })

  test('taken by a command are part of the recording, and the run repeats', () => {
    const timeline = new Timeline({ leasescope: 1, seed: 1, config, commands: [] })
    for (const client of ['a', 'b'])
      timeline.submit({
        type: 'request',
        client,
        request: { type: 'Put', key: 'k', value: client },
      })
    const b = deliveries(timeline.sim).find(({ client }) => client === 'b')!
    timeline.submit({ type: 'take', move: b.id })
    timeline.advance(200)
    expect(timeline.sim.members[0]!.store.get('k')?.value).toBe('a')
    const again = new Timeline(timeline.recording())
    again.advance(200)
    expect(again.trace).toEqual(timeline.trace)
  })

  test('two orders with the same result have the same fingerprint', () => {
    const end = (first: string): string => {
      const sim = new Simulation(config, 1, () => {})
      for (const client of ['a', 'b'])
        sim.submit({ type: 'request', client, request: { type: 'Range', key: client } })
      sim.take(deliveries(sim).find(({ client }) => client === first)!.id)
      sim.advance(5000)
      return sim.fingerprint()
    }
    expect(end('a')).toBe(end('b'))
  })
})
