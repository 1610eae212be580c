import { expect, test } from 'vitest'
import { LIBRARIES } from '../../engine/text/libraries'
import type { Belief } from '../../engine/worker/protocol'
import { type LibraryOwner, libraryName, noticeText } from './notice'

const WHOLE = { brief: false, times: true }
const BRIEF = { brief: true, times: true }

const belief: Belief = {
  lease: '694d',
  name: 'L1',
  ttlSeconds: 6,
  until: 13_004,
  heartbeat: true,
  heartbeatAt: 10,
  unansweredSince: null,
  connected: true,
  holds: true,
  lost: false,
  lostHow: null,
  lastAnswerAt: 7004,
  givesUpAt: 14_002,
  truth: { deadline: 13_003, goneAt: null },
}
const gone: Belief = { ...belief, truth: { deadline: null, goneAt: 13_200 } }
const of = (
  library: LibraryOwner['library'],
  change: Partial<LibraryOwner> = {},
): LibraryOwner => ({
  kind: 'program',
  state: 'up',
  library,
  ...change,
})

test('a client of clientv3, and a terminal, name no library', () => {
  expect(LIBRARIES.map((library) => libraryName(of(library)))).toEqual([
    null,
    'etcdctl',
    'jetcd',
    'node etcd3',
    'no keep-alive',
  ])
  expect(libraryName(of('etcdctl', { kind: 'terminal' }))).toBeNull()
})

test('a client says when it gives up: clientv3 once an answer is missing, others always', () => {
  const words = 'without an answer, gives up at 14.002 s'
  expect(noticeText(belief, of('clientv3'), 8000, WHOLE)).toBe('')
  expect(noticeText({ ...belief, unansweredSince: 9000 }, of('clientv3'), 10_000, WHOLE)).toBe(
    words,
  )
  expect(noticeText(belief, of('jetcd'), 8000, WHOLE)).toBe(words)
})

test('once the lease is gone it says when the library will notice, or that it never will', () => {
  expect(noticeText(gone, of('jetcd'), 13_100, WHOLE)).toMatch(/^without an answer/)
  expect(noticeText(gone, of('jetcd'), 13_200, WHOLE)).toBe('jetcd will notice at 14.002 s')
  expect(noticeText(gone, of('clientv3'), 13_200, WHOLE)).toBe(
    'Go clientv3 will notice at 14.002 s',
  )
  expect(
    noticeText({ ...gone, heartbeat: false, givesUpAt: null }, of('jetcd'), 13_200, WHOLE),
  ).toBe('never notices: its heartbeat is off')
  expect(noticeText({ ...belief, heartbeat: false, givesUpAt: null }, of('none'), 0, WHOLE)).toBe(
    'never notices: it renews nothing',
  )
})

test('afterwards it says when the library noticed, or gave up a lease that lives', () => {
  const lost: Belief = { ...gone, lost: true, lostHow: 'given-up', heartbeat: false }
  expect(noticeText({ ...lost, heartbeatAt: 14_002 }, of('jetcd'), 20_000, WHOLE)).toBe(
    'jetcd noticed at 14.002 s',
  )
  // A clock change ended the lease for the client, while the lease lives a little longer.
  expect(noticeText({ ...lost, heartbeatAt: 9002 }, of('jetcd'), 20_000, WHOLE)).toBe(
    'jetcd gave up at 9.002 s',
  )
})

test('a frozen or crashed client notices nothing', () => {
  expect(noticeText(gone, of('jetcd', { state: 'paused' }), 20_000, WHOLE)).toBe('')
  expect(noticeText(gone, of('none', { state: 'down' }), 20_000, WHOLE)).toBe('')
})

test('a card that names its library says it in few words', () => {
  expect(noticeText(belief, of('jetcd'), 8000, BRIEF)).toBe('gives up at 14.002 s')
  expect(noticeText(gone, of('jetcd'), 13_200, BRIEF)).toBe('will notice at 14.002 s')
  expect(noticeText(gone, of('none'), 13_200, BRIEF)).toBe('never notices')
})

test('a story that may ask for the time does not show it in advance', () => {
  const asked = { brief: false, times: false }
  expect(noticeText(belief, of('jetcd'), 8000, asked)).toBe('')
  expect(noticeText(gone, of('jetcd'), 13_200, asked)).toBe('jetcd has not noticed')
  const lost: Belief = { ...gone, lost: true, lostHow: 'given-up', heartbeatAt: 14_002 }
  expect(noticeText(lost, of('jetcd'), 20_000, asked)).toBe('jetcd noticed at 14.002 s')
})
