// Keeps the page whole without a network: every file of one version is stored when it is first visited. A new version waits until the reader asks for it, so that a
// lesson never changes under a class. The build fills in VERSION and FILES (plugin.ts).

const VERSION = '__VERSION__'
const FILES = __FILES__

const scope = self.registration.scope
const prefix = `leasescope ${scope} `
const cacheName = prefix + VERSION
// Other projects may be served from the same port of this machine: there the network is asked first.
const loopback = /^(127\.|localhost$|\[::1\]$)/.test(new URL(scope).hostname)

self.addEventListener('install', (event) => {
  const files = FILES.map((file) => new Request(new URL(file, scope), { cache: 'reload' }))
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(files)))
})

self.addEventListener('activate', (event) => {
  const old = (name) => name.startsWith(prefix) && name !== cacheName
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  )
})

self.addEventListener('message', (event) => {
  if (event.data === 'take over') self.skipWaiting()
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  if (request.method !== 'GET' || !request.url.startsWith(scope)) return
  event.respondWith(request.mode === 'navigate' ? page(request) : file(request))
})

async function page(request) {
  const isPage = [scope, `${scope}index.html`].includes(request.url.replace(/[?#].*$/, ''))
  const stored = await (await caches.open(cacheName)).match(isPage ? scope : request.url, { ignoreVary: true, ignoreSearch: true })
  // Another file that somebody opens, such as the licences, is asked for first.
  if (stored && isPage && !loopback) return stored
  try {
    return await fetch(request)
  } catch (error) {
    if (stored) return stored
    throw error
  }
}

async function file(request) {
  // The page asks whether the server has a newer version.
  if (request.cache === 'no-cache') return fetch(request)
  const stored = await (await caches.open(cacheName)).match(request, { ignoreVary: true, ignoreSearch: true })
  return stored ?? fetch(request)
}
