import { describe, expect, test } from 'vitest'
import type { EventBody, TraceEvent } from '../../base/trace'
import { traceOf } from '../../test/trace-of'
import { heldUp, inTheWay } from './in-the-way'

const request: EventBody = {
  type: 'request-sent',
  client: 'svc',
  member: 'm1',
  rpc: 1,
  request: { type: 'LeaseKeepAlive', ID: '0' as never },
}
const lost = (from = 'svc', to = 'm1'): EventBody => ({
  type: 'message-lost',
  from,
  to,
  what: 'request',
})
const link = (name: string, dial: 'loss' | 'delay' | 'duplicate', value = 50): EventBody => ({
  type: 'link-changed',
  link: name,
  dial,
  value,
})
const handled = (fate: 'deliver' | 'drop' | 'delay', from = 'svc', to = 'm1'): EventBody => ({
  type: 'message-handled',
  message: 1,
  from,
  to,
  fate,
  ms: fate === 'delay' ? 900 : 0,
})
const down = (member: string): EventBody => ({ type: 'member-crashed', member })

/** The cause of the last lost message, by its place in the trace from 1. */
function culprit(...events: EventBody[]): number | undefined {
  const trace = traceOf(...events)
  const message = trace.at(-1) as Extract<TraceEvent, { type: 'message-lost' }>
  return inTheWay(trace, message)?.id
}

describe('a message is lost', () => {
  test.each<[string, number | undefined, EventBody[]]>([
    ['by a cut from its sender', 1, [{ type: 'cut-one-way', from: ['svc'], to: ['m1'] }]],
    ['by no cut the other way', undefined, [{ type: 'cut-one-way', from: ['m1'], to: ['svc'] }]],
    [
      'by no cut that was healed',
      undefined,
      [{ type: 'cut-one-way', from: ['svc'], to: ['m1'] }, { type: 'healed' }],
    ],
    ['by a partition', 1, [{ type: 'partitioned', groups: [['svc'], ['m1']] }]],
    [
      'by no partition that was healed',
      undefined,
      [{ type: 'partitioned', groups: [] }, { type: 'healed' }],
    ],
    [
      'by the partition that took the place of a cut',
      2,
      [
        { type: 'cut-one-way', from: ['svc'], to: ['m1'] },
        { type: 'partitioned', groups: [] },
      ],
    ],
    ['by a lossy link', 1, [link('svc-m1', 'loss')]],
    ['by a lossy link, seen from the other end', 1, [link('m1-svc', 'loss')]],
    ['by a link that loses one way', 1, [link('svc to m1', 'loss')]],
    ['by no link that loses the other way', undefined, [link('m1 to svc', 'loss')]],
    ['by no slow link', undefined, [link('all', 'delay')]],
    ['by no link that loses nothing', undefined, [link('all', 'loss', 0)]],
    ['by no link that was healed', undefined, [link('all', 'loss'), { type: 'healed' }]],
    ['by a receiver that is down', 1, [down('m1')]],
    ['by a receiver that has stopped', 1, [{ type: 'member-stopped', member: 'm1' }]],
    ['by no other member that is down', undefined, [down('m2')]],
    [
      'by no receiver that is up again',
      undefined,
      [down('m1'), { type: 'member-restarted', member: 'm1' }],
    ],
    [
      'by a receiver that is down, whoever else is up again',
      1,
      [down('m1'), { type: 'member-restarted', member: 'm2' }],
    ],
    [
      'by a receiver that is down, whichever cut was healed since',
      1,
      [down('m1'), { type: 'cut-one-way', from: ['svc'], to: ['m1'] }, { type: 'healed' }],
    ],
    ['by a client that is down', 1, [{ type: 'client-crashed', client: 'svc' }]],
    ['by no other client that is down', undefined, [{ type: 'client-crashed', client: 'b' }]],
    [
      'by no client that is up again',
      undefined,
      [
        { type: 'client-crashed', client: 'svc' },
        { type: 'client-restarted', client: 'svc' },
      ],
    ],
  ])('%s', (_, expected, events) => {
    expect(culprit(...events, lost())).toBe(expected)
  })
  test('by a drop by hand after its sending, and by no other message or fate', () => {
    const dropped = (sent: number, ...events: EventBody[]) => {
      const trace = traceOf(...events, lost())
      return inTheWay(trace, { id: trace.length, from: 'svc', to: 'm1', causes: [sent] })?.id
    }
    expect(dropped(1, request, handled('drop'))).toBe(2)
    expect(dropped(2, handled('drop'), request)).toBeUndefined()
    expect(dropped(1, request, handled('deliver'))).toBeUndefined()
    expect(dropped(1, request, handled('drop', 'b'))).toBeUndefined()
    expect(dropped(1, request, handled('drop', 'svc', 'm2'))).toBeUndefined()
  })
})

describe('a request that arrives late or not at all is held up', () => {
  const held = (...events: EventBody[]): number | undefined => {
    const trace = traceOf(...events, lost('m1', 'm2'))
    const asked = trace.find((event) => event.type === 'request-sent') as Extract<
      TraceEvent,
      { type: 'request-sent' }
    >
    return heldUp(trace, asked, 'm1', trace.length)?.id
  }
  const paused: EventBody = { type: 'member-paused', member: 'm1' }
  const resumed: EventBody = { type: 'member-resumed', member: 'm1' }
  test.each<[string, number | undefined, EventBody[]]>([
    ['by a pause before it', 1, [paused, request]],
    ['by a pause after it', 2, [request, paused]],
    ['by a pause that ends after it', 1, [paused, request, resumed]],
    ['by no pause that ended before it', undefined, [paused, resumed, request]],
    ['by no pause of another', undefined, [{ type: 'member-paused', member: 'm2' }, request]],
    ['by a hand that delays it', 2, [request, handled('delay')]],
    ['by no hand on an earlier one', undefined, [handled('delay'), request]],
    ['by no hand on another client’s', undefined, [request, handled('delay', 'b')]],
    ['by no hand that lets it through', undefined, [request, handled('deliver')]],
    ['by a slow link', 1, [link('all', 'delay'), request]],
    ['by no link that duplicates', undefined, [link('all', 'duplicate'), request]],
    ['by no link that is fast again', undefined, [link('all', 'delay', 0), request]],
    [
      'by no slow link that was healed',
      undefined,
      [link('all', 'delay'), { type: 'healed' }, request],
    ],
  ])('%s', (_, expected, events) => {
    expect(held(...events)).toBe(expected)
  })
  test('by a fault between its receiver and the primary', () => {
    const trace = traceOf({ type: 'partitioned', groups: [['m1'], ['m2']] }, request, lost())
    const asked = trace[1] as Extract<TraceEvent, { type: 'request-sent' }>
    expect(heldUp(trace, asked, 'm2', trace.length)?.id).toBe(1)
    expect(heldUp(trace, asked, 'm1', trace.length)).toBeUndefined()
  })
})
