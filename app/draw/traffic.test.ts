import { expect, test } from 'vitest'
import type { MessageView } from '../../engine/worker/protocol'
import { countsByPair, linkOf, MOST_IN_FLIGHT, trafficOf, trafficText } from './traffic'

let id = 0
function message(from: string, to: string, change: Partial<MessageView> = {}): MessageView {
  return {
    id: ++id,
    from,
    to,
    kind: 'request',
    label: 'MsgApp',
    bad: false,
    sent: 0,
    due: 10,
    machinery: false,
    doomed: false,
    held: false,
    ...change,
  }
}
const everywhere = () => true

test('a reply flies back along the link on which it was asked for', () => {
  expect(linkOf(message('m1', 'm2'))).toBe('m1 m2')
  expect(linkOf(message('m2', 'm1', { kind: 'reply' }))).toBe('m1 m2')
})

test('heartbeats are drawn if the reader wants them, and an unknown link draws nothing', () => {
  const messages = [
    message('m1', 'm2'),
    message('m1', 'm2', { machinery: true }),
    message('m1', 'm9'),
  ]
  const knows = (name: string) => name === 'm1 m2'
  expect(trafficOf(messages, false, knows).byLink.get('m1 m2')).toHaveLength(1)
  expect(trafficOf(messages, true, knows).byLink.get('m1 m2')).toHaveLength(2)
  expect([...trafficOf(messages, true, knows).byLink.keys()]).toEqual(['m1 m2'])
})

test('more than thirty are counted', () => {
  const messages = Array.from({ length: MOST_IN_FLIGHT }, () => message('m1', 'm2'))
  expect(trafficOf(messages, false, everywhere).crowded).toBe(false)
  const more = [...messages, message('m2', 'm1')]
  const traffic = trafficOf(more, false, everywhere)
  expect(traffic.crowded).toBe(true)
  expect([...countsByPair(traffic.byLink)]).toEqual([['m1 m2', 31]])
})

test('many between members bear no names', () => {
  const messages = Array.from({ length: 8 }, () => message('m1', 'm2'))
  expect(trafficOf(messages, false, everywhere).named).toBe(true)
  expect(trafficOf([...messages, message('m1', 'm3')], false, everywhere).named).toBe(false)
})

test('in words: a message that will not arrive is marked', () => {
  expect(trafficText([])).toBe('No message in flight')
  const beat = message('m1', 'm2', { machinery: true })
  expect(trafficText([beat])).toBe('No message in flight; 1 heartbeat between members')
  expect(trafficText([message('svc', 'm1', { label: 'Put', doomed: true }), beat, beat])).toBe(
    '1 in flight: Put request from svc to m1, which will not arrive; 2 heartbeats between members',
  )
})
