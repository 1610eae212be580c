import { text } from '../../base/bytes'
import type { Bytes } from '../../base/rpc'

/** About three hundred years: what is longer is for ever. */
const LONGEST_MS = 10_000_000_000_000
const UNITS: Readonly<Record<string, number>> = {
  '': 1000,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** The ms of sleep's operands, or what it says of words that are no time. */
export function durationMs(args: readonly Bytes[]): { ms: number } | { stderr: string } {
  const help = "Try 'sleep --help' for more information.\n"
  if (args.length === 0) return { stderr: `sleep: missing operand\n${help}` }
  let ms = 0
  for (const word of args) {
    if (word === 'infinity') return { ms: LONGEST_MS }
    const [, number, unit = ''] = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(word) ?? []
    if (number === undefined)
      return { stderr: `sleep: invalid time interval ‘${text(word)}’\n${help}` }
    ms += Number(number) * UNITS[unit]!
  }
  return { ms: Math.min(Math.round(ms), LONGEST_MS) }
}
