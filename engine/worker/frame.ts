// Makes the Frames: decides which sections are due, and fills them. A section is made again only if
// its content may have changed.

import type { Growth } from '../lease/structures/growth'
import { cellsOf, cellsState } from '../query/cells'
import { clientViews } from '../query/clients'
import { exclusionOf, leaseCounts, ratesOf } from '../query/counts'
import { HeapFeed } from '../query/heap'
import { invariantsView, violationMarks } from '../query/invariants'
import { labView, storageView } from '../query/lab'
import { memberViews } from '../query/members'
import { messageViews } from '../query/messages'
import { movesView } from '../query/moves'
import { networkView } from '../query/network'
import type { Interest } from '../query/rows'
import type { Scene } from '../query/scene'
import { nobodyCounts } from '../query/scene'
import { spacetime } from '../query/spacetime'
import type { Tape } from '../query/tape/rows'
import { consoleEntries, keyRows, leaseRows, logWindow, progress } from '../query/views'
import { why } from '../query/why'
import type { RunTree } from '../replay/run-tree'
import type { Timeline } from '../replay/timeline'
import { ttlsOf } from '../replay/vary'
import type { Checks } from './checks'
import { CHECKS_BUDGET_MS } from './checks'
import type { Comparison, Other } from './comparison'
import { eventAt } from './event-at'
import { Memo } from './memo'
import type { Observer } from './observer'
import type { OpenRun } from './open-run'
import type { Pacing } from './pacing'
import type { Frame, Head, Sections } from './protocol'
import { isQuiet } from './quiet'
import { Rehearsal } from './rehearsal'
import type { Storytelling } from './storytelling'
import { TapeFeed } from './tape-feed'

const DEFAULT_INTEREST: Interest = {
  leases: { from: 0, count: 100, sort: 'remaining' },
  keys: { from: 0, count: 100 },
  log: { from: 'tail', count: 200 },
}

type Some<Name extends keyof Sections> = Partial<Pick<Sections, Name>>

/** Version, steps, events and changes of the run, and the state of the compared one. */
type ShownKey = [version: number, ...rest: (number | null)[]]

/** The sources of a Frame. */
export interface FrameParts {
  open: OpenRun
  pacing: Pacing
  checks: Checks
  observer: Observer
  comparison: Comparison
  stories: Storytelling
  /** The count of operations. It continues while a Frame requests it. */
  growth: Growth
  /** Wall ms from any start, to limit the time of a count. */
  wallMs(): number
}

export class Frames {
  readonly #parts: FrameParts
  #interest = DEFAULT_INTEREST
  /** The event whose causes the page requests; null for none. */
  #why: number | null = null
  readonly #shown = new Memo<ShownKey>()
  /** Virtual ms of the cursor when these sections were made. */
  #shownAt = 0
  readonly #ratesShown = new Memo<[renewals: number, revokes: number]>()
  readonly #cellsShown = new Memo<[version: number, state: string]>()
  readonly #stopsShown = new Memo<[version: number, ...place: number[]]>()
  readonly #invariantsShown = new Memo<[version: number, ...state: (number | boolean)[]]>()
  #growthShown = false
  readonly #ttlsOf = new Memo<[version: number, changes: number]>()
  #ttls: number[] = []
  readonly #tapeHere = new TapeFeed()
  /** Null without a comparison. */
  #tapeThere: TapeFeed | null = null
  readonly #heaps = new HeapFeed()
  readonly #rehearsal = new Rehearsal()

  constructor(parts: FrameParts) {
    this.#parts = parts
  }

  get interest(): Interest {
    return this.#interest
  }

  /** The next Frame has all requested sections, whether they have changed or not. */
  set interest(interest: Interest) {
    this.#interest = interest
    this.#shown.forget()
    this.#parts.stories.forgetLecture()
    this.#tapeHere.forget()
    this.#tapeThere?.forget()
    this.#cellsShown.forget()
    this.#stopsShown.forget()
    this.#growthShown = false
  }

  /** The event whose causes every Frame has from now on; null for none. */
  set why(event: number | null) {
    this.#why = event
    this.#shown.forget()
  }

  /** The next Frame has the sections of the run again. */
  forget(): void {
    this.#shown.forget()
  }

  /** Another run is on the page: all caches are cleared. */
  begin(): void {
    this.why = null
    this.#tapeHere.forget()
    this.#invariantsShown.forget()
    this.#cellsShown.forget()
  }

  /**
   * The run at its cursor: the head, and the sections that may have changed since the last Frame.
   */
  make(): Frame {
    const { open, pacing, observer, comparison } = this.#parts
    const { tree, timeline: run, version } = open
    const growth = this.#count(tree)
    const { playing, speed, ...held } = pacing.head(run)
    const frame: Frame = {
      type: 'frame',
      run: version,
      now: run.now,
      end: run.end,
      playing,
      speed,
      ...held,
      quiet: isQuiet(run),
      answering: pacing.isAnswering,
      ...growth,
    }
    const other = comparison.other(tree, run.now)
    const story = this.#told(tree, frame)
    const key: ShownKey = [
      version,
      run.sim.steps,
      run.trace.length,
      tree.changes,
      ...(other?.news ?? []),
    ]
    // Sections that depend on time alone are sent again when the clock stops.
    const isShown = this.#shown.is(...key) && (pacing.isRunning || run.now === this.#shownAt)
    if (isShown) {
      return {
        ...frame,
        ...story,
        ...this.#rates(observer.observe(run).scene),
        ...this.#tapes(run, other),
        ...this.#invariants(run, version),
      }
    }
    const side = observer.observe(run)
    const { scene } = side
    const isFirst = this.#shown.key?.[0] !== version
    this.#shown.isNew(...key)
    this.#shownAt = run.now
    return {
      ...frame,
      ...(isFirst ? this.#origin(run) : {}),
      members: memberViews(scene),
      partition: run.sim.partition === null ? null : run.sim.partition.map((group) => [...group]),
      network: networkView(scene),
      nobodyCounts: nobodyCounts(run.sim),
      clients: clientViews(scene),
      messages: messageViews(scene),
      storage: storageView(scene),
      leases: leaseRows(scene, this.#interest.leases),
      ...leaseCounts(scene),
      exclusion: exclusionOf(scene),
      ...this.#rates(scene),
      ...this.#cells(scene, version),
      keys: keyRows(scene, this.#interest.keys),
      log: logWindow(scene, this.#interest.log),
      console: consoleEntries(scene),
      ...this.#asked(run, scene),
      ...this.#invariants(run, version),
      ...this.#tapes(run, other),
      progress: progress(scene),
      branches: tree.branches(),
      why: this.#why === null ? null : why(run.trace, this.#why, scene.ledger.names),
      compare: other === null ? null : comparison.view(side, other, tree),
      ttls: this.#ttlsAsked(tree, version),
      undo: tree.undoable,
      redo: tree.redoable,
      ...story,
      on: eventAt(run, scene),
    }
  }

  /** Sections that do not change during a run. */
  #origin({ sim }: Timeline): Some<'config' | 'seed' | 'opened' | 'madeWith'> {
    const { opened, madeWith } = this.#parts.open
    return { config: sim.config, seed: sim.seed, opened, madeWith }
  }

  /** The open panels. */
  #asked(run: Timeline, scene: Scene): Some<'spacetime' | 'lab' | 'heap' | 'moves'> {
    const { spacetime: diagram, lab, heap, moves } = this.#interest
    return {
      ...(diagram === undefined ? {} : { spacetime: spacetime(scene, diagram) }),
      ...(lab === true ? { lab: labView(scene) } : {}),
      ...(heap === undefined ? {} : { heap: this.#heaps.view(run.trace, scene, heap.lease) }),
      ...(moves === undefined ? {} : { moves: movesView(scene, moves) }),
    }
  }

  /** A run at rest sends the timeline that was skipped while it played. */
  #told(tree: RunTree, { run: version, quiet }: Head): Some<'story' | 'lecture' | 'stops'> {
    const { stories } = this.#parts
    return {
      ...stories.news(tree, version, quiet),
      ...(this.#interest.lecture === true ? stories.lectureNews(tree, version) : {}),
      ...this.#stops(tree, version),
    }
  }

  /** For a run at rest. */
  #stops({ timeline: run, changes }: RunTree, version: number): Some<'stops'> {
    if (this.#interest.stops === undefined || this.#parts.pacing.isRunning) return {}
    return this.#stopsShown.isNew(version, changes, run.now, run.lastEvent, run.end)
      ? { stops: this.#rehearsal.view(run) }
      : {}
  }

  /** The rates fall while time passes, even without events. */
  #rates(scene: Scene): Some<'rates'> {
    const rates = ratesOf(scene)
    return this.#ratesShown.isNew(rates.renewals, rates.revokes) ? { rates } : {}
  }

  #cells(scene: Scene, version: number): Some<'cells'> {
    if (this.#interest.cells !== true) return {}
    return this.#cellsShown.isNew(version, cellsState(scene)) ? { cells: cellsOf(scene) } : {}
  }

  #ttlsAsked({ timeline, changes }: RunTree, version: number): number[] {
    if (this.#ttlsOf.isNew(version, changes)) this.#ttls = ttlsOf(timeline.recording())
    return this.#ttls
  }

  /** The count so far. It continues with every Frame while the page shows it or a stop needs it. */
  #count({ timeline, answers }: RunTree): Some<'growth'> {
    const { stories, growth, wallMs } = this.#parts
    const isWanted =
      this.#interest.growth === true || stories.of(timeline)?.awaitsCount(answers) === true
    if (!isWanted || this.#growthShown) return {}
    const began = wallMs()
    growth.go(() => wallMs() - began <= CHECKS_BUDGET_MS)
    const { rows, counting } = growth
    this.#growthShown = counting === null
    return { growth: { rows: rows.map((row) => ({ ...row })), counting } }
  }

  /** The timelines, if they have changed. */
  #tapes(run: Timeline, other: Other | null): Some<'tape' | 'tapeThere'> {
    const wanted = this.#interest.tape
    if (wanted === undefined) return {}
    const { pacing, checks } = this.#parts
    const next = (feed: TapeFeed, of: Timeline): Tape | null =>
      feed.next(of, checks.of(of), wanted, pacing.playing)
    const tape = next(this.#tapeHere, run)
    const here = tape === null ? {} : { tape }
    if (other === null) {
      const ends = this.#tapeThere !== null
      this.#tapeThere = null
      return ends ? { ...here, tapeThere: null } : here
    }
    this.#tapeThere ??= new TapeFeed()
    const tapeThere = next(this.#tapeThere, other.run)
    return tapeThere === null ? here : { ...here, tapeThere }
  }

  /** The results of the checks. */
  #invariants(run: Timeline, version: number): Some<'invariants' | 'violations'> {
    const { checks, behind } = this.#parts.checks.catchUp(run)
    const { violations, seen } = checks
    const after = violations.filter(({ event }) => event > run.lastEvent).length
    // While the checks are behind, every Frame counts as changed, so that the page requests the
    // next one.
    const state = behind ?? seen >= run.lastEvent
    if (!this.#invariantsShown.isNew(version, violations.length, violations.length - after, state))
      return {}
    return {
      invariants: invariantsView(violations, seen, run.lastEvent),
      violations: violationMarks(violations),
    }
  }
}
