import { Code, errors } from '../../base/errors'
import type { RpcError } from '../../base/rpc'

const NAMES: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(Code).map(([name, code]) => [code, name]),
)

/** The errors of the client library's own recipes, which come from no server. */
const OWN: readonly string[] = [errors.SessionExpired.message, errors.LockReleased.message]

/**
 * An error as clientv3 returns it to etcdctl: etcd's own by its message only, the client's own as
 * Go's, any other with gRPC's prefix.
 */
export function errorText({ code, message }: RpcError): string {
  if (
    message.startsWith('etcdserver: ') ||
    OWN.includes(message) ||
    code === Code.DeadlineExceeded ||
    code === Code.Canceled
  )
    return message
  return `rpc error: code = ${NAMES[code] ?? `Code(${code})`} desc = ${message}`
}
