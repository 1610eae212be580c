import { expect, test } from 'vitest'
import { faultText } from './fault'
import { FAULT_WORDS, readFault } from './read-fault'

const MEMBERS = ['m1', 'm2', 'm3']

test.each([
  'crash m1',
  'restart m2',
  'pause m3',
  'resume m1',
  'heal',
  'partition m1,svc m2,m3',
  'pause a',
  'crash a',
  'restart a',
  'resume a',
  'clock a 120',
  'clock a +3s',
  'clock a -1500ms',
  'clock m1 150',
  'wall-clock m2 -3600',
  'wall-clock m2 60',
  'stop m2',
  'disk m1 200',
  'partition m1,svc to m2',
  'delay m1-m2 50',
  'delay m1-my-svc 50',
  'delay all 0',
  'jitter m1 to m2 50',
  'drop m1-m2 10%',
  'duplicate all 5%',
  'reorder m3 to m1 100%',
  'drop 17',
  'delay 17 500',
  'deliver 17',
])('%s is a fault, and its text is the same words', (words) => {
  const fault = readFault(words.split(' '), MEMBERS)
  expect(typeof fault).toBe('object')
  expect(typeof fault === 'object' && fault !== null && faultText(fault)).toBe(words)
})

test.each([
  ['crash', 'crash takes one member or client, such as: crash m1'],
  ['crash m9', 'there is no member m9; there are m1, m2 and m3'],
  ['pause m1 m2', 'pause takes one member or client, such as: pause m1'],
  ['partition m1', 'partition takes two groups or more, such as: partition m1,m2 m3'],
  ['heal all', 'heal takes no arguments'],
  ['stop m9', 'there is no member m9; there are m1, m2 and m3'],
  ['stop', 'stop takes one member, such as: stop m1'],
  ['disk m1 x', 'disk takes a member and milliseconds, such as: disk m1 200'],
  ['clock m9 120', 'there is no member m9; there are m1, m2 and m3'],
  [
    'clock m1 9%',
    'clock takes a client or a member and a percentage (clock a 120), or a client and a time (clock a +3s)',
  ],
  [
    'clock m1 fast',
    'clock takes a client or a member and a percentage (clock a 120), or a client and a time (clock a +3s)',
  ],
  [
    'clock m1 1.555',
    'clock takes a client or a member and a percentage (clock a 120), or a client and a time (clock a +3s)',
  ],
  ['wall-clock m1 0', 'wall-clock takes a member and seconds, such as: wall-clock m1 -3600'],
  ['wall-clock m1 86401', 'wall-clock takes a member and seconds, such as: wall-clock m1 -3600'],
  ['wall-clock svc 60', 'there is no member svc; there are m1, m2 and m3'],
  ['delay m1-m9 50', 'there is no member m9; there are m1, m2 and m3'],
  ['delay m1-m2 50%', 'delay takes a link and milliseconds, such as: delay m1-m2 50'],
  ['delay a-b 50', 'a link needs a member at one end; there are m1, m2 and m3'],
  ['drop m1-m2 10', 'drop takes a link and a percentage, such as: drop m1-m2 10%'],
  ['drop m1-m2 101%', 'drop takes a link and a percentage, such as: drop m1-m2 10%'],
  [
    'clock m1 +3s',
    'clock sets the clock of a client, by at most a day: clock a +3s. For a member: wall-clock m1 3',
  ],
  [
    'clock a +0s',
    'clock sets the clock of a client, by at most a day: clock a +3s. For a member: wall-clock m1 3',
  ],
  ['deliver m1', 'deliver takes a message in flight, such as: deliver 17'],
])('%s is refused with a sentence', (words, why) => {
  expect(readFault(words.split(' '), MEMBERS)).toBe(why)
})

test('a clock rate may be given as a factor', () => {
  const clock = (words: string) => readFault(words.split(' '), MEMBERS)
  expect(clock('clock m1 1.5')).toEqual({ type: 'member-clock', member: 'm1', percent: 150 })
  expect(clock('clock m1 1')).toEqual({ type: 'member-clock', member: 'm1', percent: 100 })
  expect(clock('clock m1 0.29')).toEqual({ type: 'member-clock', member: 'm1', percent: 29 })
  expect(clock('clock m1 90%')).toEqual({ type: 'member-clock', member: 'm1', percent: 90 })
  expect(clock('clock a 2')).toEqual({ type: 'clock', client: 'a', percent: 200 })
})

test('the amount may come first, and no link means all links', () => {
  const drop = { type: 'link', dial: 'loss', value: 10 }
  expect(readFault(['drop', '10%', 'm1-m2'], MEMBERS)).toEqual({
    ...drop,
    link: { from: 'm1', to: 'm2' },
  })
  expect(readFault(['drop', '10%'], MEMBERS)).toEqual({ ...drop, link: null })
  expect(readFault(['delay', 'svc-m1', '50'], MEMBERS)).toEqual({
    type: 'link',
    dial: 'delay',
    value: 50,
    link: { from: 'svc', to: 'm1' },
  })
})

test.each(FAULT_WORDS)('%s, as the console offers it, is a fault', (words) => {
  expect(typeof readFault(words.split(' '), MEMBERS)).toBe('object')
})

test('any other word is not a fault', () => {
  expect(readFault(['etcdctl', 'get', 'a'], MEMBERS)).toBeNull()
})
