// The expiry heap as a tree: the position of each array entry, and the sentence for each step of an
// operation.

import type { HeapMove, HeapNode } from '../../engine/worker/protocol'
import { clockText } from './figures'

/**
 * The position of an array index: a share of the tree's width, and a level. The root is in the
 * middle of level 0.
 */
export function placeOf(index: number): { x: number; level: number } {
  const level = Math.floor(Math.log2(index + 1))
  const width = 2 ** level
  return { x: (index + 1 - width + 0.5) / width, level }
}

export function parentOf(index: number): number {
  return (index - 1) >> 1
}

/**
 * The index that an arrow key moves to, for this many entries. At the ends the index does not
 * change.
 */
export function neighbour(index: number, key: string, size: number): number {
  const to = {
    ArrowUp: parentOf(index),
    ArrowDown: 2 * index + 1,
    ArrowLeft: index - 1,
    ArrowRight: index + 1,
    Home: 0,
    End: size - 1,
  }[key]
  return to === undefined || to < 0 || to >= size ? index : to
}

/**
 * Seconds with one tenth; without it from 1000 s on, so that an entry fits. Rounded down, like the
 * clock.
 */
export function entryTime(at: number): string {
  const tenths = Math.floor(at / 100)
  return at >= 1_000_000
    ? String(Math.floor(tenths / 10))
    : `${Math.floor(tenths / 10)}.${tenths % 10}`
}

/** An entry for a screen reader: `L2 at index 1, due at 13.597 s`. */
export function entryWords({ name, at, state }: HeapNode, index: number): string {
  const due =
    state === 'gone'
      ? 'revoked'
      : state === 'retries'
        ? `expired, looked at again at ${clockText(at)} s`
        : `due at ${clockText(at)} s`
  return `${name} at index ${index}, ${due}`
}

/** The last operation in one line, without its steps. */
export function moveWords({ type, name, was, to, now, steps }: HeapMove): string {
  const swaps = steps.filter((step) => step.type === 'swap').length
  const count = swaps === 0 ? 'no swap' : swaps === 1 ? '1 swap' : `${swaps} swaps`
  const at = `${clockText(now)} s`
  if (type === 'push') return `${at}: ${name} is new, due at ${clockText(to)}. ${capital(count)}.`
  if (type === 'pop') return `${at}: ${name} is revoked and leaves. ${capital(count)}.`
  return `${at}: ${name} moves from ${clockText(was ?? to)} to ${clockText(to)}. ${capital(count)}.`
}

/** The sentence of a step. `place` 0 is before the first step; each further place is one swap. */
export function stepWords({ type, name, to, steps }: HeapMove, place: number): string {
  const step = steps[place - 1]
  const isLast = place === steps.length
  if (step === undefined) {
    if (type === 'pop') return `${name} is revoked, and it is at the root now.`
    const start =
      type === 'push'
        ? `${name} is put at the end of the array.`
        : `${name} is due at ${clockText(to)} now.`
    return isLast ? `${start} It is in its place.` : start
  }
  if (step.type === 'leaves') return `${step.name} leaves the end of the array.`
  const end = isLast ? ' That is the place.' : ''
  if (type === 'pop' && place === 1)
    return `${step.down} changes places with the last entry, ${step.up}.`
  return step.up === name
    ? `${step.up} is earlier than its parent ${step.down}: they swap.${end}`
    : `${step.down} is later than its child ${step.up}: they swap.${end}`
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
