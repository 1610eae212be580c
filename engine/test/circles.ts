// Circles of imports: files that cannot be read, or moved, one after the other. Imports of types
// count too.

import { importsOf, type Source } from './tidy'

/** A line for each circle: the shortest way from its first file, by path, back to that file. */
export function circles(sources: readonly Source[]): string[] {
  const graph = graphOf(sources)
  return components(graph).map((files) => [...shortest(graph, files)].join(' → '))
}

function graphOf(sources: readonly Source[]): Map<string, readonly string[]> {
  const code = sources.filter(({ path }) => /\.(ts|tsx|mjs)$/.test(path))
  const paths = new Map(code.map(({ path }) => [path.replace(/\.(ts|tsx|mjs)$/, ''), path]))
  const targets = (source: Source) =>
    importsOf(source).flatMap(({ target }) => paths.get(target) ?? [])
  return new Map(
    code
      .toSorted((a, b) => (a.path < b.path ? -1 : 1))
      .map((source) => [source.path, [...new Set(targets(source))]]),
  )
}

/** Sets of files that all reach each other (Tarjan), and files that import themselves. */
function components(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = []
  const index = new Map<string, number>()
  const stack: string[] = []
  const visit = (file: string): number => {
    const own = index.size
    index.set(file, own)
    stack.push(file)
    let low = own
    for (const next of graph.get(file)!) {
      if (!index.has(next)) low = Math.min(low, visit(next))
      else if (stack.includes(next)) low = Math.min(low, index.get(next)!)
    }
    if (low < own) return low
    const files = stack.splice(stack.indexOf(file))
    if (files.length > 1 || graph.get(file)!.includes(file)) found.push(files)
    return low
  }
  for (const file of graph.keys()) if (!index.has(file)) visit(file)
  return found
}

/** The shortest circle through the first file of a component. */
function shortest(
  graph: ReadonlyMap<string, readonly string[]>,
  files: readonly string[],
): readonly string[] {
  const first = files.toSorted()[0]!
  const ways: string[][] = [[first]]
  const seen = new Set<string>()
  for (const way of ways) {
    for (const next of graph.get(way.at(-1)!)!) {
      if (next === first) return [...way, first]
      if (seen.has(next) || !files.includes(next)) continue
      seen.add(next)
      ways.push([...way, next])
    }
  }
  throw new Error(`${first} is in no circle`)
}
