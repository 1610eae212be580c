// An etcdctl command as text of a shell script. Every word is quoted, except the script's own lease
// variables.

import type { Bytes, LeaseId } from '../base/rpc'
import type { Comparison, EtcdctlCommand, Operand } from './etcdctl-request'
import { hereWord, shellWord } from './shell-quote'

/**
 * The hex digits that an ID must have to be searched for in keys and values. A lease may be granted
 * under any ID, even "1".
 */
const TELLING_DIGITS = 12

/** The leases whose IDs the script has in a variable. */
export class LeaseVariables {
  readonly #names = new Map<LeaseId, string>()

  add(lease: LeaseId, name: string): void {
    this.#names.set(lease, name)
  }

  /** `$L1`; the ID itself for a lease that the script did not grant. */
  text(lease: LeaseId): string {
    const name = this.#names.get(lease)
    return name === undefined ? lease : `$${name}`
  }

  /**
   * Bytes in pieces. A piece with `name` is the ID of a lease, as the lock recipes write it into
   * their keys.
   */
  split(bytes: Bytes): { bytes: Bytes; name?: string }[] {
    for (const [lease, name] of this.#names) {
      const id = shortHex(lease)
      const at = id.length < TELLING_DIGITS ? -1 : bytes.indexOf(id)
      if (at >= 0)
        return [
          ...this.split(bytes.slice(0, at)),
          { bytes: id, name },
          ...this.split(bytes.slice(at + id.length)),
        ]
    }
    return bytes === '' ? [] : [{ bytes }]
  }
}

/**
 * The line for a command, with the rows of a transaction as a here-document. The command must hold
 * no NUL. `note` is a comment for its end.
 */
export function commandText(command: EtcdctlCommand, leases: LeaseVariables, note = ''): string {
  if (command.name === 'watch') return watchText(command, leases) + note
  const line = `etcdctl ${command.name}${argumentText(command, leases)}`
  if (command.txn === undefined) return line + note
  const { compare, success, failure } = command.txn
  const op = (each: EtcdctlCommand) => `${each.name}${argumentText(each, leases, inHere)}`
  const parts = [
    compare.map((each) => comparisonText(each, leases)),
    success.map(op),
    failure.map(op),
  ]
  return `${line} <<END${note}\n${parts.map((rows) => rows.map((row) => `${row}\n`).join('')).join('\n')}\nEND`
}

/** The words after the command's name. */
export function argumentText(
  command: EtcdctlCommand,
  leases: LeaseVariables,
  word = inLine,
): string {
  const flags = command.flags.map((flag) =>
    typeof flag === 'string' ? flag : `--lease=${leases.text(flag.lease)}`,
  )
  const operands = command.operands.map((operand) => operandText(operand, leases, word))
  return [...flags, ...(looksLikeFlag(command) ? ['--'] : []), ...operands]
    .map((each) => ` ${each}`)
    .join('')
}

/** Without leading zeros, as etcd's recipes write it into keys. */
export function shortHex(lease: LeaseId): string {
  return lease.replace(/^0+(?=.)/, '')
}

/**
 * etcdctl's watch expects a program after `--`. A key that begins with a dash therefore comes from
 * the environment.
 */
function watchText(command: EtcdctlCommand, leases: LeaseVariables): string {
  if (!looksLikeFlag(command)) return `etcdctl watch${argumentText(command, leases)}`
  const [key, end] = command.operands.map((operand) => operandText(operand, leases, inLine))
  const range = `ETCDCTL_WATCH_KEY=${key}${end === undefined ? '' : ` ETCDCTL_WATCH_RANGE_END=${end}`}`
  return `${range} etcdctl watch${argumentText({ ...command, operands: [] }, leases)}`
}

type WordText = (bytes: Bytes, leases: LeaseVariables) => string

function operandText(operand: Operand, leases: LeaseVariables, word: WordText): string {
  if ('lease' in operand) return leases.text(operand.lease)
  return 'number' in operand ? String(operand.number) : word(operand.bytes, leases)
}

function comparisonText({ target, key, sign, value }: Comparison, leases: LeaseVariables): string {
  return `${target}(${inHere(key, leases)}) ${sign} ${inHere(value, leases)}`
}

/** One word of the shell. */
function inLine(bytes: Bytes, leases: LeaseVariables): string {
  const parts = leases
    .split(bytes)
    .map((part) => (part.name === undefined ? shellWord(part.bytes) : `"$${part.name}"`))
  return parts.join('') || '""'
}

/** One Go string of a here-document. */
function inHere(bytes: Bytes, leases: LeaseVariables): string {
  const parts = leases
    .split(bytes)
    .map((part) =>
      part.name === undefined ? hereWord(part.bytes).slice(1, -1) : `\${${part.name}}`,
    )
  return `"${parts.join('')}"`
}

/** Whether etcdctl would read an operand as a flag. */
function looksLikeFlag({ operands }: EtcdctlCommand): boolean {
  return operands.some((operand) =>
    'bytes' in operand ? operand.bytes.startsWith('-') : 'number' in operand && operand.number < 0,
  )
}
