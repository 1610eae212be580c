import { expect, test } from 'vitest'
import { Timeline } from '../replay/timeline'
import { DEFAULT_CONFIG } from './command'
import type { SavedSimulation } from './saved-simulation'
import { Simulation } from './simulation'

const line = (
  timeline: Timeline,
  terminal: string,
  mode: 'strict' | 'guided',
  text: string,
): void => {
  timeline.submit({ type: 'console', terminal, text, mode })
  timeline.advance(timeline.now + 1000)
}

/** A client's lease, then one of terminal t1, then one of t2. */
function granted(): Timeline {
  const timeline = new Timeline({ leasescope: 1, seed: 1, config: DEFAULT_CONFIG, commands: [] })
  timeline.submit({ type: 'request', client: 'svc', request: { type: 'LeaseGrant', TTL: 60 } })
  timeline.advance(1000)
  line(timeline, 't1', 'guided', 'etcdctl lease grant 60')
  line(timeline, 't2', 'guided', 'etcdctl lease grant 60')
  return timeline
}

const leases = ({ trace }: Timeline): string[] =>
  trace.flatMap((event) => (event.type === 'lease-granted' ? [event.lease] : []))
const printed = ({ trace }: Timeline): string =>
  trace
    .flatMap((event) =>
      event.type === 'console-output' && event.stream === 'stdout' ? [event.text] : [],
    )
    .at(-1)!

test('$L1 of a guided line is the first grant of the run, whichever client requested it', () => {
  const timeline = granted()
  const [svc, t1, t2] = leases(timeline)
  line(timeline, 't2', 'guided', 'echo $L1 $L2 $L3 $L4.')
  expect(printed(timeline)).toBe(`${svc} ${t1} ${t2} .\n`)
})

test('$L1 of a strict line is the first lease of its terminal', () => {
  const timeline = granted()
  line(timeline, 't2', 'strict', 'echo $L1 $L2.')
  expect(printed(timeline)).toBe(`${leases(timeline)[2]} .\n`)
})

test('the order of the grants is saved', () => {
  const saved = JSON.parse(JSON.stringify(granted().sim.save())) as SavedSimulation
  const texts: string[] = []
  const sim = Simulation.load(saved, (event) => {
    if (event.type === 'console-output') texts.push(event.text)
  })
  sim.submit({ type: 'console', terminal: 't3', text: 'echo $L3 $L1', mode: 'guided' })
  expect(texts).toEqual([`${saved.granted[2]} ${saved.granted[0]}\n`])
  expect(saved.granted).toEqual(leases(granted()))
  expect(sim.nameOfLease(saved.granted[1]!)).toBe('L2')
})

test('a command calls a lease by its name', () => {
  const timeline = granted()
  const [lease] = timeline.sim.save().granted
  timeline.submit({ type: 'heartbeat', client: 'svc', lease: lease!, on: true })
  const command = timeline.trace.findLast((event) => event.type === 'command')
  expect(command?.type === 'command' && command.text).toMatch(/\bL1\b/)
})
