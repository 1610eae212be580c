import { describe, expect, test } from 'vitest'
import type { Condition } from '../sim/stops'
import { readCondition } from './condition'

describe('a condition', () => {
  test.each<[string, Condition]>([
    ['b enters /job', { type: 'enters', client: 'b', section: '/job' }],
    ['b leaves /job', { type: 'leaves', client: 'b', section: '/job' }],
    ['two inside /job', { type: 'two-inside', section: '/job' }],
    ['leader crashes', { type: 'process', who: 'leader', does: 'crashes' }],
    ['m1 pauses', { type: 'process', who: 'm1', does: 'pauses' }],
    ['a resumes', { type: 'process', who: 'a', does: 'resumes' }],
    ['m1 stops', { type: 'process', who: 'm1', does: 'stops' }],
    ['m3 leads', { type: 'leads', who: 'm3' }],
    ['leader elected', { type: 'leads', who: null }],
    ['no leader', { type: 'no-leader' }],
    ['L12 due', { type: 'lease', lease: 12, does: 'due' }],
    ['L1 ends', { type: 'lease', lease: 1, does: 'ends' }],
    ['key /svc/a deleted', { type: 'key', key: '/svc/a', does: 'deleted' }],
    ['a gives up L1', { type: 'gives-up', client: 'a', lease: 1 }],
    ['a told L1 gone', { type: 'told-gone', client: 'a', lease: 1 }],
    ['heartbeat off', { type: 'heartbeat', on: false }],
    ['heartbeat on', { type: 'heartbeat', on: true }],
    ['takes from-a', { type: 'write', value: 'from-a', taken: true }],
    ['refuses from-a', { type: 'write', value: 'from-a', taken: false }],
    ['stale write taken', { type: 'stale-write' }],
    ['partition', { type: 'partition' }],
    ['heal', { type: 'heal' }],
    ['fault', { type: 'fault' }],
    ['checkpoint', { type: 'checkpoint' }],
    ['snapshot', { type: 'snapshot' }],
    ['console exit', { type: 'console-exit' }],
    ['console prints remaining(4s)', { type: 'prints', words: 'remaining(4s)' }],
    ['member added', { type: 'member', change: 'added' }],
    ['happens STALE: the lease', { type: 'happens', words: 'STALE: the lease' }],
  ])('%s', (text, condition) => {
    expect(readCondition(text, 'line 1')).toEqual(condition)
    expect(readCondition(`  ${text.replace(' ', '   ')} `, 'line 1')).toEqual(condition)
  })

  test.each([
    ['key /svc/a vanishes', 'expected key KEY created|put|deleted, not "key /svc/a vanishes"'],
    ['L1 dies', 'expected L1 granted|renewed|due|expired|revoked|ends, not "L1 dies"'],
    ['heartbeat slow', 'expected heartbeat on|off, not'],
    ['L0 ends', 'expected L1 granted'],
    ['b sings', 'expected no leader, leader elected, '],
    ['', 'expected no leader, leader elected, '],
    [`happens ${'x'.repeat(200)}`, 'a condition has at most 200 characters'],
  ])(
    'an invalid condition is refused with the place and the expected form: %s',
    (text, message) => {
      expect(() => readCondition(text, 'line 7')).toThrow(`line 7: ${message}`)
    },
  )
})
