// Adds file extensions to the relative imports in the compiler's output. The sources omit them, as
// bundlers allow. Plain Node and TypeScript's `nodenext` require them.

import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseSync } from 'vite'

/**
 * The text of an emitted file (`.js` or `.d.ts`) with `.js` behind every relative import, also
 * inside types. Throws for an import of a file that does not exist.
 *
 * @param path the path of the file; imports are resolved from there
 * @param exists whether a file exists; reads the disk by default
 */
export function withExtensions(
  path: string,
  text: string,
  exists: (path: string) => boolean = existsSync,
): string {
  const { program, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]!.message}`)
  const emitted = path.endsWith('.d.ts') ? '.d.ts' : '.js'
  let result = text
  // From last to first, so that earlier positions stay valid.
  for (const { value, end } of relativeImports(program).sort((a, b) => b.end - a.end)) {
    const complete = [value, `${value}.js`, `${value}/index.js`].find(
      (candidate) =>
        candidate.endsWith('.js') &&
        exists(join(dirname(path), candidate.replace(/\.js$/, emitted))),
    )
    if (complete === undefined) throw new Error(`${path}: ${value} does not exist as ${emitted}`)
    result = `${result.slice(0, end - 1)}${complete.slice(value.length)}${result.slice(end - 1)}`
  }
  return result
}

interface Specifier {
  value: string
  end: number
}

/** Every import specifier in a syntax tree that begins with a dot. */
function relativeImports(node: unknown): Specifier[] {
  if (typeof node !== 'object' || node === null) return []
  const found = Object.values(node).flatMap(relativeImports)
  const source = 'source' in node ? (node.source as { type?: string } | null) : null
  if (source?.type !== 'Literal') return found
  const specifier = source as unknown as Specifier
  return String(specifier.value).startsWith('.') ? [specifier, ...found] : found
}
