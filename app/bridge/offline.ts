/** The browser features that the page needs to work without a network. */
export interface OfflineHost {
  serviceWorker: ServiceWorkerContainer | undefined
  /** The address of the worker's file. */
  url: URL
  reload(): void
}

/**
 * Stores the page for use without a network, if the browser allows it (https, or this machine).
 * `ready` is called when a newer version waits; `takeOver` then reloads the page with it. If the
 * browser refuses, the page works as before.
 */
export async function keepOffline(
  { serviceWorker, url, reload }: OfflineHost,
  ready: (takeOver: () => void) => void,
): Promise<void> {
  if (serviceWorker === undefined) return
  const offer = (waiting: ServiceWorker): void => {
    ready(() => {
      serviceWorker.addEventListener('controllerchange', reload, { once: true })
      waiting.postMessage('take over')
    })
  }
  try {
    const registration = await serviceWorker.register(url)
    if (registration.waiting && serviceWorker.controller) offer(registration.waiting)
    registration.addEventListener('updatefound', () => {
      const { installing } = registration
      installing?.addEventListener('statechange', () => {
        // The first version activates at once, because there is no older one to replace.
        if (installing.state === 'installed' && serviceWorker.controller) offer(installing)
      })
    })
  } catch {
    // A page on plain http, or in a private window: the page works with a network only.
  }
}

/**
 * Reloads the page in the server's current version. If an older version is stored here, the newer
 * one is stored first and replaces it. If that fails, the older one is removed; otherwise it would
 * load again.
 */
export async function loadNewer({ serviceWorker, reload }: OfflineHost): Promise<void> {
  if (!serviceWorker?.controller) return reload()
  const registration = await serviceWorker.getRegistration().catch(() => undefined)
  if (registration === undefined) return reload()
  await registration.update().catch(() => {})
  const newer = registration.waiting ?? registration.installing
  if (newer !== null && (await isInstalled(newer))) {
    serviceWorker.addEventListener('controllerchange', reload, { once: true })
    newer.postMessage('take over')
  } else {
    await registration.unregister().catch(() => {})
    reload()
  }
}

/** False if the version cannot be installed. */
function isInstalled(worker: ServiceWorker): Promise<boolean> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (worker.state === 'installed') resolve(true)
      else if (worker.state !== 'installing') resolve(false)
    }
    worker.addEventListener('statechange', check)
    check()
  })
}
