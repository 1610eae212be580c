// What may never happen and did: a row for each invariant that was broken, with a mark at each breach. The checks tell it and not the trace: they look at states.

import type { ViolationMark } from '../invariants'
import type { Lane, Track } from './track'
import { Tracks, touching } from './track'

/** The lane of all breaches of a run, those after the cursor too. */
export function breachesLane(violations: readonly ViolationMark[]): Lane {
  const all = new Tracks()
  const byName = new Map<string, Track>()
  for (const { name, at, event } of violations) {
    const track = byName.get(name) ?? all.begin(name, name, at)
    byName.set(name, track)
    all.mark(track, 'violation', { at, id: event })
    // Nothing goes on after a breach: the row is there where its marks are.
    track.to = at
  }
  return { tracks: all.tracks, marks: all.marks, living: null, spansOf: (track, from, to) => touching(track.spans, from, to) }
}
