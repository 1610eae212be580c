import { defineConfig } from 'playwright/test'
import { browserFlags, findBrowser } from './browser.mjs'

const executablePath = findBrowser()

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.story.ts',
  outputDir: 'results/stories',
  globalSetup: './serve.ts',
  fullyParallel: true,
  // Machines are slow and shared, so only the steps of a story end it. The timeout is generous.
  timeout: 180_000,
  expect: { timeout: 20_000 },
  workers: 2,
  // A story that passes only at the second try proves nothing.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: 'list',
  use: {
    viewport: { width: 1280, height: 800 },
    // Without this, every story would store the whole page for offline use. The offline story
    // allows it.
    serviceWorkers: 'block',
    // The trace has the steps and the page's states, without screenshots. Screenshots would take a
    // quarter of a story's time.
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
    launchOptions: {
      args: browserFlags,
      ...(executablePath === undefined ? {} : { executablePath }),
    },
  },
})
