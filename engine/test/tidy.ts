// The rules for the sources that the compiler does not check. They say which room may import which,
// and which names would make one run give two traces. A text search is not enough: a comment may
// say Date, and a field may be called console. So the files are parsed with the bundler's own
// parser, which is a dependency already; TypeScript 7 has no stable parser.

import { posix } from 'node:path'
import { parseSync } from 'vite'

export interface Source {
  /** From the root of the project, with `/`. */
  path: string
  text: string
}

interface Node {
  type: string
  start: number
  [key: string]: unknown
}

export interface Import {
  /** From the root, without extension; or a package's name. */
  target: string
  local: boolean
  typeOnly: boolean
  start: number
}

/** The rooms of the engine in import order; rooms in one row do not import each other. */
const rows = [
  ['base'],
  ['clock', 'lease', 'mvcc', 'raft', 'concurrency', 'network', 'shell'],
  ['member'],
  ['client'],
  ['etcdctl'],
  ['sim'],
  ['text', 'check'],
  ['scenario', 'replay', 'query'],
  ['fuzz'],
  ['cluster'],
  ['worker', 'cli'],
]
const rank = new Map(rows.flatMap((row, index) => row.map((room) => [room, index] as const)))

/**
 * The rooms of the page in import order, and below them those of its panels. The rooms of one row
 * do not import each other.
 */
const appRows = [
  ['draw', 'bridge'],
  ['scene'],
  ['store'],
  ['commands'],
  ['share'],
  ['panels/parts'],
  ['panels/menus', 'panels/dialogs'],
  [
    'panels/top',
    'panels/story',
    'panels/stage',
    'panels/timeline',
    'panels/drawer',
    'panels/transport',
  ],
  ['panels'],
  [''],
]
const appRank = new Map(appRows.flatMap((row, index) => row.map((room) => [room, index] as const)))

/** The part of the engine that the app may import. `engine/text/` means every file in it. */
const appSees = [
  'engine/worker/protocol',
  'engine/text/',
  'engine/etcdctl/grammar',
  'engine/etcdctl/complete',
  'engine/client/process/describe',
  'engine/client/program/parse',
]
const workerEntry = 'engine/worker/worker'

/**
 * The only packages that the engine may import (without cli/ and tests). Another package needs a
 * good reason.
 */
const enginePackages: string[] = ['valibot']
const pagePackages = /^(react|d3|zustand)(-|\/|$)/

const schedule = 'the schedule in clock/ and a due time'
const machine = 'a machine: step(input, now) → outputs, and a plain record for the call that waits'
const integers = 'integers, a comparison or a small table: engines may differ in the last bit'
const locale = 'byte order (`<`) and text/'
const bytes = 'base/bytes.ts'

/** Names that the engine may not use as a variable or type, and their replacements. */
const names: Record<string, string> = {
  Date: 'the `now` argument',
  performance: 'the `now` argument',
  setTimeout: schedule,
  setInterval: schedule,
  setImmediate: schedule,
  clearTimeout: schedule,
  clearInterval: schedule,
  queueMicrotask: schedule,
  requestAnimationFrame: schedule,
  Promise: machine,
  Intl: locale,
  crypto: 'base/random.ts Random',
  TextEncoder: bytes,
  TextDecoder: bytes,
  structuredClone: 'save()/load()',
  console: 'a trace event, or assert in base/',
  globalThis: 'an argument',
  WeakRef: 'plain data: when it is collected differs from run to run',
  FinalizationRegistry: 'plain data: when it is collected differs from run to run',
}
const inexact =
  'sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh exp expm1 log log1p log2 log10 pow cbrt hypot'.split(
    ' ',
  )
const mathNames: Record<string, string> = {
  random: 'base/random.ts Random',
  ...Object.fromEntries(inexact.map((name) => [name, integers])),
}
const bigNames = ['BigInt', 'BigInt64Array', 'BigUint64Array']
const int64 = 'base/int64.ts, the one home of 64-bit numbers'

/** The most columns of a comment. The formatter gives the code the same limit. */
const COMMENT_WIDTH = 100
/** Directives to the linter and the compiler must stay on one line. */
const directive = /biome-ignore|@ts-|https?:\/\/\S{60}/

/** A line for every comment line that is too wide, as `path:line: what → what instead`. */
export function wideComments({ path, text }: Source): string[] {
  if (!/\.(ts|tsx|mjs)$/.test(path)) return []
  const lines = text.split('\n')
  const lineOf = (at: number) => text.slice(0, at).split('\n').length - 1
  return parseSync(path, text).comments.flatMap(({ start, end }) => {
    const first = lineOf(start)
    return lines.slice(first, lineOf(end) + 1).flatMap((line, index) => {
      const width = [...line].length
      if (width <= COMMENT_WIDTH || directive.test(line)) return []
      return `${path}:${first + index + 1}: ${width} columns → comments wrap at ${COMMENT_WIDTH}`
    })
  })
}

/**
 * One line for every place that breaks a rule, as `path:line: what → what instead`. Nothing for a
 * file outside engine/ and app/.
 */
export function tidy({ path, text }: Source): string[] {
  const found: string[] = []
  const report = (start: number, what: string) => {
    const line = text.slice(0, start).split('\n').length
    found.push(`${path}:${line}: ${what}`)
  }
  if (!/^(engine|app)\/.*\.(ts|tsx|mjs)$/.test(path)) return found

  const { program, errors } = parseSync(path, text)
  for (const error of errors) report(error.labels[0]?.start ?? 0, error.message)
  const imports: Import[] = []
  walk(program, (node, parent, key) => {
    const specifier = importedBy(node)
    if (specifier)
      imports.push({ ...resolve(path, specifier), typeOnly: isTypeOnly(node), start: node.start })
    if (path.startsWith('app/')) checkWorkerAddress(path, node, report)
    else if (isPure(path)) checkNames(path, node, parent, key, report)
  })
  for (const { start, ...what } of imports) {
    const problem = path.startsWith('app/') ? appImport(path, what) : engineImport(path, what)
    if (problem) report(start, problem)
  }
  return found
}

/** What a file imports, types too. Empty for a file that does not parse. */
export function importsOf({ path, text }: Source): Omit<Import, 'typeOnly'>[] {
  const found: Omit<Import, 'typeOnly'>[] = []
  walk(parseSync(path, text).program, (node) => {
    const specifier = importedBy(node)
    if (specifier) found.push({ ...resolve(path, specifier), start: node.start })
  })
  return found
}

function isTest(path: string): boolean {
  return path.startsWith('engine/test/') || /\.(test|bench)\.tsx?$/.test(path)
}

/** The test support of a room. It keeps the rules of the room. */
function isTestSupport(path: string): boolean {
  return path.startsWith('engine/raft/rafttest/')
}

function isPure(path: string): boolean {
  return !isTest(path) && !/^engine\/(worker|cli)\//.test(path)
}

type Target = Omit<Import, 'start'>

function engineImport(path: string, { target, local, typeOnly }: Target): string | undefined {
  if (pagePackages.test(target)) return `${target} → the engine runs without a page`
  if (local && target.startsWith('app/'))
    return `${target} → the engine does not know the app: send it data`
  if (isTest(path)) return
  const room = roomOf(path)
  if (!local) {
    if (room === 'cli' || enginePackages.includes(target)) return
    return `${target} → no package and nothing of Node in the engine`
  }
  if (!target.startsWith('engine/')) return `${target} → only the engine's own files`
  const other = roomOf(target)
  if (isTest(`${target}.ts`) || (isTestSupport(target) && !isTestSupport(path)))
    return `${target} → tests are imported by tests alone`
  if (path === 'engine/worker/protocol.ts' && !typeOnly)
    return `${target} → import type: the protocol is two unions and no code`
  if (room === other) return
  if (room === '')
    return other === 'worker' || other === 'cli'
      ? `${target} → engine/index.ts gives out the engine without its hosts`
      : undefined
  const [mine, its] = [rank.get(room), rank.get(other)]
  if (mine === undefined)
    return `engine/${room}/ → give the room a place in the import order (here and in engine/README.md)`
  if (its === undefined) return `${target} → a room of the import order`
  if (its === mine)
    return `${target} → ${room}/ and ${other}/ do not know each other: meet in a later room`
  if (its > mine) return `${target} → ${room}/ comes before ${other}/ in the import order`
  return
}

function appImport(path: string, { target, local }: Target): string | undefined {
  if (isTest(path) || !local) return
  if (target.startsWith('app/')) return appRoomImport(path, target)
  if (!target.startsWith('engine/')) return
  if (appSees.some((seen) => (seen.endsWith('/') ? target.startsWith(seen) : target === seen)))
    return
  return `${target} → engine/worker/protocol, or one of: ${appSees.slice(1).join(', ')}`
}

function appRoomImport(path: string, target: string): string | undefined {
  // Style sheets and fonts belong to the file that names them.
  if (/\.(css|woff2)$/.test(target)) return
  const [room, other] = [appRoomOf(path), appRoomOf(target)]
  if (room === other) return
  const [mine, its] = [appRank.get(room), appRank.get(other)]
  if (mine === undefined)
    return `app/${room}/ → give the room a place in the import order of app/README.md`
  if (its === undefined) return `${target} → a room of the import order`
  if (its === mine)
    return `${target} → ${room}/ and ${other}/ do not know each other: meet in panels/parts or a later room`
  return its > mine ? `${target} → ${room}/ comes before ${other}/ in the import order` : undefined
}

/**
 * `panels/stage` for app/panels/stage/dial.tsx, `panels` for app/panels/screen.tsx, `draw` for
 * app/draw/timeline/paint.ts, '' for app/main.tsx.
 */
function appRoomOf(path: string): string {
  const [, first = '', second = '', third] = path.split('/')
  if (second === '') return ''
  return first === 'panels' && third !== undefined ? `panels/${second}` : first
}

/**
 * The page refers to the worker by an address and does not import it: `new
 * URL('../engine/worker/worker.ts', import.meta.url)`, in app/bridge alone.
 */
function checkWorkerAddress(
  path: string,
  node: Node,
  report: (start: number, what: string) => void,
): void {
  if (
    node.type !== 'NewExpression' ||
    !isNode(node.callee) ||
    node.callee.name !== 'URL' ||
    !Array.isArray(node.arguments)
  )
    return
  const specifier = literal(node.arguments[0])
  if (!specifier?.startsWith('.')) return
  const { target } = resolve(path, specifier)
  if (!target.startsWith('engine/')) return
  if (target !== workerEntry)
    report(
      node.start,
      `${target} → ${workerEntry}.ts is the only file of the engine with an address`,
    )
  else if (!/^app\/bridge[./]/.test(path))
    report(node.start, `${target} → app/bridge owns the worker`)
}

function checkNames(
  path: string,
  node: Node,
  parent: Node | null,
  key: string,
  report: (start: number, what: string) => void,
): void {
  const say = (what: string, instead: string) => report(node.start, `${what} → ${instead}`)
  const name = typeof node.name === 'string' ? node.name : ''

  if (node.type === 'Identifier' && !isLabel(node, parent, key)) {
    if (Object.hasOwn(names, name)) say(name, names[name]!)
    if (name === 'Math' && !(parent?.type === 'MemberExpression' && key === 'object'))
      say('Math', 'its functions one by one: Math.floor(x)')
    if (bigNames.includes(name) && path !== 'engine/base/int64.ts') say(name, int64)
  }
  if (
    (typeof node.bigint === 'string' || node.type === 'TSBigIntKeyword') &&
    path !== 'engine/base/int64.ts'
  )
    say('bigint', int64)

  if (node.type === 'MemberExpression' && isNode(node.object) && isNode(node.property)) {
    const property = node.computed ? literal(node.property) : String(node.property.name)
    if (node.object.name === 'Math' && property === undefined)
      say('Math[…]', 'a function by its name')
    if (
      node.object.name === 'Math' &&
      property !== undefined &&
      Object.hasOwn(mathNames, property)
    ) {
      say(`Math.${property}`, mathNames[property]!)
    }
    if (property !== undefined && /^(toLocale|localeCompare$)/.test(property))
      say(`.${property}`, locale)
  }
  if (
    (node.type === 'BinaryExpression' || node.type === 'AssignmentExpression') &&
    /^\*\*=?$/.test(String(node.operator))
  ) {
    say('**', 'a shift, a product or a constant')
  }
  if (node.async === true) say('async', machine)
  if (node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await === true))
    say('await', machine)
  if (node.type === 'ImportExpression') say('import()', 'an import at the head of the file')
}

/** True for a name that is only the label of a property, and so has no meaning by itself. */
function isLabel(node: Node, parent: Node | null, key: string): boolean {
  if (!parent) return false
  if (parent.type === 'MemberExpression') return key === 'property' && !parent.computed
  if (parent.type === 'TSQualifiedName') return key === 'right'
  if (parent.type === 'ImportSpecifier') return key === 'imported'
  if (parent.type === 'ExportSpecifier') return key === 'exported'
  if (parent.type === 'TSNamedTupleMember') return key === 'label'
  if (parent.type === 'TSEnumMember') return key === 'id'
  // A name in the type of a function: `(console: string) => void`.
  if (
    /^TS(FunctionType|MethodSignature|CallSignatureDeclaration|ConstructorType|AbstractMethodDefinition)$/.test(
      parent.type,
    )
  ) {
    return key === 'params' || (key === 'key' && !parent.computed)
  }
  return key === 'key' && !parent.computed && node.type === 'Identifier'
}

function importedBy(node: Node): string | undefined {
  if (/^(Import|ExportNamed|ExportAll)Declaration$/.test(node.type)) return literal(node.source)
  if (node.type === 'ImportExpression' || node.type === 'TSImportType') return literal(node.source)
  return
}

function isTypeOnly(node: Node): boolean {
  return node.type === 'TSImportType' || node.importKind === 'type' || node.exportKind === 'type'
}

function literal(node: unknown): string | undefined {
  return isNode(node) && node.type === 'Literal' && typeof node.value === 'string'
    ? node.value
    : undefined
}

function resolve(from: string, specifier: string): { target: string; local: boolean } {
  const bare = specifier.replace(/\?.*$/, '')
  if (!/^[./]/.test(bare)) return { target: bare, local: false }
  // An address from `/` starts at the project's root, as Vite reads it.
  const target = bare.startsWith('/') ? bare.slice(1) : posix.join(posix.dirname(from), bare)
  return { target: target.replace(/\.(ts|tsx|mjs)$/, ''), local: true }
}

/** The empty string for a file of engine/ itself, such as index.ts. */
function roomOf(path: string): string {
  const [, room, rest] = path.split('/')
  return room !== undefined && rest !== undefined ? room : ''
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

function walk(
  node: unknown,
  visit: (node: Node, parent: Node | null, key: string) => void,
  parent: Node | null = null,
  key = '',
): void {
  if (Array.isArray(node)) for (const item of node) walk(item, visit, parent, key)
  if (!isNode(node)) return
  visit(node, parent, key)
  for (const [name, child] of Object.entries(node))
    if (typeof child === 'object') walk(child, visit, node, name)
}

// ---- what holds for every text file -------------------------------------------------------------

// Names are built from parts, so that this file does not contain the searched names.
const elsewhere = [
  new RegExp(`/${'work'}/(main|shared|\\.library)`),
  new RegExp(`/${'home'}/\\w+/`),
  new RegExp(`/${'Users'}/\\w+/`),
  new RegExp(`/${'root'}/\\.`),
  new RegExp(`\\b${'registry'}\\.[\\w-]+\\.\\w+`),
  new RegExp(`//[\\w.-]*(${['artifactory', 'nexus', 'verdaccio'].join('|')})[\\w.-]*`),
]
const publicRegistry = `https://${'registry'}.npmjs.org/`

/**
 * The places where a file names something outside the project: a folder of a machine, a path
 * that climbs out, a package registry.
 */
export function outside({ path, text }: Source): string[] {
  const found: string[] = []
  const depth = path.split('/').length - 1
  text.split('\n').forEach((line, index) => {
    if (path === 'package-lock.json') {
      const resolved = /"resolved": "([^"]*)"/.exec(line)?.[1]
      if (resolved !== undefined && !resolved.startsWith(publicRegistry))
        found.push(`${path}:${index + 1}: ${resolved} → the public registry`)
      return
    }
    for (const pattern of elsewhere) {
      const hit = pattern.exec(line)
      if (hit) found.push(`${path}:${index + 1}: ${hit[0]} → nothing outside the project`)
    }
    for (const [climb] of line.matchAll(/(\.\.\/)+/g)) {
      if (climb.length / 3 > depth)
        found.push(`${path}:${index + 1}: ${climb} → climbs out of the project`)
    }
  })
  return found
}
