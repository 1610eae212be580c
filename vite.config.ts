import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { noteLicenses, offline } from './app/offline/plugin.ts'
import { recorded } from './app/scene/recorded-plugin.ts'

const port = Number(process.env.PORT || 4173)

export default defineConfig({
  // Relative addresses: dist/ works from any path of any server.
  base: './',
  // app/panels/parts/jsx-runtime.ts: every text of the page goes through it.
  plugins: [react({ jsxImportSource: '#page' }), offline(), recorded()],
  worker: { format: 'es', plugins: () => [noteLicenses()] },
  // One style sheet: a part that comes later never waits for its own.
  build: { target: 'es2023', cssCodeSplit: false },
  preview: { host: '127.0.0.1', port, strictPort: true },
  // Machines are slow and shared: a test that needs long fails by its own check, not by the clock.
  test: {
    testTimeout: 120_000,
    include: ['engine/**/*.test.ts', 'app/**/*.test.ts'],
    environment: 'node',
    // Vitest leaves a core to itself, and so one of two idle.
    maxWorkers: '100%',
    // Most of what a test makes is garbage at once. In Node's usual 16 MB the collector copies it about, for a sixth of the time.
    execArgv: ['--max-semi-space-size=64'],
  },
})
