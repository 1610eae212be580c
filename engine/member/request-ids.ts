// The source of lease IDs (etcd: pkg/idutil/id.go; semantics §1.2): sixteen bits of the member's
// ID, forty of the milliseconds of its start, eight of a counter that may carry into the
// milliseconds. Every proposal and every read index also takes an id, so two leases granted in a
// row differ by at least two.

import { fromHalves, lo } from '../base/int64'
import type { LeaseId, MemberId } from '../base/rpc'
import { NO_LEASE } from '../base/rpc'
import { idSize } from './message-size'

const TWO_32 = 0x1_0000_0000
const TWO_40 = TWO_32 * 0x100
const TWO_48 = TWO_40 * 0x100

export class RequestIds {
  readonly #prefix: number
  #suffix: number

  /** `startedAtMs` is Unix milliseconds, of which forty bits count. */
  constructor(member: MemberId, startedAtMs: number) {
    this.#prefix = lo(member as string as LeaseId) & 0xffff
    this.#suffix = (startedAtMs % TWO_40) * 0x100
  }

  /** As the constructor: a starting process counts from this time. */
  startAt(startedAtMs: number): void {
    this.#suffix = (startedAtMs % TWO_40) * 0x100
  }

  /** Takes one id and drops it: the id of a proposal or a read index. */
  skip(): void {
    this.#suffix = (this.#suffix + 1) % TWO_48
  }

  /** A lease ID: the next request id with its sign bit cleared (v3_server.go: LeaseGrant). */
  nextLeaseId(): LeaseId {
    for (;;) {
      this.skip()
      const high = ((this.#prefix << 16) | Math.floor(this.#suffix / TWO_32)) & 0x7fffffff
      const id = fromHalves(high, (this.#suffix % TWO_32) | 0)
      if (id !== NO_LEASE) return id
    }
  }

  /** Bytes that the next id takes in protobuf. */
  get nextBytes(): number {
    const high = (this.#prefix << 16) | Math.floor(this.#suffix / TWO_32)
    return idSize(fromHalves(high, (this.#suffix % TWO_32) | 0))
  }

  save(): number {
    return this.#suffix
  }

  load(suffix: number): void {
    this.#suffix = suffix
  }
}
