// JSON that is nested too deep overflows the stack of a recursive reader. The depth is therefore
// measured first.

/**
 * The deepest nesting of objects and lists. A transaction within a transaction within a program is
 * far below it.
 */
export const DEEPEST = 100

/**
 * The place where JSON is nested too deep for a recursive reader; null where it is not. Brackets
 * within strings count too, which does no harm below a hundred.
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
