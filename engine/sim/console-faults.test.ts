// Faults reach the processes that a console runs, and a fault that changes nothing says so.

import { expect, test } from 'vitest'
import type { RanCommand } from '../cli/run'
import { runScript } from '../cli/run'
import { Timeline } from '../replay/timeline'
import { parseScenario, runScenario } from '../scenario/scenario'
import { DEFAULT_CONFIG } from './command'

const ran = (script: string): RanCommand[] =>
  runScript(script, { seed: 1, members: 1, guided: false })
/** The output of the last line of a script. */
const last = (script: string) => {
  const { stdout, stderr, exit } = ran(script).at(-1)!
  return { stdout, stderr, exit }
}
const trace = (...lines: string[]): string =>
  runScenario(
    parseScenario(['config members=1 seed=1', 'show key lease fault console', ...lines].join('\n')),
  ).trace.join('\n')

test.each([
  ['crash nobody', 'there is no client nobody; there is t1'],
  ['clock zz 120', 'there is no client zz; there is t1'],
  ['partition x9 m1', 'there is no member or client x9; there are m1 and t1'],
  ['partition m1 to x9', 'there is no member or client x9; there are m1 and t1'],
  ['delay zz-m1 50', 'there is no member or client zz; there are m1 and t1'],
  ['pause t9', 'there is no client t9; there is t1'],
  ['restart t1', 't1 has no program to restart'],
  ['crash m9', 'there is no member m9; there is m1'],
  ['drop 17', 'message 17 is not in flight'],
  ['hold a', 'there is no client a that runs a program'],
])('%s is refused', (word, why) => {
  expect(last(word)).toEqual({ stdout: '', stderr: `${why}\n`, exit: 1 })
})

test.each([
  ['heal', 'the network is whole: nothing changed'],
  ['restart m1', 'm1 is up: nothing changed'],
  ['resume m1', 'm1 is not paused: nothing changed'],
  ['resume t1', 't1 is not paused: nothing changed'],
  ['crash t1', 't1 has no running process: nothing changed'],
])('%s says that nothing changed', (word, words) => {
  expect(last(word)).toEqual({ stdout: `${words}\n`, stderr: '', exit: 0 })
})

test('each line of a paste runs in the state that the line before it has left', () => {
  const outputs = ran('crash m1\nrestart m1\npartition m1 t1\nheal\npause m1\nresume m1').map(
    ({ stdout, stderr, exit }) => [stdout, stderr, exit],
  )
  expect(outputs).toEqual(outputs.map(() => ['', '', 0]))
})

test('a scenario is refused at the line whose fault names an unknown target', () => {
  expect(() => trace('until 1', 'crash nobody')).toThrow(
    'line 4: there is no client nobody; there is t1',
  )
  expect(() => trace('crash m3')).toThrow('line 3: there is no member m3; there is m1')
})

test('a timeline refuses such a command, and records nothing', () => {
  const timeline = new Timeline({ leasescope: 1, seed: 1, config: DEFAULT_CONFIG, commands: [] })
  const before = timeline.trace.length
  const refused = timeline.submit({
    type: 'fault',
    fault: { type: 'crash-client', client: 'nobody' },
  })
  expect(refused).toEqual({ type: 'refused', message: 'there is no client nobody; there is t1' })
  expect(timeline.trace.length).toBe(before)
  expect(timeline.submit({ type: 'fault', fault: { type: 'crash', member: 'm1' } })).toBeNull()
})

test('crash kills the lock that a client holds in the console; the next one waits for its lease', () => {
  const shown = trace(
    '$ a: etcdctl lock prod &',
    'until 2',
    'crash a',
    '$ b: etcdctl lock prod echo mine',
    'until 20',
  )
  expect(shown).toMatch(/2\.000 a +crashes/)
  expect(shown).toMatch(/2\.000 t1 +\[1\]\+ {2}Killed +a: etcdctl lock prod/)
  // The lease of 10 s was renewed at its start.
  expect(shown).toMatch(/10\.\d+ m1 +revokes L1 \(expired\)[\s\S]*10\.\d+ t1 +mine/)
})

test('crash ends the foreground process, and the next line runs', () => {
  const shown = trace('$ etcdctl lock prod', '$ echo next', 'until 2', 'crash t1', 'until 3')
  expect(shown).toMatch(/t1 +Killed\n.*exit 137\n.*\$ echo next/)
})

test('a paused lock does not renew; when it continues, its session is over', () => {
  const shown = trace(
    '$ a: etcdctl lock prod &',
    'until 2',
    'pause a',
    'until 30',
    'resume a',
    'until 31',
  )
  expect(shown).toMatch(/revokes L1 \(expired\)[\s\S]*30\.000 a +continues[\s\S]*session expired/)
})

test('the clock of a client is that of its console processes', () => {
  const renewals = (...lines: string[]): number =>
    trace(
      '$ a: etcdctl lease grant 9',
      'until 1',
      ...lines,
      '$ a: etcdctl lease keep-alive $L1 &',
      'until 20',
    ).match(/renews L1/g)!.length
  expect(renewals('clock a 300')).toBeGreaterThan(2 * renewals())
})

test('kill: TERM and INT let a lock release its key, KILL does not', () => {
  const after = (signal: string) =>
    ran(
      `etcdctl lock prod &\nkill ${signal} %1\nsleep 0.1\netcdctl get --prefix prod --keys-only --print-value-only`,
    ).at(-1)!.stdout
  expect(after('')).toBe('')
  expect(after('-INT')).toBe('')
  expect(after('-9')).toBe('\n')
  const [lock] = ran('etcdctl lock prod &\nkill %1\nsleep 1')
  expect(lock!.stderr).toBe('[1]+  Done                    etcdctl lock prod\n')
})

test('kill: a process that waits for a lock stops waiting, with the words of etcdctl', () => {
  const [, waiter, , keys] = ran(
    'etcdctl lock prod &\netcdctl lock prod &\nkill %2\netcdctl get --prefix prod --keys-only',
  )
  expect(waiter!.stderr).toBe(
    'Error: context canceled\n[2]+  Exit 1                  etcdctl lock prod\n',
  )
  expect(keys!.stdout.split('\n').filter(Boolean)).toHaveLength(1)
})

test('kill: a watch ends with TERM, and $! is the pid of the last job', () => {
  expect(last('etcdctl watch k &\nkill $!')).toEqual({
    stdout: '',
    stderr: '[1]+  Terminated              etcdctl watch k\n',
    exit: 0,
  })
})

test('kill: a stopped lock takes TERM when it continues', () => {
  const script =
    'etcdctl lock prod --ttl=60 &\nkill -STOP %1\nkill %1\nsleep 1\netcdctl get --prefix prod --keys-only\nkill -CONT %1\nsleep 1\netcdctl get --prefix prod --keys-only'
  const shown = ran(script)
  expect(shown[4]!.stdout).not.toBe('')
  expect(shown[7]!.stdout).toBe('')
})
