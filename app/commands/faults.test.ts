import { expect, test } from 'vitest'
import { clusterRecording, cutOff, cuts, faultGesture, faultLine, groupsText } from './faults'

const five = ['m1', 'm2', 'm3', 'm4', 'm5']

test('a fault is the console words that do the same', () => {
  expect(faultGesture({ type: 'crash', member: 'm2' })).toEqual({
    command: { type: 'fault', fault: { type: 'crash', member: 'm2' } },
    line: 'crash m2',
  })
  expect(
    faultLine({
      type: 'partition',
      groups: [
        ['m1', 'svc'],
        ['m2', 'm3'],
      ],
    }),
  ).toBe('partition m1,svc m2,m3')
  expect(faultLine({ type: 'heal' })).toBe('heal')
})

test('a member that is cut off is alone, and existing groups remain', () => {
  expect(cutOff('m2', ['m1', 'm2', 'm3'], null)).toEqual([['m2'], ['m1', 'm3']])
  const once = cutOff('m2', five, null)
  expect(cutOff('m4', five, once)).toEqual([['m4'], ['m2'], ['m1', 'm3', 'm5']])
  expect(cutOff('m2', five, once)).toBeNull()
  expect(
    cutOff(
      'm1',
      ['m1', 'm2', 'm3'],
      [
        ['m1', 'svc'],
        ['m2', 'm3'],
      ],
    ),
  ).toBeNull()
  expect(cutOff('m1', ['m1'], null)).toBeNull()
})

test('every cut names every member once, and the same cut is offered once', () => {
  for (const members of [['m1', 'm2', 'm3'], five, [...five, 'm6', 'm7']]) {
    for (const leader of [null, ...members]) {
      const offered = cuts(members, [], leader)
      for (const { groups } of offered) expect(groups.flat().sort()).toEqual(members)
      expect(new Set(offered.map(({ groups }) => groupsText(groups))).size).toBe(offered.length)
    }
  }
  expect(cuts(['m1'], [], 'm1')).toEqual([])
  expect(cuts(['m1'], ['svc'], 'm1')).toEqual([
    { word: 'The clients are cut off', groups: [['svc'], ['m1']] },
  ])
})

test('the minority and majority partitions have the right sizes', () => {
  const words = cuts(five, [], 'm4').map(({ word, groups }) => `${word}: ${groupsText(groups)}`)
  expect(words).toEqual([
    'The leader is alone: m4 | m1 m2 m3 m5',
    'The leader stays with the minority: m4 m5 | m1 m2 m3',
    'The leader stays with the majority: m5 m1 | m2 m3 m4',
    'Every member is alone: m1 | m2 | m3 | m4 | m5',
  ])
  // Of three, the leader's minority is the leader.
  expect(cuts(['m1', 'm2', 'm3'], [], 'm1').map(({ word }) => word)).toEqual([
    'The leader is alone',
    'The leader stays with the majority',
    'Every member is alone',
  ])
  expect(cuts(five, [], null)[0]).toEqual({
    word: 'A minority is cut off',
    groups: [
      ['m4', 'm5'],
      ['m1', 'm2', 'm3'],
    ],
  })
})

test('a cluster goes on with the seed and the version of the run before', () => {
  const { seed, config } = clusterRecording(5, { seed: 42, etcd: '3.5' })
  expect([seed, config.etcd, config.members]).toEqual([42, '3.5', 5])
})
