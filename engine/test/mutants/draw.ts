// Small bugs for the sources: every possible place, found with the bundler's parser, and a random
// choice from a seed.

import { parseSync } from 'vite'
import { Random } from '../../base/random'

/**
 * One change of one place. In the source it is a choice, so that one bundle holds all mutants of a
 * draw.
 */
export interface Mutant {
  path: string
  kind: Kind
  start: number
  end: number
  /** The text that replaces `start` to `end`, for the reader. */
  becomes: string
  /** The woven text: `inner` unchanged, or changed while `active` (an expression) is true. */
  weave(inner: string, active: string): string
}

export const kinds = [
  'comparison flipped',
  'boundary off by one',
  'and/or swapped',
  'condition negated',
  'statement dropped',
  'constant changed',
  'min/max swapped',
  'wrong field',
  'early exit removed',
] as const
export type Kind = (typeof kinds)[number]

export interface Node {
  type: string
  start: number
  end: number
  [key: string]: unknown
}

const flipped: Record<string, string> = {
  '<': '>',
  '>': '<',
  '<=': '>=',
  '>=': '<=',
  '===': '!==',
  '!==': '===',
}
const shifted: Record<string, string> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' }

/**
 * All mutants of one file, in the order of its text. `alike` names the fields that have another one
 * of the same type beside them.
 */
export function mutantsOf(path: string, text: string, alike: Map<string, string[]>): Mutant[] {
  const found: Mutant[] = []
  const source = ({ start, end }: { start: number; end: number }) => text.slice(start, end)
  const add = (
    kind: Kind,
    { start, end }: { start: number; end: number },
    becomes: string,
    weave?: Mutant['weave'],
  ) =>
    found.push({
      path,
      kind,
      start,
      end,
      becomes,
      weave: weave ?? ((inner, active) => `(${active}?(${becomes}):(${inner}))`),
    })
  const addField = (kind: Kind, object: Node, property: Node, other: string) => {
    const place = { start: object.end, end: property.end }
    const link = source(place).includes('?.') ? '?.' : ''
    const weave: Mutant['weave'] = (inner, active) => {
      const name =
        inner.startsWith('[') || inner.startsWith('?.[')
          ? inner.slice(inner.indexOf('[') + 1, -1)
          : `'${String(property.name)}'`
      return `${link}[${active}?'${other}':${name}]`
    }
    add(kind, place, `${link || '.'}${other}`, weave)
  }

  const visit = (node: Node, parent: Node | null, key: string): boolean => {
    if (/^(TS(Interface|TypeAlias|Enum|Module)Declaration|ImportDeclaration)$/.test(node.type))
      return false
    if (node.type === 'CallExpression' && isNode(node.callee) && node.callee.name === 'assert')
      return false
    if (node.type === 'BinaryExpression' && isNode(node.left) && isNode(node.right)) {
      const between = (operator: string) =>
        `${source(node.left as Node)} ${operator} ${source(node.right as Node)}`
      const [other, next] = [flipped[String(node.operator)], shifted[String(node.operator)]]
      if (other) add('comparison flipped', node, between(other))
      if (next) add('boundary off by one', node, between(next))
    }
    if (node.type === 'LogicalExpression' && /^(&&|\|\|)$/.test(String(node.operator))) {
      const other = node.operator === '&&' ? '||' : '&&'
      add(
        'and/or swapped',
        node,
        `(${source(node.left as Node)}) ${other} (${source(node.right as Node)})`,
      )
    }
    if (/^(If|While)Statement$|^ConditionalExpression$/.test(node.type) && isNode(node.test)) {
      add('condition negated', node.test, `!(${source(node.test)})`)
      if (node.type === 'IfStatement' && !node.alternate && leaves(node.consequent))
        add('early exit removed', node.test, 'false')
    }
    if (
      node.type === 'ExpressionStatement' &&
      isNode(node.expression) &&
      isDroppable(node.expression)
    ) {
      add('statement dropped', node, '', (inner, active) => `{if(!${active}){${inner}}}`)
    }
    if (node.type === 'Literal' && !(key === 'key' && !parent?.computed)) {
      if (typeof node.value === 'boolean') add('constant changed', node, String(!node.value))
      if (typeof node.value === 'number') {
        if (node.value !== 0) add('constant changed', node, String(node.value - 1))
        add('constant changed', node, String(node.value + 1))
      }
    }
    if (
      node.type === 'MemberExpression' &&
      !node.computed &&
      isNode(node.object) &&
      isNode(node.property)
    ) {
      const name = String(node.property.name)
      if (node.object.name === 'Math' && /^(min|max)$/.test(name)) {
        addField('min/max swapped', node.object, node.property, name === 'min' ? 'max' : 'min')
      } else if (
        node.property.type === 'Identifier' &&
        node.object.type !== 'Super' &&
        !(parent?.type === 'CallExpression' && key === 'callee')
      ) {
        for (const other of alike.get(name) ?? [])
          addField('wrong field', node.object, node.property, other)
      }
    }
    return true
  }
  walk(parseSync(path, text).program, visit)
  return found
}

/**
 * Fields of one interface that have the same written type: `term` → [`commit`]. Functions and
 * optional fields do not count.
 */
export function alikeFields(files: Iterable<[path: string, text: string]>): Map<string, string[]> {
  const alike = new Map<string, Set<string>>()
  for (const [path, text] of files) {
    walk(parseSync(path, text).program, (node) => {
      if (node.type !== 'TSInterfaceBody' || !Array.isArray(node.body)) return true
      const byType = new Map<string, string[]>()
      for (const member of node.body) {
        if (!isNode(member) || member.type !== 'TSPropertySignature' || member.optional) continue
        if (
          !isNode(member.key) ||
          !isNode(member.typeAnnotation) ||
          typeof member.key.name !== 'string'
        )
          continue
        const type = text.slice(member.typeAnnotation.start, member.typeAnnotation.end)
        byType.set(type, [...(byType.get(type) ?? []), member.key.name])
      }
      for (const names of byType.values()) {
        for (const name of names) {
          const others = alike.get(name) ?? new Set()
          for (const other of names) if (other !== name) others.add(other)
          alike.set(name, others)
        }
      }
      return true
    })
  }
  return new Map([...alike].map(([name, others]) => [name, [...others].sort()]))
}

/** `count` of the mutants, the same ones for a seed: first a random kind, then a place. */
export function draw(mutants: readonly Mutant[], seed: number, count: number): Mutant[] {
  const random = new Random(seed, 'mutants')
  const pools = kinds.map((kind) => mutants.filter((mutant) => mutant.kind === kind))
  const drawn: Mutant[] = []
  while (drawn.length < count) {
    const filled = pools.filter((pool) => pool.length > 0)
    if (filled.length === 0) break
    const pool = filled[random.below(filled.length)]!
    drawn.push(...pool.splice(random.below(pool.length), 1))
  }
  return drawn
}

/**
 * The source with mutants and step counts. `active` returns the expression that tells whether a
 * mutant is chosen.
 */
export function weave(
  path: string,
  text: string,
  mutants: readonly Mutant[],
  active: (mutant: Mutant) => string,
): string {
  const inserts = new Map<number, string>()
  const insert = (at: number, what: string) => inserts.set(at, `${inserts.get(at) ?? ''}${what}`)
  walk(parseSync(path, text).program, (node, parent, key) => {
    if (/^(For|ForIn|ForOf|While|DoWhile)Statement$/.test(node.type) && isNode(node.body)) {
      if (node.body.type === 'BlockStatement') insert(node.body.start + 1, '__step();')
      else {
        insert(node.body.start, '{__step();')
        insert(node.body.end, '}')
      }
    }
    // The sources have no semicolons: a statement that starts with a bracket would continue the
    // previous one.
    if (node.type === 'ExpressionStatement' && parent && Array.isArray(parent[key]))
      insert(node.start, ';')
    return true
  })
  return render(
    0,
    text.length,
    [...mutants].sort((a, b) => a.start - b.start || b.end - a.end),
  )

  function render(from: number, to: number, within: Mutant[]): string {
    let out = ''
    let at = from
    const copy = (end: number) => {
      for (; at < end; at++) {
        out += take(at) + text[at]
      }
    }
    for (let index = 0; index < within.length; ) {
      const { start, end } = within[index]!
      const inside = within.slice(index).filter((mutant) => mutant.start < end)
      const here = inside.filter((mutant) => mutant.start === start && mutant.end === end)
      copy(start)
      out += take(start)
      out += here.reduce(
        (inner, mutant) => mutant.weave(inner, active(mutant)),
        render(start, end, inside.slice(here.length)),
      )
      at = end
      index += inside.length
    }
    copy(to)
    return out
  }

  function take(at: number): string {
    const what = inserts.get(at) ?? ''
    inserts.delete(at)
    return what
  }
}

function leaves(node: unknown): boolean {
  if (!isNode(node)) return false
  if (/^(Return|Continue|Break)Statement$/.test(node.type)) return true
  return node.type === 'BlockStatement' && Array.isArray(node.body) && leaves(node.body.at(-1))
}

/**
 * A call, an assignment or a count. A constructor without its `super` is not a small bug, and an
 * assertion changes nothing.
 */
function isDroppable(node: Node): boolean {
  if (node.type === 'CallExpression')
    return isNode(node.callee) && node.callee.type !== 'Super' && node.callee.name !== 'assert'
  return node.type === 'AssignmentExpression' || node.type === 'UpdateExpression'
}

function isNode(value: unknown): value is Node {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    typeof value.type === 'string' &&
    'start' in value
  )
}

const typeKeys = new Set([
  'typeAnnotation',
  'typeParameters',
  'typeArguments',
  'returnType',
  'superTypeArguments',
  'implements',
])

function walk(
  node: unknown,
  visit: (node: Node, parent: Node | null, key: string) => boolean,
  parent: Node | null = null,
  key = '',
): void {
  if (Array.isArray(node)) for (const item of node) walk(item, visit, parent, key)
  if (!isNode(node) || !visit(node, parent, key)) return
  for (const [name, child] of Object.entries(node)) {
    if (typeof child === 'object' && !typeKeys.has(name)) walk(child, visit, node, name)
  }
}
