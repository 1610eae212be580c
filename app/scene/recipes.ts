import { readScenario } from './scenario'

/**
 * A program that the reader can see, run and change: the lines of a recipe, with a title and an
 * explanation.
 */
export interface Recipe {
  name: string
  title: string
  sentence: string
  source: string
}

const files = import.meta.glob<string>('../../engine/client/recipes/*.txt', {
  query: '?raw',
  import: 'default',
  eager: true,
})

/** From recipes with a race to recipes that hold; the others follow by name. */
const order = [
  'check-then-put',
  'put-and-hope',
  'create-without-lease',
  'create-and-poll',
  'create-and-watch',
  'no-keep-alive',
  'unlock-by-delete',
  'unlock-by-token',
  'own-clock',
  'mutex',
  'mutex-3.5',
  'herd',
  'mutex-fenced',
  'try-lock',
  'lock-service',
  'node-lock',
  'python-lock',
  'semaphore',
  'rwmutex',
  'rwmutex-checked',
  'double-barrier',
  'election',
  'campaign-while',
  'renew-by-hand',
  'leader-record',
  'observe',
  'registration',
  'registration-comes-back',
  'discovery',
]

export const recipes: readonly Recipe[] = Object.entries(files)
  .map(([path, file]): Recipe => {
    const name = path.replace(/^.*\/|\.txt$/g, '')
    const { title, sentence } = readScenario(name, file)
    return { name, title, sentence, source: file }
  })
  .sort((a, b) => place(a) - place(b) || (a.name < b.name ? -1 : 1))

function place({ name }: Recipe): number {
  const at = order.indexOf(name)
  return at < 0 ? order.length : at
}
