// Compares the engine's answers with those of a real etcd.

import type { Outcome, Step, Timed } from './recording'

/** The tolerance of a time in milliseconds, and of a time with randomness in it. */
const EXACT_MS = 300
const ABOUT_MS = 2500

/** The differences of one step, in words. */
export function compare(theirs: Step, ours: Outcome, until: number): string[] {
  const { about, error } = theirs
  const found = [
    ...timeDiffers('comes', theirs.came, ours.came, about),
    ...timeDiffers('closes', theirs.closed, ours.closed, about),
    ...listDiffers(
      'events',
      theirs.events,
      ours.events,
      (e) => `${e.type} ${e.key} ${e.value}`,
      until,
    ),
    ...listDiffers('answers', theirs.answers, ours.answers, () => 'answer', until),
    ...listDiffers(
      'stdout',
      theirs.line === undefined ? undefined : (theirs.stdout ?? []),
      ours.stdout,
      (e) => e.text,
      until,
    ),
    ...listDiffers(
      'stderr',
      theirs.line === undefined ? undefined : (theirs.stderr ?? []),
      ours.stderr,
      (e) => e.text,
      until,
    ),
  ]
  if (theirs.exit !== ours.exit) found.push(`exits with ${ours.exit}, not ${theirs.exit}`)
  if (!sameError(error, ours.error))
    found.push(`ends with ${JSON.stringify(ours.error)}, not ${JSON.stringify(error)}`)
  return found
}

/**
 * The reason of a broken connection depends on the system and has many texts: for gRPC's own code
 * 14 only the code counts.
 */
function sameError(theirs: Step['error'], ours: Step['error']): boolean {
  if (theirs === undefined || ours === undefined) return theirs === ours
  if (theirs.code === 14 && !theirs.text.startsWith('etcdserver')) return ours.code === 14
  return withoutGuess(theirs.text) === withoutGuess(ours.text)
}

/** Only the member that has become the leader adds its guess, and that member is random. */
function withoutGuess(text: string): string {
  return text.replace(', possibly due to previous leader failure', '')
}

function timeDiffers(
  what: string,
  theirs: number | undefined,
  ours: number | undefined,
  about?: true,
): string[] {
  if (theirs === undefined && ours === undefined) return []
  const isNear =
    theirs !== undefined &&
    ours !== undefined &&
    Math.abs(theirs - ours) <= (about ? ABOUT_MS : EXACT_MS)
  return isNear ? [] : [`${what} at ${ours ?? 'no time'}, not at ${theirs ?? 'any time'}`]
}

function listDiffers<T extends Timed>(
  what: string,
  theirs: T[] | undefined,
  ours: T[] | undefined,
  words: (item: T) => string,
  until: number,
): string[] {
  if (theirs === undefined) return []
  const own = ours ?? []
  // The period after a random moment is as uncertain as that moment: near the end one repetition
  // more or less may fit.
  const last = theirs.at(-1)
  const isCut = last?.about === true && last.at + 2 * ABOUT_MS > until
  if (!isCut && own.length !== theirs.length) {
    const shown = (items: T[]): string =>
      items.map((item) => `${item.at} ${words(item)}`).join(', ')
    return [`${what}: ${shown(own)}; not ${shown(theirs)}`]
  }
  return theirs.flatMap((item, i) => {
    const other = own[i]
    if (other === undefined) return []
    const name = `${what} ${i} (${words(item)})`
    if (words(item) !== words(other)) return [`${name} is ${words(other)}`]
    return timeDiffers(name, item.at, other.at, item.about)
  })
}
