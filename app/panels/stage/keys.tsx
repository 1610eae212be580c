import { memo } from 'react'
import { visible } from '../../../engine/text/visible'
import type { KeyRow, LeaseRow, LockView } from '../../../engine/worker/protocol'
import { clockText, shortenMiddle } from '../../draw/figures'
import { notExcluded, schemesText } from '../../draw/lock-words'
import { useRun } from '../parts/app-context'
import { Icon } from '../parts/icon'
import { useMoment } from '../parts/moment'
import './truth.css'

/** Virtual ms for which a deleted key is still shown, struck through. */
const STRUCK_MS = 2000

/**
 * The end of a lease's string: an existing key, a key deleted a moment ago, or no key. `ended`: the
 * key was deleted with its lease.
 */
export function stringOf(
  { id, state }: Pick<LeaseRow, 'id' | 'state'>,
  keys: readonly KeyRow[],
  now: number,
): 'live' | 'gone' | 'ended' | 'none' {
  if (keys.some(({ lease, gone }) => lease === id && gone === null)) return 'live'
  return keys.some(({ gone }) => gone?.lease === id && now - gone.at <= STRUCK_MS)
    ? state === 'gone'
      ? 'ended'
      : 'gone'
    : 'none'
}

/**
 * A key as a tag. A key with a lease has a hole for the string, and a lock's key shows its token.
 */
export const KeyTag = memo(function KeyTag({
  row,
  token,
  width,
}: {
  row: KeyRow
  token: boolean
  width: number
}) {
  const { key, value, lease, gone, create } = row
  const past = useMoment((now) => !isSeen(row, now))
  const shownKey = visible(key)
  const said = gone !== null ? '' : token ? `token ${create}` : visible(value)
  // A character of Plex Mono at 14 px is 8.1 px wide. The value gets the room beside the key.
  const room = Math.floor((width - 46) / 8.1)
  const [name, more] = fitted(withoutId(shownKey), said, room)
  const hangs = lease !== null || (gone !== null && gone.lease !== null)
  return (
    <span
      className="key-tag"
      data-key={key}
      data-hangs={hangs || undefined}
      data-gone={gone !== null || undefined}
      data-past={past || undefined}
      title={
        gone === null
          ? `${shownKey} = ${visible(value)}`
          : `${shownKey}, deleted at ${clockText(gone.at)} s`
      }
    >
      {gone === null ? <code>{name}</code> : <del>{name}</del>}
      {more !== '' && <code className="tag-value">{more}</code>}
    </span>
  )
})

/** Whether the key has a tag at that time. */
export function isSeen({ gone }: Pick<KeyRow, 'gone'>, now: number): boolean {
  return gone === null || now - gone.at <= STRUCK_MS
}

/**
 * A lock's key ends in the ID of its lease. The tag shortens this ID, because the lock's name says
 * more: `/job/…6c03`. The title of the tag is the whole key.
 */
function withoutId(key: string): string {
  return key.replace(/\/[0-9a-f]{12}([0-9a-f]{4})$/, '/…$1')
}

/**
 * The number of a lease's keys beside the shown keys. A struck tag is not a key of a living lease.
 */
export function keysLeft(
  { state, keyCount }: Pick<LeaseRow, 'state' | 'keyCount'>,
  seen: readonly Pick<KeyRow, 'gone'>[],
  shown: readonly Pick<KeyRow, 'gone'>[],
): number {
  return state === 'gone'
    ? seen.length - shown.length
    : keyCount - shown.filter(({ gone }) => gone === null).length
}

/**
 * Key and value in `room` characters. The key is shortened last, and an empty value is left out.
 */
function fitted(key: string, value: string, room: number): [string, string] {
  if (key.length + value.length + 2 <= room) return [key, value]
  const left = room - key.length - 2
  if (left >= 6) return [key, shortenMiddle(value, left)]
  return value.startsWith('token ') && room > value.length + 8
    ? [shortenMiddle(key, room - value.length - 2), value]
    : [shortenMiddle(key, room), '']
}

/**
 * `/job is held by b`, according to the store, and the clients that the key does not exclude. A
 * story may ask about that. The words then appear once two clients are inside, or after the story.
 */
export function LockLine({ lock }: { lock: LockView }) {
  const holder = lock.holder?.client ?? lock.holder?.key ?? null
  const told = useRun(({ story }) => story === null || story.over)
  const warning = told || lock.verdict === 'broken' ? notExcluded(lock) : ''
  return (
    <p className="lock-line" data-held={holder !== null || undefined}>
      <Icon name="hex" small />
      <span>
        <b>{visible(lock.name)}</b> {holder === null ? 'is free' : 'is held by '}
        {holder !== null && <b>{visible(holder)}</b>}
        {warning !== '' && (
          <span className="bad" title={visible(schemesText(lock))}>
            : {visible(warning)}
          </span>
        )}
      </span>
    </p>
  )
}

/** Whether a key belongs to a lock: the name of the lock, or a key of the queue under that name. */
export function isOfLock(key: string, locks: readonly Pick<LockView, 'name'>[]): boolean {
  return locks.some(({ name }) => key === name || key.startsWith(`${name}/`))
}
