// The tests of `if`.

import { unreachable } from '../../base/assert'
import type { LeaseId } from '../../base/rpc'
import type { Test } from './steps'
import type { Variables } from './variables'

/** A client's own knowledge, without a request to etcd. */
export interface OwnKnowledge {
  /** Milliseconds on its monotonic clock. */
  now: number
  /** Whether it takes a lease for its own. */
  isLive(lease: LeaseId): boolean
  /** Whether it keeps a lease alive, so that the session of the lease lasts. */
  isKept(lease: LeaseId): boolean
}

export function holds(test: Test, vars: Variables, own: OwnKnowledge): boolean {
  return is(test, vars, own) !== test.not
}

function is(test: Test, vars: Variables, own: OwnKnowledge): boolean {
  switch (test.type) {
    case 'set':
      return vars.has(test.name)
    case 'equal':
      return (vars.get(test.a) ?? '') === (vars.get(test.b) ?? vars.fill(test.b))
    case 'less':
      return vars.amount(test.a) < vars.amount(test.b)
    case 'more':
      return vars.amount(test.a) > vars.amount(test.b)
    case 'live':
      return own.isLive((vars.get(test.lease) ?? '') as LeaseId)
    case 'elapsed': {
      const since = vars.timeOf(test.since)
      return since === undefined || own.now - since >= test.ms
    }
    default:
      return unreachable(test)
  }
}
