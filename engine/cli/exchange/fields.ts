// The fields of a message in normal form.

import { utf8 } from '../../base/bytes'
import { clamp, leaseId, parseDecimalInt64 } from '../../base/int64'
import type { Bytes, LeaseId, MemberId, UnknownEnum } from '../../base/rpc'
import type { Plain } from './form'

interface Kinds {
  bytes: Bytes
  int: number
  bool: boolean
  lease: LeaseId
}

/**
 * Reads the fields of one message in normal form, by kind. A field of another kind is refused with
 * its path.
 */
export class Fields {
  readonly #plain: Plain
  readonly #path: string

  constructor(plain: Plain, path: string) {
    this.#plain = plain
    this.#path = path
  }

  /** The named fields that are present. */
  pick<K extends keyof Kinds, N extends string>(
    kind: K,
    ...names: N[]
  ): { [name in N]?: Kinds[K] } {
    const picked: { [name in N]?: Kinds[K] } = {}
    for (const name of names) {
      const value = this[kind](name) as Kinds[K] | undefined
      if (value !== undefined) picked[name] = value
    }
    return picked
  }

  bytes(name: string): Bytes | undefined {
    return this.#read(name, 'a string', (value) =>
      typeof value === 'string' ? utf8(value) : undefined,
    )
  }

  bool(name: string): boolean | undefined {
    return this.#read(name, 'true or false', (value) =>
      typeof value === 'boolean' ? value : undefined,
    )
  }

  int(name: string): number | undefined {
    return this.#read(name, 'an int64', (value) =>
      isInt64(value) ? clamp(Number(value)) : undefined,
    )
  }

  lease(name: string): LeaseId | undefined {
    return this.#read(name, 'an int64', (value) => (isInt64(value) ? leaseId(value) : undefined))
  }

  /** A member's ID, an unsigned number; all zeros when absent. */
  member(name: string): MemberId {
    const read = (value: unknown): string | undefined => {
      if (
        !(typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) &&
        !(typeof value === 'string' && /^\d{1,20}$/.test(value))
      ) {
        return undefined
      }
      const number = BigInt(value)
      return number < 1n << 64n ? number.toString(16).padStart(16, '0') : undefined
    }
    return (this.#read(name, 'a uint64', read) ?? '0'.repeat(16)) as MemberId
  }

  oneOf<T extends string>(name: string, names: readonly T[]): T | undefined {
    const value = this.#plain[name]
    return value === undefined ? undefined : oneOf(names, value, `${this.#path}.${name}`)
  }

  /** An enum's value by name or number; a number without a name stays a number, as in protobuf. */
  enumeration<T extends string>(name: string, names: readonly T[]): T | UnknownEnum | undefined {
    const value = this.#plain[name]
    const isUnnamed =
      typeof value === 'number' &&
      Number.isInteger(value) &&
      Math.abs(value) <= 0x7fff_ffff &&
      names[value] === undefined
    return isUnnamed ? value : this.oneOf(name, names)
  }

  list(name: string): unknown[] {
    return this.#read(name, 'a list', (value) => (Array.isArray(value) ? value : undefined)) ?? []
  }

  strings(name: string): string[] {
    return this.list(name).map((value) => {
      if (typeof value !== 'string') throw new Error(`${this.#path}.${name} must hold strings only`)
      return value
    })
  }

  message(name: string): Fields | undefined {
    const value = this.#plain[name]
    return value === undefined
      ? undefined
      : new Fields(asPlain(value, `${this.#path}.${name}`), `${this.#path}.${name}`)
  }

  messages(name: string): Fields[] {
    return this.list(name).map(
      (value, i) =>
        new Fields(asPlain(value, `${this.#path}.${name}[${i}]`), `${this.#path}.${name}[${i}]`),
    )
  }

  #read<T>(name: string, what: string, read: (value: unknown) => T | undefined): T | undefined {
    const value = this.#plain[name]
    if (value === undefined || value === null) return undefined
    const result = read(value)
    if (result === undefined)
      throw new Error(`${this.#path}.${name} is not ${what}: ${JSON.stringify(value)}`)
    return result
  }
}

function isInt64(value: unknown): value is number | string {
  return (
    (typeof value === 'number' && Number.isSafeInteger(value)) ||
    (typeof value === 'string' && parseDecimalInt64(value) !== null)
  )
}

/**
 * The name of an enum value, given by its name or its number. Throws with the path for any other
 * value.
 */
export function oneOf<T extends string>(names: readonly T[], value: unknown, path: string): T {
  const found = typeof value === 'number' ? names[value] : names.find((name) => name === value)
  if (found === undefined)
    throw new Error(`${path} is not one of ${names.join(', ')}: ${JSON.stringify(value)}`)
  return found
}

/** A message in normal form. Throws with the path if the value is not an object. */
export function asPlain(value: unknown, path: string): Plain {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${path} is not an object`)
  return value as Plain
}
