// Answers, and the output of etcdctl 3.4.23 for them. The figures are those of the recorded
// clusters.

import { describe, expect, it } from 'vitest'
import { errors } from '../../base/errors'
import { leaseId } from '../../base/int64'
import type {
  Header,
  KeyValue,
  MemberId,
  MemberInfo,
  Reply,
  RpcError,
  StatusResponse,
  WatchResponse,
} from '../../base/rpc'
import { NO_LEASE } from '../../base/rpc'
import type { Signal } from '../../client/process/instructions'
import { ask } from '../../test/console-line'
import { etcdctlOf } from '../versions'
import { errorText } from './error-text'
import { replyJson } from './json'
import type { Printed } from './printed'
import { noProgress } from './printed'
import { print } from './printer'
import { leaseText, memberText16 } from './simple'
import { byteSize, goDuration } from './sizes'
import { table } from './table'

const CLUSTER = '0f3b01c4aa0bc7c5' as MemberId
const MEMBER = 'a7441604e9c5a997' as MemberId
const LEASE = leaseId('2997042238081041205')
const at = (revision: number): Header => ({
  cluster_id: CLUSTER,
  member_id: MEMBER,
  revision,
  raft_term: 2,
})
const IDS = '"cluster_id":1097472878372964293,"member_id":12052782713108015511'
const header = (revision: number) => `"header":{${IDS},"revision":${revision},"raft_term":2}`
const rows = (revision: number) =>
  `"ClusterID" : 1097472878372964293\n"MemberID" : 12052782713108015511\n"Revision" : ${revision}\n"RaftTerm" : 2\n`

const kv = (
  key: string,
  value: string,
  create: number,
  mod: number,
  version: number,
  lease = NO_LEASE,
): KeyValue => ({
  key,
  value,
  create_revision: create,
  mod_revision: mod,
  version,
  lease,
})
const tombstone = (key: string, mod: number): KeyValue => kv(key, '', 0, mod, 0)

/** The output of a line for these signals, one after the other, and its exit code. */
function shown(line: string, signals: Signal[], tookMs = 2): Printed {
  const invocation = ask(line)
  if (invocation.type === 'answer') throw new Error(`${line} is not sent: ${invocation.stderr}`)
  const progress = noProgress()
  const all: Printed = {}
  for (const signal of signals) {
    const printed = print(invocation, progress, signal, {
      tookMs,
      clientURLs: ['http://127.0.0.1:2379'],
      etcdctl: etcdctlOf('3.4'),
    })
    all.stdout = (all.stdout ?? '') + (printed.stdout ?? '')
    all.stderr = (all.stderr ?? '') + (printed.stderr ?? '')
    if (printed.exit !== undefined) return { ...all, exit: printed.exit }
  }
  return all
}
const replied = (line: string, ...replies: Reply[]) =>
  shown(line, [
    ...replies.map((reply): Signal => ({ type: 'reply', line: 0, reply })),
    { type: 'ended', failed: false },
  ])
const ok = (stdout: string) => ({ stdout, stderr: '', exit: 0 })
const failed = (message: string, exit: number) => ({
  stdout: '',
  stderr: `Error: ${message}\n`,
  exit,
})

describe('leases', () => {
  it('grant', () => {
    const reply: Reply = { type: 'LeaseGrant', header: at(1), ID: LEASE, TTL: 10 }
    expect(replied('etcdctl lease grant 10', reply)).toEqual(
      ok('lease 2997a20959a98335 granted with TTL(10s)\n'),
    )
    expect(replied('etcdctl lease grant 10 -w json', reply)).toEqual(
      ok(`{${IDS},"revision":1,"raft_term":2,"ID":2997042238081041205,"TTL":10,"Error":""}\n`),
    )
    expect(replied('etcdctl lease grant 10 -w fields', reply)).toEqual(
      ok(`${rows(1)}"ID" : 2997042238081041205\n"TTL" : 10\n`),
    )
    expect(replied('etcdctl lease grant 10 -w table', reply)).toEqual(
      failed('table not supported as output format', 4),
    )
    expect(replied('etcdctl lease grant 9000000001', errors.LeaseTTLTooLarge)).toEqual(
      failed('failed to grant lease (etcdserver: too large lease TTL)', 1),
    )
  })

  it('revoke', () => {
    const reply: Reply = { type: 'LeaseRevoke', header: at(1) }
    expect(replied('etcdctl lease revoke 2997a20959a98335', reply)).toEqual(
      ok('lease 2997a20959a98335 revoked\n'),
    )
    expect(replied('etcdctl lease revoke 1 -w json', reply)).toEqual(ok(`{${header(1)}}\n`))
    expect(replied('etcdctl lease revoke 1 -w fields', reply)).toEqual(ok(rows(1)))
    expect(replied('etcdctl lease revoke 12 -w table', errors.LeaseNotFound)).toEqual(
      failed('failed to revoke lease (etcdserver: requested lease not found)', 1),
    )
  })

  it('timetolive', () => {
    const reply = (keys: string[]): Reply => ({
      type: 'LeaseTimeToLive',
      header: at(3),
      ID: LEASE,
      TTL: 99,
      grantedTTL: 100,
      keys,
    })
    const line = 'lease 2997a20959a98335 granted with TTL(100s), remaining(99s)'
    expect(replied('etcdctl lease timetolive 2997a20959a98335', reply([]))).toEqual(ok(`${line}\n`))
    expect(replied('etcdctl lease timetolive 1 --keys', reply(['k1', '\xc3\xa9']))).toEqual(
      ok(`${line}, attached keys([k1 é])\n`),
    )
    expect(replied('etcdctl lease timetolive 1 --keys', reply([]))).toEqual(
      ok(`${line}, attached keys([])\n`),
    )
    const json = (keys: string) =>
      `{${IDS},"revision":3,"raft_term":2,"id":2997042238081041205,"ttl":99,"granted-ttl":100,"keys":${keys}}\n`
    expect(replied('etcdctl lease timetolive 1 --keys -w json', reply(['a', 'b']))).toEqual(
      ok(json('["YQ==","Yg=="]')),
    )
    expect(replied('etcdctl lease timetolive 1 --keys -w json', reply([]))).toEqual(
      ok(json('null')),
    )
    expect(replied('etcdctl lease timetolive 1 --keys -w fields', reply(['a', 'b']))).toEqual(
      ok(
        `${rows(3)}"ID" : 2997042238081041205\n"TTL" : 99\n"GrantedTTL" : 100\n"Key" : "a"\n"Key" : "b"\n`,
      ),
    )
  })

  it('timetolive of an expired lease, of an overdue one, and of a negative ID', () => {
    const reply = (id: number, TTL: number, grantedTTL: number): Reply => ({
      type: 'LeaseTimeToLive',
      header: at(1),
      ID: leaseId(id),
      TTL,
      grantedTTL,
      keys: [],
    })
    expect(replied('etcdctl lease timetolive 1234', reply(0x1234, -1, 0))).toEqual(
      ok('lease 0000000000001234 already expired\n'),
    )
    expect(replied('etcdctl lease timetolive -- -5', reply(-5, -1, 0))).toEqual(
      ok('lease -000000000000005 already expired\n'),
    )
    expect(replied('etcdctl lease timetolive 1', reply(1, -1, 12))).toEqual(
      ok('lease 0000000000000001 granted with TTL(12s), remaining(-1s)\n'),
    )
    expect(replied('etcdctl lease timetolive 1', errors.NoLeader)).toEqual(
      failed('etcdserver: no leader', 2),
    )
  })

  it('list', () => {
    const reply: Reply = { type: 'LeaseLeases', header: at(1), leases: [LEASE, leaseId(-5)] }
    expect(replied('etcdctl lease list', reply)).toEqual(
      ok('found 2 leases\n2997a20959a98335\n-000000000000005\n'),
    )
    expect(replied('etcdctl lease list -w json', reply)).toEqual(
      ok(`{${IDS},"revision":1,"raft_term":2,"leases":[{"id":2997042238081041205},{"id":-5}]}\n`),
    )
    expect(replied('etcdctl lease list -w json', { ...reply, leases: [] })).toEqual(
      ok(`{${IDS},"revision":1,"raft_term":2,"leases":[]}\n`),
    )
    expect(replied('etcdctl lease list -w fields', reply)).toEqual(
      ok(`${rows(1)}"ID" : 2997042238081041205\n"ID" : -5\n`),
    )
    expect(replied('etcdctl lease list', errors.Timeout)).toEqual(
      failed('etcdserver: request timed out', 2),
    )
  })

  it('keep-alive, once', () => {
    const reply = (TTL: number): Reply => ({
      type: 'LeaseKeepAlive',
      header: at(3),
      ID: LEASE,
      TTL,
    })
    expect(replied('etcdctl lease keep-alive --once 2997a20959a98335', reply(100))).toEqual(
      ok('lease 2997a20959a98335 keepalived with TTL(100)\n'),
    )
    expect(replied('etcdctl lease keep-alive --once 1 -w json', reply(100))).toEqual(
      ok(`{${IDS},"revision":3,"raft_term":2,"ID":2997042238081041205,"TTL":100}\n`),
    )
    expect(replied('etcdctl lease keep-alive --once 1 -w fields', reply(100))).toEqual(
      ok(`${rows(3)}"ID" : 2997042238081041205\n"TTL" : 100\n`),
    )
    expect(replied('etcdctl lease keep-alive --once 1 -w table', reply(100))).toEqual(
      failed('table not supported as output format', 4),
    )
    expect(replied('etcdctl lease keep-alive --once 1', reply(0))).toEqual(
      failed('etcdserver: requested lease not found', 2),
    )
    expect(replied('etcdctl lease keep-alive --once 1', errors.NoLeader)).toEqual(
      failed('etcdserver: no leader', 2),
    )
  })

  it('keep-alive', () => {
    const kept: Signal = {
      type: 'kept',
      line: 0,
      response: { type: 'LeaseKeepAlive', header: at(3), ID: LEASE, TTL: 6 },
    }
    const end: Signal[] = [
      { type: 'channel-closed', line: 0 },
      { type: 'ended', failed: false },
    ]
    const line = 'lease 2997a20959a98335 keepalived with TTL(6)\n'
    expect(shown('etcdctl lease keep-alive 2997a20959a98335', [kept, kept, ...end])).toEqual(
      ok(`${line}${line}lease 2997a20959a98335 expired or revoked.\n`),
    )
    expect(shown('etcdctl lease keep-alive 2997a20959a98335 -w json', [kept, ...end])).toEqual(
      ok(`{${IDS},"revision":3,"raft_term":2,"ID":2997042238081041205,"TTL":6}\n`),
    )
    expect(shown('etcdctl lease keep-alive 2997a20959a98335 -w table', [kept, ...end])).toEqual(
      failed('table not supported as output format', 4),
    )
  })
})

describe('put, get, del', () => {
  const before = kv('k\n"\xc3\xa9\xff', 'v 1', 2, 2, 1, LEASE)

  it('put', () => {
    const bare: Reply = { type: 'Put', header: at(3) }
    const reply: Reply = { ...bare, prev_kv: before }
    expect(replied('etcdctl put k v', bare)).toEqual(ok('OK\n'))
    expect(replied('etcdctl put k v --prev-kv', bare)).toEqual(ok('OK\n'))
    expect(replied('etcdctl put k v --prev-kv', reply)).toEqual(ok('OK\nk\n"é\ufffd\nv 1\n'))
    expect(replied('etcdctl put k v --prev-kv --hex', reply)).toEqual(
      ok('OK\n\\x6b\\x0a\\x22\\xc3\\xa9\\xff\n\\x76\\x20\\x31\n'),
    )
    expect(replied('etcdctl put k v -w json', bare)).toEqual(ok(`{${header(3)}}\n`))
    expect(replied('etcdctl put k v -w json --prev-kv', reply)).toEqual(
      ok(
        `{${header(3)},"prev_kv":{"key":"awoiw6n/","create_revision":2,"mod_revision":2,"version":1,"value":"diAx","lease":2997042238081041205}}\n`,
      ),
    )
    expect(replied('etcdctl put k v -w fields --prev-kv', reply)).toEqual(
      ok(
        `${rows(3)}"PrevKey" : "k\\n\\"é\\xff"\n"PrevCreateRevision" : 2\n"PrevModRevision" : 2\n"PrevVersion" : 1\n"PrevValue" : "v 1"\n"PrevLease" : 2997042238081041205\n`,
      ),
    )
    expect(replied('etcdctl put k v', errors.LeaseNotFound)).toEqual(
      failed('etcdserver: requested lease not found', 1),
    )
  })

  it('put prints the previous value only on request', () => {
    const reply: Reply = { type: 'Put', header: at(3), prev_kv: before }
    expect(replied('etcdctl put k v', reply)).toEqual(ok('OK\n'))
    expect(replied('etcdctl put k v -w json', reply)).toEqual(ok(`{${header(3)}}\n`))
  })

  const found: Reply = {
    type: 'Range',
    header: at(6),
    kvs: [kv('a', '2', 2, 3, 2), kv('b', '3', 4, 4, 1, LEASE)],
    more: true,
    count: 4,
  }
  const nothing: Reply = { type: 'Range', header: at(6), kvs: [], more: false, count: 0 }

  it('get', () => {
    expect(replied('etcdctl get a b', found)).toEqual(ok('a\n2\nb\n3\n'))
    expect(replied('etcdctl get a b --print-value-only', found)).toEqual(ok('2\n3\n'))
    expect(replied('etcdctl get a b --hex', found)).toEqual(ok('\\x61\n\\x32\n\\x62\n\\x33\n'))
    expect(
      replied('etcdctl get a --keys-only', { ...nothing, kvs: [kv('a', '', 2, 3, 2)], count: 1 }),
    ).toEqual(ok('a\n\n'))
    expect(
      replied('etcdctl get a --keys-only --print-value-only', {
        ...nothing,
        kvs: [kv('a', '', 2, 3, 2)],
        count: 1,
      }),
    ).toEqual(ok('\n'))
    expect(replied('etcdctl get a', nothing)).toEqual(ok(''))
    expect(replied('etcdctl get a -w json', nothing)).toEqual(ok(`{${header(6)}}\n`))
    expect(replied('etcdctl get a -w json --hex', found)).toEqual(
      ok(
        `{${header(6)},"kvs":[{"key":"YQ==","create_revision":2,"mod_revision":3,"version":2,"value":"Mg=="},{"key":"Yg==","create_revision":4,"mod_revision":4,"version":1,"value":"Mw==","lease":2997042238081041205}],"more":true,"count":4}\n`,
      ),
    )
    expect(replied('etcdctl get a -w fields', nothing)).toEqual(
      ok(`${rows(6)}"More" : false\n"Count" : 0\n`),
    )
    expect(replied('etcdctl get a -w fields', { ...found, kvs: [kv('a', '2', 2, 3, 2)] })).toEqual(
      ok(
        `${rows(6)}"Key" : "a"\n"CreateRevision" : 2\n"ModRevision" : 3\n"Version" : 2\n"Value" : "2"\n"Lease" : 0\n"More" : true\n"Count" : 4\n`,
      ),
    )
    expect(replied('etcdctl get a -w table', found)).toEqual(
      failed('table not supported as output format', 4),
    )
    expect(replied('etcdctl get a --print-value-only -w json', found)).toEqual(
      failed('print-value-only is only for `--write-out=simple`', 128),
    )
    expect(replied("etcdctl get '' --print-value-only -w json", errors.EmptyKey)).toEqual(
      failed('etcdserver: key is not provided', 1),
    )
    expect(replied('etcdctl get a', errors.FutureRev)).toEqual(
      failed('etcdserver: mvcc: required revision is a future revision', 1),
    )
  })

  it('del', () => {
    const reply: Reply = {
      type: 'DeleteRange',
      header: at(9),
      deleted: 1,
      prev_kvs: [kv('b', '3', 4, 4, 1)],
    }
    expect(replied('etcdctl del b', { ...reply, prev_kvs: [] })).toEqual(ok('1\n'))
    expect(replied('etcdctl del b --prev-kv', reply)).toEqual(ok('1\nb\n3\n'))
    expect(replied('etcdctl del b -w json', { ...reply, deleted: 0, prev_kvs: [] })).toEqual(
      ok(`{${header(9)}}\n`),
    )
    expect(replied('etcdctl del b -w json --prev-kv', reply)).toEqual(
      ok(
        `{${header(9)},"deleted":1,"prev_kvs":[{"key":"Yg==","create_revision":4,"mod_revision":4,"version":1,"value":"Mw=="}]}\n`,
      ),
    )
    expect(replied('etcdctl del b -w fields --prev-kv', reply).stdout).toBe(
      `${rows(9)}"Deleted" : 1\n"PrevKey" : "b"\n"PrevCreateRevision" : 4\n"PrevModRevision" : 4\n"PrevVersion" : 1\n"PrevValue" : "3"\n"PrevLease" : 0\n`,
    )
  })

  it('compaction has only its own format', () => {
    for (const format of ['simple', 'json', 'fields', 'table']) {
      expect(
        replied(`etcdctl compaction 010 -w ${format}`, { type: 'Compact', header: at(9) }),
      ).toEqual(ok('compacted revision 10\n'))
    }
    expect(replied('etcdctl compaction 5', errors.Compacted)).toEqual(
      failed('etcdserver: mvcc: required revision has been compacted', 1),
    )
  })
})

describe('txn', () => {
  const line = (flags: string) => `etcdctl txn ${flags} <<EOF\n\n\n\nEOF`
  const reply: Reply = {
    type: 'Txn',
    header: at(35),
    succeeded: true,
    responses: [
      { type: 'Put', revision: 35, prev_kv: kv('k', 'w', 32, 34, 3) },
      { type: 'Range', revision: 35, kvs: [kv('k', 'w', 32, 35, 4)], more: false, count: 1 },
      { type: 'DeleteRange', revision: 35, deleted: 0, prev_kvs: [] },
    ],
  }

  it('puts an empty line before every result', () => {
    expect(replied(line(''), reply)).toEqual(ok('SUCCESS\n\nOK\nk\nw\n\nk\nw\n\n0\n'))
    expect(replied(line(''), { ...reply, succeeded: false, responses: [] })).toEqual(
      ok('FAILURE\n'),
    )
    expect(replied(line('-i'), { ...reply, responses: [] })).toEqual(
      ok(
        'compares:\nsuccess requests (get, put, del):\nfailure requests (get, put, del):\nSUCCESS\n',
      ),
    )
  })

  it('nests in JSON, with the wrapper of its oneof', () => {
    expect(replied(line('-w json'), reply)).toEqual(
      ok(
        `{${header(35)},"succeeded":true,"responses":[{"Response":{"ResponsePut":{"header":{"revision":35},"prev_kv":{"key":"aw==","create_revision":32,"mod_revision":34,"version":3,"value":"dw=="}}}},{"Response":{"ResponseRange":{"header":{"revision":35},"kvs":[{"key":"aw==","create_revision":32,"mod_revision":35,"version":4,"value":"dw=="}],"count":1}}},{"Response":{"ResponseDeleteRange":{"header":{"revision":35}}}}]}\n`,
      ),
    )
    expect(replied(line('-w json'), { ...reply, succeeded: false, responses: [] })).toEqual(
      ok(`{${header(35)}}\n`),
    )
  })

  it('has a header of zeros for every result in fields', () => {
    const opRows = '"ClusterID" : 0\n"MemberID" : 0\n"Revision" : 35\n"RaftTerm" : 0\n'
    expect(
      replied(line('-w fields'), {
        ...reply,
        responses: [{ type: 'DeleteRange', revision: 35, deleted: 0, prev_kvs: [] }],
      }),
    ).toEqual(ok(`${rows(35)}"Succeeded" : true\n${opRows}"Deleted" : 0\n`))
    expect(replied(line('-w table'), reply)).toEqual(
      failed('table not supported as output format', 4),
    )
    expect(replied(line(''), errors.DuplicateKey)).toEqual(
      failed('etcdserver: duplicate key given in txn request', 1),
    )
  })
})

describe('watch', () => {
  const response = (more: Partial<WatchResponse>): Signal => ({
    type: 'watched',
    line: 0,
    response: {
      type: 'Watch',
      header: at(40),
      watch_id: 0,
      created: false,
      canceled: false,
      compact_revision: 0,
      cancel_reason: '',
      fragment: false,
      events: [],
      ...more,
    },
  })
  const events: WatchResponse['events'] = [
    { type: 'PUT', kv: kv('k', '-v', 6, 15, 9), prev_kv: kv('k', 'y', 6, 14, 8, LEASE) },
    { type: 'DELETE', kv: tombstone('k', 31) },
  ]

  it('prints events', () => {
    expect(shown('etcdctl watch k', [response({ created: true }), response({ events })])).toEqual({
      stdout: 'PUT\nk\ny\nk\n-v\nDELETE\nk\n\n',
      stderr: '',
    })
    expect(shown('etcdctl watch k --hex', [response({ events: events.slice(1) })]).stdout).toBe(
      'DELETE\n\\x6b\n\n',
    )
    expect(shown('etcdctl watch k -w json', [response({ events })]).stdout).toBe(
      `{"Header":{${IDS},"revision":40,"raft_term":2},"Events":[{"kv":{"key":"aw==","create_revision":6,"mod_revision":15,"version":9,"value":"LXY="},"prev_kv":{"key":"aw==","create_revision":6,"mod_revision":14,"version":8,"value":"eQ==","lease":2997042238081041205}},{"type":1,"kv":{"key":"aw==","mod_revision":31}}],"CompactRevision":0,"Canceled":false,"Created":false}\n`,
    )
    expect(
      shown('etcdctl watch k -w fields', [response({ events: events.slice(0, 1) })]).stdout,
    ).toBe(
      `${rows(40)}"Type" : PUT\n"PrevKey" : "k"\n"PrevCreateRevision" : 6\n"PrevModRevision" : 14\n"PrevVersion" : 8\n"PrevValue" : "y"\n"PrevLease" : 2997042238081041205\n"Key" : "k"\n"CreateRevision" : 6\n"ModRevision" : 15\n"Version" : 9\n"Value" : "-v"\n"Lease" : 0\n`,
    )
    expect(
      shown('etcdctl watch k -w table', [response({ created: true }), response({ events })]),
    ).toEqual(failed('table not supported as output format', 4))
  })

  it('ends when the server cancels', () => {
    const canceled = (why: string, stdout = '') => ({
      stdout,
      stderr: `watch was canceled (${why})\nError: watch is canceled by the server\n`,
      exit: 5,
    })
    const compacted = response({ canceled: true, compact_revision: 10, header: at(0) })
    expect(shown('etcdctl watch k --rev=1', [compacted])).toEqual(
      canceled('etcdserver: mvcc: required revision has been compacted'),
    )
    expect(shown('etcdctl watch k --rev=1 -w json', [compacted])).toEqual(
      canceled(
        'etcdserver: mvcc: required revision has been compacted',
        `{"Header":{${IDS},"raft_term":2},"Events":[],"CompactRevision":10,"Canceled":true,"Created":false}\n`,
      ),
    )
    const reason = 'mvcc: watcher range is empty'
    expect(
      shown('etcdctl watch z a', [
        response({ created: true, canceled: true, cancel_reason: reason }),
      ]),
    ).toEqual(canceled(reason))
    expect(shown('etcdctl watch a', [response({ canceled: true })])).toEqual(
      canceled('etcdserver: mvcc: required revision is a future revision'),
    )
    expect(replied('etcdctl watch a', errors.NoLeader)).toEqual(canceled('etcdserver: no leader'))
  })

  it('prints progress notifications', () => {
    expect(shown('etcdctl watch k', [response({})]).stdout).toBe('progress notify: 40\n')
  })
})

describe('lock and elect', () => {
  const held: Signal = {
    type: 'held',
    line: 0,
    key: 'r/2997a20959a98335',
    revision: 45,
    header: at(45),
  }
  const ended: Signal = { type: 'ended', failed: false }
  /** The answer to the read of the own key. */
  const own = (value = ''): Signal => {
    const key = kv('r/2997a20959a98335', value, 45, 45, 1, LEASE)
    return {
      type: 'reply',
      line: 0,
      reply: { type: 'Range', header: at(45), kvs: [key], more: false, count: 1 },
    }
  }
  const none: Signal = {
    type: 'reply',
    line: 0,
    reply: { type: 'Range', header: at(45), kvs: [], more: false, count: 0 },
  }
  const lost: Signal[] = [
    { type: 'channel-closed', line: 0 },
    { type: 'ended', failed: true },
  ]

  it('print the own key once they hold', () => {
    expect(shown('etcdctl lock r', [held, own()])).toEqual({
      stdout: 'r/2997a20959a98335\n\n',
      stderr: '',
    })
    expect(shown('etcdctl elect r p', [held, own('p'), ended])).toEqual(
      ok('r/2997a20959a98335\np\n'),
    )
    expect(shown('etcdctl lock r -w json', [held, own()]).stdout).toBe(
      `{${header(45)},"kvs":[{"key":"ci8yOTk3YTIwOTU5YTk4MzM1","create_revision":45,"mod_revision":45,"version":1,"lease":2997042238081041205}],"count":1}\n`,
    )
    expect(shown('etcdctl lock r -w table', [held, own()])).toEqual(
      failed('table not supported as output format', 4),
    )
  })

  it('find the own key gone', () => {
    expect(shown('etcdctl lock r', [held, none])).toEqual(failed('lock lost on init', 1))
    expect(shown('etcdctl elect r p', [held, none])).toEqual({ stdout: '', stderr: '' })
  })

  it('keep their session alive silently, and print its loss', () => {
    const kept: Signal = {
      type: 'kept',
      line: 0,
      response: { type: 'LeaseKeepAlive', header: at(3), ID: LEASE, TTL: 6 },
    }
    expect(shown('etcdctl lock r', [held, own(), kept]).stdout).toBe('r/2997a20959a98335\n\n')
    expect(shown('etcdctl lock r', lost)).toEqual(failed('session expired', 1))
    expect(shown('etcdctl elect r p', lost)).toEqual(failed('elect: session expired', 1))
    expect(
      replied('etcdctl lock r', { type: 'error', code: 1, message: 'context canceled' }),
    ).toEqual(failed('context canceled', 1))
  })

  it('run a command under the lock', () => {
    expect(shown('etcdctl lock r echo held it', [held, ended])).toEqual(ok('held it\n'))
    expect(shown('etcdctl lock r false', [held, ended])).toEqual(failed('exit status 1', 1))
    expect(shown('etcdctl lock r true', [held, ended])).toEqual(ok(''))
  })

  it('observe prints a range without a count', () => {
    const told: Signal = {
      type: 'told',
      line: 0,
      header: at(69),
      kv: kv('e/2997a20959a98335', 'p', 68, 68, 1, LEASE),
    }
    expect(shown('etcdctl elect -l e', [told]).stdout).toBe('e/2997a20959a98335\np\n')
    expect(shown('etcdctl elect -l e -w json', [told]).stdout).toBe(
      `{${header(69)},"kvs":[{"key":"ZS8yOTk3YTIwOTU5YTk4MzM1","create_revision":68,"mod_revision":68,"version":1,"value":"cA==","lease":2997042238081041205}]}\n`,
    )
    expect(shown('etcdctl elect -l e -w fields', [told]).stdout).toContain(
      '"More" : false\n"Count" : 0\n',
    )
  })
})

describe('members', () => {
  const member = (ID: string, name: string, port: number, isLearner = false): MemberInfo => ({
    ID: ID as MemberId,
    name,
    peerURLs: [`http://127.0.0.1:${port}`],
    clientURLs: name === '' ? [] : [`http://127.0.0.1:${port - 1}`],
    isLearner,
  })
  const members = [member('1dd36f5bc1685fb9', '', 9, true), member('618fcb8c22e0472b', 'm3', 32805)]
  const list: Reply = { type: 'MemberList', header: at(0), members }

  it('list', () => {
    expect(replied('etcdctl member list', list)).toEqual(
      ok(
        '1dd36f5bc1685fb9, unstarted, , http://127.0.0.1:9, , true\n618fcb8c22e0472b, started, m3, http://127.0.0.1:32805, http://127.0.0.1:32804, false\n',
      ),
    )
    expect(replied('etcdctl member list -w table', list).stdout).toBe(
      [
        '+------------------+-----------+------+------------------------+------------------------+------------+',
        '|        ID        |  STATUS   | NAME |       PEER ADDRS       |      CLIENT ADDRS      | IS LEARNER |',
        '+------------------+-----------+------+------------------------+------------------------+------------+',
        '| 1dd36f5bc1685fb9 | unstarted |      |     http://127.0.0.1:9 |                        |       true |',
        '| 618fcb8c22e0472b |   started |   m3 | http://127.0.0.1:32805 | http://127.0.0.1:32804 |      false |',
        '+------------------+-----------+------+------------------------+------------------------+------------+',
        '',
      ].join('\n'),
    )
    expect(replied('etcdctl member list -w json', list).stdout).toBe(
      `{"header":{${IDS},"raft_term":2},"members":[{"ID":2149183887063408569,"peerURLs":["http://127.0.0.1:9"],"isLearner":true},{"ID":7030061346089617195,"name":"m3","peerURLs":["http://127.0.0.1:32805"],"clientURLs":["http://127.0.0.1:32804"]}]}\n`,
    )
    expect(
      replied('etcdctl member list -w fields', { ...list, members: members.slice(0, 1) }).stdout,
    ).toBe(
      `${rows(0)}"ID" : 2149183887063408569\n"Name" : ""\n"PeerURL" : "http://127.0.0.1:9"\n"IsLearner" : true\n\n`,
    )
  })

  it('add', () => {
    const added: Reply = { type: 'MemberAdd', header: at(0), member: members[0]!, members }
    expect(replied('etcdctl member add m4 --peer-urls=http://127.0.0.1:9', added, list)).toEqual(
      ok(
        'Member 1dd36f5bc1685fb9 added to cluster  f3b01c4aa0bc7c5\n\nETCD_NAME="m4"\nETCD_INITIAL_CLUSTER="m4=http://127.0.0.1:9,m3=http://127.0.0.1:32805"\nETCD_INITIAL_ADVERTISE_PEER_URLS="http://127.0.0.1:9"\nETCD_INITIAL_CLUSTER_STATE="existing"\n',
      ),
    )
    expect(
      replied('etcdctl member add m4 --peer-urls=http://127.0.0.1:9 -w json', added).stdout,
    ).toBe(
      `{"header":{${IDS},"raft_term":2},"member":{"ID":2149183887063408569,"peerURLs":["http://127.0.0.1:9"],"isLearner":true},"members":[{"ID":2149183887063408569,"peerURLs":["http://127.0.0.1:9"],"isLearner":true},{"ID":7030061346089617195,"name":"m3","peerURLs":["http://127.0.0.1:32805"],"clientURLs":["http://127.0.0.1:32804"]}]}\n`,
    )
    expect(
      replied('etcdctl member add m4 --peer-urls=http://127.0.0.1:9 -w fields', added),
    ).toEqual(failed('fields not supported as output format', 4))
    expect(
      replied('etcdctl member add m4 --peer-urls=http://127.0.0.1:9', errors.PeerURLExist),
    ).toEqual(failed('etcdserver: Peer URLs already exists', 1))
  })

  it('remove, update, promote', () => {
    const done = (type: 'MemberRemove' | 'MemberUpdate' | 'MemberPromote'): Reply => ({
      type,
      header: at(0),
      members: [],
    })
    expect(replied('etcdctl member remove 1ec27693703198f', done('MemberRemove'))).toEqual(
      ok('Member  1ec27693703198f removed from cluster  f3b01c4aa0bc7c5\n'),
    )
    expect(
      replied(
        'etcdctl member update 618fcb8c22e0472b --peer-urls=http://a:1',
        done('MemberUpdate'),
      ),
    ).toEqual(ok('Member 618fcb8c22e0472b updated in cluster  f3b01c4aa0bc7c5\n'))
    expect(replied('etcdctl member promote 618fcb8c22e0472b', done('MemberPromote'))).toEqual(
      ok('Member 618fcb8c22e0472b promoted in cluster  f3b01c4aa0bc7c5\n'),
    )
    expect(replied('etcdctl member remove 1 -w json', done('MemberRemove'))).toEqual(
      ok(`{"header":{${IDS},"raft_term":2}}\n`),
    )
    expect(replied('etcdctl member promote 1', errors.MemberNotLearner)).toEqual(
      failed('etcdserver: can only promote a learner member', 1),
    )
  })
})

describe('endpoints', () => {
  const status: StatusResponse = {
    type: 'Status',
    header: at(1),
    version: '3.4.23',
    dbSize: 20480,
    dbSizeInUse: 16384,
    leader: MEMBER,
    raftIndex: 8,
    raftTerm: 2,
    raftAppliedIndex: 8,
    errors: [],
    isLearner: false,
  }
  const orphan: StatusResponse = {
    ...status,
    dbSize: 24576,
    leader: '0000000000000000' as MemberId,
    errors: ['etcdserver: no leader'],
  }
  const url = 'http://127.0.0.1:2379'
  const late: RpcError = errors.DeadlineExceeded

  it('status', () => {
    expect(replied('etcdctl endpoint status', status)).toEqual(
      ok(`${url}, a7441604e9c5a997, 3.4.23, 20 kB, true, false, 2, 8, 8, \n`),
    )
    expect(replied('etcdctl endpoint status', orphan)).toEqual(
      ok(`${url}, a7441604e9c5a997, 3.4.23, 25 kB, false, false, 2, 8, 8, etcdserver: no leader\n`),
    )
    expect(replied('etcdctl endpoint status -w json', status)).toEqual(
      ok(
        `[{"Endpoint":"${url}","Status":{${header(1)},"version":"3.4.23","dbSize":20480,"leader":12052782713108015511,"raftIndex":8,"raftTerm":2,"raftAppliedIndex":8,"dbSizeInUse":16384}}]\n`,
      ),
    )
    expect(replied('etcdctl endpoint status -w json', orphan).stdout).toContain(
      '"raftAppliedIndex":8,"errors":["etcdserver: no leader"],"dbSizeInUse":16384',
    )
    expect(replied('etcdctl endpoint status -w fields', orphan)).toEqual(
      ok(
        `${rows(1)}"Version" : "3.4.23"\n"DBSize" : 24576\n"Leader" : 0\n"IsLearner" : false\n"RaftIndex" : 8\n"RaftTerm" : 2\n"RaftAppliedIndex" : 8\n"Errors" : [etcdserver: no leader]\n"Endpoint" : "${url}"\n\n`,
      ),
    )
    expect(replied('etcdctl endpoint status -w table', status).stdout?.split('\n')[1]).toBe(
      '|       ENDPOINT        |        ID        | VERSION | DB SIZE | IS LEADER | IS LEARNER | RAFT TERM | RAFT INDEX | RAFT APPLIED INDEX | ERRORS |',
    )
    expect(
      replied(`etcdctl endpoint status --endpoints=${url},http://127.0.0.1:1`, status, late),
    ).toEqual({
      stdout: `${url}, a7441604e9c5a997, 3.4.23, 20 kB, true, false, 2, 8, 8, \n`,
      stderr:
        'Failed to get the status of endpoint http://127.0.0.1:1 (context deadline exceeded)\n',
      exit: 1,
    })
  })

  it('health, on stderr', () => {
    const range: Reply = { type: 'Range', header: at(1), kvs: [], more: false, count: 0 }
    expect(replied('etcdctl endpoint health', range)).toEqual({
      stdout: '',
      stderr: `${url} is healthy: successfully committed proposal: took = 2ms\n`,
      exit: 0,
    })
    expect(replied('etcdctl endpoint health --cluster', late)).toEqual({
      stdout: '',
      stderr: `${url} is unhealthy: failed to commit proposal: context deadline exceeded\nError: unhealthy cluster\n`,
      exit: 1,
    })
    expect(replied('etcdctl endpoint health -w json', range)).toEqual(
      ok(`[{"endpoint":"${url}","health":true,"took":"2ms"}]\n`),
    )
    expect(replied('etcdctl endpoint health -w json', late)).toEqual({
      stdout: `[{"endpoint":"${url}","health":false,"took":"2ms","error":"context deadline exceeded"}]\n`,
      stderr: 'Error: unhealthy cluster\n',
      exit: 1,
    })
    expect(replied('etcdctl endpoint health -w fields', range)).toEqual(
      ok(`"Endpoint" : "${url}"\n"Health" : true\n"Took" : 2ms\n"Error" : \n\n`),
    )
    expect(replied('etcdctl endpoint health -w table', range).stdout).toContain(
      '| http://127.0.0.1:2379 |   true |  2ms |       |\n',
    )
  })

  it('move-leader', () => {
    const moved: Reply = { type: 'MoveLeader' }
    expect(replied('etcdctl move-leader 6423690540862ec7', status, moved)).toEqual(
      ok('Leadership transferred from a7441604e9c5a997 to 6423690540862ec7\n'),
    )
    expect(replied('etcdctl move-leader 1 -w json', status, moved)).toEqual(ok('{}\n'))
    expect(replied('etcdctl move-leader 1 -w fields', status, moved)).toEqual(
      failed('fields not supported as output format', 4),
    )
    expect(replied('etcdctl move-leader 1', orphan)).toEqual(
      failed(`no leader endpoint given at [${url}]`, 128),
    )
    expect(replied('etcdctl move-leader 1', status, errors.BadLeaderTransferee)).toEqual(
      failed('etcdserver: bad leader transferee', 1),
    )
  })
})

describe('pieces', () => {
  it('errors: etcd’s by their messages, the own deadline as Go’s, others with gRPC’s prefix', () => {
    expect(errorText(errors.NoLeader)).toBe('etcdserver: no leader')
    expect(errorText({ type: 'error', code: 2, message: 'etcdserver: too many requests' })).toBe(
      'etcdserver: too many requests',
    )
    expect(errorText(errors.DeadlineExceeded)).toBe('context deadline exceeded')
    expect(errorText({ type: 'error', code: 2, message: 'context deadline exceeded' })).toBe(
      'rpc error: code = Unknown desc = context deadline exceeded',
    )
    expect(errorText({ type: 'error', code: 77, message: 'x' })).toBe(
      'rpc error: code = Code(77) desc = x',
    )
  })

  it('sizes and times as Go libraries print them', () => {
    expect(
      [0, 9, 10, 999, 1000, 1500, 9949, 9950, 20480, 24576, 999_499, 1_000_000, 123_456_789].map(
        byteSize,
      ),
    ).toEqual([
      '0 B',
      '9 B',
      '10 B',
      '999 B',
      '1.0 kB',
      '1.5 kB',
      '9.9 kB',
      '10 kB',
      '20 kB',
      '25 kB',
      '1000 kB',
      '1.0 MB',
      '124 MB',
    ])
    expect([0, 2, 999, 1000, 5001, 61_500, 3_600_000].map(goDuration)).toEqual([
      '0s',
      '2ms',
      '999ms',
      '1s',
      '5.001s',
      '1m1.5s',
      '1h0m0s',
    ])
  })

  it('IDs', () => {
    expect([
      leaseText(leaseId(1)),
      leaseText(leaseId(-1)),
      leaseText(leaseId('-9223372036854775808')),
    ]).toEqual(['0000000000000001', '-000000000000001', '-8000000000000000'])
    expect(memberText16('0000000000000000' as MemberId)).toBe('               0')
  })

  it('strings in JSON as Go escapes them', () => {
    const list: Reply = {
      type: 'MemberList',
      header: at(0),
      members: [
        { ID: MEMBER, name: 'a<b>&"\u2028', peerURLs: [], clientURLs: [], isLearner: false },
      ],
    }
    expect(
      list.type === 'MemberList' && replyJson(list, { hex: false, etcdctl: etcdctlOf('3.4') }),
    ).toContain('"name":"a\\u003cb\\u003e\\u0026\\"\\u2028"')
  })

  it('an empty table', () => {
    expect(table(['a'], [])).toBe('+---+\n| A |\n+---+\n')
    expect(table(['a'], [], true)).toBe('┌───┐\n│ A │\n└───┘\n')
  })
})
