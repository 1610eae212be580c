// npm run scenarios [-- --rewrite]: plays the stories of the catalogue; with --rewrite their traces
// are written anew.

import { spawnSync } from 'node:child_process'

const rewrite = process.argv.includes('--rewrite')
const { status } = spawnSync('npx', ['vitest', 'run', 'engine/test/scenarios.test.ts'], {
  stdio: 'inherit',
  env: { ...process.env, ...(rewrite ? { REWRITE: '1' } : {}) },
})
process.exit(status ?? 1)
