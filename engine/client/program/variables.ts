// The variables of a program, and the texts that hold them: `/lock/$me`. A variable has parts:
// `found.create`.

import { text, utf8 } from '../../base/bytes'
import { goHex } from '../../base/int64'
import type { Bytes, KeyValue, LeaseId, Reply } from '../../base/rpc'
import type { Step } from './steps'

type Values = [string, string][]

export interface SavedVariables {
  vars: Values
  /** Variables with a time: milliseconds on the client's clock. Absent where there are none. */
  times?: { name: string; at: number }[]
}

export class Variables {
  readonly #me: string
  /** The names of variables that hold a lease. */
  readonly #leases: ReadonlySet<string>
  readonly #values: Map<string, string>
  readonly #times: Map<string, number>

  /** `me`: the client's name. `leases`: the variables that hold a lease. */
  constructor(me: string, leases: ReadonlySet<string>, saved: SavedVariables = { vars: [] }) {
    this.#me = me
    this.#leases = leases
    this.#values = new Map(saved.vars)
    this.#times = new Map(saved.times?.map(({ name, at }) => [name, at]))
  }

  has(name: string): boolean {
    return this.#values.has(name) || this.#times.has(name)
  }

  /** Undefined for an unset variable. */
  get(name: string): string | undefined {
    return this.#values.get(name)
  }

  /** A number, or the number in a variable; 0 for an unset variable. */
  amount(of: string): number {
    return Number(this.#values.get(of) ?? (/^\d/.test(of) ? of : 0))
  }

  /** The time in a variable, or undefined. */
  timeOf(name: string): number | undefined {
    return this.#times.get(name)
  }

  /** Notes a time in a variable: milliseconds on the client's clock. */
  note(name: string, at: number): void {
    this.assign(name, null)
    this.#times.set(name, at)
  }

  /** By name, as they are shown: a time is in seconds on the client's clock. */
  list(): Values {
    const times = [...this.#times].map(([name, at]): [string, string] => [
      name,
      `${(at / 1000).toFixed(3)} s`,
    ])
    return [...this.#values, ...times].sort(byName)
  }

  save(): SavedVariables {
    const times = [...this.#times].sort(byName).map(([name, at]) => ({ name, at }))
    return { vars: [...this.#values].sort(byName), ...(times.length === 0 ? {} : { times }) }
  }

  /** Sets a variable, or removes it with all its parts. Without a name nothing happens. */
  assign(name: string | null, value: string | null): void {
    if (name === null) return
    this.#times.delete(name)
    for (const known of [...this.#values.keys()])
      if (known === name || known.startsWith(`${name}.`)) this.#values.delete(known)
    if (value !== null) this.#values.set(name, value)
  }

  part(name: string | null, part: string, value: string): void {
    if (name !== null) this.#values.set(`${name}.${part}`, value)
  }

  /** The value of a key, or nothing without a key; `revision` is that of the answer. */
  found(name: string | null, kv: KeyValue | undefined, revision: number): void {
    this.assign(name, kv === undefined ? null : text(kv.value))
    this.part(name, 'rev', String(revision))
    if (kv === undefined) return
    this.part(name, 'create', String(kv.create_revision))
    this.part(name, 'mod', String(kv.mod_revision))
    this.part(name, 'key', text(kv.key))
  }

  /** The answer to a step, in its variable. */
  answer(step: Step, reply: Reply): void {
    if (!('as' in step)) return
    switch (reply.type) {
      case 'LeaseGrant':
        return this.assign(step.as, reply.ID)
      case 'LeaseKeepAlive':
        return this.assign(step.as, String(reply.TTL))
      case 'Range':
        if (step.op === 'count') return this.#counted(step, reply)
        return this.found(step.as, reply.kvs[0], reply.header.revision)
      case 'Lock':
        this.assign(step.as, text(reply.key))
        this.part(step.as, 'key', text(reply.key))
        return this.part(step.as, 'rev', String(reply.header.revision))
      case 'DeleteRange':
        return this.assign(step.as, reply.deleted > 0 ? 'yes' : null)
      case 'Txn':
        return this.#txn(step, reply)
    }
  }

  /** A text with its variables filled in; an unset variable is empty. */
  fill(template: string): string {
    return template.replace(
      /\$([a-z_]\w*(?:\.(?:create|mod|key|rev|lease))?)/gi,
      (_all, name: string) => (name === 'me' ? this.#me : this.#shown(name)),
    )
  }

  bytes(template: string): Bytes {
    return utf8(this.fill(template))
  }

  #counted(
    { as, before }: Extract<Step, { op: 'count' }>,
    { kvs, count, header }: Extract<Reply, { type: 'Range' }>,
  ): void {
    this.assign(as, String(before === null ? count : kvs.length))
    this.part(as, 'rev', String(header.revision))
  }

  #txn(step: Step & { as: string | null }, reply: Extract<Reply, { type: 'Txn' }>): void {
    this.assign(step.as, reply.succeeded ? 'yes' : null)
    if (reply.succeeded) this.part(step.as, 'create', String(reply.header.revision))
    if (step.op !== 'txn') return
    this.part(step.as, 'rev', String(reply.header.revision))
    for (const [i, branch] of (reply.succeeded ? step.success : step.failure).entries()) {
      const part = reply.responses[i]
      if (part?.type === 'Range' && branch.op === 'get')
        this.found(branch.as, part.kvs[0], reply.header.revision)
      if (part?.type === 'DeleteRange' && branch.op === 'delete')
        this.assign(branch.as, part.deleted > 0 ? 'yes' : null)
    }
  }

  /** A lease as etcd's own recipes write it into their keys: without leading zeros. */
  #shown(name: string): string {
    const value = this.#values.get(name) ?? ''
    const isLease = this.#leases.has(name) || name.endsWith('.lease')
    return value !== '' && isLease ? goHex(value as LeaseId) : value
  }
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1
}
