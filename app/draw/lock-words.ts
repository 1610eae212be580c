// Two kinds of keys on the name of one lock, in words.

import type { LockView } from '../../engine/worker/protocol'
import { listText } from './figures'

/**
 * `a is not kept out`: names the client that is not excluded. Empty if every client excludes every
 * other.
 */
export function notExcluded({ schemes, holder }: Pick<LockView, 'schemes' | 'holder'>): string {
  if (schemes.length === 0) return ''
  const who = schemes.flatMap(({ clients }) => clients)
  const mine = schemes.find(({ clients }) => clients.includes(holder?.client ?? ''))
  const others = mine === undefined ? [] : who.filter((each) => !mine.clients.includes(each))
  if (others.length === 0) return `${listText([...new Set(who)].sort())} do not exclude each other`
  return `${listText(others)} ${others.length === 1 ? 'is' : 'are'} not kept out`
}

/** The two kinds of keys in a sentence. Empty if there is one kind. */
export function schemesText({ name, schemes }: Pick<LockView, 'name' | 'schemes'>): string {
  const parts = schemes.map(
    ({ keys, clients }) =>
      `${listText(clients)} ${clients.length === 1 ? 'puts' : 'put'} ${keys === 'plain' ? `the key ${name}` : `a key below ${name}/`}`,
  )
  return parts.length === 0 ? '' : `${parts.join(', ')}. Neither looks at the other key.`
}
