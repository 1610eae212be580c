// Finds the browser for the stories. An installed browser comes first; a download is the second
// choice. There are two ways to download, because a machine may block either: Playwright's own
// download, and the system's package manager.

import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { chromium } from 'playwright'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const firefoxes = ['firefox-esr', 'firefox']
/** Playwright needs this version to open a page by WebDriver BiDi. */
const OLDEST_FIREFOX = 140
const folders = [
  '/usr/bin',
  '/usr/local/bin',
  '/snap/bin',
  '/opt/google/chrome',
  '/opt/homebrew/bin',
]
const apps = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
]

/**
 * The flags allow a run as root. They also keep a browser on a machine without a network from
 * looking for a network.
 */
export const browserFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * The path of a Chromium or Chrome: first `CHROMIUM` or `CHROME_PATH`, then the installed ones,
 * then Playwright's own. Undefined if there is none. Throws if the variable names a file that is
 * not a browser; no other browser is taken silently.
 * @returns {string | undefined}
 */
export function findBrowser() {
  const named = process.env.CHROMIUM || process.env.CHROME_PATH
  if (named) {
    if (!isBrowser(named))
      throw new Error(`CHROMIUM or CHROME_PATH names ${named}, which does not start as a browser`)
    return named
  }
  const path = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  const installed = [...path, ...folders].flatMap((folder) =>
    names.map((name) => join(folder, name)),
  )
  // The order of the names decides, not the order of the folders.
  installed.sort(
    (a, b) =>
      names.findIndex((name) => a.endsWith(`/${name}`)) -
      names.findIndex((name) => b.endsWith(`/${name}`)),
  )
  return [...new Set([...installed, ...apps, chromium.executablePath()])].find(isBrowser)
}

/**
 * The path of a Firefox that WebDriver BiDi can drive: first `FIREFOX`, then the installed ones.
 * Undefined if there is none.
 * @returns {string | undefined}
 */
export function findFirefox() {
  // The launcher is a script whose first line names Node. Windows does not read this line.
  if (process.platform === 'win32') return undefined
  const path = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  const installed = firefoxes.flatMap((name) =>
    [...path, ...folders].map((folder) => join(folder, name)),
  )
  const named = process.env.FIREFOX ? [process.env.FIREFOX] : []
  return [...named, ...installed, '/Applications/Firefox.app/Contents/MacOS/firefox'].find(
    (file) => {
      if (!existsSync(file)) return false
      const { stdout } = spawnSync(file, ['--version'], { encoding: 'utf8', timeout: 30_000 })
      return Number(/Mozilla Firefox (\d+)/.exec(stdout ?? '')?.[1] ?? 0) >= OLDEST_FIREFOX
    },
  )
}

/**
 * Runs the file to check it: on some systems `chromium-browser` is a note about how to install a
 * browser.
 * @param {string} file
 */
function isBrowser(file) {
  try {
    accessSync(file, constants.X_OK)
  } catch {
    return false
  }
  // On Windows a browser opens a window for --version.
  if (process.platform === 'win32') return true
  const { status, stdout } = spawnSync(file, ['--version'], { encoding: 'utf8', timeout: 30_000 })
  return status === 0 && /chrom/i.test(stdout)
}

/** Installs one, saying what it does. False if nothing worked. */
export function installBrowser() {
  const playwright = join(
    dirname(createRequire(import.meta.url).resolve('playwright/package.json')),
    'cli.js',
  )
  const ways = [
    [[process.execPath, playwright, 'install', '--with-deps', 'chromium']],
    ...packageManagers(),
  ]
  console.log(
    'No Chromium or Chrome was found: installing one. (CHROMIUM=/path/to/one names another.)',
  )
  for (const commands of ways) {
    if (commands.every(run) && findBrowser()) return true
    console.log('That did not bring a browser.')
  }
  return false
}

/** @param {string[]} command */
function run([program = '', ...args]) {
  console.log(`> ${[program === process.execPath ? 'node' : program, ...args].join(' ')}`)
  const { status } = spawnSync(program, args, {
    stdio: 'inherit',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  return status === 0
}

/**
 * The commands with which the system's package manager installs a Chromium, if a usable one exists.
 * @returns {string[][][]}
 */
function packageManagers() {
  if (has('brew')) return [[['brew', 'install', '--cask', 'chromium']]]
  const root = process.getuid?.() === 0
  if (!root && !has('sudo')) return []
  // If no person is at the terminal, sudo must not wait for a password.
  const sudo = root ? [] : process.stdin.isTTY ? ['sudo'] : ['sudo', '-n']
  if (has('apt-get')) {
    return [
      [
        [...sudo, 'apt-get', 'update'],
        [...sudo, 'apt-get', 'install', '-y', '--no-install-recommends', 'chromium'],
      ],
    ]
  }
  if (has('dnf')) return [[[...sudo, 'dnf', 'install', '-y', 'chromium']]]
  if (has('apk')) return [[[...sudo, 'apk', 'add', 'chromium']]]
  return []
}

/** True if the PATH has a program of that name. @param {string} program */
export function has(program) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .some((folder) => folder && existsSync(join(folder, program)))
}
