import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { noteLicenses, offline } from './app/offline/plugin.ts'
import { recorded } from './app/scene/recorded-plugin.ts'

const port = Number(process.env.PORT || 4173)

/** What the first paint needs is one file: many small ones are more bytes. */
function firstPaint() {
  let needed: Set<string> | null = null
  return (
    id: string,
    chunking: { getModuleInfo(id: string): { importedIds: readonly string[] } | null },
  ): string | null => {
    needed ??= reached(
      `${import.meta.dirname}/index.html`,
      (each) => chunking.getModuleInfo(each)?.importedIds ?? [],
    )
    return needed.has(id) ? 'first' : null
  }
}

function reached(from: string, next: (id: string) => readonly string[]): Set<string> {
  const found = new Set([from])
  for (const id of found) for (const each of next(id)) found.add(each)
  return found
}

export default defineConfig({
  // Relative addresses: dist/ works from any path of any server.
  base: './',
  // app/panels/parts/jsx-runtime.ts: every text of the page goes through it.
  plugins: [react({ jsxImportSource: '#page' }), offline(), recorded()],
  worker: { format: 'es', plugins: () => [noteLicenses()] },
  // One style sheet: a part that comes later never waits for its own.
  build: {
    target: 'es2023',
    cssCodeSplit: false,
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: firstPaint() }] } } },
  },
  preview: { host: '127.0.0.1', port, strictPort: true },
  // Machines are slow and shared: a test that needs long fails by its own check, not by the clock.
  test: {
    testTimeout: 120_000,
    environment: 'node',
    // Vitest leaves a core to itself, and so one of two idle.
    maxWorkers: '100%',
    // Most of what a test makes is garbage at once. In Node's usual 16 MB the collector copies it
    // about, for a sixth of the time.
    execArgv: ['--max-semi-space-size=64'],
    projects: [
      // The engine keeps nothing between two runs, so its tests share a process: loading it for
      // every file is a third of their time.
      {
        extends: true,
        test: {
          name: 'engine',
          include: ['engine/**/*.test.ts'],
          isolate: false,
          restoreMocks: true,
          unstubGlobals: true,
        },
      },
      { extends: true, test: { name: 'app', include: ['app/**/*.test.ts'] } },
    ],
  },
})
