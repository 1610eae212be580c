// `npm test`: all checks, one after the other. A failure does not end it, so one run shows
// everything. A step that mostly waits runs beside another step. `npm test -- unit stories` runs
// only the named steps (and the steps that they need). `npm test -- quick` is the loop while
// working: types, lint, and the unit tests that are not long.

import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'

/**
 * @typedef {{
 *   status: 'passed' | 'failed' | 'skipped', why?: string,
 *   passed?: number, failed?: number, failures?: string[],
 * }} Outcome
 * @typedef {(text: string) => void} Say
 * @typedef {{
 *   name: string, needs?: string, beside?: string, run: (say: Say) => Promise<Outcome>,
 * }} Step
 */

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Leasescope needs Node 20.19 or later; this is ${process.version}.`)
  process.exit(1)
}

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const results = join(root, 'e2e/results')
const runtimes = ['.', 'engine', 'engine/worker', 'engine/cli', 'app', 'e2e']

/** The long tests: they play hundreds of whole runs. `quick` leaves them out. */
const long = [
  'engine/test/{conformance,connections,membership,model,recipe-cuts,recordings,replay,reports}.test.ts',
  'engine/test/{scenarios,truth}.test.ts',
  'engine/test/flaws/**',
  'engine/fuzz/**',
  'engine/replay/{decoders,keyframes,monitoring,shared-run}.test.ts',
  'engine/query/tape/tape-ledger.test.ts',
  'engine/member/joining.test.ts',
  'engine/worker/miniature.test.ts',
  'app/scene/lessons.test.ts',
  'engine/base/{heap,ordered-map}.test.ts',
  'engine/raft/fuzz.test.ts',
  'engine/cli/main.test.ts',
]

/** @type {Step[]} */
const steps = [
  {
    name: 'types',
    async run() {
      let ok = true
      for (const folder of runtimes) ok = (await tool('typescript', 'tsc', ['-p', folder])) && ok
      return outcome(ok)
    },
  },
  { name: 'lint', run: async () => outcome(await tool('@biomejs/biome', 'biome', ['check'])) },
  {
    name: 'unit',
    run: () => unit(quick ? long.map((files) => `--exclude=${files}`) : []),
  },
  {
    name: 'etcd',
    // A real etcd takes its time: three quarters of this step are waiting. Its tests also pass
    // where fifteen processes want each core.
    beside: 'unit',
    run: async (say) => {
      const { has } = await import('./browser.mjs')
      if (!has('etcd')) return { status: 'skipped', why: 'no etcd on the PATH' }
      const lockstep = await node(
        [
          '--import',
          'tsx',
          'engine/test/live/main.ts',
          '--seed',
          '1',
          '--runs',
          '200',
          '--calls',
          '100',
        ],
        say,
      )
      if (!has('etcdctl')) {
        say('skipped: scripts against a real etcd, for there is no etcdctl on the PATH\n')
        return outcome(lockstep)
      }
      const scripts = await node(['--import', 'tsx', 'engine/test/live/scripts.ts'], say)
      return outcome(lockstep && scripts)
    },
  },
  {
    name: 'build',
    run: async (say) => {
      const page = await tool('vite', 'vite', ['build'])
      const lib = await node(['--import', 'tsx', 'engine/cli/build/main.ts'], say)
      return outcome(page && lib)
    },
  },
  {
    name: 'stories',
    needs: 'build',
    run: async () => {
      const { findBrowser, installBrowser } = await import('./browser.mjs')
      if (!findBrowser() && !installBrowser()) {
        return {
          status: 'failed',
          why: 'no browser: install Chromium or Chrome, or name one in CHROMIUM',
        }
      }
      console.log(`In ${findBrowser()}`)
      const report = fresh('stories.json')
      const ok = await tool(
        'playwright',
        'playwright',
        ['test', '-c', 'e2e/playwright.config.ts', '--reporter=list,json'],
        {
          PLAYWRIGHT_JSON_OUTPUT_FILE: report,
        },
      )
      return told(ok, report)
    },
  },
  {
    name: 'package',
    needs: 'build',
    beside: 'stories',
    run: async (say) => {
      let report = ''
      const hear = (/** @type {string} */ text) => {
        report += text
        say(text)
      }
      const ok = await node(['--test', '--test-reporter=spec', 'e2e/package.mjs'], hear)
      const count = (/** @type {string} */ what) =>
        Number(new RegExp(`^ℹ ${what} (\\d+)$`, 'm').exec(report)?.[1] ?? 0)
      const failed = report.split('✖ failing tests:')[1]
      const failures = failed === undefined ? [] : [failed.trim()]
      return { ...outcome(ok), passed: count('pass'), failed: count('fail'), failures }
    },
  },
  {
    name: 'firefox',
    needs: 'build',
    run: async () => {
      const { findFirefox } = await import('./browser.mjs')
      const firefox = findFirefox()
      if (firefox === undefined)
        return { status: 'skipped', why: 'no Firefox of version 140 or later (FIREFOX names one)' }
      console.log(`In ${firefox}`)
      const report = fresh('firefox.json')
      const ok = await tool(
        'playwright',
        'playwright',
        ['test', '-c', 'e2e/firefox.config.ts', '--reporter=list,json'],
        {
          PLAYWRIGHT_JSON_OUTPUT_FILE: report,
        },
      )
      return told(ok, report)
    },
  },
]

const quick = process.argv.includes('quick')
const asked = process.argv
  .slice(2)
  .flatMap((name) => (name === 'quick' ? ['types', 'lint', 'unit'] : [name]))
const unknown = asked.filter((name) => !steps.some((step) => step.name === name))
if (unknown.length > 0) {
  console.error(
    `No step is called ${unknown.join(' or ')}. The steps are: ${steps.map((step) => step.name).join(', ')}; and quick.`,
  )
  process.exit(2)
}
const chosen = steps.filter(
  ({ name }) =>
    asked.length === 0 ||
    asked.includes(name) ||
    steps.some((step) => step.needs === name && asked.includes(step.name)),
)

/** @typedef {Outcome & { wallMs: number }} Timed */
/** @type {Map<string, Timed>} */
const outcomes = new Map()
/**
 * Steps that run beside another step: their output and their end.
 * @type {Map<string, { said: string[], end: Promise<Timed> }>}
 */
const running = new Map()
for (const step of chosen) {
  const { name } = step
  const early = running.get(name)
  console.log(`\n── ${name} ${'─'.repeat(70 - name.length)}`)
  for (const other of chosen) if (other.beside === name) beginBeside(other)
  const timed =
    early === undefined
      ? await timedRun(step, (text) => void process.stdout.write(text))
      : await early.end
  if (early !== undefined) console.log(`(beside ${step.beside})\n${early.said.join('')}`)
  if (timed.why) console.log(`${timed.status}: ${timed.why}`)
  outcomes.set(name, timed)
}

/** @param {Step} step */
function beginBeside(step) {
  /** @type {string[]} */
  const said = []
  running.set(step.name, { said, end: timedRun(step, (text) => void said.push(text)) })
}

/** @param {Step} step @param {Say} say @returns {Promise<Timed>} */
async function timedRun({ needs, run }, say) {
  const from = performance.now()
  /** @type {Outcome} */
  let outcome
  if (needs && outcomes.get(needs)?.status === 'failed')
    outcome = { status: 'failed', why: `${needs} failed` }
  else {
    try {
      outcome = await run(say)
    } catch (error) {
      outcome = { status: 'failed', why: error instanceof Error ? error.message : String(error) }
    }
  }
  return { ...outcome, wallMs: performance.now() - from }
}

// The failures appear again at the end, because often only the end of a long log is kept.
const SHOWN_LINES = 12
for (const [name, { failures = [] }] of outcomes) {
  for (const failure of failures) {
    const plain = stripVTControlCharacters(failure).split('\n').slice(0, SHOWN_LINES)
    console.log(`\n✗ ${name}: ${plain.join('\n    ')}`)
  }
}

let passed = 0
let failed = 0
console.log('')
for (const [name, { status, why, wallMs, ...tests }] of outcomes) {
  passed += tests.passed ?? 0
  // A step can fail without a failing test, by a type error or a crash. It counts as one failure.
  failed += Math.max(tests.failed ?? 0, status === 'failed' ? 1 : 0)
  const count = tests.passed === undefined ? '' : `${tests.passed} passed, ${tests.failed} failed`
  console.log(
    `${name.padEnd(9)}${status.padEnd(9)}${`${(wallMs / 1000).toFixed(1)} s`.padStart(8)}   ${[count, why].filter(Boolean).join('; ')}`.trimEnd(),
  )
}
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0

/**
 * Runs a program of an installed package and passes its output through. True if it succeeded.
 * @param {string} pkg
 * @param {string} program
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 */
function tool(pkg, program, args, env = {}) {
  // npx is not used: it contacts npm each time, and is a different program on Windows.
  const manifest = createRequire(import.meta.url).resolve(`${pkg}/package.json`)
  const script = join(dirname(manifest), read(manifest).bin[program])
  console.log(`> ${[program, ...args].join(' ')}`)
  return succeeds(
    spawn(process.execPath, [script, ...args], {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...env },
    }),
  )
}

/**
 * Runs Node with these arguments. `say` receives its output. True if it succeeded.
 * @param {string[]} args
 * @param {Say} say
 */
function node(args, say) {
  say(`> node ${args.join(' ')}\n`)
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => say(String(data)))
  return succeeds(child)
}

/** @param {import('node:child_process').ChildProcess} child @returns {Promise<boolean>} */
function succeeds(child) {
  return new Promise((resolve) => {
    child.once('error', () => resolve(false))
    child.once('close', (code) => resolve(code === 0))
  })
}

/** The engine's and the page's own tests. @param {string[]} options @returns {Promise<Outcome>} */
async function unit(options) {
  const report = fresh('unit.json')
  const ok = await tool('vitest', 'vitest', [
    'run',
    ...options,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ])
  const { numPassedTests = 0, numFailedTests = 0, testResults = [] } = read(report)
  /**
   * @typedef {{ status: string, fullName: string, failureMessages: string[] }} Test
   * @type {{ name: string, message: string, assertionResults: Test[] }[]}
   */
  const files = testResults
  const failures = files.flatMap(({ name, message, assertionResults }) => {
    const tests = assertionResults.filter(({ status }) => status === 'failed')
    const file = relative(root, name)
    if (tests.length === 0) return message ? [`${file}\n${message}`] : []
    return tests.map((test) => `${file} > ${test.fullName}\n${test.failureMessages.join('\n')}`)
  })
  return { ...outcome(ok), passed: numPassedTests, failed: numFailedTests, failures }
}

/**
 * The numbers of stories that passed and failed.
 * @param {boolean} ok
 * @param {string} report
 * @returns {Outcome}
 */
function told(ok, report) {
  const { suites = [], stats: { expected = 0, flaky = 0, unexpected = 0 } = {} } = read(report)
  const failures = suites.flatMap(unexpectedIn)
  return { ...outcome(ok), passed: expected + flaky, failed: unexpected, failures }
}

/**
 * @typedef {{ error?: { message?: string } }} Attempt
 * @typedef {{ title: string, file: string, ok: boolean, tests: { results: Attempt[] }[] }} Spec
 * @typedef {{ suites?: Suite[], specs?: Spec[] }} Suite
 */
/**
 * The failed stories of a report, each with its errors.
 * @param {Suite} suite
 * @returns {string[]}
 */
function unexpectedIn({ suites = [], specs = [] }) {
  const failed = specs.filter(({ ok }) => !ok)
  const own = failed.map(({ file, title, tests }) => {
    const errors = tests.flatMap(({ results }) => results.map(({ error }) => error?.message ?? ''))
    return `${file} > ${title}\n${errors.join('\n')}`
  })
  return [...own, ...suites.flatMap(unexpectedIn)]
}

/** @param {boolean} ok @returns {Outcome} */
function outcome(ok) {
  return { status: ok ? 'passed' : 'failed' }
}

/**
 * A path for a report, without an old report: an old report must not count as a new one.
 * @param {string} name
 */
function fresh(name) {
  mkdirSync(results, { recursive: true })
  const path = join(results, name)
  rmSync(path, { force: true })
  return path
}

/** @param {string} file */
function read(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
}
