// The problem: keys in order change one at a time, while every earlier state stays readable (for a
// watcher at an old revision, a fork, a keyframe).
//
// What fails: a copy of a sorted array or a Map for each change takes time in proportion to its
// size. A tree that changes in place has no earlier states.
//
// What is done: a B+ tree whose nodes never change. A change copies the leaf and the few nodes
// above it, and shares the rest:
//
//   before  root ── a ── [k1 k2 k3]          after set(k5, …)  root' ── a  (shared)
//                 └ b ── [k4 k5 k6]                                   └ b' ── [k4 k5' k6]
//
// A branch holds each child with the least key in it. With thirty-two entries a node, 100,000 keys
// are four levels deep, and a copied node fits a few cache lines.

interface Leaf<V> {
  readonly type: 'leaf'
  readonly keys: readonly string[]
  readonly values: readonly V[]
}
interface Branch<V> {
  readonly type: 'branch'
  readonly keys: readonly string[]
  readonly children: readonly Node<V>[]
}
type Node<V> = Leaf<V> | Branch<V>

const MOST = 32
/** A smaller node joins a neighbour, so that the tree stays flat after deletes. */
const LEAST = 8

/**
 * An immutable map from strings, in the order of `<`. `set` and `delete` return a changed map; this
 * map does not change.
 */
export class OrderedMap<V> {
  readonly size: number
  readonly #root: Node<V>

  private constructor(root: Node<V>, size: number) {
    this.#root = root
    this.size = size
  }

  static empty<V>(): OrderedMap<V> {
    return new OrderedMap<V>({ type: 'leaf', keys: [], values: [] }, 0)
  }

  /** A map of these entries. Throws if their keys do not strictly ascend. */
  static from<V>(sortedEntries: Iterable<readonly [string, V]>): OrderedMap<V> {
    const keys: string[] = []
    const values: V[] = []
    for (const [key, value] of sortedEntries) {
      if (keys.length > 0 && !(keys[keys.length - 1]! < key))
        throw new Error(`ordered map: keys do not ascend at ${JSON.stringify(key)}`)
      keys.push(key)
      values.push(value)
    }
    let level: Node<V>[] = chunks(keys.length).map(([from, to]) => ({
      type: 'leaf',
      keys: keys.slice(from, to),
      values: values.slice(from, to),
    }))
    while (level.length > 1) {
      const below = level
      level = chunks(below.length).map(([from, to]) => branch(below.slice(from, to)))
    }
    return new OrderedMap(level[0] ?? { type: 'leaf', keys: [], values: [] }, keys.length)
  }

  get(key: string): V | undefined {
    const leaf = this.#leafOf(key)
    const i = lowerBound(leaf.keys, key)
    return leaf.keys[i] === key ? leaf.values[i] : undefined
  }

  has(key: string): boolean {
    const leaf = this.#leafOf(key)
    return leaf.keys[lowerBound(leaf.keys, key)] === key
  }

  /** The map with `key` set to `value`; `key` may be new. */
  set(key: string, value: V): OrderedMap<V> {
    const nodes = inserted(this.#root, key, value)
    const root = nodes.length === 1 ? nodes[0]! : branch(nodes)
    return new OrderedMap(root, this.has(key) ? this.size : this.size + 1)
  }

  /** The map without `key`; this map itself if it has no such key. */
  delete(key: string): OrderedMap<V> {
    if (!this.has(key)) return this
    let root = removed(this.#root, key)
    if (root.type === 'branch' && root.children.length === 1) root = root.children[0]!
    return new OrderedMap(root, this.size - 1)
  }

  /** Entries in ascending order, from the first key not below `key`. */
  startingAt(key: string): IterableIterator<[string, V]> {
    return ascending(this.#root, key)
  }

  /** All entries in ascending order. */
  entries(): IterableIterator<[string, V]> {
    return ascending(this.#root, '')
  }

  /** The entry with the least key; undefined for an empty map. */
  first(): [string, V] | undefined {
    let node = this.#root
    while (node.type === 'branch') node = node.children[0]!
    return node.keys.length === 0 ? undefined : [node.keys[0]!, node.values[0]!]
  }

  #leafOf(key: string): Leaf<V> {
    let node = this.#root
    while (node.type === 'branch') node = node.children[childOf(node, key)]!
    return node
  }
}

function* ascending<V>(node: Node<V>, from: string): IterableIterator<[string, V]> {
  if (node.type === 'leaf') {
    for (let i = lowerBound(node.keys, from); i < node.keys.length; i++)
      yield [node.keys[i]!, node.values[i]!]
    return
  }
  for (let i = childOf(node, from); i < node.children.length; i++)
    yield* ascending(node.children[i]!, from)
}

/** One node, or two if one would be too large. */
function inserted<V>(node: Node<V>, key: string, value: V): Node<V>[] {
  if (node.type === 'branch') {
    const i = childOf(node, key)
    return replaced(node, i, 1, inserted(node.children[i]!, key, value))
  }
  const i = lowerBound(node.keys, key)
  const values = node.values.slice()
  if (node.keys[i] === key) {
    values[i] = value
    return [{ type: 'leaf', keys: node.keys, values }]
  }
  const keys = node.keys.slice()
  keys.splice(i, 0, key)
  values.splice(i, 0, value)
  return halves({ type: 'leaf', keys, values })
}

/**
 * The node without `key`, which it contains. The result may be smaller than LEAST; a branch may
 * have one child.
 */
function removed<V>(node: Node<V>, key: string): Node<V> {
  if (node.type === 'leaf') {
    const i = lowerBound(node.keys, key)
    const keys = node.keys.slice()
    const values = node.values.slice()
    keys.splice(i, 1)
    values.splice(i, 1)
    return { type: 'leaf', keys, values }
  }
  const i = childOf(node, key)
  const child = removed(node.children[i]!, key)
  if (child.keys.length >= LEAST || node.children.length === 1)
    return replaced(node, i, 1, [child])[0]!
  const joined = i > 0 ? join(node.children[i - 1]!, child) : join(child, node.children[1]!)
  return replaced(node, Math.max(i - 1, 0), 2, halves(joined))[0]!
}

/**
 * The branch with `nodes` in place of `count` children from `i` on; split in halves if too large.
 */
function replaced<V>(
  node: Branch<V>,
  i: number,
  count: number,
  nodes: readonly Node<V>[],
): Node<V>[] {
  const children = node.children.slice()
  const keys = node.keys.slice()
  children.splice(i, count, ...nodes)
  keys.splice(i, count, ...nodes.map(leastKey))
  return halves({ type: 'branch', keys, children })
}

function join<V>(left: Node<V>, right: Node<V>): Node<V> {
  if (left.type === 'leaf' && right.type === 'leaf') {
    return {
      type: 'leaf',
      keys: [...left.keys, ...right.keys],
      values: [...left.values, ...right.values],
    }
  }
  if (left.type === 'branch' && right.type === 'branch') {
    return {
      type: 'branch',
      keys: [...left.keys, ...right.keys],
      children: [...left.children, ...right.children],
    }
  }
  throw new Error('ordered map: leaves at different depths')
}

function halves<V>(node: Node<V>): Node<V>[] {
  const length = node.keys.length
  if (length <= MOST) return [node]
  const middle = length >> 1
  if (node.type === 'leaf') {
    return [
      { type: 'leaf', keys: node.keys.slice(0, middle), values: node.values.slice(0, middle) },
      { type: 'leaf', keys: node.keys.slice(middle), values: node.values.slice(middle) },
    ]
  }
  return [
    { type: 'branch', keys: node.keys.slice(0, middle), children: node.children.slice(0, middle) },
    { type: 'branch', keys: node.keys.slice(middle), children: node.children.slice(middle) },
  ]
}

function branch<V>(children: readonly Node<V>[]): Branch<V> {
  return { type: 'branch', keys: children.map(leastKey), children }
}

function leastKey<V>(node: Node<V>): string {
  return node.keys[0]!
}

/** Splits `length` items into even chunks, none larger than a node: start and end of each chunk. */
function chunks(length: number): [number, number][] {
  const count = Math.ceil(length / MOST)
  return Array.from({ length: count }, (_, i) => [
    Math.floor((i * length) / count),
    Math.floor(((i + 1) * length) / count),
  ])
}

/** The child that may hold `key`. A key below all children belongs to the first child. */
function childOf<V>(node: Branch<V>, key: string): number {
  let low = 0
  let high = node.keys.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (node.keys[middle]! <= key) low = middle
    else high = middle
  }
  return low
}

/** The first index whose key is not below `key`. */
function lowerBound(keys: readonly string[], key: string): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (keys[middle]! < key) low = middle + 1
    else high = middle
  }
  return low
}
