import { expect, test } from 'vitest'
import type { TraceEvent } from '../base/trace'
import { DEFAULT_CONFIG } from './command'
import { Simulation } from './simulation'

/** The output of a script of console lines on a lone member. */
function printed(text: string, untilMs: number): { output: string; trace: TraceEvent[] } {
  const trace: TraceEvent[] = []
  const sim = new Simulation(DEFAULT_CONFIG, 1, (event) => trace.push(event))
  sim.submit({ type: 'console', terminal: 't1', mode: 'strict', text })
  sim.advance(untilMs)
  const output = trace
    .flatMap((event) => (event.type === 'console-output' ? [event.text] : []))
    .join('')
  return { output, trace }
}

// Seen on a real etcd 3.4.23: a server is killed and restarted under `etcdctl watch a &`, and the
// watch prints on.
test('a watch outlives the crash of its member, and misses no write in between', () => {
  const { output, trace } = printed(
    [
      'etcdctl watch a &',
      'sleep 1',
      'etcdctl put a 1',
      'crash m1',
      'sleep 2',
      'restart m1',
      'sleep 2',
      'etcdctl put a 2',
      'sleep 3',
    ].join('\n'),
    12_000,
  )
  expect(output.match(/PUT\na\n\d/g)).toEqual(['PUT\na\n1', 'PUT\na\n2'])
  const starts = trace.flatMap((event) =>
    event.type === 'request-sent' && event.request.type === 'WatchCreate'
      ? [event.request.start_revision ?? null]
      : [],
  )
  expect(starts[0]).toBeNull()
  expect(starts.slice(1).every((start) => start === 3)).toBe(true)
})
