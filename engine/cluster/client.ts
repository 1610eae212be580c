// The calls of one client. They are synchronous.

import { bytesText, prefixEnd, textBytes } from '../base/bytes'
import type {
  DeleteRangeRequest,
  DeleteRangeResponse,
  LeaseGrantResponse,
  LeaseId,
  LeaseKeepAliveResponse,
  LeaseLeasesResponse,
  LeaseRevokeResponse,
  LeaseTimeToLiveResponse,
  PutRequest,
  PutResponse,
  RangeRequest,
  RangeResponse,
  Request,
  Response,
  RpcError,
  TxnRequest,
  TxnResponse,
  WatchCreateRequest,
} from '../base/rpc'
import type { ClientId, MemberName } from '../base/trace'
import type { Driver } from './driver'
import { EtcdError } from './error'
import { KeepAlive } from './keep-alive'
import { checkOptions, leaseIdOf, optionsFor, spanMs } from './plain'
import { toBytes, toText } from './texts'
import { Watch } from './watch'

/** The answer to a request of that type. */
export type ReplyTo<R extends { type: string }> = Extract<Response, { type: R['type'] }>

/** The other fields of a request, for the options of a method. */
type Options<R extends Request, Given extends keyof R = never> = Omit<R, 'type' | Given>

/** `prefix` means all keys that begin with the key. It replaces `range_end`. */
interface Prefixed {
  prefix?: boolean
}

/** The default deadline of a call, in virtual milliseconds. */
export const DEFAULT_TIMEOUT_MS = 120_000

/**
 * A client of the cluster. In a call, virtual time passes until the answer arrives, and everything
 * else that is due happens too. etcd's errors are thrown as `EtcdError`. A call without an answer
 * after `timeoutMs` (two virtual minutes) throws `context deadline exceeded`, code 4. A client that
 * is paused or down cannot call. A malformed lease ID, an unknown option, and a value of another
 * type throw a TypeError.
 *
 * @example
 * const etcd = new Cluster({ members: 3 })
 * const worker = etcd.client('worker', { member: 'm2' })
 * const { ID } = worker.grant(10)
 * worker.put('jobs/42', 'mine', { lease: ID })
 * expect(etcd.get('jobs/42').kvs[0]?.value).toBe('mine')
 */
export class ClusterClient {
  /** Its name in the trace and on the page. */
  readonly name: ClientId
  /** The deadline of its calls, in virtual milliseconds. */
  timeoutMs: number
  /** The member that receives its calls; undefined for the first one. */
  readonly member: MemberName | undefined
  /** @internal */
  readonly driver: Driver

  /** @internal Made by `Cluster.client`. */
  constructor(
    driver: Driver,
    name: ClientId,
    { member, timeoutMs = DEFAULT_TIMEOUT_MS }: { member?: MemberName; timeoutMs?: number } = {},
  ) {
    this.driver = driver
    this.name = name
    this.member = member
    this.timeoutMs = spanMs(timeoutMs, 'timeoutMs')
  }

  /**
   * Grants a lease (clientv3: Grant). The `TTL` of the answer may be longer than requested, because
   * the election timeout sets a minimum. An `ID` that exists throws `lease already exists`, code 9.
   * A TTL over 9,000,000,000 throws `too large lease TTL`, code 11.
   *
   * @param ttl whole seconds; a fraction or NaN throws a RangeError
   * @example
   * const etcd = new Cluster()
   * expect(etcd.grant(10).TTL).toBe(10)
   * expect(etcd.grant(1).TTL).toBe(2)
   */
  grant(ttl: number, options: { ID?: LeaseId | string } = {}): LeaseGrantResponse {
    if (!Number.isInteger(ttl)) throw new RangeError(`TTL: expected whole seconds, got ${ttl}`)
    checkOptions('grant', options, ['ID'])
    const { ID } = options
    return this.call({
      type: 'LeaseGrant',
      TTL: ttl,
      ...(ID === undefined ? {} : { ID: leaseIdOf('grant', ID) }),
    })
  }

  /**
   * Revokes a lease: its keys are deleted in one revision. An unknown ID throws `requested lease
   * not found`, code 5.
   *
   * @example
   * const etcd = new Cluster()
   * const { ID } = etcd.grant(10)
   * etcd.put('a', '1', { lease: ID })
   * etcd.revoke(ID)
   * expect(etcd.get('a').count).toBe(0)
   */
  revoke(lease: LeaseId | string): LeaseRevokeResponse {
    return this.call({ type: 'LeaseRevoke', ID: leaseIdOf('revoke', lease) })
  }

  /**
   * The remaining seconds of a lease, its granted TTL, and with `keys` its keys. An unknown ID is
   * not an error: `TTL` is −1 and `grantedTTL` is 0.
   *
   * @example
   * const etcd = new Cluster()
   * const { ID } = etcd.grant(10)
   * etcd.advance(4000)
   * expect(etcd.timeToLive(ID)).toMatchObject({ TTL: 5, grantedTTL: 10 })
   * expect(etcd.timeToLive('00000000000000ff').TTL).toBe(-1)
   */
  timeToLive(lease: LeaseId | string, options: { keys?: boolean } = {}): LeaseTimeToLiveResponse {
    checkOptions('timeToLive', options, ['keys'])
    const ID = leaseIdOf('timeToLive', lease)
    return this.call({ type: 'LeaseTimeToLive', ID, ...options })
  }

  /**
   * Lists the leases that the member knows.
   *
   * @example
   * const etcd = new Cluster()
   * const { ID } = etcd.grant(10)
   * expect(etcd.leases().leases).toEqual([ID])
   */
  leases(): LeaseLeasesResponse {
    return this.call({ type: 'LeaseLeases' })
  }

  /**
   * Renews a lease once. An unknown ID throws `requested lease not found`, code 5: the answer has
   * `TTL` 0, and clientv3 makes this error of it.
   *
   * @example
   * const etcd = new Cluster()
   * const { ID } = etcd.grant(10)
   * etcd.advance(8000)
   * expect(etcd.keepAliveOnce(ID).TTL).toBe(10)
   * expect(etcd.timeToLive(ID).TTL).toBe(9)
   */
  keepAliveOnce(lease: LeaseId | string): LeaseKeepAliveResponse {
    const ID = leaseIdOf('keepAliveOnce', lease)
    const response = this.call({ type: 'LeaseKeepAlive', ID })
    if (response.TTL <= 0)
      throw new EtcdError({ code: 5, message: 'etcdserver: requested lease not found' })
    return response
  }

  /**
   * Starts the keep-alive loop of the client's library for a lease. clientv3 renews after a third
   * of the TTL. An unknown ID is not an error: the loop ends with its first answer.
   *
   * @example
   * const etcd = new Cluster()
   * const { ID } = etcd.grant(5)
   * const kept = etcd.keepAlive(ID)
   * etcd.advance(60_000)
   * expect(kept.isLost).toBe(false)
   * kept.stop()
   * etcd.advance(6000)
   * expect(etcd.timeToLive(ID).TTL).toBe(-1)
   */
  keepAlive(lease: LeaseId | string): KeepAlive {
    return new KeepAlive(this.driver, this.name, leaseIdOf('keepAlive', lease))
  }

  /**
   * Writes a key. Without `lease`, the key is detached from its lease. An unknown lease throws
   * `requested lease not found`, code 5, and nothing is written.
   *
   * @example
   * const etcd = new Cluster()
   * etcd.put('a', '1')
   * expect(etcd.put('a', '2', { prev_kv: true }).prev_kv?.value).toBe('1')
   */
  put(key: string, value: string, options: LeaseOption<PutRequest> = {}): PutResponse {
    checkOptions('put', options, optionsFor('Put', ['key', 'value']))
    const { lease, ...rest } = options
    const attached = lease === undefined ? {} : { lease: leaseIdOf('put', lease) }
    return this.call({ type: 'Put', key, value, ...rest, ...attached })
  }

  /**
   * Reads a key, or with `prefix` all keys that begin with it. A missing key is not an error:
   * `count` is 0.
   *
   * @example
   * const etcd = new Cluster()
   * etcd.put('jobs/1', 'a')
   * etcd.put('jobs/2', 'b')
   * expect(etcd.get('jobs/', { prefix: true }).kvs.map(({ value }) => value)).toEqual(['a', 'b'])
   * expect(etcd.get('none').count).toBe(0)
   */
  get(key: string, options: Options<RangeRequest, 'key'> & Prefixed = {}): RangeResponse {
    return this.call({ type: 'Range', ...this.#keys('get', 'Range', key, options) })
  }

  /**
   * Deletes a key, or with `prefix` all keys that begin with it. A missing key is not an error:
   * `deleted` is 0.
   *
   * @example
   * const etcd = new Cluster()
   * etcd.put('a', '1')
   * expect(etcd.delete('a').deleted).toBe(1)
   * expect(etcd.delete('a').deleted).toBe(0)
   */
  delete(
    key: string,
    options: Options<DeleteRangeRequest, 'key'> & Prefixed = {},
  ): DeleteRangeResponse {
    return this.call({ type: 'DeleteRange', ...this.#keys('delete', 'DeleteRange', key, options) })
  }

  /**
   * A transaction: `success` if every compare holds, else `failure`. The fields are those of
   * etcd's TxnRequest.
   *
   * @example
   * const etcd = new Cluster()
   * const create = () => etcd.txn({
   *   compare: [{ key: 'a', target: 'CREATE', result: 'EQUAL', create_revision: 0 }],
   *   success: [{ type: 'Put', key: 'a', value: '1' }],
   *   failure: [{ type: 'Range', key: 'a' }],
   * })
   * expect(create().succeeded).toBe(true)
   * expect(create().succeeded).toBe(false)
   */
  txn(request: Options<TxnRequest>): TxnResponse {
    return this.call({ type: 'Txn', ...request })
  }

  /**
   * Watches a key, or with `prefix` all keys that begin with it, from now on or from
   * `start_revision`. After a broken connection the client resumes the watch without a gap.
   *
   * @example
   * const etcd = new Cluster()
   * const watch = etcd.watch('jobs/', { prefix: true })
   * const { ID } = etcd.grant(5)
   * etcd.put('jobs/42', 'mine', { lease: ID })
   * etcd.advance(6000)
   * expect(watch.events.map(({ type }) => type)).toEqual(['PUT', 'DELETE'])
   */
  watch(key: string, options: Options<WatchCreateRequest, 'key'> & Prefixed = {}): Watch {
    const keys = this.#keys('watch', 'WatchCreate', key, options)
    const request = toBytes({ type: 'WatchCreate' as const, ...keys })
    const watch = new Watch(this.driver, this.name, request, this.member)
    this.driver.until(() => watch.isReady, this.timeoutMs)
    return watch
  }

  /**
   * Sends any request of etcd's API, with the field names of its protocol buffers. Throws etcd's
   * errors.
   *
   * @example
   * const etcd = new Cluster()
   * expect(etcd.call({ type: 'MemberList' }).members.map(({ name }) => name)).toEqual(['m1'])
   */
  call<R extends Request>(request: R, options: { timeoutMs?: number } = {}): ReplyTo<R> {
    checkOptions('call', options, ['timeoutMs'])
    const { timeoutMs = this.timeoutMs } = options
    const reply = this.driver.call(this.name, toBytes(request), timeoutMs, this.member)
    return toText(reply) as ReplyTo<R>
  }

  /**
   * As `call`, but returns etcd's errors instead of throwing them.
   *
   * @example
   * const etcd = new Cluster()
   * const reply = etcd.try({ type: 'LeaseRevoke', ID: '00000000000000ff' })
   * expect(reply).toMatchObject({ type: 'error', code: Code.NotFound })
   */
  try<R extends Request>(request: R, options: { timeoutMs?: number } = {}): ReplyTo<R> | RpcError {
    try {
      return this.call(request, options)
    } catch (error) {
      if (!(error instanceof EtcdError)) throw error
      return { type: 'error', code: error.code, message: error.details }
    }
  }

  #keys<O extends Prefixed & { range_end?: string }>(
    method: string,
    type: Request['type'],
    key: string,
    options: O,
  ) {
    checkOptions(method, options, ['prefix', ...optionsFor(type, ['key'])])
    const { prefix = false, ...rest } = options
    if (typeof key !== 'string' || typeof prefix !== 'boolean')
      throw new TypeError(`${method}: expected a text as key, and true or false as prefix`)
    if (!prefix) return { key, ...rest }
    // clientv3: WithPrefix. The empty prefix is every key.
    return { ...rest, key: key === '' ? '\0' : key, range_end: endOf(key) }
  }
}

/** A lease may be given as plain text. */
type LeaseOption<R extends { lease?: LeaseId }> = Omit<R, 'type' | 'key' | 'value' | 'lease'> & {
  lease?: LeaseId | string
}

/** The first key after all keys with this prefix, as text. */
function endOf(prefix: string): string {
  return prefix === '' ? '\0' : bytesText(prefixEnd(textBytes(prefix)))
}
