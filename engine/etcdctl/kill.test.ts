import { describe, expect, it } from 'vitest'
import type { Killable } from './kill'
import { jobNotice, pidOf, readKill } from './kill'

const RUNNING: readonly Killable[] = [
  { job: 3, number: 1, line: 'etcdctl lock prod &' },
  { job: 7, number: 2, line: 'etcdctl watch k &' },
  { job: 9, number: 4, line: 'sleep 5 &' },
]
const kill = (line: string) => readKill(line.split(' ').filter(Boolean), RUNNING)

describe('kill', () => {
  it.each<[string, string | null, number[]]>([
    ['%1', 'TERM', [3]],
    ['%1 %2', 'TERM', [3, 7]],
    ['-9 %4', 'KILL', [9]],
    ['-INT %2', 'INT', [7]],
    ['-sigkill %2', 'KILL', [7]],
    ['-s STOP %1', 'STOP', [3]],
    ['-n 18 %1', 'CONT', [3]],
    ['-0 %1', null, [3]],
    ['%', 'TERM', [9]],
    ['%+', 'TERM', [9]],
    ['%-', 'TERM', [7]],
    ['%sleep', 'TERM', [9]],
    ['%etcdctl', 'TERM', [7]],
    [`-- ${pidOf(3)}`, 'TERM', [3]],
  ])('%s', (line, signal, jobs) => {
    expect(kill(line)).toEqual({ signal, jobs, stderr: '', exit: 0 })
  })

  it.each<[string, string, number]>([
    [
      '',
      'kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]\n',
      2,
    ],
    ['%3', 'bash: kill: %3: no such job\n', 1],
    ['%9 12', 'bash: kill: %9: no such job\nbash: kill: (12) - No such process\n', 1],
    ['job', 'bash: kill: job: arguments must be process or job IDs\n', 1],
    ['-FOO %1', 'bash: kill: FOO: invalid signal specification\n', 1],
    ['-l', 'not modelled here: the list of signals\n', 1],
  ])('refuses %s', (line, stderr, exit) => {
    expect(kill(line)).toMatchObject({ jobs: [], stderr, exit })
  })

  it('prints the signal that ended a job as bash does', () => {
    expect(RUNNING.map((job) => jobNotice(job, 'Killed', RUNNING))).toEqual([
      '[1]   Killed                  etcdctl lock prod\n',
      '[2]-  Killed                  etcdctl watch k\n',
      '[4]+  Killed                  sleep 5\n',
    ])
  })
})
