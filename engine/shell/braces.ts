// bash's brace expansion: `{a,b}` and `{1..5}`, before everything else a word becomes
// (bash 5.2 manual, 3.5.1).

import type { Part, Word } from './syntax'

/** As many words as one may become. */
const MAX_WORDS = 10_000

/** An unquoted character of the word, or a part that is not looked into. */
type Unit = string | Part

/** The words that a word stands for: itself, where it has no braces. */
export function braces(word: Word): Word[] {
  const hasBrace = word.some(
    (part) => part.type === 'text' && !part.quoted && part.bytes.includes('{'),
  )
  if (!hasBrace) return [word]
  const units = word.flatMap((part): Unit[] =>
    part.type === 'text' && !part.quoted ? [...part.bytes] : [part],
  )
  return expand(units).slice(0, MAX_WORDS).map(partsOf)
}

function expand(units: readonly Unit[]): Unit[][] {
  for (let open = units.indexOf('{'); open >= 0; open = units.indexOf('{', open + 1)) {
    const found = matching(units, open)
    if (found === null) continue
    const { close, commas } = found
    const before = units.slice(0, open)
    const inside = units.slice(open + 1, close)
    const choices = commas.length > 0 ? pieces(units, open, close, commas) : sequence(inside)
    if (choices === null) continue
    const after = expand(units.slice(close + 1))
    const out: Unit[][] = []
    for (const choice of choices)
      for (const middle of expand(choice))
        for (const rest of after) {
          if (out.length >= MAX_WORDS) return out
          out.push([...before, ...middle, ...rest])
        }
    return out
  }
  return [[...units]]
}

function matching(
  units: readonly Unit[],
  open: number,
): { close: number; commas: number[] } | null {
  const commas: number[] = []
  let depth = 0
  for (let i = open; i < units.length; i++) {
    if (units[i] === '{') depth++
    else if (units[i] === '}' && --depth === 0) return { close: i, commas }
    else if (units[i] === ',' && depth === 1) commas.push(i)
  }
  return null
}

function pieces(units: readonly Unit[], open: number, close: number, commas: number[]): Unit[][] {
  const edges = [open, ...commas, close]
  return edges.slice(1).map((edge, i) => units.slice(edges[i]! + 1, edge))
}

/** `1..5`, `01..10`, `a..e`, each with a step behind a third `..`; null for anything else. */
function sequence(inside: readonly Unit[]): Unit[][] | null {
  if (inside.some((unit) => typeof unit !== 'string')) return null
  const text = inside.join('')
  const [, from, to, by] = /^(-?\d+|[A-Za-z])\.\.(-?\d+|[A-Za-z])(?:\.\.(-?\d+))?$/.exec(text) ?? []
  if (from === undefined || to === undefined) return null
  const letters = /[A-Za-z]/.test(from)
  if (letters !== /[A-Za-z]/.test(to)) return null
  const first = letters ? from.charCodeAt(0) : Number(from)
  const last = letters ? to.charCodeAt(0) : Number(to)
  const step = Math.abs(Number(by ?? 1)) || 1
  const width = /^-?0\d/.test(from) || /^-?0\d/.test(to) ? Math.max(from.length, to.length) : 0
  const values: Unit[][] = []
  for (let i = 0; i <= Math.abs(last - first) && values.length < MAX_WORDS; i += step) {
    const value = first <= last ? first + i : first - i
    const shown = letters ? String.fromCharCode(value) : padded(value, width)
    values.push([...shown])
  }
  return values
}

function padded(value: number, width: number): string {
  const digits = String(Math.abs(value))
  return value < 0 ? `-${digits.padStart(width - 1, '0')}` : digits.padStart(width, '0')
}

function partsOf(units: readonly Unit[]): Word {
  const parts: Part[] = []
  let plain = ''
  const flush = () => {
    if (plain !== '') parts.push({ type: 'text', bytes: plain, quoted: false })
    plain = ''
  }
  for (const unit of units) {
    if (typeof unit === 'string') plain += unit
    else {
      flush()
      parts.push(unit)
    }
  }
  flush()
  return parts
}
