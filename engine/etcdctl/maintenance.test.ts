// Commands on alarms, users, downgrades and defragmentation: the output of etcd 3.4.23, 3.5.35,
// 3.6.16 and 3.7.3 on a fresh member.

import { describe, expect, it } from 'vitest'
import type { EtcdVersion } from '../base/etcd-versions'
import { ETCD_VERSIONS } from '../base/etcd-versions'
import type { MemberId, Reply } from '../base/rpc'
import { DEFAULT_CONFIG } from '../sim/command'
import { Simulation } from '../sim/simulation'
import { ask, refused } from '../test/console-line'
import { completion } from './complete'
import { noProgress } from './print/printed'
import { print } from './print/printer'
import { etcdctlOf } from './versions'

/** The output and the exit code of the last line of a console text, with `members` members. */
function shown(
  text: string,
  etcd: EtcdVersion = '3.6',
  members = 1,
): { stdout: string; stderr: string; exit: number | null } {
  let last = { stdout: '', stderr: '', exit: null as number | null }
  const sim = new Simulation({ ...DEFAULT_CONFIG, members, etcd }, 1, (event) => {
    if (event.type === 'console-line') last = { stdout: '', stderr: '', exit: null }
    else if (event.type === 'console-exit') last.exit = event.exit
    else if (event.type === 'console-output' && event.stream !== 'note')
      last[event.stream] += event.text
  })
  sim.advance(3000)
  sim.submit({ type: 'console', terminal: 't1', text, mode: 'strict' })
  while (sim.isBusy('t1')) sim.step()
  return last
}

const ok = (stdout: string) => ({ stdout, stderr: '', exit: 0 })
const failed = (message: string, exit = 1) => ({ stdout: '', stderr: `Error: ${message}\n`, exit })
const HEADER = /^\{"header":\{"cluster_id":\d+,"member_id":\d+,"revision":1,"raft_term":\d+\}/
const HEADER_ROWS = '"ClusterID" : N\n"MemberID" : N\n"Revision" : 1\n"RaftTerm" : N\n'
const json = (line: string, etcd: EtcdVersion) =>
  shown(`etcdctl ${line} -w json`, etcd).stdout.replace(HEADER, '{HEADER')
const fields = (line: string, etcd: EtcdVersion) =>
  shown(`etcdctl ${line} -w fields`, etcd).stdout.replace(/(ID|RaftTerm)" : [1-9]\d*/g, '$1" : N')
const since = (first: EtcdVersion) => ETCD_VERSIONS.slice(ETCD_VERSIONS.indexOf(first))

describe('formats', () => {
  it.each(ETCD_VERSIONS)('json of %s', (etcd) => {
    expect(json('alarm list', etcd)).toBe(etcd === '3.4' ? '{}\n' : '{HEADER}\n')
    expect(json('alarm disarm', etcd)).toBe('{}\n')
    expect(json('user list', etcd)).toBe('{HEADER}\n')
    expect(json('role list', etcd)).toBe('{HEADER}\n')
  })

  it.each(since('3.5'))('json of auth status, %s', (etcd) =>
    expect(json('auth status', etcd)).toBe('{HEADER,"authRevision":1}\n'),
  )

  it.each(since('3.6'))('json of downgrade, %s', (etcd) =>
    expect(json('downgrade cancel', etcd)).toBe(`{HEADER,"version":"${etcd}"}\n`),
  )

  it('fields', () => {
    const panics = {
      stderr: expect.stringMatching(/^panic: runtime error: invalid memory address/),
      exit: 2,
    }
    expect(shown('etcdctl alarm list -w fields', '3.4')).toMatchObject(panics)
    expect(shown('etcdctl alarm disarm -w fields', '3.6')).toMatchObject(panics)
    expect(fields('alarm disarm', '3.7')).toBe('"ClusterID" : 0\n"MemberID" : 0\n"RaftTerm" : 0\n')
    expect(fields('alarm list', '3.5')).toBe(HEADER_ROWS)
    expect(fields('role list', '3.4')).toBe(`${HEADER_ROWS}"Roles" :\n`)
    for (const line of ['user list', 'auth status', 'downgrade cancel']) {
      expect(shown(`etcdctl ${line} -w fields`)).toEqual(
        failed('fields not supported as output format', 4),
      )
    }
  })

  it('no command prints a table; defrag ignores every format', () => {
    expect(shown('etcdctl role list -w table')).toEqual(
      failed('table not supported as output format', 4),
    )
    expect(shown('etcdctl defrag extra -w table', '3.5')).toEqual(
      ok('Finished defragmenting etcd member[http://127.0.0.1:2379]\n'),
    )
  })
})

describe('downgrade', () => {
  const wrong = failed('etcdserver: invalid downgrade target version')
  const malformed = failed('etcdserver: wrong downgrade target version format')
  it.each([
    ['3.5', ok('Downgrade validate success, cluster version 3.6\n')],
    ['3.5.7', ok('Downgrade validate success, cluster version 3.6\n')],
    ['3.5.7-rc.1', ok('Downgrade validate success, cluster version 3.6\n')],
    ['3.6', wrong],
    ['3.9', wrong],
    ['2.5', wrong],
    ['3.04', wrong],
    ['x', malformed],
    ['3', malformed],
    ['v3.5', malformed],
    ['3.5-rc.1', malformed],
  ])('validate %s', (target, said) =>
    expect(shown(`etcdctl downgrade validate ${target}`)).toEqual(said),
  )

  it('enable refuses the same targets as validate, and starts no downgrade', () => {
    expect(shown('etcdctl downgrade enable 3.4')).toEqual(wrong)
    expect(shown('etcdctl downgrade enable x')).toEqual(malformed)
    expect(shown('etcdctl downgrade enable 3.5').stderr).toMatch(
      /^not modelled here: etcdctl downgrade enable/,
    )
  })

  it('downgrade needs one target', () => {
    const etcdctl = etcdctlOf('3.7')
    expect(refused('etcdctl downgrade validate', { etcdctl })).toEqual(
      failed('TARGET_VERSION not provided', 128),
    )
    expect(refused('etcdctl downgrade enable 3.4 x', { etcdctl })).toEqual(
      failed('too many arguments', 128),
    )
    expect(refused("etcdctl downgrade validate ''", { etcdctl })).toEqual(
      failed('target version not provided', 128),
    )
  })
})

describe('a member that does not answer', () => {
  const late = failed('context deadline exceeded')
  it.each([
    'alarm list',
    'alarm disarm',
    'auth status',
    'downgrade cancel',
    'downgrade validate x',
  ])('%s', (line) => {
    for (const fault of ['crash', 'pause'])
      expect(shown(`${fault} m1\netcdctl ${line}`), fault).toEqual(late)
    expect(shown(`etcdctl ${line} --endpoints=127.0.0.1:1`)).toEqual(late)
  })

  it.each(['alarm list', 'auth status'])('%s without a quorum', (line) => {
    expect(shown(`crash m2\ncrash m3\nsleep 3\netcdctl ${line}`, '3.6', 3)).toEqual(late)
  })

  it.each(['user list', 'role list'])('%s has no time limit: the member ends it', (line) => {
    expect(shown(`crash m2\ncrash m3\nsleep 3\netcdctl ${line}`, '3.6', 3)).toEqual(
      failed('etcdserver: request timed out'),
    )
  })

  it('defrag continues with the other members', () => {
    const line = 'etcdctl defrag --endpoints=127.0.0.1:1,http://127.0.0.1:2379'
    expect(shown(line, '3.5')).toEqual({
      stdout: 'Finished defragmenting etcd member[http://127.0.0.1:2379]\n',
      stderr: 'Failed to defragment etcd member[127.0.0.1:1] (context deadline exceeded)\n',
      exit: 1,
    })
    expect(shown(line, '3.6').stderr).toMatch(
      /^Failed to defragment etcd member\[127.0.0.1:1\]\. took 5s\. \(context deadline exceeded\)\n$/,
    )
    expect(shown(`pause m2\netcdctl defrag --cluster`, '3.7', 3)).toMatchObject({
      stdout: expect.stringMatching(
        /^(Finished defragmenting etcd member\[http:\S+\]\. took \d+ms\n){2}$/,
      ),
      stderr: expect.stringMatching(
        /^Failed to defragment etcd member\[http:\/\/127.0.0.1:22379\]\. took /,
      ),
    })
  })
})

it('a learner refuses defrag and downgrade', () => {
  const header = {
    cluster_id: '00000000000000c1' as MemberId,
    member_id: '00000000000000a1' as MemberId,
    revision: 7,
    raft_term: 2,
  }
  const raft = { leader: header.member_id, raftIndex: 1, raftTerm: 1, raftAppliedIndex: 1 }
  const reply: Reply = {
    type: 'Status',
    header,
    version: '3.6.16',
    dbSize: 1,
    dbSizeInUse: 1,
    ...raft,
    errors: [],
    isLearner: true,
  }
  const etcdctl = etcdctlOf('3.6')
  const printed = (line: string) => {
    const invocation = ask(line, { etcdctl })
    if (invocation.type === 'answer') throw new Error(invocation.stderr)
    return print(
      invocation,
      noProgress(),
      { type: 'reply', line: 0, reply },
      { tookMs: 1, clientURLs: [], etcdctl },
    )
  }
  const refusal = 'etcdserver: rpc not supported for learner'
  expect(printed('etcdctl downgrade validate x')).toEqual({
    stderr: `Error: ${refusal}\n`,
    exit: 1,
  })
  expect(printed('etcdctl defrag --endpoints=a:1')).toEqual({
    stderr: `Failed to defragment etcd member[a:1]. took 1ms. (${refusal})\n`,
  })
})

it('too many arguments are refused', () => {
  const etcdctl = etcdctlOf('3.6')
  const said = (line: string) => refused(`etcdctl ${line} extra`, { etcdctl })
  expect(said('alarm list')).toEqual(failed('alarm list command accepts no arguments', 128))
  expect(said('alarm disarm')).toEqual(failed('alarm disarm command accepts no arguments', 128))
  expect(said('auth status')).toEqual(
    failed('auth status command does not accept any arguments', 128),
  )
  expect(said('user list')).toEqual(failed('user list command requires no arguments', 128))
  expect(said('role list')).toEqual(failed('role list command requires no arguments', 128))
})

it('no file exists', () => {
  const said = (version: EtcdVersion, line: string) =>
    refused(`etcdctl snapshot status ${line}`, { etcdctl: etcdctlOf(version) })
  const notice = 'Deprecated: Use `etcdutl snapshot status` instead.\n\n'
  expect(said('3.4', 'a')).toEqual(failed('stat a: no such file or directory'))
  expect(said('3.5', 'a').stderr).toBe(`${notice}Error: stat a: no such file or directory\n`)
  expect(said('3.5', 'a b')).toMatchObject({
    stderr: `${notice}Error: snapshot status requires exactly one argument\n`,
    exit: 128,
  })
})

it('completion offers the modelled commands', () => {
  const offered = (line: string) =>
    completion(line, line.length, { etcd: '3.6' }).candidates.map(({ text }) => text)
  expect(offered('etcdctl alarm ')).toEqual(['disarm', 'list'])
  expect(offered('etcdctl user ')).toEqual(['list'])
  expect(offered('etcdctl downgrade ')).toEqual(['cancel', 'enable', 'validate'])
  for (const word of ['snapshot', 'make-mirror', 'check'])
    expect(offered(`etcdctl ${word}`), word).toEqual([])
  expect(completion('etcdctl auth', 12, { etcd: '3.4' }).candidates).toEqual([])
})
