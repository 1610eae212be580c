// The rows of versions.ts without a transcript, and the flags of every command against the recorded
// help.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { EtcdVersion } from '../base/etcd-versions'
import { ETCD_VERSIONS } from '../base/etcd-versions'
import type { Header, MemberId, Reply } from '../base/rpc'
import { ask, refused } from '../test/console-line'
import type { Transcript } from '../test/transcripts'
import { completion } from './complete'
import type { Command } from './grammar'
import { commandsOf, flagsOf, helpFlag } from './grammar'
import { noProgress } from './print/printed'
import { print } from './print/printer'
import { CONSOLE_ROWS, etcdctlOf } from './versions'

const FOLDER = join(import.meta.dirname, '../test/recordings/etcdctl')
const EXIT_BAD_FEATURE = 4

function transcripts(version: EtcdVersion): Transcript[] {
  return readdirSync(join(FOLDER, version)).map(
    (file) => JSON.parse(readFileSync(join(FOLDER, version, file), 'utf8')) as Transcript,
  )
}

/** The command that the words of a line name. */
function pathOf(version: EtcdVersion, words: readonly string[]): Command[] {
  const path = [commandsOf(etcdctlOf(version))]
  for (const word of words) {
    const next = path.at(-1)!.commands?.find(({ name }) => name === word)
    if (next === undefined) break
    path.push(next)
  }
  return path
}

describe.each(ETCD_VERSIONS)('etcdctl %s', (version) => {
  const etcdctl = etcdctlOf(version)

  it('has the flags that its recorded help lists', () => {
    const helps = transcripts(version).flatMap(({ commands }) =>
      commands.filter(
        ({ line, stdout = '' }) => /--help$/.test(line) && /^(OPTIONS|Flags):/m.test(stdout),
      ),
    )
    expect(helps.length).toBeGreaterThan(10)
    for (const { line, stdout = '' } of helps) {
      const path = pathOf(version, line.split(' ').slice(1))
      const [, own = ''] = stdout.split(/^(?:OPTIONS|Flags):/m)
      const listed = [
        ...own.split(/^(?:GLOBAL OPTIONS|Use ")/m)[0]!.matchAll(/^ +(?:-\w, )?--([\w-]+)/gm),
      ].map(([, name]) => name)
      const globals = path.length === 1 ? [] : (commandsOf(etcdctl).shared ?? [])
      const ours = [
        ...flagsOf(path).filter((flag) => !globals.includes(flag)),
        helpFlag(path.at(-1)!),
      ].map(({ name }) => name)
      expect(ours.sort(), line).toEqual(listed.sort())
    }
  })

  it('has no flag and no command of other versions', () => {
    const own = new Set(names(commandsOf(etcdctl)))
    for (const other of ETCD_VERSIONS) {
      for (const each of names(commandsOf(etcdctlOf(other)))) {
        const [command = '', flag] = each.split(' --')
        if (own.has(each) || !own.has(command)) continue
        expect(refused(`etcdctl ${command} --${flag}=1`, { etcdctl }).stderr, each).toMatch(
          /^(Error: unknown flag|not modelled here)/,
        )
      }
    }
  })
})

/** Every command as `lease grant`, and every flag as `get --limit`. */
function names(command: Command, path: string[] = []): string[] {
  const named = path.join(' ')
  return [
    named,
    ...[...command.flags, ...(command.shared ?? [])].map(({ name }) => `${named} --${name}`),
    ...(command.commands ?? []).flatMap((each) => names(each, [...path, each.name])),
  ]
}

const header: Header = {
  cluster_id: '00000000000000c1' as MemberId,
  member_id: '00000000000000a1' as MemberId,
  revision: 7,
  raft_term: 2,
}

function printed(line: string, version: EtcdVersion, reply: Reply): string {
  const etcdctl = etcdctlOf(version)
  const invocation = ask(line, { etcdctl })
  if (invocation.type === 'answer') throw new Error(invocation.stderr)
  return (
    print(
      invocation,
      noProgress(),
      { type: 'reply', line: 0, reply },
      { tookMs: 1, clientURLs: [], etcdctl },
    ).stdout ?? ''
  )
}

describe('rows without a transcript', () => {
  it('bounds of revisions may cross', () => {
    expect(
      refused('etcdctl get a --min-mod-rev=5 --max-mod-rev=3', { etcdctl: etcdctlOf('3.6') }),
    ).toEqual({
      stdout: '',
      stderr: 'Error: getMinModRev(=5) > getMaxModRev(=3)\n',
      exit: EXIT_BAD_FEATURE,
    })
    expect(
      ask('etcdctl get a --min-create-rev=5 --max-create-rev=0 --max-mod-rev=-1', {
        etcdctl: etcdctlOf('3.7'),
      }),
    ).toMatchObject({
      request: { type: 'Range', key: 'a', min_create_revision: 5 },
    })
  })

  it('a range that is deleted inside a transaction', () => {
    const stdin = '\ndel a b\ndel c d\n\n\n'
    const warned = (version: EtcdVersion) =>
      ask('etcdctl txn', { etcdctl: etcdctlOf(version), stdin })
    expect(warned('3.4')).not.toHaveProperty('before')
    expect(warned('3.5')).toMatchObject({ before: { waitMs: 0 } })
    expect(warned('3.6')).toMatchObject({
      before: { waitMs: 4000, stderr: expect.stringMatching(/"a" and "b"[\s\S]*"c" and "d"/) },
    })
    expect(ask('etcdctl del a b --range', { etcdctl: etcdctlOf('3.6') })).not.toHaveProperty(
      'before',
    )
  })

  it('fields in hex', () => {
    const reply: Reply = { type: 'LeaseGrant', header, ID: '00000000000000ff' as never, TTL: 5 }
    expect(printed('etcdctl lease grant 5 -w fields --hex', '3.5', reply)).toContain(
      '"ClusterID" : 193\n',
    )
    expect(printed('etcdctl lease grant 5 -w fields --hex', '3.6', reply)).toBe(
      '"ClusterID" : c1\n"MemberID" : a1\n"Revision" : 7\n"RaftTerm" : 2\n"ID" : 00000000000000ff\n"TTL" : 5\n',
    )
  })

  it('members in hex', () => {
    const member = {
      ID: header.member_id,
      name: '',
      peerURLs: ['http://h:1'],
      clientURLs: [],
      isLearner: true,
    }
    const reply: Reply = { type: 'MemberAdd', header, member, members: [member] }
    const line = 'etcdctl member add m2 --peer-urls=http://h:1 -w json --hex'
    expect(printed(line, '3.6', reply)).toContain('"member":{"ID":161,')
    const hex = '{"ID":"a1","peerURLs":["http://h:1"],"isLearner":true}'
    expect(printed(line, '3.7', reply)).toBe(
      `{"header":{"cluster_id":"c1","member_id":"a1","revision":7,"raft_term":2},"member":${hex},"members":[${hex}]}\n`,
    )
  })

  it('a token, limits of messages, a stream', () => {
    const line = 'etcdctl get a --auth-jwt-token=t --max-recv-bytes=1 --stream'
    expect(ask(line, { etcdctl: etcdctlOf('3.7') })).toMatchObject({ type: 'get' })
    expect(refused(line, { etcdctl: etcdctlOf('3.6') }).stderr).toMatch(
      /^Error: unknown flag: --auth-jwt-token/,
    )
  })

  it('completion follows the version', () => {
    const offered = (etcd: EtcdVersion) =>
      completion('etcdctl get --m', 15, { etcd }).candidates.map(({ text }) => text)
    expect(offered('3.5')).toEqual([])
    expect(offered('3.6')).toEqual(
      expect.arrayContaining(['--min-mod-rev=', '--max-request-bytes=']),
    )
  })

  it('every row is used', () => {
    const files = ['.', 'print'].flatMap((folder) => {
      const path = join(import.meta.dirname, folder)
      return readdirSync(path).flatMap((file) =>
        /(?<!\.test)\.ts$/.test(file) && file !== 'versions.ts' ? [join(path, file)] : [],
      )
    })
    const source = files.map((file) => readFileSync(file, 'utf8')).join('\n')
    const used = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(source)
    expect(Object.keys(CONSOLE_ROWS).filter((name) => !used(name))).toEqual([])
  })

  it('every row holds for some versions, and not for all', () => {
    for (const [name, { in: has }] of Object.entries(CONSOLE_ROWS)) {
      expect(has.length, name).toBeGreaterThan(0)
      expect(has.length, name).toBeLessThan(ETCD_VERSIONS.length)
    }
  })
})
