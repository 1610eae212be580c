// Random calls in the normal form of the recordings, drawn so that they collide: few keys, few
// leases, and the corner cases of every request. Revisions are drawn relative to the store;
// `placed` makes them absolute when the call is made.

import fc from 'fast-check'
import type { Plain } from '../cli/exchange/form'

/** One act of an exchange. */
export type Act =
  /** A call; a call that waits is left waiting. */
  | { type: 'call'; call: string; request: Plain }
  /** A message on a watch stream, which the first message opens. */
  | { type: 'watch'; stream: number; request: Plain }
  /** The caller of a waiting call or of a stream is gone. No effect without one. */
  | { type: 'cancel'; waiting: number }

const LEASES = [11, 12, 13, 14, -1, '-9223372036854775808', '9223372036854775807', 99]
const KEYS = ['a', 'b', 'c', 'a0', 'dir/1', 'dir/2', 'dir/3', 'é', '\0', 'L/b', 'E/c']
const ENDS = ['\0', '\0', '\0', 'b', 'c', 'dir0', 'dir/2', 'zz', 'E0', 'L0', '\0\0', 'a']
const VALUES = ['', 'v', 'w', '9', '10', 'é']
const NAMES = ['L', 'E', 'E', '']
/**
 * Revisions up to the first count from the start of the exchange, the rest back from the store's.
 * The last but one is the store's own, the last is the compacted revision.
 */
const FROM_BEGINNING = 30
const LAST = 60
export const CURRENT = LAST
export const COMPACTED = 61

const often = <T>(value: T, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(value) }, arbitrary)
const flag = fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, fc.constant(true))
const key = fc.oneof({ weight: 40, arbitrary: fc.constantFrom(...KEYS) }, fc.constant(''))
const end = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  { weight: 4, arbitrary: fc.constantFrom<string | undefined>(...ENDS) },
)
const value = fc.constantFrom(...VALUES)
const lease = fc.constantFrom(...LEASES)
const leaseOrNone = fc.oneof(
  { weight: 2, arbitrary: fc.constant(undefined) },
  fc.constantFrom<number | string | undefined>(...LEASES, 0),
)
const revision = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 1, max: LAST }) },
  { weight: 2, arbitrary: fc.constant(COMPACTED) },
  fc.constantFrom<number | string>(
    0,
    -1,
    -5,
    1_000_000,
    '9223372036854775807',
    '-9223372036854775808',
  ),
)
const rarely = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  often<T | undefined>(undefined, arbitrary)
const sometimes = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof(fc.constant(undefined), arbitrary)
const limit = fc.constantFrom<number | string>(0, 1, 1, 2, 3, -1, 100, '9223372036854775807')

// Far enough apart that real time, which passes on one side only, does not change the order in
// which leases end.
const ttl = fc.integer({ min: 3, max: 90 }).map((n) => n * 100)

const put = record({
  key,
  value,
  lease: leaseOrNone,
  prev_kv: flag,
  ignore_value: flag,
  ignore_lease: flag,
}).map((request) => {
  // Mostly a request that passes validation.
  const { value: _value, ...withoutValue } = request
  const { lease: _lease, ...withoutLease } = request
  if (request.ignore_value && request.key !== 'b') return withoutValue
  return request.ignore_lease && request.key !== 'c' ? withoutLease : request
})
const range = record({
  key,
  range_end: end,
  limit: sometimes(limit),
  revision: rarely(revision),
  sort_order: rarely(fc.constantFrom('NONE', 'ASCEND', 'DESCEND')),
  sort_target: sometimes(fc.constantFrom('KEY', 'VERSION', 'CREATE', 'MOD', 'VALUE')),
  serializable: flag,
  keys_only: flag,
  count_only: flag,
  min_mod_revision: rarely(rarely(revision)),
  max_mod_revision: rarely(rarely(revision)),
  min_create_revision: rarely(rarely(revision)),
  max_create_revision: rarely(rarely(revision)),
})
const deleteRange = record({
  key,
  range_end: often<string | undefined>(undefined, end),
  prev_kv: flag,
})
const compare = fc
  .tuple(
    record({
      key,
      range_end: rarely(end),
      result: fc.constantFrom('EQUAL', 'GREATER', 'LESS', 'NOT_EQUAL'),
    }),
    fc.oneof(
      record({ target: fc.constant('VERSION'), version: fc.integer({ min: -1, max: 4 }) }),
      record({ target: fc.constant('CREATE'), create_revision: rarely(revision) }),
      record({ target: fc.constant('MOD'), mod_revision: rarely(revision) }),
      record({ target: fc.constant('VALUE'), value: rarely(value) }),
      record({ target: fc.constant('LEASE'), lease: leaseOrNone }),
      // A target without its own value, or with another's.
      record({ target: fc.constantFrom('VALUE', 'LEASE', 'MOD'), version: fc.constant(1) }),
    ),
  )
  .map(([common, target]): Plain => ({ ...common, ...target }))

function txn(depth: number): fc.Arbitrary<Plain> {
  const single: fc.WeightedArbitrary<Plain>[] = [
    { weight: 5, arbitrary: put.map((request) => ({ request_put: request })) },
    { weight: 4, arbitrary: range.map((request) => ({ request_range: request })) },
    { weight: 2, arbitrary: deleteRange.map((request) => ({ request_delete_range: request })) },
  ]
  if (depth > 0)
    single.push({
      weight: 2,
      arbitrary: txn(depth - 1).map((request) => ({ request_txn: request })),
    })
  const ops = fc.array(
    fc.oneof({ weight: 60, arbitrary: fc.oneof(...single) }, fc.constant<Plain>({})),
    { maxLength: 3 },
  )
  return record({ compare: fc.array(compare, { maxLength: 2 }), success: ops, failure: ops })
}

/** Deletes a range of keys and puts one of them again, which etcd does not count as a collision. */
const sweep = fc.tuple(deleteRange, put).map(
  ([sweeping, putting]): Plain => ({
    success: [{ request_delete_range: { ...sweeping, range_end: '\0' } }, { request_put: putting }],
  }),
)

/** The maximum number of operations in a transaction, or one more, also by nesting. */
const largeTxn = fc
  .tuple(fc.constantFrom(126, 127, 128, 129), fc.boolean())
  .map(([count, nested]): Plain => {
    const success = Array.from({ length: count }, (_, i) => ({ request_range: { key: `a${i}` } }))
    return nested ? { success: [{ request_txn: { success } }] } : { success }
  })

const leader = record({
  name: fc.constant('E'),
  key: fc.constantFrom('E/b', 'E/c', 'E/-1', ''),
  rev: revision,
  lease,
})
const call = (name: string, request: fc.Arbitrary<Plain>): fc.Arbitrary<Act[]> =>
  request.map((plain) => [{ type: 'call', call: name, request: plain }])

/** A lease so short that it might end on a slow machine: it is revoked at once. */
const shortLease = fc
  .tuple(lease, fc.constantFrom<number | string>(0, 1, 2, 3, -5, '-9223372036854775808'))
  .map(([ID, TTL]): Act[] => [
    { type: 'call', call: 'LeaseGrant', request: { ID, TTL } },
    { type: 'call', call: 'LeaseTimeToLive', request: { ID } },
    { type: 'call', call: 'LeaseRevoke', request: { ID } },
  ])

const kvAndLeases: fc.WeightedArbitrary<Act[]>[] = [
  { weight: 22, arbitrary: call('Put', put) },
  { weight: 16, arbitrary: call('Range', range) },
  { weight: 7, arbitrary: call('DeleteRange', deleteRange) },
  { weight: 18, arbitrary: call('Txn', txn(2)) },
  { weight: 1, arbitrary: call('Txn', largeTxn) },
  { weight: 2, arbitrary: call('Txn', sweep) },
  {
    weight: 4,
    arbitrary: call(
      'Compact',
      record({
        revision: fc.oneof(revision, fc.constant<number | string>(LAST)),
        physical: fc.constant(true),
      }),
    ),
  },
  {
    weight: 10,
    arbitrary: call(
      'LeaseGrant',
      record({
        ID: lease,
        TTL: fc.oneof(
          ttl,
          fc.constantFrom<number | string>('9000000000', '9000000001', '9223372036854775807'),
        ),
      }),
    ),
  },
  {
    weight: 6,
    arbitrary: call(
      'LeaseRevoke',
      record({ ID: fc.oneof(lease, fc.constant<number | string>(0)) }),
    ),
  },
  {
    weight: 4,
    arbitrary: call(
      'LeaseKeepAlive',
      record({ ID: fc.oneof(lease, fc.constant<number | string>(0)) }),
    ),
  },
  { weight: 6, arbitrary: call('LeaseTimeToLive', record({ ID: lease, keys: flag })) },
  { weight: 3, arbitrary: call('LeaseLeases', fc.constant({})) },
]

const watchCreate = record({
  key: fc.oneof({ weight: 5, arbitrary: key }, fc.constant('')),
  range_end: end,
  start_revision: sometimes(
    fc.oneof(
      { weight: 6, arbitrary: revision },
      fc.constantFrom<number | string>(-1, 0, COMPACTED, COMPACTED),
    ),
  ),
  prev_kv: sometimes(fc.constant(true)),
  filters: rarely(fc.subarray(['NOPUT', 'NODELETE'])),
  watch_id: rarely(fc.constantFrom(1, 2, 7, -3)),
  fragment: flag,
  progress_notify: flag,
})
const stream = fc.nat(1)
const watches: fc.WeightedArbitrary<Act[]>[] = [
  {
    weight: 3,
    arbitrary: fc
      .tuple(stream, watchCreate)
      .map(([stream, create]): Act[] => [
        { type: 'watch', stream, request: { create_request: create } },
      ]),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(stream, fc.constantFrom(0, 1, 2, 7, -3, 50))
      .map(([stream, watch_id]): Act[] => [
        { type: 'watch', stream, request: { cancel_request: { watch_id } } },
      ]),
  },
  {
    weight: 1,
    arbitrary: stream.map((stream): Act[] => [
      { type: 'watch', stream, request: { progress_request: {} } },
    ]),
  },
]

const services: fc.WeightedArbitrary<Act[]>[] = [
  { weight: 1, arbitrary: shortLease },
  { weight: 1, arbitrary: call('LeaseGrant', record({ TTL: ttl })) },
  {
    weight: 5,
    arbitrary: call(
      'Lock',
      record({
        name: fc.constantFrom(...NAMES),
        lease: fc.oneof({ weight: 9, arbitrary: lease }, fc.constant<number | string>(0)),
      }),
    ),
  },
  {
    weight: 4,
    arbitrary: call(
      'Unlock',
      record({ key: fc.constantFrom('L/b', 'L/c', 'L/d', 'L/-1', 'E/b', '/b', 'a', '') }),
    ),
  },
  {
    weight: 5,
    arbitrary: call(
      'Campaign',
      record({ name: fc.constantFrom(...NAMES), lease, value: rarely(value) }),
    ),
  },
  {
    weight: 2,
    arbitrary: call(
      'Proclaim',
      record({
        leader: rarely(leader).map((given) => given ?? { name: 'E', key: 'E/b', rev: 9 }),
        value,
      }),
    ),
  },
  { weight: 1, arbitrary: call('Proclaim', fc.constant({ value: 'v' })) },
  { weight: 2, arbitrary: call('Leader', record({ name: fc.constantFrom(...NAMES) })) },
  { weight: 2, arbitrary: call('Resign', record({ leader })) },
  { weight: 1, arbitrary: call('Resign', fc.constant({})) },
  { weight: 2, arbitrary: fc.nat(3).map((waiting): Act[] => [{ type: 'cancel', waiting }]) },
  { weight: 1, arbitrary: call('MemberList', fc.constant({})) },
  { weight: 1, arbitrary: call('MemberRemove', record({ ID: fc.constantFrom(0, 77) })) },
  { weight: 1, arbitrary: call('MemberPromote', record({ ID: fc.constantFrom(0, 77) })) },
  { weight: 1, arbitrary: call('MoveLeader', record({ targetID: fc.constantFrom(0, 77) })) },
]

const many = (acts: fc.Arbitrary<Act[]>, calls: number): fc.Arbitrary<Act[]> =>
  fc.array(acts, { minLength: calls, maxLength: calls, size: 'max' }).map((groups) => groups.flat())

/** All requests that a lone member can receive. */
export const exchanges = (calls: number): fc.Arbitrary<Act[]> =>
  many(fc.oneof(...kvAndLeases, ...watches, ...services), calls)

/** Keys, transactions and leases, one request at a time; each shrinks by itself. */
export const kvCalls = fc
  .oneof(...kvAndLeases, { weight: 1, arbitrary: shortLease })
  .map((acts) => acts[0] as Extract<Act, { type: 'call' }>)
export const watchMessages = fc
  .oneof(...watches)
  .map((acts) => acts[0] as Extract<Act, { type: 'watch' }>)

const REVISIONS = new Set([
  'revision',
  'start_revision',
  'min_mod_revision',
  'max_mod_revision',
  'min_create_revision',
  'max_create_revision',
  'create_revision',
  'mod_revision',
  'rev',
])
/**
 * A request with absolute revisions: counted from the start of the exchange, or back from the
 * store's revision. Other values stay.
 */
export function placed(request: Plain, began: number, current: number, compacted: number): Plain {
  const place = (value: unknown, name: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => place(item, name))
    if (typeof value === 'object' && value !== null)
      return placed(value as Plain, began, current, compacted)
    if (!REVISIONS.has(name) || typeof value !== 'number' || value <= 0 || value > COMPACTED)
      return value
    if (value === COMPACTED) return Math.max(compacted, 1)
    return value <= FROM_BEGINNING ? began - 1 + value : Math.max(current - (LAST - value), 1)
  }
  return Object.fromEntries(
    Object.entries(request).map(([name, value]) => [name, place(value, name)]),
  )
}

/** A record without its undefined fields. */
function record(fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Plain> {
  return fc
    .record(fields)
    .map((plain) =>
      Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined)),
    )
}
