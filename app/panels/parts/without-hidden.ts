import { type ElementType, Fragment } from 'react'
import { visibleLines } from '../../../engine/text/visible'

/** The attributes with words: the page shows them on hover, or a screen reader reads them. */
const WORDS = [
  'title',
  'label',
  'placeholder',
  'aria-label',
  'aria-description',
  'aria-valuetext',
] as const

/**
 * The properties of an element with hidden characters as escapes. Properties without hidden
 * characters are the same object. Components stay unchanged, because they create elements of their
 * own.
 */
export function withoutHidden(
  type: ElementType,
  props: Record<string, unknown>,
): Record<string, unknown> {
  if (typeof type !== 'string' && type !== Fragment) return props
  let shown = props
  for (const name of ['children', ...WORDS]) {
    const value = props[name]
    const seen = shownNode(value)
    if (seen !== value) shown = { ...shown, [name]: seen }
  }
  return shown
}

function shownNode(node: unknown): unknown {
  if (typeof node === 'string') return visibleLines(node)
  if (!Array.isArray(node)) return node
  const seen = node.map(shownNode)
  return seen.some((each, i) => each !== node[i]) ? seen : node
}
