import { expect, test } from 'vitest'
import { keepOffline, loadNewer } from './offline'

class Target {
  readonly listeners = new Map<string, () => void>()
  addEventListener(type: string, listener: () => void): void {
    this.listeners.set(type, listener)
  }
  dispatch(type: string): void {
    this.listeners.get(type)?.()
  }
}

function browser({ controlled, waiting = false }: { controlled: boolean; waiting?: boolean }) {
  const posted: unknown[] = []
  const worker = Object.assign(new Target(), {
    state: 'installing',
    postMessage: (message: unknown) => posted.push(message),
  })
  const registration = Object.assign(new Target(), {
    waiting: waiting ? worker : null,
    installing: worker,
  })
  const container = Object.assign(new Target(), {
    controller: controlled ? {} : null,
    register: async () => registration,
  })
  return {
    posted,
    worker,
    registration,
    container: container as unknown as ServiceWorkerContainer,
    target: container,
  }
}

const url = new URL('http://127.0.0.1/service-worker.js')

test('the first version takes its place without a word', async () => {
  const { container, registration, worker } = browser({ controlled: false })
  const offers: unknown[] = []
  await keepOffline({ serviceWorker: container, url, reload: () => {} }, (takeOver) =>
    offers.push(takeOver),
  )
  registration.dispatch('updatefound')
  worker.state = 'installed'
  worker.dispatch('statechange')
  expect(offers).toEqual([])
})

test.each(['found while the page is open', 'waiting since the last visit'])(
  'a newer version, %s, is offered and never taken by itself',
  async (when) => {
    const { container, target, registration, worker, posted } = browser({
      controlled: true,
      waiting: when.startsWith('waiting'),
    })
    const offers: (() => void)[] = []
    let reloads = 0
    await keepOffline({ serviceWorker: container, url, reload: () => reloads++ }, (takeOver) =>
      offers.push(takeOver),
    )
    if (offers.length === 0) {
      registration.dispatch('updatefound')
      worker.dispatch('statechange')
      expect(offers).toEqual([])
      worker.state = 'installed'
      worker.dispatch('statechange')
    }
    expect(offers).toHaveLength(1)
    expect(posted).toEqual([])
    offers[0]?.()
    expect(posted).toEqual(['take over'])
    expect(reloads).toBe(0)
    target.dispatch('controllerchange')
    expect(reloads).toBe(1)
  },
)

test('a browser without it, or one that refuses it, changes nothing', async () => {
  await keepOffline({ serviceWorker: undefined, url, reload: () => {} }, () => expect.unreachable())
  const refusing = {
    register: () => Promise.reject(new Error('insecure')),
  } as unknown as ServiceWorkerContainer
  await keepOffline({ serviceWorker: refusing, url, reload: () => {} }, () => expect.unreachable())
})

test.each([
  ['is stored, takes its place, and the page is loaded with it', 'installed'],
  ['cannot be stored: the older one is given up', 'redundant'],
])('where the page is older than its server, the newer version %s', async (_how, state) => {
  const { container, target, registration, worker, posted } = browser({ controlled: true })
  const done: string[] = []
  Object.assign(registration, {
    update: async () => done.push('update'),
    unregister: async () => done.push('unregister'),
  })
  Object.assign(container, { getRegistration: async () => registration })
  const loading = loadNewer({
    serviceWorker: container,
    url,
    reload: () => done.push('reload'),
  }).then(() => done.push('over'))
  for (let i = 0; i < 10; i++) await Promise.resolve()
  expect(done).toEqual(['update'])
  worker.state = state
  worker.dispatch('statechange')
  await loading
  if (state === 'redundant') return expect(done).toEqual(['update', 'unregister', 'reload', 'over'])
  expect(posted).toEqual(['take over'])
  expect(done).toEqual(['update', 'over'])
  target.dispatch('controllerchange')
  expect(done.at(-1)).toBe('reload')
})

test('without a stored version the page is loaded again', async () => {
  let reloads = 0
  const host = {
    serviceWorker: browser({ controlled: false }).container,
    url,
    reload: () => reloads++,
  }
  await loadNewer(host)
  await loadNewer({ ...host, serviceWorker: undefined })
  expect(reloads).toBe(2)
})
