// How each client connects: its library, the members that a call may go to, and how often it pings
// an idle connection.

import type { Library } from '../base/libraries'
import { DEFAULT_LIBRARY } from '../base/libraries'
import type { ClientId, MemberName } from '../base/trace'
import type { KeepAlivePolicy } from '../client/libraries/policy'
import { policyOf } from '../client/libraries/table'
import type { Pings } from '../network/connection'
import { pingsOf } from '../network/connection'
import type { Command } from './command'
import type { RunContext } from './context'
import { hostAndPort } from './endpoint'
import type { Servers } from './servers'

export class Dials {
  readonly #context: Pick<RunContext, 'config' | 'seed'>
  readonly #servers: Servers
  /** Pings of programs that differ from the default of their library. */
  readonly #pings: Map<ClientId, Pings | null>

  constructor(
    context: Pick<RunContext, 'config' | 'seed'>,
    servers: Servers,
    pings: readonly [ClientId, Pings | null][] = [],
  ) {
    this.#context = context
    this.#servers = servers
    this.#pings = new Map(pings)
  }

  /** The library that a client's program uses. Console lines are etcdctl's own processes. */
  libraryOf(client: ClientId): Library {
    const { libraries = {} } = this.#context.config
    return Object.hasOwn(libraries, client) ? libraries[client]! : DEFAULT_LIBRARY
  }

  /** The rules of that library. */
  policyOf(client: ClientId): KeepAlivePolicy {
    return policyOf(this.libraryOf(client))
  }

  /** The pings of a program; null for none. */
  pingsOf(client: ClientId): Pings | null {
    const told = this.#pings.get(client)
    if (told !== undefined) return told
    const usual = this.policyOf(client).pings
    return usual === null ? null : pingsOf(usual.timeMs, usual.timeoutMs)
  }

  /** From now on a program pings as this command says; 0 ms: no pings. */
  set({
    client,
    keepAliveTimeMs,
    keepAliveTimeoutMs,
  }: Pick<
    Extract<Command, { type: 'dial' }>,
    'client' | 'keepAliveTimeMs' | 'keepAliveTimeoutMs'
  >): void {
    const sends = keepAliveTimeMs > 0
    if (!sends && this.policyOf(client).pings === null) this.#pings.delete(client)
    else if (!sends) this.#pings.set(client, null)
    else this.#pings.set(client, pingsOf(keepAliveTimeMs, keepAliveTimeoutMs))
  }

  /**
   * The members that a call may go to, in the order of the endpoints. Without endpoints the first
   * member, or all (config.clientEndpoints).
   */
  members(endpoints: readonly string[]): MemberName[] {
    const servers = this.#servers.list
    if (endpoints.length === 0 && this.#context.config.clientEndpoints !== 'all')
      return [servers[0]!.member.options.name]
    if (endpoints.length === 0) return servers.map(({ member }) => member.options.name)
    const members = endpoints.flatMap((url) => {
      const found = servers.find(({ member }) =>
        member.options.clientURLs.some((own) => hostAndPort(own) === hostAndPort(url)),
      )
      return found === undefined ? [] : [found.member.options.name]
    })
    return [...new Set(members)]
  }

  /** The random source of the pauses between a client's attempts. */
  retries(endpoints: readonly string[]): { seed: number; endpoints: number } {
    const { seed, config } = this.#context
    const known =
      endpoints.length > 0
        ? endpoints.length
        : config.clientEndpoints === 'all'
          ? this.#servers.list.length
          : 1
    return { seed, endpoints: known }
  }

  /** By client, sorted; absent without an entry. */
  save(): { pings?: [ClientId, Pings | null][] } {
    return this.#pings.size === 0
      ? {}
      : { pings: [...this.#pings].sort(([a], [b]) => (a < b ? -1 : 1)) }
  }
}
