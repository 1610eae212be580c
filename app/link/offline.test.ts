import { expect, test } from 'vitest'
import { keepOffline } from './offline'

class Target {
  readonly listeners = new Map<string, () => void>()
  addEventListener(type: string, listener: () => void): void {
    this.listeners.set(type, listener)
  }
  tell(type: string): void {
    this.listeners.get(type)?.()
  }
}

function browser({ controlled, waiting = false }: { controlled: boolean; waiting?: boolean }) {
  const posted: unknown[] = []
  const worker = Object.assign(new Target(), { state: 'installing', postMessage: (message: unknown) => posted.push(message) })
  const registration = Object.assign(new Target(), { waiting: waiting ? worker : null, installing: worker })
  const container = Object.assign(new Target(), { controller: controlled ? {} : null, register: async () => registration })
  return { posted, worker, registration, container: container as unknown as ServiceWorkerContainer, target: container }
}

const url = new URL('http://127.0.0.1/service-worker.js')

test('the first version takes its place without a word', async () => {
  const { container, registration, worker } = browser({ controlled: false })
  const offers: unknown[] = []
  await keepOffline({ serviceWorker: container, url, reload: () => {} }, (takeOver) => offers.push(takeOver))
  registration.tell('updatefound')
  worker.state = 'installed'
  worker.tell('statechange')
  expect(offers).toEqual([])
})

test.each(['found while the page is open', 'waiting since the last visit'])(
  'a newer version, %s, is offered and never taken by itself',
  async (when) => {
    const { container, target, registration, worker, posted } = browser({ controlled: true, waiting: when.startsWith('waiting') })
    const offers: (() => void)[] = []
    let reloads = 0
    await keepOffline({ serviceWorker: container, url, reload: () => reloads++ }, (takeOver) => offers.push(takeOver))
    if (offers.length === 0) {
      registration.tell('updatefound')
      worker.tell('statechange')
      expect(offers).toEqual([])
      worker.state = 'installed'
      worker.tell('statechange')
    }
    expect(offers).toHaveLength(1)
    expect(posted).toEqual([])
    offers[0]?.()
    expect(posted).toEqual(['take over'])
    expect(reloads).toBe(0)
    target.tell('controllerchange')
    expect(reloads).toBe(1)
  },
)

test('a browser without it, or one that refuses it, changes nothing', async () => {
  await keepOffline({ serviceWorker: undefined, url, reload: () => {} }, () => expect.unreachable())
  const refusing = { register: () => Promise.reject(new Error('insecure')) } as unknown as ServiceWorkerContainer
  await keepOffline({ serviceWorker: refusing, url, reload: () => {} }, () => expect.unreachable())
})
