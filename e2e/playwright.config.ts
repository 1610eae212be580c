import { defineConfig } from 'playwright/test'
import { browserFlags, findBrowser } from './browser.mjs'

const executablePath = findBrowser()

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.story.ts',
  outputDir: 'results/stories',
  globalSetup: './serve.ts',
  fullyParallel: true,
  // Machines are slow and shared: a story ends when it is told, not when a clock says so.
  timeout: 180_000,
  expect: { timeout: 20_000 },
  workers: 2,
  // A story that passes the second time has told nothing.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: 'list',
  use: {
    viewport: { width: 1280, height: 800 },
    // Otherwise every story would store the whole page for offline use; the offline story allows
    // it.
    serviceWorkers: 'block',
    // The steps and the page's states, without a film of it: filming is a quarter of a story's
    // work.
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
    launchOptions: {
      args: browserFlags,
      ...(executablePath === undefined ? {} : { executablePath }),
    },
  },
})
