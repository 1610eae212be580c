import { Code, errors } from '../../base/errors'
import type { RpcError } from '../../base/rpc'

const NAMES: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(Code).map(([name, code]) => [code, name]),
)

/** The errors of the client library's own recipes, which no server sent. */
const OWN: readonly string[] = [errors.SessionExpired.message, errors.LockReleased.message]

/**
 * An error as clientv3 hands it to etcdctl: etcd's own by their words alone, the client's own as
 * Go's, anything else with gRPC's frame.
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
