import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { circles } from './circles'
import { flawedFiles, flaws } from './flaws/flawed'
import { PLAIN_ROOMS, unplainWords } from './plain-words'
import { outside, type Source, tidy, wideComments } from './tidy'

const root = join(import.meta.dirname, '../..')
const skipped = new Set(['node_modules', '.git', 'dist', 'lib', 'coverage', 'results'])
const isText =
  /\.(ts|tsx|mjs|js|json|css|html|md|txt|sh|svg|yml|yaml|gitignore|gitattributes|npmrc|webmanifest)$|^\.ci\//

describe('the sources', () => {
  const files = [...textFiles(root)]

  test('are found', () => {
    const paths = files.map((file) => file.path)
    expect(paths).toContain('engine/base/rpc.ts')
    expect(paths).toContain('package-lock.json')
    expect(paths.filter((path) => path.includes('node_modules'))).toEqual([])
  })
  test('keep the import order and name nothing that differs from run to run', () => {
    expect(files.flatMap(tidy)).toEqual([])
  })
  test('import each other in no circle', () => {
    expect(circles(files.filter(({ path }) => /^(engine|app|e2e)\//.test(path)))).toEqual([])
  })
  test('name nothing outside the project', () => {
    expect(files.flatMap(outside)).toEqual([])
  })
  test('wrap their comments', () => {
    expect(files.flatMap(wideComments)).toEqual([])
  })
  test('name the subject of each sentence in their comments', () => {
    for (const room of PLAIN_ROOMS)
      expect(files.some(({ path }) => path.startsWith(`${room}/`))).toBe(true)
    expect(files.flatMap(unplainWords)).toEqual([])
  })
})

// A patch plants a bug in code that changes: a change there has to adapt the patch.
test.each(flaws())('the planted flaw %s still fits', (flaw) => {
  expect(flawedFiles(flaw).size).toBeGreaterThan(0)
})

// Every rule is shown to fire, beside the nearest allowed case.

describe('names the engine may not use', () => {
  const refused: [code: string, message: string][] = [
    ['const at = Date.now()', 'Date → the `now` argument'],
    ['let at: Date', 'Date → the `now` argument'],
    ['const at = later ? Date : null', 'Date → the `now` argument'],
    ['const n = Math.random()', 'Math.random → base/random.ts Random'],
    ["const n = Math['random']()", 'Math.random → base/random.ts Random'],
    ['const { sin } = Math', 'Math → its functions'],
    ['const f = Math[name]', 'Math[…] → a function by its name'],
    ['performance.now()', 'performance → the `now` argument'],
    ['setTimeout(f, 10)', 'setTimeout → the schedule'],
    ['setInterval(f, 10)', 'setInterval → the schedule'],
    ['queueMicrotask(f)', 'queueMicrotask → the schedule'],
    ['requestAnimationFrame(f)', 'requestAnimationFrame → the schedule'],
    ['globalThis.setTimeout(f)', 'globalThis → an argument'],
    ['async function f() {}', 'async → a machine'],
    ['const f = async () => {}', 'async → a machine'],
    ['class A { async f() {} }', 'async → a machine'],
    ['await f()', 'await → a machine'],
    ['for await (const x of y) {}', 'await → a machine'],
    ['let p: Promise<void>', 'Promise → a machine'],
    ["const m = import('./other')", 'import() → an import'],
    ["new Intl.Collator('en')", 'Intl → byte order'],
    ['n.toLocaleString()', '.toLocaleString → byte order'],
    ['a.toLocaleUpperCase()', '.toLocaleUpperCase → byte order'],
    ['a?.localeCompare(b)', '.localeCompare → byte order'],
    ['crypto.getRandomValues(a)', 'crypto → base/random.ts Random'],
    ['new TextEncoder()', 'TextEncoder → base/bytes.ts'],
    ['new TextDecoder()', 'TextDecoder → base/bytes.ts'],
    ['const copy = structuredClone(state)', 'structuredClone → save()/load()'],
    ["console.log('x')", 'console → a trace event'],
    ['const copy = { console }', 'console → a trace event'],
    ['const x = 2 ** 31', '** → a shift'],
    ['let x = 2; x **= 31', '** → a shift'],
    ['const x = BigInt(1)', 'BigInt → base/int64.ts'],
    ['const x = 1n', 'bigint → base/int64.ts'],
    ['let x: bigint', 'bigint → base/int64.ts'],
    ['new BigInt64Array(1)', 'BigInt64Array → base/int64.ts'],
    ...'sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh exp expm1 log log1p log2 log10 pow cbrt hypot'
      .split(' ')
      .map((name): [string, string] => [`const x = Math.${name}(1)`, `Math.${name} → integers`]),
  ]
  test.each(refused)('%s', (code, message) => {
    const found = tidy({
      path: 'engine/lease/planted.ts',
      text: `// a first line\n${code}\nexport {}\n`,
    })
    expect(found).toEqual([expect.stringContaining(`engine/lease/planted.ts:2: ${message}`)])
  })

  const allowed = [
    '// Date, Math.random() and setTimeout are not used here',
    "const text = 'Date.now()'",
    'const text = `no Date`',
    'interface Frame { console?: string; performance: number }',
    'const frame = { console: 1, Date: 2 }',
    'frame.console.performance',
    'type Print = (console: string) => void',
    'Math.floor(Math.sqrt(Math.min(1, 2)))',
    'Math.imul(3, 4)',
    'const pattern = /Date/',
    'lease.pow(2)',
  ]
  test.each(allowed)('allowed: %s', (code) => {
    expect(tidy({ path: 'engine/lease/planted.ts', text: code })).toEqual([])
  })

  test.each([
    'engine/worker/host.ts',
    'engine/cli/run.ts',
    'engine/lease/lessor.test.ts',
    'engine/base/heap.bench.ts',
    'engine/test/truth.ts',
  ])('are free in %s', (path) => {
    expect(
      tidy({ path, text: 'const at = Date.now() + Math.random(); console.log(1n, await at)' }),
    ).toEqual([])
  })
  test('BigInt is free in base/int64.ts alone', () => {
    const text = 'export const one = BigInt.asIntN(64, 1n)'
    expect(tidy({ path: 'engine/base/int64.ts', text })).toEqual([])
    expect(tidy({ path: 'engine/base/int65.ts', text })).toHaveLength(2)
  })
  test('a file that does not parse is reported', () => {
    expect(tidy({ path: 'engine/base/planted.ts', text: 'const = 1' })).not.toEqual([])
  })
})

describe('imports', () => {
  const refused: [path: string, code: string, message: string][] = [
    [
      'engine/base/heap.ts',
      "import { Schedule } from '../clock/schedule'",
      'base/ comes before clock/',
    ],
    [
      'engine/lease/lessor.ts',
      "import { Store } from '../mvcc/store'",
      'lease/ and mvcc/ do not know each other',
    ],
    [
      'engine/lease/lessor.ts',
      "import type { Store } from '../mvcc/store'",
      'lease/ and mvcc/ do not know each other',
    ],
    ['engine/member/member.ts', "export * from '../client/client'", 'member/ comes before client/'],
    [
      'engine/client/client.ts',
      "export { parse } from '../etcdctl/grammar'",
      'client/ comes before etcdctl/',
    ],
    [
      'engine/etcdctl/shell.ts',
      "import type { Command } from '../sim/command'",
      'etcdctl/ comes before sim/',
    ],
    [
      'engine/sim/save.ts',
      "type R = import('../replay/recording').Recording",
      'sim/ comes before replay/',
    ],
    [
      'engine/text/describe.ts',
      "import { check } from '../check/lock'",
      'text/ and check/ do not know each other',
    ],
    [
      'engine/replay/timeline.ts',
      "import { window } from '../query/window'",
      'replay/ and query/ do not know each other',
    ],
    [
      'engine/worker/host.ts',
      "import { main } from '../cli/main'",
      'worker/ and cli/ do not know each other',
    ],
    [
      'engine/worker/protocol.ts',
      "import { Simulation } from '../sim/simulation'",
      'import type: the protocol',
    ],
    ['engine/index.ts', "export { Host } from './worker/host'", 'without its hosts'],
    ['engine/index.ts', "export { main } from './cli/main'", 'without its hosts'],
    [
      'engine/lease/lessor.ts',
      "import { model } from '../test/model'",
      'tests are imported by tests',
    ],
    [
      'engine/lease/lessor.ts',
      "import { small } from './lessor.test'",
      'tests are imported by tests',
    ],
    ['engine/cli/fuzz.ts', "import { model } from '../test/model'", 'tests are imported by tests'],
    [
      'engine/raft/raft.ts',
      "import { TestNetwork } from './rafttest/network'",
      'tests are imported by tests',
    ],
    [
      'engine/raft/rafttest/network.ts',
      "import { Store } from '../../mvcc/store'",
      'raft/ and mvcc/ do not know each other',
    ],
    [
      'engine/replay/session.ts',
      "import { fuzz } from '../fuzz/fuzz'",
      'replay/ comes before fuzz/',
    ],
    ['engine/lease/lessor.ts', "import { x } from '../drawer/x'", 'a room of the import order'],
    ['engine/drawer/x.ts', "import { assert } from '../base/assert'", 'give the room a place'],
    [
      'engine/lease/lessor.ts',
      "import { bridge } from '../../app/bridge'",
      'the engine does not know the app',
    ],
    [
      'engine/test/page.ts',
      "import { bridge } from '../../app/bridge'",
      'the engine does not know the app',
    ],
    [
      'engine/lease/lessor.ts',
      "import { x } from '../../e2e/harness'",
      "only the engine's own files",
    ],
    [
      'engine/lease/lessor.ts',
      "import { readFileSync } from 'node:fs'",
      'no package and nothing of Node',
    ],
    [
      'engine/worker/host.ts',
      "import { createStore } from 'zustand/vanilla'",
      'runs without a page',
    ],
    ['engine/cli/run.ts', "import { scaleLinear } from 'd3-scale'", 'runs without a page'],
    ['engine/text/describe.ts', "import 'react-dom/client'", 'runs without a page'],
    [
      'app/draw/dial.ts',
      "import { commands } from '../commands/commands'",
      'draw/ comes before commands/',
    ],
    [
      'app/store/ui.ts',
      "import type { Keeper } from '../share/keeper'",
      'store/ comes before share/',
    ],
    [
      'app/draw/dial.ts',
      "import { bridge } from '../bridge/bridge'",
      'draw/ and bridge/ do not know each other',
    ],
    [
      'app/panels/parts/menu.tsx',
      "import { Stage } from '../stage/stage'",
      'panels/parts/ comes before panels/stage/',
    ],
    [
      'app/panels/stage/stage.tsx',
      "import { Timeline } from '../timeline/timeline'",
      'do not know each other',
    ],
    ['app/panels/cellar/x.tsx', "import { Icon } from '../parts/icon'", 'give the room a place'],
    [
      'app/panels/leases.tsx',
      "import { Lessor } from '../../engine/lease/lessor'",
      'engine/worker/protocol',
    ],
    [
      'app/panels/leases.tsx',
      "import type { Host } from '../../engine/worker/host'",
      'engine/worker/protocol',
    ],
    [
      'app/panels/leases.tsx',
      "const m = import('../../engine/etcdctl/shell')",
      'engine/worker/protocol',
    ],
    [
      'app/panels/leases.tsx',
      "import Host from '../../engine/worker/worker?worker'",
      'engine/worker/protocol',
    ],
    [
      'app/panels/leases.tsx',
      "import { Lessor } from '/engine/lease/lessor'",
      'engine/worker/protocol',
    ],
    [
      'app/panels/leases.tsx',
      "new Worker(new URL('../../engine/worker/worker.ts', import.meta.url))",
      'app/bridge owns the worker',
    ],
    [
      'app/bridge.ts',
      "new Worker(new URL('../engine/cli/main.ts', import.meta.url))",
      'the only file of the engine with an address',
    ],
  ]
  test.each(refused)('%s may not: %s', (path, code, message) => {
    expect(tidy({ path, text: code })).toEqual([expect.stringContaining(message)])
  })

  const allowed: [path: string, code: string][] = [
    ['engine/lease/lessor.ts', "import { Heap } from '../base/heap'"],
    ['engine/lease/lessor.ts', "import { Expiry } from './expiry'"],
    [
      'engine/member/apply.ts',
      "import { Lessor } from '../lease/lessor'; import { Store } from '../mvcc/store'",
    ],
    ['engine/query/window.ts', "import { describeEvent } from '../text/describe'"],
    [
      'engine/worker/protocol.ts',
      "import type { Recording } from '../replay/recording'; export type { Level } from '../base/trace'",
    ],
    ['engine/index.ts', "export { Simulation } from './sim/simulation'"],
    [
      'engine/cli/fuzz.ts',
      "import { fuzz } from '../fuzz/fuzz'; import { readFileSync } from 'node:fs'",
    ],
    [
      'engine/lease/lessor.test.ts',
      "import { Store } from '../mvcc/store'; import fc from 'fast-check'",
    ],
    ['engine/test/truth.ts', "import { Host } from '../worker/host'"],
    ['engine/fuzz/fuzz.ts', "import { checkRecording } from '../replay/check-recording'"],
    ['engine/raft/raft.test.ts', "import { TestNetwork } from './rafttest/network'"],
    ['engine/raft/rafttest/fuzz.ts', "import { TestNetwork } from './network'"],
    [
      'app/bridge.ts',
      "new Worker(new URL('../engine/worker/worker.ts', import.meta.url), { type: 'module' })",
    ],
    [
      'app/bridge/worker.ts',
      "new Worker(new URL('../../engine/worker/worker.ts', import.meta.url))",
    ],
    [
      'app/store.ts',
      "import type { Frame } from '../engine/worker/protocol'; import { createStore } from 'zustand/vanilla'",
    ],
    [
      'app/panels/log.tsx',
      "import { describeEvent } from '../../engine/text/describe'; export const Log = () => <p>{describeEvent()}</p>",
    ],
    [
      'app/panels/console.tsx',
      "import { complete } from '../../engine/etcdctl/complete'; import { parse } from '../../engine/etcdctl/grammar'",
    ],
    [
      'app/panels/program.tsx',
      "import { parseProgram } from '../../engine/client/process/describe'",
    ],
    [
      'app/panels/stage/stage.tsx',
      "import { Icon } from '../parts/icon'; import { dial } from '../../draw/dial'; import './stage.css'",
    ],
    ['app/panels/screen.tsx', "import { Stage } from './stage/stage'"],
    [
      'app/main.tsx',
      "import { Screen } from './panels/screen'; import { createBridge } from './bridge/bridge'",
    ],
    ['app/share/link.test.ts', "import { Simulation } from '../../engine/sim/simulation'"],
  ]
  test.each(allowed)('%s may: %s', (path, code) => {
    expect(tidy({ path, text: code })).toEqual([])
  })
})

describe('circles of imports', () => {
  const found = (texts: Record<string, string>) =>
    circles(Object.entries(texts).map(([path, text]) => ({ path, text })))

  test('two files that need each other', () => {
    expect(
      found({
        'engine/lease/a.ts': "import { b } from './b'",
        'engine/lease/b.ts': "import { a } from './a.ts'",
      }),
    ).toEqual(['engine/lease/a.ts → engine/lease/b.ts → engine/lease/a.ts'])
  })
  test('by a type, and by an export', () => {
    expect(
      found({
        'app/draw/a.ts': "import type { B } from '../scene/b'",
        'app/scene/b.tsx': "export * from './c'",
        'app/scene/c.ts': "type A = import('../draw/a').A",
      }),
    ).toEqual(['app/draw/a.ts → app/scene/b.tsx → app/scene/c.ts → app/draw/a.ts'])
  })
  test('each circle once, by its shortest way', () => {
    expect(
      found({
        'engine/lease/a.ts': "import './b'; import './d'",
        'engine/lease/b.ts': "import './c'",
        'engine/lease/c.ts': "import './a'; import './b'",
        'engine/lease/d.ts': "import './a'",
        'engine/raft/x.ts': "import './y'; import '../lease/a'",
        'engine/raft/y.ts': "import './x'",
      }),
    ).toEqual([
      'engine/lease/a.ts → engine/lease/d.ts → engine/lease/a.ts',
      'engine/raft/x.ts → engine/raft/y.ts → engine/raft/x.ts',
    ])
  })
  test('two ways to one file are no circle', () => {
    expect(
      found({
        'engine/lease/a.ts': "import './b'; import './c'; import 'valibot'",
        'engine/lease/b.ts': "import './d'",
        'engine/lease/c.ts': "import './d'",
        'engine/lease/d.ts': '',
      }),
    ).toEqual([])
  })
})

describe('the width of comments', () => {
  const wide = 'word '.repeat(20)
  test.each([
    [`const a = 1\n// ${wide}\n`, 2],
    [`/**\n * ${wide}\n */\nconst a = 1\n`, 2],
    [`const a = 1 // ${wide}\n`, 1],
  ])('refuses %j', (text, line) => {
    expect(wideComments({ path: 'app/a.ts', text })).toEqual([
      expect.stringMatching(`^app/a.ts:${line}: .* columns → comments wrap at 100$`),
    ])
  })
  test.each([
    `// ${wide.slice(0, 97)}\n`,
    `const a = '// ${wide}'\n`,
    `// biome-ignore lint/a11y/noAutofocus: ${wide}\n`,
    `// ${'─'.repeat(97)}\n`,
  ])('allows %j', (text) => {
    expect(wideComments({ path: 'app/a.ts', text })).toEqual([])
  })
})

describe('words of a comment', () => {
  const path = 'engine/lease/lessor.ts'
  test.each([
    ['// Its timers are set anew.\n', 1, 'anew'],
    ['const a = 1\n/** Whom the client asks. */\nconst b = 1\n', 2, 'Whom'],
    ['/**\n * The time at\n * which it is due.\n */\nconst a = 1\n', 1, 'at which'],
    ['// A lease that is\n// none of ours.\n', 1, 'is none'],
    ['const a = 1 // nobody counts\n', 1, 'nobody'],
  ])('refuses %j', (text, line, word) => {
    expect(unplainWords({ path, text })).toEqual([
      `${path}:${line}: ${word} → the subject by its name`,
    ])
  })
  test.each([
    [path, '// The primary counts the lease again.\n'],
    [path, "const text = 'nobody'\n"],
    ['vite.config.ts', '// A room that is not on the list: nobody.\n'],
  ])('%s allows %j', (where, text) => {
    expect(unplainWords({ path: where, text })).toEqual([])
  })
})

describe('places outside the project', () => {
  const registry = ['registry', 'example', 'org'].join('.')
  const refused: [path: string, text: string][] = [
    ['README.md', `see ${['', 'work', 'shared', 'notes.md'].join('/')}`],
    ['engine/test/oracle.ts', `const file = '${['', 'home', 'ann', 'etcd'].join('/')}'`],
    ['engine/README.md', `see ${'../'.repeat(2)}notes.md`],
    ['README.md', `see ${'../'}notes.md`],
    ['.npmrc', `${'registry'}=https://${registry}/`],
    ['package-lock.json', `      "resolved": "https://${registry}/left-pad/-/left-pad-1.0.0.tgz",`],
  ]
  test.each(refused)('%s: %s', (path, text) => {
    expect(outside({ path, text })).toHaveLength(1)
  })
  test('a path inside, an etcd key and the public registry are allowed', () => {
    expect(
      outside({ path: 'engine/README.md', text: 'see ../README.md; put /jobs/queue 1' }),
    ).toEqual([])
    expect(
      outside({
        path: 'package-lock.json',
        text: `"resolved": "https://${'registry'}.npmjs.org/d3/-/d3-7.9.2.tgz"`,
      }),
    ).toEqual([])
  })
})

function* textFiles(folder: string): Generator<Source> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (skipped.has(entry.name)) continue
    const full = join(folder, entry.name)
    const path = relative(root, full).replaceAll('\\', '/')
    if (entry.isDirectory()) yield* textFiles(full)
    else if (isText.test(path)) yield { path, text: readFileSync(full, 'utf8') }
  }
}
