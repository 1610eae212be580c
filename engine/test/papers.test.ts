import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  citations,
  deadEnds,
  deadFiles,
  deadStories,
  figures,
  longSentences,
  SEMANTICS,
  sections,
  switches,
} from './papers'
import type { Source } from './tidy'

const root = join(import.meta.dirname, '../..')
const skipped = new Set(['node_modules', '.git', 'dist', 'lib', 'results', 'fonts'])
const files = [...textFiles(root)]
/** The planted errors below are no errors of the project. */
const cited = files.filter(({ path }) => !path.startsWith('engine/test/papers.'))
const papers = files.filter(({ path }) => path.endsWith('.md'))
const read = (path: string) => readFileSync(join(root, path), 'utf8')

describe('the documents', () => {
  test('are found, and so are the sources', () => {
    const paths = files.map(({ path }) => path)
    for (const path of ['README.md', 'CONTRIBUTING.md', SEMANTICS, 'engine/lease/lessor.ts'])
      expect(paths).toContain(path)
  })
  test('have every section that the sources cite', () => {
    const known = sections(read(SEMANTICS))
    expect(known.size).toBeGreaterThan(80)
    expect(cited.flatMap((file) => citations(file, known))).toEqual([])
  })
  test('name every switch of the tests', () => {
    const named = read('CONTRIBUTING.md')
    const names = new Set(cited.flatMap(switches))
    expect(names).toContain('FUZZ_RUNS')
    expect([...names].filter((name) => !named.includes(`\`${name}\``))).toEqual([])
  })
  test('name every step of `npm test`', () => {
    const steps = [...read('e2e/test.mjs').matchAll(/^ {2,4}(?:\{ )?name: '(\w+)',/gm)]
    const [, said = ''] = /The steps are ([^.]+)\./.exec(read('CONTRIBUTING.md')) ?? []
    const named = said.split(/,\s+|\s+and\s+/)
    expect(steps.length).toBeGreaterThan(5)
    expect(named).toEqual(steps.map(([, name]) => name))
  })
  test('link to existing files, and call existing scripts', () => {
    const scripts = new Set(Object.keys(JSON.parse(read('package.json')).scripts))
    const exists = (path: string) => existsSync(join(root, path))
    expect(papers.flatMap((paper) => deadEnds(paper, exists, scripts))).toEqual([])
  })
  test.each(['engine', 'app', 'app/panels'])('name every room of %s', (folder) => {
    const map = read(folder === 'engine' ? 'engine/README.md' : 'app/README.md')
    const rooms = readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
    expect(rooms.filter((room) => !new RegExp(`\\b${room}[\`/]`).test(map))).toEqual([])
  })
  test('name files that exist', () => {
    expect(papers.flatMap((paper) => deadFiles(paper, files))).toEqual([])
  })
  test('link to stories and lessons that exist', () => {
    const catalogue = readdirSync(join(root, 'engine/scenario/catalogue'))
    const stories = new Set(catalogue.map((file) => file.replace(/\.txt$/, '')))
    const named = read('app/scene/lessons.ts').matchAll(/^ {4}name: '(\w+)'/gm)
    const lessons = new Set([...named].map(([, name = '']) => name))
    expect(papers.flatMap((paper) => deadStories(paper, stories, lessons))).toEqual([])
  })
  test('give the numbers of recordings and planted bugs, not too high and not much too low', () => {
    const count = (folder: string, ending: RegExp) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((file) =>
        ending.test(file),
      )
    const etcdctl = 'engine/test/recordings/etcdctl'
    const lines = count(etcdctl, /\.json$/).map(
      (file) => JSON.parse(read(join(etcdctl, file))).commands.length as number,
    )
    const counts = [
      count('engine/test/recordings/api', /\.json$/).length,
      lines.reduce((sum, each) => sum + each, 0),
      count('engine/test/recordings/reports', /\.(?:txt|sh)$/).length,
      count('engine/test/flaws', /\.patch$/).length,
    ]
    const said = figures(read('README.md'))
    expect(said).toHaveLength(counts.length)
    for (const [i, figure] of said.entries()) {
      expect(counts[i]).toBeGreaterThan(figure)
      expect(counts[i]).toBeLessThan(figure * 1.5)
    }
  })
  test('have one line for each entry of the changelog', () => {
    const [, ...versions] = read('CHANGELOG.md').split(/^(?=## \d)/m)
    expect(versions.length).toBeGreaterThan(1)
    const lines = versions.join('').split('\n')
    const entries = lines.filter((line) => line !== '' && !line.startsWith('#'))
    expect(entries.filter((line) => !line.startsWith('- ') || line.length > 100)).toEqual([])
  })
  test('have short sentences', () => {
    expect(papers.flatMap(longSentences)).toEqual([])
  })
})

// Every rule is shown to fire, beside the nearest allowed case.

describe('a citation', () => {
  const known = sections('## 1 The lessor\n\n### 1.6 Renewal\n\n## 4 Errors\n')
  const found = (path: string, text: string) => citations({ path, text }, known)

  test.each([
    ['engine/lease/a.ts', '// Renewals (semantics §1.7).', '1: no §1.7 in'],
    ['engine/lease/a.ts', '// Renewals (lessor.go; semantics §1.6, §9).', '1: no §9 in'],
    ['engine/lease/a.ts', '/**\n * Renewals (semantics\n * §1.7).\n */', '2: no §1.7 in'],
    ['engine/raft/testdata/a.txt', '# A leader (§6;\n# semantics §8.1).', '2: no §8.1 in'],
    ['engine/lease/a.ts', '// Renewals (§1.6).', '1: §1.6 of which document?'],
    ['engine/sim/a.ts', '// Moves (design §4).', '1: §4 of which document?'],
    [SEMANTICS, 'Later (§1.7).', '1: no §1.7 in'],
  ])('in %s is refused: %j', (path, text, message) => {
    expect(found(path, text)).toEqual([expect.stringContaining(`${path}:${message}`)])
  })
  test.each([
    ['engine/lease/a.ts', '// Renewals (lessor.go; semantics §1.6, §4) at 1.7.'],
    ['engine/lease/a.ts', '/**\n * Renewals (semantics\n * §1.6).\n */'],
    ['engine/lease/a.ts', '// Reads (dissertation §6.4; Raft §8).'],
    ['engine/raft/a.ts', '// Terms (§5.1).'],
    [SEMANTICS, 'Later (§1.6).'],
  ])('in %s is allowed: %j', (path, text) => {
    expect(found(path, text)).toEqual([])
  })
})

test('a switch is a variable that a file reads from the environment, except those that npm sets', () => {
  const text =
    "const { A, B_C = '1' } = process.env; f(process.env.SEED, process.env['RUNS'], process.env.PATH)"
  expect(switches({ path: 'engine/test/a.ts', text })).toEqual(['SEED', 'RUNS', 'A', 'B_C'])
})

test('a dead end is a link to a missing file, or to a missing script', () => {
  const text =
    'See [one](a.md#b), [two](../c.md), [three](https://etcd.io). `npm run x`, `npm run y`'
  expect(
    deadEnds({ path: 'app/README.md', text }, (path) => path === 'app/a.md', new Set('x')),
  ).toEqual(['app/README.md: no ../c.md', 'app/README.md: no script y'])
})

test('a dead file is named in a document and is in no folder', () => {
  const text =
    '`lease/lessor.ts`; `lessor.ts`, `Lessor`; `lessor.ts`, `Heap`; `less.ts`; `raft/lessor.ts`; `NAME.ts`'
  const lessor = { path: 'engine/lease/lessor.ts', text: 'export class Lessor {}' }
  expect(deadFiles({ path: 'a.md', text }, [lessor])).toEqual([
    'a.md: no Heap in lessor.ts',
    'a.md: no less.ts',
    'a.md: no raft/lessor.ts',
  ])
})

test('a dead story is a link to a missing story', () => {
  const text =
    '#scenario/race/2, #scenario/no-race, `#scenario/NAME`, #lesson/locks/2, #lesson/keys'
  expect(deadStories({ path: 'a.md', text }, new Set(['race']), new Set(['locks']))).toEqual([
    'a.md: no #scenario/no-race',
    'a.md: no #lesson/keys',
  ])
})

test('figures are the numbers after “more than” in a document', () => {
  const text = 'More than 390 calls and more\nthan 1500 lines of 3.4.23; 5 others.'
  expect(figures(text)).toEqual([390, 1500])
})

test('a sentence of more than 25 words is too long', () => {
  const words = (count: number) => 'word '.repeat(count).trim()
  const text = `${words(25)}. ${words(25)}\n\n- ${words(25)}\n| ${words(25)} | ${words(25)} |`
  expect(longSentences({ path: 'a.md', text })).toEqual([])
  expect(longSentences({ path: 'a.md', text: `${words(13)}\n${words(13)}.` })).toHaveLength(1)
})

function* textFiles(folder: string): Generator<Source> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (skipped.has(entry.name)) continue
    const full = join(folder, entry.name)
    const path = relative(root, full).replaceAll('\\', '/')
    if (entry.isDirectory()) yield* textFiles(full)
    else if (/\.(?:tsx?|mjs|js|md|txt|patch|css)$/.test(path))
      yield { path, text: readFileSync(full, 'utf8') }
  }
}
