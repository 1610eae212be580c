// Two kinds of keys on the name of one lock, in words.

import type { LockView } from '../../engine/worker/protocol'
import { listText } from './figures'

/** `a is not kept out`: in few words who does not exclude whom; empty where all do. */
export function notExcluded({ schemes, holder }: Pick<LockView, 'schemes' | 'holder'>): string {
  if (schemes.length === 0) return ''
  const who = schemes.flatMap(({ clients }) => clients)
  const mine = schemes.find(({ clients }) => clients.includes(holder?.client ?? ''))
  const others = mine === undefined ? [] : who.filter((each) => !mine.clients.includes(each))
  if (others.length === 0) return `${listText([...new Set(who)].sort())} do not exclude each other`
  return `${listText(others)} ${others.length === 1 ? 'is' : 'are'} not kept out`
}

/** Which keys they are, in a sentence; empty where there is one kind. */
export function schemesText({ name, schemes }: Pick<LockView, 'name' | 'schemes'>): string {
  const parts = schemes.map(
    ({ keys, clients }) =>
      `${listText(clients)} ${clients.length === 1 ? 'puts' : 'put'} ${keys === 'plain' ? `the key ${name}` : `a key below ${name}/`}`,
  )
  return parts.length === 0 ? '' : `${parts.join(', ')}. Neither looks at the other key.`
}
