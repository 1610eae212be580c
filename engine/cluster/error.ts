import type { RpcError } from '../base/rpc'

/**
 * An error of etcd or of its client. `details` are etcd's words, such as `etcdserver: requested
 * lease not found`; `code` is gRPC's number for them, 5 for that one. `message` begins with these
 * words. After a deadline it adds the last events, and after a failure that no known member runs.
 *
 * @example
 * const etcd = new Cluster()
 * const revoke = () => etcd.revoke('00000000000000ff')
 * expect(revoke).toThrow('etcdserver: requested lease not found')
 * expect(revoke).toThrow(expect.objectContaining({ name: 'EtcdError', code: Code.NotFound }))
 */
export class EtcdError extends Error {
  /** `EtcdError`. */
  override readonly name = 'EtcdError'
  /** gRPC's status code (`Code` has the names). */
  readonly code: number
  /** etcd's words without the code, as gRPC's clients call them. */
  readonly details: string

  constructor({ code, message }: Omit<RpcError, 'type'>, story = '') {
    super(`${message}${story}`)
    this.code = code
    this.details = message
  }
}
