// The keys that a program's lines lock a name with. The Mutex and Election of clientv3 and the
// server's Lock service put a key of each client below the name, and read only those. The locks of
// node and python, and a create, put the name itself.

import type { Program, Step } from './steps'

/** `plain`: the key is the name itself. `queue`: each client has a key below the name. */
export type LockKeys = 'plain' | 'queue'

/** By name; `fill` replaces the variables of a text. */
export function lockKeysOf(
  { lines }: Program,
  fill: (text: string) => string,
): { name: string; keys: LockKeys }[] {
  return lines.flatMap(({ step }) => {
    const used = usedBy(step)
    return used === null ? [] : [{ name: fill(used.name), keys: used.keys }]
  })
}

function usedBy(step: Step): { name: string; keys: LockKeys } | null {
  switch (step.op) {
    case 'lock':
    case 'trylock':
    case 'campaign':
    case 'server-lock':
      return { name: step.name, keys: 'queue' }
    case 'client-lock':
      return { name: step.name, keys: 'plain' }
    case 'create':
      return { name: step.key, keys: 'plain' }
    case 'txn': {
      const free = step.compares.find(
        ({ target, result, is }) => target === 'create' && result === '=' && is === '0',
      )
      const puts = step.success.some((branch) => branch.op === 'put' && branch.key === free?.key)
      return free !== undefined && puts ? { name: free.key, keys: 'plain' } : null
    }
    default:
      return null
  }
}
