import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { preview } from 'vite'

const root = join(import.meta.dirname, '..')

/**
 * Serves dist/ for all stories, as `npm start` does, but on a free port. The address is in
 * LEASESCOPE_URL. Returns a function that stops the server.
 */
export default async function serve() {
  if (!existsSync(join(root, 'dist/index.html')))
    throw new Error(
      'There is no dist/: run `npm run build`, or `npm test -- stories`, which builds first.',
    )
  const server = await preview({
    root,
    logLevel: 'warn',
    preview: { host: '127.0.0.1', port: 0, strictPort: true },
  })
  const url = server.resolvedUrls?.local[0]
  if (url === undefined) throw new Error('the preview server has no address')
  process.env.LEASESCOPE_URL = url
  return () => server.close()
}
