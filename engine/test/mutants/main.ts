// `npm run mutants -- --seed 1 --count 500 [--room lease]`: plants small bugs one at a time and
// reports which tests fail. Not part of `npm test`. Each mutant runs only the tests that reach it:
// those of its room, then the recordings and stories, then those of other rooms. Results are kept
// in the file that `--results` names. A second run continues there; with `--again` it tries the
// survivors again. `--listed FILE` replaces the draw by the survivors in an earlier file of
// results. `--tests PATTERN` selects test files.

import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bundle } from './bundle'
import { alikeFields, draw, kinds, type Mutant, mutantsOf } from './draw'
import { type Stage, Trial } from './trial'

const rooms = ['lease', 'mvcc', 'raft', 'concurrency', 'query', 'replay']
/**
 * Tests that take minutes or start programs, and those that read the sources instead of running
 * them.
 */
const left = /^engine\/(cli\/main|fuzz\/.*|test\/(tidy|flaws\/flaws|model|replay))\.test\.ts$/

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '100' },
    room: { type: 'string' },
    results: { type: 'string' },
    again: { type: 'boolean', default: false },
    listed: { type: 'string' },
    tests: { type: 'string', default: '' },
  },
})
const root = join(import.meta.dirname, '../../..')
const results =
  values.results ??
  join(tmpdir(), `leasescope-mutants-${values.listed === undefined ? values.seed : 'listed'}.jsonl`)

interface Result {
  key: string
  outcome: string
  stage?: string
  by?: string
  place: string
}

const files = readdirSync(join(root, 'engine'), { recursive: true, encoding: 'utf8' })
  .map((file) => `engine/${file.replaceAll('\\', '/')}`)
  .filter((file) => file.endsWith('.ts'))
  .sort()
const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]))
const isTest = (file: string) => /\.test\.ts$|\/rafttest\/|^engine\/test\//.test(file)
const wanted = new RegExp(`^engine/(${values.room ?? rooms.join('|')})/`)
const alike = alikeFields([...texts].filter(([file]) => !isTest(file)))
const places = files
  .filter((file) => wanted.test(file) && !isTest(file))
  .flatMap((file) => mutantsOf(file, texts.get(file)!, alike))
const known = resultsIn(results)
const listed = values.listed === undefined ? null : resultsIn(values.listed)
const mutants =
  listed === null
    ? draw(places, Number(values.seed), Number(values.count))
    : places.filter((mutant) => (listed.get(keyOf(mutant))?.outcome ?? 'killed') !== 'killed')
const tests = files.filter(
  (file) => file.endsWith('.test.ts') && !left.test(file) && new RegExp(values.tests).test(file),
)

console.log(`${mutants.length} of ${places.length} mutants; results in ${results}`)
const trial = new Trial(await bundle(root, tests, mutants), tests)
for (const failure of await trial.measure())
  console.log(`fails without a mutant, left out: ${failure}`)
console.log(`${trial.tests} tests, ${Math.round(trial.ms / 1000)} s`)

const rows: [Mutant, Result][] = []
for (const [id, mutant] of mutants.entries()) {
  const key = keyOf(mutant)
  const before = known.get(key)
  let result = before
  if (!before || (values.again && before.outcome !== 'killed')) {
    const verdict = await trial.run(id, stagesOf(mutant.path))
    result = { key, ...verdict, place: describe(mutant) }
    appendFileSync(results, `${JSON.stringify(result)}\n`)
    if (verdict.outcome !== 'killed') console.log(`\n${id} ${verdict.outcome}: ${describe(mutant)}`)
  }
  rows.push([mutant, result!])
}

const count = (outcome: string, stage?: string, kind?: string) =>
  rows.filter(
    ([mutant, result]) =>
      result.outcome === outcome &&
      (!stage || result.stage === stage) &&
      (!kind || mutant.kind === kind),
  ).length
const stages = stagesOf('').map(({ name }) => name)
console.log(
  `\n| kind | ${stages.join(' | ')} | survived | not reached |\n|${' --- |'.repeat(stages.length + 3)}`,
)
for (const kind of [...kinds, undefined]) {
  const cells = [
    ...stages.map((stage) => count('killed', stage, kind)),
    count('survived', undefined, kind),
    count('not reached', undefined, kind),
  ]
  console.log(`| ${kind ?? 'all'} | ${cells.join(' | ')} |`)
}

/** By key; the last line about a mutant counts. Empty for a missing file. */
function resultsIn(file: string): Map<string, Result> {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
  const found = lines.filter((line) => line !== '').map((line): Result => JSON.parse(line))
  return new Map(found.map((result) => [result.key, result]))
}

function stagesOf(path: string): Stage[] {
  const room = path.split('/').slice(0, 2).join('/')
  const whole = (test: string) => /test\/(conformance|scenarios)\.test\.ts$/.test(test)
  return [
    { name: 'its room', has: (test) => test.startsWith(`${room}/`) },
    { name: 'conformance and scenarios', has: whole },
    {
      name: 'other rooms',
      has: (test) => !whole(test) && !test.startsWith(`${room}/`),
      mostMs: 500,
    },
  ]
}

/**
 * A key that is independent of line numbers: the change and the text around it identify a result.
 */
function keyOf(mutant: Mutant): string {
  const text = texts.get(mutant.path)!
  const around = text.slice(Math.max(0, mutant.start - 60), mutant.end + 60)
  return `${mutant.path} ${mutant.kind} ${around} → ${mutant.becomes}`
}

function describe({ path, kind, start, end, becomes }: Mutant): string {
  const text = texts.get(path)!
  const [from, to] = [text.lastIndexOf('\n', start - 1) + 1, text.indexOf('\n', end)]
  const marked = (mark: string, lines: string) =>
    lines
      .split('\n')
      .map((line) => `${mark} ${line.trimEnd()}`)
      .join('\n')
  const changed = text.slice(from, start) + becomes + text.slice(end, to)
  return `${path}:${text.slice(0, start).split('\n').length} ${kind}\n${marked('-', text.slice(from, to))}\n${marked('+', changed)}`
}
