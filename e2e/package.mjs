// Packs the package, installs it into a fresh folder outside the repository, and uses it there.
// Needs dist/ and lib/, which `npm run build` writes. It needs no registry: valibot, the only
// dependency, is packed from this folder.
//
// `node --test e2e/package.mjs`, or `npm test -- package`, which builds first.

import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'

const root = join(import.meta.dirname, '..')
const run = promisify(execFile)
/** Two programs run at once: they mostly load files. */
const concurrency = 2

/** The snippets of the README: the names that they import, and their code. */
const README = readFileSync(join(root, 'README.md'), 'utf8')
const snippets = [...README.matchAll(/```ts\nimport (.+) from 'leasescope'\n([\s\S]*?)```/g)]
const imports = `import { ${[...new Set(snippets.flatMap(([, names = '']) => names.match(/\w+/g)))].join(', ')} } from 'leasescope'`
const body = snippets.map(([, , code = '']) => `{\n${code}}\n`).join('')
const EXPECT = `import assert from 'node:assert/strict'
const expect = (value) => ({ toBe: (wanted) => assert.equal(value, wanted) })`

let folder = ''

before(async () => {
  for (const built of ['lib/index.js', 'dist/index.html'])
    assert.ok(existsSync(join(root, built)), `there is no ${built}: npm run build writes it`)
  assert.ok(body.includes('expect('), 'the README shows a test')
  folder = mkdtempSync(join(tmpdir(), 'leasescope-package-'))
  write('package.json', JSON.stringify({ name: 'fresh', private: true, type: 'module' }))
  await npm(['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], root)
  await npm(['pack', '--ignore-scripts', '--silent', join(root, 'node_modules/valibot')], folder)
  const packed = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
  assert.equal(packed.length, 2)
  const paths = packed.map((name) => `./${name}`)
  await npm(['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', ...paths])
})

after(() => rmSync(folder, { recursive: true, force: true }))

describe('the installed package', { concurrency }, () => {
  test('brings valibot along and nothing else', () => {
    const installed = readdirSync(join(folder, 'node_modules')).filter((name) => name[0] !== '.')
    assert.deepEqual(installed.sort(), ['leasescope', 'valibot'])
  })

  test('is lib/, dist/, and what describes them: neither sources nor tests', () => {
    const files = readdirSync(join(folder, 'node_modules/leasescope'), {
      recursive: true,
      encoding: 'utf8',
    })
    assert.ok(files.includes(join('dist', 'index.html')))
    assert.deepEqual(
      files.filter((name) => /(?<!\.d)\.tsx?$|\.test\.|recordings/.test(name)),
      [],
    )
  })

  test('runs the snippet of the README in plain Node', async () => {
    write('plain.mjs', `${imports}\n${EXPECT}\n${body}`)
    await node(['plain.mjs'])
  })

  test('runs it in node:test', async () => {
    const inTest = `test('an hour', () => {\n${body}})\n`
    write('hour.test.mjs', `import test from 'node:test'\n${imports}\n${EXPECT}\n${inTest}`)
    await node(['--test', 'hour.test.mjs'])
  })

  test('runs it under Vitest', async () => {
    write('hour.spec.ts', `${imports}\ntest('an hour', () => {\n${body}})\n`)
    const vitest = join(root, 'node_modules/vitest/vitest.mjs')
    const { stdout } = await node([vitest, 'run', '--globals', 'hour.spec.ts'])
    assert.match(stdout, /1 passed/)
  })

  for (const [module, moduleResolution] of [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])
    test(`type-checks it with moduleResolution ${moduleResolution}`, async () => {
      const declared =
        'declare const expect: (value: unknown) => { toBe(wanted: unknown): void }\n' +
        'declare const console: { log(text: string): void }'
      write('snippet.mts', `${imports}\n${declared}\n${body}`)
      const options = { module, moduleResolution, strict: true, noEmit: true, types: [] }
      const target = { target: 'ES2022', lib: ['ES2022'], skipLibCheck: false }
      const config = `tsconfig.${moduleResolution}.json`
      write(
        config,
        JSON.stringify({ compilerOptions: { ...options, ...target }, files: ['snippet.mts'] }),
      )
      await node([programOf('typescript', 'tsc'), '-p', config])
    })

  test('refuses wrong types', async () => {
    write('wrong.mts', "import { Cluster } from 'leasescope'\nnew Cluster({ members: 'three' })\n")
    const options = ['--module', 'nodenext', '--strict', '--noEmit', '--types', '']
    const tsc = programOf('typescript', 'tsc')
    await assert.rejects(node([tsc, ...options, 'wrong.mts']), { stdout: /TS2322/ })
  })

  test('can be required', async () => {
    write('required.cjs', "console.log(typeof require('leasescope').Cluster)\n")
    const { stdout } = await node(['required.cjs'])
    assert.equal(stdout.trim(), 'function')
  })

  test('says how to open the run of a failed test', async () => {
    const lines = [
      "import { Cluster } from 'leasescope'",
      "import { howToOpen } from 'leasescope/node'",
      'const etcd = new Cluster()',
      'for (let i = 0; i < 100; i++) etcd.put(`key ${i}`, "value")',
      'console.log(howToOpen(etcd, { folder: "." }))',
    ]
    write('failed.mjs', lines.join('\n'))
    const { stdout } = await node(['failed.mjs'])
    const [, file = ''] = /^npx leasescope open '(\S+\.json)'\n$/.exec(stdout) ?? []
    const { stdout: trace } = await leasescope(['replay', file])
    assert.match(trace, /creates key .*key 99/)
  })

  test('has a command line that plays scripts, draws runs and checks them', async () => {
    write('script.sh', 'etcdctl lease grant 10\nsleep 1\netcdctl put a b\netcdctl get a\n')
    const { stdout } = await leasescope(['run', 'script.sh'])
    assert.match(stdout, /granted with TTL\(10s\)\n[\s\S]*\na\nb\n$/)
    const { stdout: run } = await leasescope(['fuzz', '--seed', '3', '--recording'])
    write('run.json', run)
    await leasescope(['check', 'run.json'])
    const fuzzed = await leasescope(['fuzz', '--recipe', 'mutex', '--seed', '1'])
    assert.match(fuzzed.stdout, /mutex/)
  })

  test('serves the page on this computer, with a run', async () => {
    write('small.json', JSON.stringify(SMALL_RUN))
    const program = bin()
    const child = spawn(process.execPath, [program, 'open', '--port', '0', 'small.json'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      const said = await new Promise((resolve, reject) => {
        child.stdout.once('data', (data) => resolve(String(data)))
        child.once('exit', (code) => reject(new Error(`open ended with ${code}`)))
      })
      const address = /http:\/\/127\.0\.0\.1:\d+\/#r1\.[\w-]+/.exec(said)?.[0]
      assert.ok(address, said)
      const page = await (await fetch(address)).text()
      const script = /src="\.\/(assets\/[^"]+\.js)"/.exec(page)?.[1]
      assert.ok(script, page)
      const asset = await fetch(new URL(script, address))
      assert.equal(asset.headers.get('content-type'), 'text/javascript')
      assert.equal((await fetch(new URL('/..%2fpackage.json', address))).status, 404)
    } finally {
      child.kill()
    }
  })
})

/** A run that a link can hold. */
const SMALL_RUN = {
  leasescope: 1,
  seed: 1,
  config: {
    members: 1,
    etcd: '3.6',
    heartbeatMs: 100,
    electionMs: 1000,
    boot: 'elected',
    latencyMs: 1,
  },
  commands: [],
}

/** @param {string} name @param {string} text */
function write(name, text) {
  writeFileSync(join(folder, name), text)
}

/** Runs Node in the fresh folder; rejects with its output where it fails. @param {string[]} args */
function node(args) {
  return run(process.execPath, args, { cwd: folder, env: plainEnvironment() }).catch(shown)
}

/** @param {string[]} args */
function leasescope(args) {
  return node([bin(), ...args])
}

/** The program as `npx leasescope` finds it. */
function bin() {
  const manifest = join(folder, 'node_modules/leasescope/package.json')
  return join(dirname(manifest), JSON.parse(readFileSync(manifest, 'utf8')).bin.leasescope)
}

/** @param {string} pkg @param {string} program */
function programOf(pkg, program) {
  const manifest = join(root, 'node_modules', pkg, 'package.json')
  return join(dirname(manifest), JSON.parse(readFileSync(manifest, 'utf8')).bin[program])
}

/** @param {string[]} args @param {string} [cwd] */
function npm(args, cwd = folder) {
  return run('npm', args, { cwd, env: plainEnvironment(), shell: process.platform === 'win32' })
}

/** The environment without the variables of npm and of this test's runner. */
function plainEnvironment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_TEST|NODE_OPTIONS)/i.test(name)),
  )
}

/** @param {Error & { stdout: string, stderr: string }} error @returns {never} */
function shown(error) {
  error.message += `\n${error.stdout}`
  throw error
}
