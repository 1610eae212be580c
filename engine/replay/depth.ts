// JSON that goes too deep brings down those who read it by calling themselves, so it is measured
// before anybody does.

/**
 * How deep objects and lists may lie in one another: a transaction within a transaction within a
 * program is far from it.
 */
export const DEEPEST = 100

/**
 * Where JSON goes too deep for those who read it by calling themselves; null where it does not.
 * Brackets within strings count too, which does no harm below a hundred.
 */
export function deepPlace(text: string): number | null {
  let depth = 0
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const char = text[i]
    if (quoted) {
      if (char === '\\') i++
      else if (char === '"') quoted = false
    } else if (char === '"') quoted = true
    else if (char === '{' || char === '[') {
      if (++depth > DEEPEST) return i
    } else if (char === '}' || char === ']') depth--
  }
  return null
}
