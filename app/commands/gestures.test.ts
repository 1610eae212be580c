import { expect, test } from 'vitest'
import {
  deleteKey,
  grantLease,
  heartbeat,
  interrupt,
  keepAlive,
  putKey,
  quoted,
  renewOnce,
  revokeLease,
} from './gestures'

const lease = '6a6c9bf08e006c01'

test('every button equals its console line, word for word', () => {
  for (const [gesture, line] of [
    [grantLease(10, 'strict'), 'etcdctl lease grant 10'],
    [putKey('/svc/b', 'hello', null), 'etcdctl put /svc/b hello'],
    [putKey('/svc/b', 'two words', lease), `etcdctl put --lease=${lease} /svc/b 'two words'`],
    [putKey('k', '-1', null), 'etcdctl put -- k -1'],
    [deleteKey('/svc/b'), 'etcdctl del /svc/b'],
    [deleteKey('-a b'), "etcdctl del -- '-a b'"],
    [renewOnce(lease), `etcdctl lease keep-alive --once ${lease}`],
    [keepAlive(lease), `etcdctl lease keep-alive ${lease} &`],
    [revokeLease(lease), `etcdctl lease revoke ${lease}`],
  ] as const) {
    expect(gesture.line).toBe(line)
    expect(gesture.command).toEqual({ type: 'console', terminal: 't1', text: line, mode: 'strict' })
  }
})

test('a line without a lease follows the mode of the console', () => {
  expect(grantLease(10, 'guided').command).toMatchObject({ mode: 'guided' })
})

test('Ctrl-C names a job only where it means one', () => {
  expect(interrupt().command).toEqual({ type: 'interrupt', terminal: 't1' })
  expect(interrupt(3).command).toEqual({ type: 'interrupt', terminal: 't1', job: 3 })
})

test('a program’s heartbeat is a command of its own, shown as the equivalent keep-alive', () => {
  expect(heartbeat('svc', lease, true)).toEqual({
    command: { type: 'heartbeat', client: 'svc', lease, on: true },
    line: `etcdctl lease keep-alive ${lease}`,
  })
  expect(heartbeat('svc', lease, false).line).toContain('Ctrl-C')
})

test('words are quoted where a shell would take them apart', () => {
  expect(quoted('/svc/a')).toBe('/svc/a')
  expect(quoted('')).toBe("''")
  expect(quoted('a b')).toBe("'a b'")
  expect(quoted("it's $HOME")).toBe(`'it'\\''s $HOME'`)
  expect(quoted("it's\udcff\ud800")).toBe("$'it\\x27s\\xff\\xef\\xbf\\xbd'")
})
