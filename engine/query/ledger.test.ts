import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Timeline } from '../replay/timeline'
import { parseScenario, playScenario } from '../scenario/scenario'
import { clientViews } from './clients'
import { labView } from './lab'
import { Ledger } from './ledger'
import { memberViews } from './members'
import type { Scene } from './scene'
import { spacetime } from './spacetime'
import { consoleEntries, leaseRows, logWindow, progress } from './views'

function played(name: string): Timeline {
  const text = readFileSync(join(import.meta.dirname, `../scenario/catalogue/${name}.txt`), 'utf8')
  const timeline = new Timeline(playScenario(parseScenario(text)).recording)
  timeline.advance(12_000)
  return timeline
}

function shown({ sim, lastEvent }: Timeline, ledger: Ledger): unknown {
  const scene: Scene = { sim, ledger, last: lastEvent }
  return {
    clients: clientViews(scene),
    members: memberViews(scene),
    leases: leaseRows(scene, { from: 0, count: 100, sort: 'granted' }),
    lab: labView(scene),
    spacetime: spacetime(scene, { columns: 100, all: true }),
    log: logWindow(scene, { from: 'tail', count: 1000 }),
    console: consoleEntries(scene),
    progress: progress(scene),
  }
}

test.each([
  ['frozen-leader', 'lab-late-write-fence-off'],
  ['lab-late-write-fence-off', 'old-leader-behind-a-wall'],
  ['lab-late-write-fence-on', 'frozen-leader'],
])('a ledger that followed %s shows the same of %s as a new ledger', (before, after) => {
  const timeline = played(after)
  const fresh = new Ledger()
  fresh.follow(timeline.trace)
  const used = new Ledger()
  used.follow(played(before).trace)
  used.follow(timeline.trace)
  expect(shown(timeline, used)).toEqual(shown(timeline, fresh))
})

test.each(['old-leader-behind-a-wall', 'lab-late-write-fence-off', 'too-late'])(
  'the same for %s with another future from an earlier time on',
  (name) => {
    const timeline = played(name)
    const used = new Ledger()
    used.follow(timeline.trace)
    timeline.seek({ at: 4000 })
    const branch = timeline.fork()
    branch.submit({ type: 'console', terminal: 't1', text: 'etcdctl put a 1', mode: 'strict' })
    branch.advance(15_000)
    used.follow(branch.trace)
    const fresh = new Ledger()
    fresh.follow(branch.trace)
    expect(shown(branch, used)).toEqual(shown(branch, fresh))
  },
)
