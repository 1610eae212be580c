// The drawn heap against the lessors: over every story of the catalogue, after every step.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { authority, nobodyCounts } from '../query/scene'
import { Timeline } from '../replay/timeline'
import { parseScenario, runScenario } from '../scenario/scenario'
import { ExpiryHeaps } from '../sim/expiry-heaps'

const FOLDER = join(import.meta.dirname, '../scenario/catalogue')
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'))

test.each(names)('%s: the heap has the leases and the times of the primary lessor', (name) => {
  const { recording, events } = runScenario(parseScenario(readFileSync(join(FOLDER, name), 'utf8')))
  const timeline = new Timeline(recording)
  const heaps = new ExpiryHeaps(recording.config.etcd)
  let noted = 0
  /** Whether the step has brought more than ticks and messages of members. */
  const isNews = (from: number): boolean =>
    timeline.trace
      .slice(from)
      .some(({ level, type }) => level !== 'machinery' || type === 'expiry-pass')
  while (timeline.trace.length < events.length && timeline.step()) {
    const news = isNews(noted)
    for (; noted < timeline.trace.length; noted++) {
      const event = timeline.trace[noted]!
      heaps.note(event)
      // The number of leases in a pass. A leader that was frozen may know less than the others.
      if (
        event.type === 'expiry-pass' &&
        [event.member, undefined].includes(heaps.counting?.member)
      ) {
        const pass = heaps.counting?.heap.pass
        expect(pass?.at === event.at ? pass.due : 0, `at ${event.at}`).toBe(event.due)
      }
    }
    if (!news) continue
    const counting = heaps.counting
    expect(counting === null, `at ${timeline.now}`).toBe(nobodyCounts(timeline.sim))
    if (counting !== null) {
      const member = authority(timeline.sim)
      const { heap } = counting
      expect(counting.member).toBe(member.options.name)
      const entries = heap.entries.filter(({ gone }) => !gone)
      const known = entries.map(({ lease, deadline, slot }) => [lease, deadline, slot])
      const saved = new Map(member.lessor.save().leases.map(({ id, slot }) => [id, slot]))
      const leases = member.leases().map(({ id, deadline }) => [id, deadline, saved.get(id)])
      expect(new Set(known.map(String))).toEqual(new Set(leases.map(String)))
      // No child is earlier than its parent.
      for (const [i, entry] of heap.entries.entries())
        if (i > 0) expect(entry.at).toBeGreaterThanOrEqual(heap.entries[(i - 1) >> 1]!.at)
    }
  }
  expect(noted).toBeGreaterThan(0)
})
