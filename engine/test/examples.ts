// Reads doc comments and their examples, from `@example` to the end of the comment.

import { parseSync } from 'vite'

/** One exported name. */
export interface Documented {
  /** Such as `Cluster`, or `Cluster.advance`. */
  name: string
  /** Its doc comment; null without one. */
  doc: string | null
  /** `callable`: a class, a function or a method. `other`: a value, a field, a getter or a type. */
  kind: 'callable' | 'other'
}

interface Node {
  type: string
  start: number
  [key: string]: unknown
}

/** The exported names of a file, and the public members of its classes. */
export function documented(path: string, text: string): Documented[] {
  const { program, comments } = parseSync(`${path}.ts`, text)
  const before = (start: number): string | null => {
    const comment = comments.findLast(({ end }) => end <= start)
    const isNext = comment !== undefined && text.slice(comment.end, start).trim() === ''
    return isNext && comment.value.startsWith('*') ? comment.value : null
  }
  return (program.body as unknown as Node[]).flatMap((node) => {
    const declaration = node.declaration as (Node & { id?: { name: string } }) | null | undefined
    if (node.type !== 'ExportNamedDeclaration' || declaration == null) return []
    const name = declaration.id?.name ?? variableOf(declaration)
    const isCallable = /^(Class|Function)Declaration$/.test(declaration.type)
    const own = { name, doc: before(node.start), kind: kindOf(isCallable) }
    if (declaration.type !== 'ClassDeclaration') return [own]
    const parts = membersOf(declaration).map((member) => ({
      name: `${name}.${(member.key as { name: string }).name}`,
      doc: before(member.start),
      kind: kindOf(member.type === 'MethodDefinition' && member.kind === 'method'),
    }))
    return [own, ...parts]
  })
}

function kindOf(isCallable: boolean): Documented['kind'] {
  return isCallable ? 'callable' : 'other'
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

/** The public members of a class, without the constructor. */
function membersOf(declaration: Node): Node[] {
  const { body } = declaration.body as { body: Node[] }
  return body.filter((member) => {
    const key = member.key as { type: string; name: string }
    return key.type === 'Identifier' && key.name !== 'constructor'
  })
}
