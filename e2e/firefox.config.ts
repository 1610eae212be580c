import { join } from 'node:path'
import { defineConfig } from 'playwright/test'
import { findFirefox } from './browser.mjs'
import stories from './playwright.config'

/**
 * The system's own Firefox, through WebDriver BiDi. Media cannot be emulated there, so its stories
 * take the colours and motion of the system.
 */
export default defineConfig({
  ...stories,
  testMatch: 'firefox.stories.ts',
  outputDir: 'results/firefox',
  timeout: 60_000,
  // Firefox takes longer to start than a story to run: one worker is enough.
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
