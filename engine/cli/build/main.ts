// Part of `npm run build`: writes lib/, the engine as a package (JavaScript modules and
// declarations), from the sources in engine/tsconfig.build.json.

import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { withExtensions } from './extensions'

const root = join(import.meta.dirname, '../../..')
const lib = join(root, 'lib')

rmSync(lib, { recursive: true, force: true })
const manifest = createRequire(import.meta.url).resolve('typescript/package.json')
const { bin } = JSON.parse(readFileSync(manifest, 'utf8'))
const { status } = spawnSync(
  process.execPath,
  [join(dirname(manifest), bin.tsc), '-p', join(root, 'engine/tsconfig.build.json')],
  { stdio: 'inherit' },
)
if (status !== 0) process.exit(status ?? 1)

const files = readdirSync(lib, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(js|d\.ts)$/.test(name))
  .map((name) => join(lib, name))
for (const path of files) writeFileSync(path, withExtensions(path, readFileSync(path, 'utf8')))

// `leasescope fuzz --recipe` reads the recipes at run time.
const recipes = join(root, 'engine/client/recipes')
mkdirSync(join(lib, 'client/recipes'), { recursive: true })
for (const name of readdirSync(recipes))
  copyFileSync(join(recipes, name), join(lib, 'client/recipes', name))
console.log(`lib/: ${files.length} files`)
