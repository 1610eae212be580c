import { describe, expect, test } from 'vitest'
import type { LeaseRow } from '../../engine/worker/protocol'
import { captionOf } from './caption'
import { beginScene, isOtherEnd, observe, rewindTo, type Scene, stepScene, stopOnOf } from './machine'

const id = '6a6c9bf08e006c01'
const noLog = { total: 0, from: 0, past: 0, lines: [] }

interface Shown {
  run?: number
  now: number
  heartbeat: boolean
  ended?: boolean
  renewedAt?: number
}

/** What a Frame shows of the lease of `svc`: it ends at 10.194 s, or lives. */
function shown({ run = 1, now, heartbeat, ended = false, renewedAt = 90 }: Shown) {
  const deadline = renewedAt + 10_000
  const row: LeaseRow = {
    id,
    name: 'L1',
    ttlSeconds: 10,
    grantedAt: 30,
    renewedAt,
    deadline,
    state: ended ? 'gone' : 'live',
    keys: ['/svc/a'],
    checkpoint: null,
    keyCount: 1,
    holders: [],
    expiredAt: ended ? deadline : null,
    ended: ended ? { at: 10_194, end: 'expired', revision: 3, event: 20 } : null,
  }
  const session = {
    lease: id,
    name: 'L1',
    ttlSeconds: 10,
    until: deadline,
    heartbeat,
    lost: false,
    lostHow: null,
    lastAnswerAt: 120,
    truth: { deadline, goneAt: null },
  }
  return {
    run,
    now,
    clients: [
      {
        id: 'svc',
        kind: 'program' as const,
        member: 'm1',
        program: [],
        line: 0,
        sessions: [session],
        state: 'up' as const,
        clockPercent: 100,
        clockAhead: { at: 0, ahead: 0 },
        script: null,
      },
    ],
    leases: { total: 1, rows: [row] },
    log: noLog,
    marks: [],
  }
}

function through(scene: Scene, ...frames: Shown[]): Scene {
  return frames.reduce((now, frame) => observe(now, shown(frame)), scene)
}

const stopped: Shown[] = [
  { now: 1500, heartbeat: true },
  { run: 2, now: 2500, heartbeat: false },
]
const died: Shown[] = [...stopped, { run: 2, now: 10_194, heartbeat: false, ended: true }]
const rewound: Shown[] = [...died, { run: 2, now: 7590, heartbeat: false }]
const renewed: Shown[] = [...rewound, { run: 3, now: 7590, heartbeat: true }, { run: 3, now: 8200, heartbeat: true, renewedAt: 8106 }]
const saved: Shown[] = [...renewed, { run: 3, now: 10_194, heartbeat: true, renewedAt: 8106 }]

describe('the path', () => {
  test('goes from one phase to the next as the run does', () => {
    expect(through(beginScene(), ...stopped.slice(0, 1)).phase).toBe('intro')
    expect(through(beginScene(), ...stopped).phase).toBe('waiting')
    expect(through(beginScene(), ...died).phase).toBe('ended')
    expect(through(beginScene(), ...rewound).phase).toBe('rewound')
    expect(through(beginScene(), ...renewed).phase).toBe('saving')
    expect(through(beginScene(), ...saved).phase).toBe('saved')
  })

  test('remembers the moments that its captions name', () => {
    const scene = through(beginScene(), ...saved)
    expect(scene.end).toEqual({ run: 2, how: 'expired', expiredAt: 10_090, at: 10_194, revision: 3 })
    expect(scene.renewedAt).toBe(8106)
    expect(captionOf(scene).title).toBe('Saved: renewed at 8.1 s; the key is still here at 10.2 s.')
    expect(captionOf(through(beginScene(), ...died)).detail).toBe(
      'Lease …6c01 expired at 10.090 s, revoked at 10.194 s: revision 3 deleted /svc/a. The server looks every half second.',
    )
  })

  test('rewinds to two and a half seconds before the expiry', () => {
    const { end } = through(beginScene(), ...died)
    expect(end && rewindTo(end)).toBe(7590)
  })

  test('can be walked again after the rescue', () => {
    const again = through(beginScene(), ...saved, { run: 3, now: 12_000, heartbeat: false, renewedAt: 11_500 })
    expect(again.phase).toBe('waiting')
    expect(again.answer).toBeNull()
    expect(again.end).toBeNull()
  })

  test('stays where it is while nothing changes', () => {
    const scene = through(beginScene(), ...stopped)
    expect(observe(scene, shown({ run: 2, now: 3000, heartbeat: false }))).toBe(scene)
  })
})

describe('the prediction', () => {
  const waiting = through(beginScene(), ...stopped)
  const end: Shown = { run: 2, now: 10_194, heartbeat: false, ended: true }

  test('is marked when the end has come', () => {
    const no = through(stepScene(waiting, { type: 'answered', answer: 'no' }), end)
    expect(captionOf(no).verdict).toEqual({ right: true, text: 'You said no: right.' })
    const yes = through(stepScene(waiting, { type: 'answered', answer: 'yes' }), end)
    expect(captionOf(yes).verdict?.right).toBe(false)
    expect(captionOf(through(waiting, end)).verdict).toBeNull()
  })

  test('is only taken while the question stands', () => {
    const intro = beginScene()
    expect(stepScene(intro, { type: 'answered', answer: 'yes' })).toBe(intro)
  })
})

describe('pausing on the end', () => {
  test('from the press of the button until the end, and not otherwise', () => {
    const intro = through(beginScene(), { now: 1500, heartbeat: true })
    expect(stopOnOf(intro)).toBeNull()
    const pressed = stepScene(intro, { type: 'stop-pressed' })
    expect(stopOnOf(pressed)).toBe('lease-end')
    expect(stopOnOf(through(pressed, { run: 2, now: 2500, heartbeat: false }))).toBe('lease-end')
    expect(stopOnOf(through(beginScene(), ...died))).toBeNull()
    expect(stopOnOf(through(beginScene(), ...saved))).toBeNull()
  })

  test('whichever button stopped the heartbeat', () => {
    expect(stopOnOf(through(beginScene(), ...stopped))).toBe('lease-end')
  })

  test('never once the story was put away', () => {
    expect(stopOnOf(stepScene(through(beginScene(), ...stopped), { type: 'dismissed' }))).toBeNull()
  })

  test('another lease’s end is told from the one waited for', () => {
    const waiting = through(beginScene(), ...stopped)
    const on = (lease: string) => ({ id: 9, at: 4000, level: 'lease' as const, type: 'lease-revoked', text: '', causes: [], lease })
    expect(isOtherEnd(waiting, { playing: false, on: on('ff') })).toBe(true)
    expect(isOtherEnd(waiting, { playing: false, on: on(id) })).toBe(false)
    expect(isOtherEnd(waiting, { playing: true, on: on('ff') })).toBe(false)
    // The run stands after all that the revoke did at that instant: often on the last key it deleted.
    expect(isOtherEnd(waiting, { playing: false, on: { ...on('ff'), type: 'key-deleted' } })).toBe(true)
    expect(isOtherEnd(waiting, { playing: false, on: { ...on('ff'), type: 'lease-renewed' } })).toBe(false)
  })
})

describe('leaving the path', () => {
  test('before the session there is nothing to stop, and nothing breaks', () => {
    const scene = observe(through(beginScene(), ...stopped), {
      ...shown({ run: 2, now: 0, heartbeat: false }),
      clients: [],
      leases: { total: 0, rows: [] },
    })
    expect(scene.phase).toBe('intro')
    expect(scene.lease).toBeNull()
  })

  test('back before the stop it is the first page again; forwards, the end is known', () => {
    const back = through(beginScene(), ...died, { run: 2, now: 2000, heartbeat: true })
    expect(back.phase).toBe('intro')
    expect(through(back, { run: 2, now: 5000, heartbeat: false }).phase).toBe('rewound')
    expect(through(back, { run: 2, now: 10_194, heartbeat: false, ended: true }).phase).toBe('ended')
    const further = through(beginScene(), ...rewound, { run: 2, now: 2000, heartbeat: true })
    expect(further.phase).toBe('intro')
    expect(through(further, { run: 2, now: 5000, heartbeat: false }).phase).toBe('rewound')
  })

  test('an act in the past that does not renew asks the question anew', () => {
    const scene = through(beginScene(), ...rewound, { run: 3, now: 7590, heartbeat: false })
    expect(scene.phase).toBe('waiting')
  })

  test('the end stands after its row has left the list', () => {
    const scene = through(beginScene(), ...died)
    const later = shown({ run: 2, now: 20_000, heartbeat: false })
    expect(observe(scene, { ...later, leases: { total: 0, rows: [] } }).phase).toBe('ended')
  })

  test('whoever jumps over the time for which its row is shown finds the end in the log', () => {
    const scene = through(beginScene(), ...stopped)
    const line = (at: number, type: string) => ({ id: at, at, level: 'lease' as const, type, text: '', causes: [], lease: id })
    const log = {
      total: 3,
      from: 0,
      past: 2,
      lines: [{ ...line(10_194, 'lease-expired'), id: 7 }, line(10_194, 'lease-revoked'), line(11_000, 'lease-revoked')],
    }
    // The log tells when the primary saw that the time was up, the mark when it was.
    const marks = [{ at: 10_090, kind: 'expired' as const, event: 7 }]
    const later = observe(scene, { ...shown({ run: 2, now: 60_000, heartbeat: false }), leases: { total: 0, rows: [] }, log, marks })
    expect(later.phase).toBe('ended')
    expect(later.end).toEqual({ run: 2, how: 'expired', expiredAt: 10_090, at: 10_194, revision: null })
    expect(captionOf(later).detail).toContain('that deleted /svc/a')
  })

  test('a heartbeat that was started again by another button before the end leads back to the start', () => {
    expect(through(beginScene(), ...stopped, { run: 2, now: 4000, heartbeat: true }).phase).toBe('intro')
  })

  test('a lease revoked by hand ends the story too', () => {
    const frame = shown({ run: 1, now: 3000, heartbeat: true, ended: true })
    const [row] = frame.leases.rows
    if (row?.ended) Object.assign(row, { expiredAt: null, ended: { ...row.ended, at: 3000, end: 'revoked' } })
    const scene = observe(beginScene(), frame)
    expect(scene.phase).toBe('ended')
    expect(captionOf(scene).detail).toBe('Lease …6c01 was revoked at 3.000 s: revision 3 deleted /svc/a.')
  })

  test('saving that is rewound behind the restart is not saved', () => {
    expect(through(beginScene(), ...renewed, { run: 3, now: 2000, heartbeat: true }).phase).toBe('intro')
  })
})
