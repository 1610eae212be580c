import { describe, expect, it } from 'vitest'
import { errors } from '../base/errors'
import type { Header, KeyValue, LeaseId, MemberId, Reply } from '../base/rpc'
import { NO_LEASE } from '../base/rpc'
import { ask, wordsOf } from '../test/console-line'
import { etcdLine } from './etcd-line'
import { guidedLease, meantArguments, meantCommand, newGuide, notesOnReply } from './guided'
import { readTxn } from './txn-input'
import { etcdctlOf } from './versions'

const GRANTED = '10d2a207214d161d' as LeaseId
const LATER = '10d2a207214d1620' as LeaseId
const header: Header = {
  cluster_id: '1' as MemberId,
  member_id: '2' as MemberId,
  revision: 5,
  raft_term: 2,
}

describe('a lease ID', () => {
  const reading = (granted: LeaseId[], unused: LeaseId | null) => {
    const guide = { ...newGuide(), unused }
    const notes: string[] = []
    return { guide, notes, read: guidedLease(guide, (id) => granted.includes(id), notes) }
  }

  it('that was never granted means the latest lease, from then on, with one note', () => {
    const { guide, notes, read } = reading([GRANTED], GRANTED)
    expect(read('0a1b2c3d4e5f6789')).toEqual({ ok: true, id: GRANTED })
    expect(notes).toEqual([
      `No lease 0a1b2c3d4e5f6789 was granted. From now on this ID means the latest lease, ${GRANTED}.`,
    ])
    expect(guide.unused).toBeNull()
    expect(read('99')).toEqual({ ok: true, id: '0000000000000099' })
    guide.unused = LATER
    expect(read('a1b2c3d4e5f6789')).toEqual({ ok: true, id: GRANTED })
    expect(notes).toHaveLength(1)
    expect(read('1234')).toEqual({ ok: true, id: LATER })
    expect(notes).toHaveLength(2)
  })

  it('is not changed if no lease was granted, or the granted one has been used', () => {
    const { notes, read } = reading([], null)
    expect(read('1234')).toEqual({ ok: true, id: '0000000000001234' })
    const used = reading([GRANTED], GRANTED)
    expect(used.read(GRANTED)).toEqual({ ok: true, id: GRANTED })
    expect(used.read('1234')).toEqual({ ok: true, id: '0000000000001234' })
    expect([...notes, ...used.notes]).toEqual([])
  })

  it('of zeros is no lease, and an invalid word stays invalid', () => {
    const { notes, read } = reading([GRANTED], GRANTED)
    expect(read('0')).toEqual({ ok: true, id: NO_LEASE })
    expect(read('zz')).toEqual({ ok: false, why: 'invalid syntax' })
    expect(read('12345678901234567')).toEqual({ ok: false, why: 'value out of range' })
    expect(notes).toEqual([])
  })

  it('above 7fff… becomes a signed number', () => {
    const { notes, read } = reading([], null)
    expect(read('ABCDEF1234567890')).toEqual({ ok: true, id: 'abcdef1234567890' })
    expect(notes).toEqual([expect.stringContaining('etcdctl refuses ABCDEF1234567890')])
    expect(read('7fffffffffffffff')).toEqual({ ok: true, id: '7fffffffffffffff' })
    expect(notes).toHaveLength(1)
  })

  it('inside a transaction is read the same way', () => {
    const { read } = reading([GRANTED], GRANTED)
    expect(readTxn('\nput k v --lease=abcdef1234567890\n\n\n', false, read)).toMatchObject({
      request: { success: [{ lease: GRANTED }] },
    })
  })
})

describe('the meant command', () => {
  const meant = (line: string) => meantArguments(wordsOf(line), etcdctlOf('3.4'))

  it('for lease renew', () => {
    expect(meant('lease renew 1f')).toEqual({
      argv: ['lease', 'keep-alive', '--once', '1f'],
      notes: [expect.stringContaining('`lease renew`')],
    })
    expect(meant('-w json lease renew 1f').argv).toEqual([
      '-w',
      'json',
      'lease',
      'keep-alive',
      '--once',
      '1f',
    ])
    expect(meant('lease renew --once 1f').argv).toEqual(['lease', 'keep-alive', '--once', '1f'])
    expect(meant('lease keepalive 1f').argv).toEqual(['lease', 'keep-alive', '1f'])
    for (const line of [
      'lease revoke renew',
      'lease bogus 1f',
      'get renew',
      'lease',
      'nonsense renew',
      'lease keep-alive 1f',
    ]) {
      expect(meant(line), line).toEqual({ argv: wordsOf(line), notes: [] })
    }
  })

  it('for a line without etcdctl, or with a prompt', () => {
    expect(meantCommand(['lease', 'grant', '10'], etcdctlOf('3.4'))).toEqual({
      words: ['etcdctl', 'lease', 'grant', '10'],
      notes: [expect.stringContaining('runs as `etcdctl lease …`')],
    })
    expect(meantCommand(['$', 'etcdctl', 'get', 'a'], etcdctlOf('3.4'))).toEqual({
      words: ['etcdctl', 'get', 'a'],
      notes: [],
    })
    for (const words of [['echo', 'a'], ['help'], ['etcdctl', 'get'], ['$'], []])
      expect(meantCommand(words, etcdctlOf('3.4'))).toEqual({ words, notes: [] })
  })

  it('for a line that starts etcd', () => {
    const members = [
      { name: 'm1', peerURLs: ['http://127.0.0.1:2380'], clientURLs: ['http://127.0.0.1:2379'] },
    ]
    const start = (line: string) => etcdLine(wordsOf(line), { members }, true)
    const article =
      '--listen-client-urls http://127.0.0.1:2379 --listen-peer-urls http://127.0.0.1:2380 --name my-node'
    expect(start(article)).toEqual({
      stderr: '',
      exit: 0,
      notes: [
        'The member with these URLs already runs under the name m1, not my-node. This line counts as its start.',
      ],
    })
    expect(start('--name=m1').notes).toEqual([
      'The member with these URLs already runs. This line counts as its start.',
    ])
    expect(
      start('--listen-client-urls=http://127.0.0.1:1 --listen-peer-urls=http://127.0.0.1:2'),
    ).toMatchObject({ exit: 1, notes: [] })
  })
})

describe('notes on answers', () => {
  const members = [{ name: 'm1', peerURLs: ['http://127.0.0.1:2380'] }]
  const notes = (line: string, reply: Reply) => {
    const invocation = ask(line)
    if (invocation.type === 'answer') throw new Error(invocation.stderr)
    return notesOnReply(invocation, reply, { members, granted: [LATER, GRANTED] })
  }
  const granted = (TTL: number): Reply => ({ type: 'LeaseGrant', header, ID: GRANTED, TTL })
  const put = (prev_kv?: KeyValue): Reply => ({
    type: 'Put',
    header,
    ...(prev_kv === undefined ? {} : { prev_kv }),
  })
  const kv = (key: string, value: string, lease = NO_LEASE): KeyValue => ({
    key,
    value,
    lease,
    create_revision: 2,
    mod_revision: 2,
    version: 1,
  })

  it('give the name of a lease, by the grants of the run', () => {
    expect(notes('etcdctl lease grant 2', granted(2))).toEqual([
      'This lease is L2. $L2 stands for its ID.',
    ])
  })

  it('explain the minimum TTL', () => {
    expect(notes('etcdctl lease grant 0', granted(2))).toEqual([
      'The minimum TTL of this cluster is 2 s (one and a half election timeouts). etcd raised 0 s to it.',
      'This lease is L2. $L2 stands for its ID.',
    ])
  })

  it('explain that put takes a lock from its holder, and show a safe transaction', () => {
    const [note = ''] = notes(
      'etcdctl put my-lock me --lease=5',
      put(kv('my-lock', 'you', GRANTED)),
    )
    expect(note).toContain(`my-lock existed (value "you", lease ${GRANTED}). put does not fail`)
    const txn = note.slice(note.indexOf("<<'EOF'\n") + 8, note.lastIndexOf('EOF'))
    expect(readTxn(txn, false)).toMatchObject({
      request: {
        compare: [{ key: 'my-lock', target: 'CREATE', create_revision: 0 }],
        success: [{ key: 'my-lock', value: 'me', lease: '0000000000000005' }],
        failure: [{ type: 'Range', key: 'my-lock' }],
      },
    })
  })

  it('show a transaction that reads back, for any key', () => {
    const [note = ''] = notes(`etcdctl put $'a lock "é\\n' ''`, put(kv('a lock "\xc3\xa9\n', '')))
    const txn = note.slice(note.indexOf("<<'EOF'\n") + 8, note.lastIndexOf('EOF'))
    expect(readTxn(unescape8(txn), false)).toMatchObject({
      request: { success: [{ type: 'Put', key: 'a lock "\xc3\xa9\n', value: '' }] },
    })
  })

  it('report a key that is detached from its lease', () => {
    expect(notes('etcdctl put k v', put(kv('k', 'v', GRANTED)))).toEqual([
      expect.stringContaining('The key is no longer attached to that lease.'),
    ])
  })

  it('are absent for everything else', () => {
    expect(notes('etcdctl put my-lock me', put())).toEqual([])
    expect(notes('etcdctl put k v', put(kv('k', 'w')))).toEqual([])
    expect(notes(`etcdctl put k v --lease=${GRANTED}`, put(kv('k', 'w', GRANTED)))).toEqual([])
    expect(notes('etcdctl put k v --ignore-lease', put(kv('k', 'w', GRANTED)))).toEqual([])
    expect(
      notes('etcdctl get my-lock', {
        type: 'Range',
        header,
        kvs: [kv('my-lock', 'x')],
        more: false,
        count: 1,
      }),
    ).toEqual([])
  })

  it('explain why a member cannot be added twice', () => {
    expect(
      notes('etcdctl member add x --peer-urls=http://127.0.0.1:2380', errors.PeerURLExist),
    ).toEqual([
      'm1, which already runs, has this peer URL. `member add` is for a member that will join; a running member needs none.',
    ])
    expect(
      notes('etcdctl member add x --peer-urls=http://127.0.0.1:2380', errors.Unhealthy),
    ).toEqual([])
  })
})

/** The note is text; its pasted commands become bytes. */
function unescape8(pasted: string): string {
  return String.fromCharCode(...Buffer.from(pasted, 'utf8'))
}
