// The files that the built page has beside its own scripts. A service worker with the list of all
// files, a manifest, and the licences of the bundled packages. Also the styles that the article
// shares, and a policy: the page loads only from its own server.

import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin, Rollup } from 'vite'

/**
 * Nothing leaves the browser: the page may load from, and send requests to, its own server only.
 * CodeMirror writes style elements. Inline scripts and evaluated scripts are forbidden.
 */
export const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

const folder = import.meta.dirname
/** The files of public/ that are stored for use without a network. */
const STATIC = ['icon.svg', 'article.html', 'article.css']
const manifest = {
  name: 'Leasescope',
  short_name: 'Leasescope',
  description: 'A playground for etcd leases',
  start_url: './',
  scope: './',
  display: 'standalone',
  background_color: '#ffffff',
  theme_color: '#ffffff',
  icons: [{ src: './icon.svg', sizes: 'any', type: 'image/svg+xml' }],
}

/** The folders of the packages in the page's and its worker's bundles. */
const packages = new Set<string>()

/** Records the bundled packages: for the worker's own build. */
export function noteLicenses(): Plugin {
  return {
    name: 'leasescope-licenses',
    apply: 'build',
    generateBundle(_options, bundle) {
      note(bundle)
    },
  }
}

export function offline(): Plugin {
  return {
    name: 'leasescope-offline',
    apply: 'build',
    enforce: 'post',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY },
        injectTo: 'head-prepend',
      },
      { tag: 'link', attrs: { rel: 'manifest', href: './manifest.webmanifest' }, injectTo: 'head' },
    ],
    generateBundle(_options, bundle) {
      note(bundle)
      for (const style of ['tokens', 'fonts']) {
        const source = withBundledFonts(
          readFileSync(join(folder, `../styles/${style}.css`), 'utf8'),
          bundle,
        )
        this.emitFile({ type: 'asset', fileName: `app/styles/${style}.css`, source })
      }
      this.emitFile({
        type: 'asset',
        fileName: 'licenses.txt',
        source: licenses([...packages].sort()),
      })
      this.emitFile({
        type: 'asset',
        fileName: 'manifest.webmanifest',
        source: JSON.stringify(manifest),
      })
      const files = [
        './',
        './manifest.webmanifest',
        ...STATIC.map((name) => `./${name}`),
        ...Object.keys(bundle)
          .filter((name) => name !== 'index.html')
          .map((name) => `./${name}`),
      ]
      const version = createHash('sha256')
      for (const name of STATIC)
        version.update(name).update(readFileSync(join(folder, '../../public', name)))
      for (const file of Object.values(bundle))
        version.update(file.fileName).update(file.type === 'chunk' ? file.code : file.source)
      const source = readFileSync(join(folder, 'service-worker.js'), 'utf8')
        .replace('__VERSION__', version.digest('hex').slice(0, 16))
        .replace('__FILES__', JSON.stringify([...new Set(files)]))
      this.emitFile({ type: 'asset', fileName: 'service-worker.js', source })
    },
  }
}

/**
 * A style of the page for a page that is not bundled, such as the article in public/. It refers to
 * the bundled fonts.
 */
function withBundledFonts(style: string, bundle: Rollup.OutputBundle): string {
  return style.replace(/\.\.\/fonts\/([\w-]+)\.woff2/g, (_, name: string) => {
    const found = Object.keys(bundle).find(
      (file) => file.startsWith(`assets/${name}-`) && file.endsWith('.woff2'),
    )
    if (found === undefined) throw new Error(`the font ${name} is not in the bundle`)
    return `../../${found}`
  })
}

function note(bundle: Rollup.OutputBundle): void {
  for (const file of Object.values(bundle)) {
    if (file.type !== 'chunk') continue
    for (const id of Object.keys(file.modules)) {
      const found = packageOf(id)
      if (found !== null) packages.add(found)
    }
  }
}

/** The folder of a bundled module's package; null for the project's own modules. */
function packageOf(id: string): string | null {
  const [, found] = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id.replace(/^\0/, '')) ?? []
  return found ?? null
}

function licenses(packages: string[]): string {
  const parts = packages.map((path) => {
    const { name, version, license } = JSON.parse(
      readFileSync(join(path, 'package.json'), 'utf8'),
    ) as Record<string, string>
    const file = readdirSync(path).find((each) => /^licen[cs]e/i.test(each))
    const text =
      file === undefined ? `Licence: ${license}` : readFileSync(join(path, file), 'utf8').trim()
    return `${name} ${version}\n\n${text}\n`
  })
  const fonts = join(folder, '../fonts/LICENSE-IBM-Plex.txt')
  if (existsSync(fonts))
    parts.push(`IBM Plex (fonts, subset)\n\n${readFileSync(fonts, 'utf8').trim()}\n`)
  return `Leasescope contains parts of these works.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`
}
