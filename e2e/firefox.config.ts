import { join } from 'node:path'
import { defineConfig } from 'playwright/test'
import { findFirefox } from './browser.mjs'
import stories from './playwright.config'

/**
 * The system's own Firefox, by WebDriver BiDi. Media cannot be emulated in it: its stories take the
 * colours and motion of the system.
 */
export default defineConfig({
  ...stories,
  testMatch: 'firefox.stories.ts',
  outputDir: 'results/firefox',
  timeout: 60_000,
  // Starting Firefox takes longer than a story: one is enough.
  workers: 1,
  use: {
    ...stories.use,
    browserName: 'firefox',
    channel: 'moz-firefox',
    trace: 'off',
    launchOptions: {
      executablePath: join(import.meta.dirname, 'firefox-launcher.mjs'),
      env: { ...process.env, FIREFOX: findFirefox() },
    },
  },
})
