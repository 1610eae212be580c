// The examples of the doc comments: what stands behind `@example` up to the end of its comment.

import { parseSync } from 'vite'

export interface Example {
  /** What it is the example of, such as `Cluster.advance`. */
  name: string
  code: string
}

interface Node {
  type: string
  start: number
  [key: string]: unknown
}

/** What a file exports, and the public parts of its classes: each with its doc comment, or none. */
export function documented(path: string, text: string): { name: string; doc: string | null }[] {
  const { program, comments } = parseSync(path, text)
  const before = (start: number): string | null => {
    const comment = comments.findLast(({ end }) => end <= start)
    const isNext = comment !== undefined && text.slice(comment.end, start).trim() === ''
    return isNext && comment.value.startsWith('*') ? comment.value : null
  }
  return (program.body as unknown as Node[]).flatMap((node) => {
    const declaration = node.declaration as (Node & { id?: { name: string } }) | null | undefined
    if (node.type !== 'ExportNamedDeclaration' || declaration == null) return []
    const name = declaration.id?.name ?? variableOf(declaration)
    const parts =
      declaration.type === 'ClassDeclaration'
        ? membersOf(declaration).map(({ key, start }) => ({
            name: `${name}.${key}`,
            doc: before(start),
          }))
        : []
    return [{ name, doc: before(node.start) }, ...parts]
  })
}

/** The examples in a doc comment. */
export function examplesIn(doc: string): string[] {
  const lines = doc.split('\n').map((line) => line.replace(/^\s*\* ?/, ''))
  return lines
    .join('\n')
    .split(/^@example$/m)
    .slice(1)
    .map((code) => code.trim())
}

function variableOf(declaration: Node): string {
  const [first] = (declaration.declarations ?? []) as { id: { name: string } }[]
  return first?.id.name ?? ''
}

/** What others may use of a class: not its private parts, and not its static or internal ones. */
function membersOf(declaration: Node): { key: string; start: number }[] {
  const { body } = declaration.body as { body: Node[] }
  return body.flatMap((member) => {
    const key = member.key as { type: string; name: string }
    const isPublic = key.type === 'Identifier' && key.name !== 'constructor'
    return isPublic ? [{ key: key.name, start: member.start }] : []
  })
}
