// What the worker does with a message, without the worker: it owns one run, moves it as the page
// asks, and answers an `advance` with one Frame. It has no timer and no clock of its own; how long
// it has been busy is asked of whoever made it, so that a run never depends on it.

import { unreachable } from '../base/assert'
import { hash } from '../base/hash'
import type { TraceEvent } from '../base/trace'
import { Growth } from '../lease/structures/growth'
import { cellsOf, cellsState } from '../query/cells'
import { clientViews } from '../query/clients'
import type { CompareView, Side } from '../query/compare'
import { compare, differencesIn } from '../query/compare'
import { exclusionOf, leaseCounts, ratesOf } from '../query/counts'
import { HeapFeed } from '../query/heap'
import { invariantsView, violationMarks } from '../query/invariants'
import { labView, storageView } from '../query/lab'
import { Ledger } from '../query/ledger'
import { memberViews } from '../query/members'
import { messageViews } from '../query/messages'
import { movesView } from '../query/moves'
import { networkView } from '../query/network'
import type { Interest } from '../query/rows'
import type { Scene } from '../query/scene'
import { nobodyCounts } from '../query/scene'
import { spacetime } from '../query/spacetime'
import { consoleEntries, keyRows, leaseRows, logLine, logWindow, progress } from '../query/views'
import { why } from '../query/why'
import { Monitoring } from '../replay/monitoring'
import type { CutShort, SavedSession } from '../replay/session'
import { MOST_EVENTS, Session } from '../replay/session'
import type { SharedForm } from '../replay/shared-run'
import { openSharedRun, readSharedRun } from '../replay/shared-run'
import type { Timeline } from '../replay/timeline'
import type { Change } from '../replay/vary'
import { describeChange, ttlsOf, varied } from '../replay/vary'
import type { View } from '../replay/view'
import { parseScenario, playScenario } from '../scenario/scenario'
import type { Command } from '../sim/command'
import { foreignEngine } from '../sim/engine-version'
import type { Due } from '../sim/moves'
import { Differences } from './differences'
import { handedOn } from './handed-on'
import { miniatureOf } from './miniature'
import { tryLock } from './my-lock'
import { leg, speedOf } from './pace'
import type {
  BranchOp,
  Frame,
  FromWorker,
  Recording,
  ShareForm,
  Shortfall,
  StepTo,
  StopOn,
  ToWorker,
} from './protocol'
import { Rehearsal } from './rehearsal'
import { isOfCard, STEPS, STOPS } from './steps'
import { Storytelling } from './storytelling'
import { TapeFeed } from './tape-feed'
import { ttlFigures } from './ttl-figures'

/**
 * Wall milliseconds of one frame that the engine may use; what it does not get done, the run does
 * later.
 */
const BUDGET_MS = 8
/** The same of the checks, while they come to where the run is, and of the count of operations. */
const CHECKS_BUDGET_MS = 4
/** A page that was away for longer than this has missed the rest: nothing is caught up. */
const LONGEST_FRAME_MS = 100
/**
 * Steps that "next event" takes before it gives up: more than a virtual day of a lone member's
 * passes.
 */
const STEP_LIMIT = 200_000

/** Virtual ms for which a client is waited for that is to do a line. */
const STEP_CLIENT_MS = 10_000

const DEFAULT_INTEREST: Interest = {
  leases: { from: 0, count: 100, sort: 'remaining' },
  keys: { from: 0, count: 100 },
  log: { from: 'tail', count: 200 },
}

const boundedSpeed = (speed: number): number => Math.min(100, Math.max(0.1, speed))

function cutShortOf({ cutShort }: Session): { cutShort?: CutShort } {
  return cutShort === null ? {} : { cutShort }
}

/**
 * Goes on for ever by itself and changes nothing: the loops of members and their heartbeats. An
 * entry on its way to the others or to a disk is news.
 */
function isRoutine(due: Due): boolean {
  if (due.type === 'member-timer') return due.timer !== 'disk'
  return (
    due.type === 'deliver-peer' &&
    due.delivery.message.type === 'raft' &&
    /^MsgHeartbeat/.test(due.delivery.message.message.type)
  )
}

/** What is played beside the run; what cannot be is refused. */
function trial(play: () => FromWorker): FromWorker {
  try {
    return play()
  } catch (error) {
    return { type: 'refused', message: error instanceof Error ? error.message : String(error) }
  }
}

export class Host {
  readonly #wallMs: () => number
  readonly #mostEvents: number
  #session: Session | null = null
  /** The session of the author who tries the run as a learner; null while nobody does. */
  #author: Session | null = null
  #ledger = new Ledger()
  /**
   * The event whose causes are asked for, and the branch that is compared with; null where none is.
   */
  #why: number | null = null
  #comparing: number | null = null
  #otherLedger = new Ledger()
  /** Where the other branch was brought to: it is not brought there again for every frame. */
  #otherPlace = ''
  readonly #differences = new Differences()
  /** The timelines of this branch and of the one that is compared with. */
  readonly #tapeHere = new TapeFeed()
  #tapeThere: TapeFeed | null = null
  #runs = 0
  #opened = 0
  /** The engine that made the run that is open; null where it is this one. */
  #madeWith: string | null = null
  #playing = false
  #speed = 1
  #stopOn: StopOn | undefined
  /** The clock slows down while messages of clients fly. */
  #slows = true
  /** The terminal for whose answer a paused run goes on. */
  #answering: string | null = null
  // Virtual time that a frame asked for and that did not make a whole millisecond yet.
  #carry = 0
  #interest = DEFAULT_INTEREST
  // What the last Frame's sections showed; another value means that they are stale.
  #shown = ''
  /** Where the cursor stood then, virtual ms. */
  #shownAt = 0
  /** By branch: the checks that look on. */
  #monitorings = new WeakMap<Timeline, Monitoring>()
  #invariantsShown = ''
  #ratesShown = ''
  #cellsShown = ''
  readonly #rehearsal = new Rehearsal()
  #rehearsed = ''
  #behindFrames = 0
  readonly #heaps = new HeapFeed()
  readonly #growth = new Growth()
  #growthShown = false
  readonly #stories = new Storytelling(this.#growth)
  /** What the next Frame says once; null for nothing. */
  #shortfall: Shortfall | null = null
  /** The TTLs of the run's commands, and of which run and how many deeds they are. */
  #ttls = { of: '', found: [] as number[] }

  /** `mostEvents` is the number of events that are played at once. */
  constructor(wallMs: () => number, mostEvents = MOST_EVENTS) {
    this.#wallMs = wallMs
    this.#mostEvents = mostEvents
  }

  /**
   * Takes one message; an answer to post, or null. What the engine throws passes through: the run
   * stands as it is.
   */
  receive(message: ToWorker): FromWorker | null {
    switch (message.type) {
      case 'open':
        this.#open(message.recording, message.at)
        return null
      case 'open-scenario':
        return this.#openScenario(message.file, message.numbers)
      case 'advance':
        return this.#advance(message.wallMs)
      case 'pace':
        if (message.playing) this.#stories.skipOpen(this.#sess())
        this.#playing = message.playing
        if (message.speed !== undefined) this.#speed = boundedSpeed(message.speed)
        this.#stopOn = message.stopOn
        this.#slows = message.slow ?? true
        this.#answering = null
        return null
      case 'speed':
        this.#speed = boundedSpeed(message.speed)
        return null
      case 'step':
        this.#pause()
        this.#step(message.to, message.back)
        return null
      case 'step-client':
        this.#pause()
        this.#stepClient(message.client)
        return null
      case 'step-stop':
        this.#pause()
        if (!this.#stories.step(this.#sess(), message.back)) this.#shortfall = { what: 'stop' }
        return null
      case 'seek-stop':
        this.#pause()
        if (!this.#stories.seekStop(this.#sess(), message.stop)) this.#shortfall = { what: 'stop' }
        return null
      case 'seek':
        this.#pause()
        // Whoever asks for a month of heartbeats is not left waiting for ever.
        this.#sess().seek(Math.max(0, Math.round(message.at)))
        return null
      case 'seek-event':
        this.#pause()
        if (message.id >= 1 && message.id <= this.#run().trace.length)
          this.#run().seek({ event: message.id })
        return null
      case 'command': {
        const passed = this.#passed()
        const refusal = this.#refuses(message.command)
        if (refusal !== null) return { type: 'refused', message: refusal }
        const refused = this.#run().sim.refusal(message.command)
        if (refused !== null) return refused
        this.#sess().submit(message.command)
        // The command may bring a stop itself.
        if (this.#playing && this.#passed() > passed) this.#pause()
        if (message.command.type === 'console' && !this.#playing && !message.hold)
          this.#answering = message.command.terminal
        return null
      }
      case 'interest':
        this.#interest = message.interest
        this.#shown = ''
        this.#stories.forgetLecture()
        this.#tapeHere.forget()
        this.#tapeThere?.forget()
        this.#cellsShown = ''
        this.#rehearsed = ''
        this.#growthShown = false
        return null
      case 'vary': {
        const refusal = this.#refuses(null)
        return refusal === null
          ? this.#vary(message.change, message.beside ?? false)
          : { type: 'refused', message: refusal }
      }
      case 'branch':
        this.#pause()
        return this.#branch(message.op)
      case 'why':
        this.#why = message.event
        this.#shown = ''
        return null
      case 'compare':
        this.#compareWith(message.with)
        return null
      case 'undo':
        this.#pause()
        this.#sess().undo()
        return null
      case 'redo':
        this.#pause()
        this.#sess().redo()
        return null
      case 'open-session':
        return this.#openSession(message.session)
      case 'export-session':
        return { type: 'exported-session', session: this.#kept().save(true), opened: this.#opened }
      case 'open-shared':
        return this.#openShared(message.text, message.form)
      case 'share':
        return this.#share(message.form, message.view)
      case 'answer':
        this.#stories.answer(this.#sess(), message.stop, message.answer)
        return null
      case 'export':
        return {
          type: 'exported',
          recording: this.recording(),
          events: this.#run().trace.length,
          traceHash: hash(JSON.stringify(this.#run().trace)),
        }
      case 'stops':
        this.#pause()
        this.#sess().replaceStops(message.stops)
        return null
      case 'leave-out':
        this.#pause()
        this.#stories.leaveOut(this.#sess(), message.stop)
        return null
      case 'try':
        this.#try()
        return null
      case 'end-try':
        this.#endTry()
        return null
      case 'show-solution':
        this.#stories.showSolution(this.#sess())
        this.#playing = true
        return null
      case 'picture':
        return this.#picture(message.name, message.file)
      case 'try-lock':
        return trial(() => {
          const stops =
            message.file === undefined ? {} : { stops: parseScenario(message.file).stops }
          const tried = tryLock(message.lock)
          return {
            type: 'lock-tried',
            lock: message.lock,
            ...tried,
            recording: { ...tried.recording, ...stops },
          }
        })
      case 'figure-ttl':
        return trial(() => ({
          type: 'ttl-figured',
          needs: message.needs,
          ...ttlFigures(message.needs),
        }))
      default:
        return unreachable(message)
    }
  }

  /** The run's recording as it stands. There must be a run. */
  recording(): Recording {
    return this.#run().recording()
  }

  /**
   * Why a command, or a change of the whole run (null), may not be done; null where it may. The one
   * who writes the story may do everything.
   */
  #refuses(command: Command | null): string | null {
    return this.#interest.stops === 'write' ? null : this.#stories.refuses(this.#sess(), command)
  }

  #open(recording: Recording, at: number): void {
    const session = new Session(recording, this.#mostEvents)
    this.#monitor(session.timeline)
    session.seek(at)
    this.#take(session)
  }

  #take(session: Session, madeWith: string | null = null): void {
    this.#author = null
    this.#madeWith = madeWith
    this.#opened++
    this.#show(session)
    this.#stopOn = undefined
  }

  /** Another session is on the page from now on. */
  #show(session: Session): void {
    // The versions of all runs are one count.
    this.#runs += (this.#session?.version ?? 0) + (this.#session?.timeline.cuts ?? 0)
    this.#session = session
    this.#why = null
    this.#comparing = null
    this.#shown = ''
    this.#tapeHere.forget()
    this.#invariantsShown = ''
    this.#cellsShown = ''
    this.#pause()
  }

  /** The run as a learner meets it, in a session of its own; the author's waits. */
  #try(): void {
    const author = this.#author ?? this.#sess()
    this.#show(new Session(author.timeline.recording(), this.#mostEvents))
    this.#author = author
  }

  #endTry(): void {
    if (this.#author !== null) this.#show(this.#author)
    this.#author = null
  }

  /** A session that does not fit together is refused, and the one that is open stays. */
  #openSession(saved: SavedSession): FromWorker {
    try {
      const session = Session.load(saved, this.#mostEvents)
      this.#take(session, foreignEngine(saved.engine))
      return { type: 'opened-session', ...cutShortOf(session) }
    } catch (error) {
      return {
        type: 'refused',
        message: `open-session: ${error instanceof Error ? error.message : String(error)}`,
      }
    }
  }

  /** What is refused leaves the run that is open as it is. */
  #openShared(text: string, form: SharedForm): FromWorker {
    const read = readSharedRun(text, form)
    if (!read.ok) return { type: 'refused', message: read.reason }
    try {
      const session = openSharedRun(read.value, this.#mostEvents)
      this.#take(session, foreignEngine(read.value.engine))
      const { view = {} } = read.value
      this.#comparing = view.compare ?? null
      return { type: 'opened', view, ...cutShortOf(session) }
    } catch (error) {
      return { type: 'refused', message: error instanceof Error ? error.message : String(error) }
    }
  }

  #share(form: ShareForm, view: View): FromWorker {
    try {
      return { type: 'shared', form, ...handedOn(this.#kept(), form, view) }
    } catch (error) {
      return {
        type: 'refused',
        message: `share: ${error instanceof Error ? error.message : String(error)}`,
      }
    }
  }

  #branch(op: BranchOp): null {
    const session = this.#sess()
    if (op.type === 'switch') session.switchTo(op.id)
    else if (op.type === 'rename') session.rename(op.id, op.name)
    else session.remove(op.id)
    return null
  }

  #openScenario(file: string, numbers = 0): FromWorker | null {
    let recording: Recording
    let start: number
    try {
      const scenario = parseScenario(file, numbers)
      recording = playScenario(scenario).recording
      start = scenario.start
    } catch (error) {
      return { type: 'refused', message: error instanceof Error ? error.message : String(error) }
    }
    this.#open(recording, start)
    return null
  }

  #picture(name: string, file: string): FromWorker {
    try {
      return { type: 'pictured', name, miniature: miniatureOf(file) }
    } catch (error) {
      return { type: 'refused', message: error instanceof Error ? error.message : String(error) }
    }
  }

  #compareWith(branch: number | null): void {
    // Nothing stands beside itself, now or after one has gone elsewhere.
    this.#comparing = branch === this.#sess().current ? null : branch
    this.#otherLedger = new Ledger()
    this.#shown = ''
  }

  #vary(change: Change, beside: boolean | 'stay'): FromWorker | null {
    const session = this.#sess()
    const from = session.current
    try {
      session.vary(describeChange(change), varied(this.recording(), change))
      const made = session.current
      // A change that leads nowhere else leaves what is compared.
      if (beside === false || made === from) return null
      if (beside === 'stay') session.switchTo(from)
      this.#compareWith(beside === 'stay' ? made : from)
      return null
    } catch (error) {
      return { type: 'refused', message: error instanceof Error ? error.message : String(error) }
    }
  }

  #sess(): Session {
    if (this.#session === null) throw new Error('no run is open')
    return this.#session
  }

  /** What is kept and handed on: a trial leaves no trace. */
  #kept(): Session {
    return this.#author ?? this.#sess()
  }

  #run(): Timeline {
    return this.#sess().timeline
  }

  #pause(): void {
    this.#playing = false
    this.#answering = null
    this.#carry = 0
  }

  #step(to: StepTo, back: boolean): void {
    const run = this.#run()
    if (to === 'difference') return this.#stepToDifference(run, back)
    const machinery = this.#interest.moves ?? 'members'
    const fits =
      to === 'move' ? (event: TraceEvent): boolean => isOfCard(event, machinery) : STEPS[to]
    if (!back && !this.#quiet()) run.stepUntil(fits, STEP_LIMIT)
    if (back && to === 'move') run.stepBefore(fits)
    else if (back) run.stepBack(fits)
  }

  /** Nothing without a comparison. */
  #stepToDifference(run: Timeline, back: boolean): void {
    const other = this.#other(run.now)
    if (other === null) return
    const { at, lookedTo } = this.#differences.next(run, other.run, back, () =>
      differencesIn(this.#compare(this.#side(run), other)),
    )
    if (at !== null) run.seek({ at })
    else this.#shortfall = { what: 'difference', back, lookedTo }
  }

  #side(run: Timeline): Side {
    this.#ledger.follow(run.trace)
    return {
      scene: { sim: run.sim, ledger: this.#ledger, last: run.lastEvent },
      end: run.end,
      checks: this.#monitor(run),
    }
  }

  #stepClient(client: string): void {
    const run = this.#run()
    const from = run.now
    const begins = (event: TraceEvent): boolean =>
      event.type === 'program-line' && event.client === client
    run.stepUntil((event) => begins(event) || event.at >= from + STEP_CLIENT_MS, STEP_LIMIT)
  }

  #advance(wallMs: number): Frame {
    const run = this.#run()
    if (this.#isRunning) this.#play(run, Math.min(LONGEST_FRAME_MS, Math.max(0, wallMs)))
    const frame = this.#frame(run)
    const shortfall = this.#shortfall ?? this.#sess().takeLimit()
    this.#shortfall = null
    return shortfall === null ? frame : { ...frame, shortfall }
  }

  get #isRunning(): boolean {
    return this.#playing || this.#answering !== null
  }

  /** The speed at this instant: less than the one that was chosen while a message is to be seen. */
  #speedNow(run: Timeline): number {
    return this.#slows && this.#isRunning ? speedOf(run, this.#speed) : this.#speed
  }

  /**
   * Plays until the frame is over, the event to stop on, the answer waited for, or the end of the
   * budget, whichever comes first.
   */
  #play(run: Timeline, wallMs: number): void {
    let left = wallMs
    const began = this.#wallMs()
    const stops = this.#playing && this.#stopOn !== undefined ? STOPS[this.#stopOn] : () => false
    const story = this.#playing ? this.#stories.of(run) : null
    const passed = this.#passed()
    for (;;) {
      const next = Math.min(run.nextAt(), story?.nextTime(run) ?? Number.POSITIVE_INFINITY)
      const { to, carry, wallMs: rest } = leg(run.now, this.#carry, left, this.#speedNow(run), next)
      const isOver = next > to
      this.#carry = carry
      left = rest
      const before = run.lastEvent
      if (run.nextAt() <= to) run.step()
      else run.advance(to)
      if (this.#answering !== null && !run.sim.isBusy(this.#answering)) return this.#pause()
      for (let id = before; id < run.lastEvent; id++)
        if (stops(run.trace[id]!)) return this.#pause()
      if (story !== null && this.#passed() > passed) return this.#pause()
      if (isOver || this.#wallMs() - began > BUDGET_MS) return
    }
  }

  #held(run: Timeline): Pick<Frame, 'held' | 'fraction'> {
    const speed = this.#speedNow(run)
    return speed < this.#speed ? { held: speed, fraction: this.#carry } : { held: null }
  }

  /** How many pauses of the story lie at or before the cursor. */
  #passed(): number {
    const { timeline, answers } = this.#sess()
    return this.#stories.of(timeline)?.pauses(timeline, answers, timeline.commandsAhead) ?? 0
  }

  /** Nothing is under way but the members' own loops, and no lease is counting down. */
  #quiet(): boolean {
    const { sim } = this.#run()
    if (this.#run().commandsAhead > 0 || sim.servers.some(({ member }) => member.lessor.size > 0))
      return false
    if (
      sim.servers.some(({ state }) => state !== 'up') ||
      sim.partition !== null ||
      sim.cuts.length > 0
    )
      return false
    return sim.moves().every(({ due }) => isRoutine(due))
  }

  #frame(run: Timeline): Frame {
    const growth = this.#count(run)
    const frame: Frame = {
      type: 'frame',
      run: this.#runs + this.#sess().version + run.cuts,
      now: run.now,
      end: run.end,
      playing: this.#playing,
      speed: this.#speed,
      ...this.#held(run),
      quiet: this.#quiet(),
      answering: this.#answering !== null,
      ...growth,
    }
    const session = this.#sess()
    const other = this.#other(run.now)
    const shown = `${frame.run} ${run.sim.steps} ${run.trace.length} ${session.deeds} ${other?.news}`
    // A run that has come to rest still owes what its tape left out while it played.
    const story = {
      ...this.#stories.news(session, frame.run, frame.quiet),
      ...(this.#interest.lecture === true ? this.#stories.lectureNews(session, frame.run) : {}),
      ...this.#stopsOf(session, frame.run),
    }
    // What is a matter of time alone is said again where the clock stands.
    const isShown = shown === this.#shown && (this.#isRunning || run.now === this.#shownAt)
    if (isShown) {
      return {
        ...frame,
        ...story,
        ...this.#rates(run),
        ...this.#tape(run, other),
        ...this.#invariants(run, frame.run),
      }
    }
    const { scene } = this.#side(run)
    const first = !this.#shown.startsWith(`${frame.run} `)
    this.#shown = shown
    this.#shownAt = run.now
    const on = run.trace[run.lastEvent - 1]
    return {
      ...frame,
      ...(first
        ? {
            config: run.sim.config,
            seed: run.sim.seed,
            opened: this.#opened,
            madeWith: this.#madeWith,
          }
        : {}),
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
      ...this.#rates(run),
      ...this.#cells(scene, frame.run),
      keys: keyRows(scene, this.#interest.keys),
      log: logWindow(scene, this.#interest.log),
      console: consoleEntries(scene),
      ...(this.#interest.spacetime === undefined
        ? {}
        : { spacetime: spacetime(scene, this.#interest.spacetime) }),
      ...(this.#interest.lab === true ? { lab: labView(scene) } : {}),
      ...(this.#interest.heap === undefined
        ? {}
        : { heap: this.#heaps.view(run.trace, scene, this.#interest.heap.lease) }),
      ...(this.#interest.moves === undefined
        ? {}
        : { moves: movesView(scene, this.#interest.moves) }),
      ...this.#invariants(run, frame.run),
      ...this.#tape(run, other),
      progress: progress(scene),
      branches: session.branches(),
      why: this.#why === null ? null : why(run.trace, this.#why, scene.ledger.names),
      compare: other === null ? null : this.#compare(this.#side(run), other),
      ttls: this.#ttlsAsked(run, `${frame.run} ${session.deeds}`),
      undo: session.undoable,
      redo: session.redoable,
      ...story,
      on:
        on !== undefined && on.at === run.now
          ? logLine(this.#worthTelling(run), scene.ledger.names)
          : null,
    }
  }

  /**
   * The branch compared with goes along to the same time, and so do its checks; `news` is another
   * value when these have found something. It is compared no more once it is the one that one
   * stands on, or is gone.
   */
  #other(now: number): { id: number; run: Timeline; news: string } | null {
    const session = this.#sess()
    const id = this.#comparing
    const run = id === null || id === session.current ? undefined : session.timelineOf(id)
    if (id === null || run === undefined) return null
    const checks = this.#monitor(run)
    const place = `${id} ${now} ${session.version} ${session.deeds}`
    if (place !== this.#otherPlace) session.follow(id, now)
    this.#otherPlace = place
    const began = this.#wallMs()
    checks.catchUp(() => this.#wallMs() - began <= CHECKS_BUDGET_MS)
    const behind = checks.isBehind ? `behind ${++this.#behindFrames}` : ''
    return {
      id,
      run,
      news: `${id} ${run.sim.steps} ${run.trace.length} ${checks.violations.length} ${behind}`,
    }
  }

  #compare(here: Side, { id, run }: { id: number; run: Timeline }): CompareView {
    this.#otherLedger.follow(run.trace)
    const scene = { sim: run.sim, ledger: this.#otherLedger, last: run.lastEvent }
    return compare(
      here,
      { scene, end: run.end, checks: this.#monitor(run) },
      { id, name: this.#sess().nameOf(id) ?? '' },
    )
  }

  #ttlsAsked(run: Timeline, of: string): number[] {
    if (this.#ttls.of !== of) this.#ttls = { of, found: ttlsOf(run.recording()) }
    return this.#ttls.found
  }

  /** The timelines, where they have changed. */
  #tape(run: Timeline, other: { run: Timeline } | null): Pick<Frame, 'tape' | 'tapeThere'> {
    const wanted = this.#interest.tape
    if (wanted === undefined) return {}
    const tape = this.#tapeHere.next(run, this.#monitor(run), wanted, this.#playing)
    const here = tape === null ? {} : { tape }
    if (other === null) {
      const ends = this.#tapeThere !== null
      this.#tapeThere = null
      return ends ? { ...here, tapeThere: null } : here
    }
    this.#tapeThere ??= new TapeFeed()
    const tapeThere = this.#tapeThere.next(
      other.run,
      this.#monitor(other.run),
      wanted,
      this.#playing,
    )
    return tapeThere === null ? here : { ...here, tapeThere }
  }

  /** Of a run that rests. */
  #stopsOf({ timeline, deeds }: Session, version: number): Pick<Frame, 'stops'> {
    if (this.#interest.stops === undefined || this.#isRunning) return {}
    const shown = `${version} ${deeds} ${timeline.now} ${timeline.lastEvent} ${timeline.end}`
    if (shown === this.#rehearsed) return {}
    this.#rehearsed = shown
    return { stops: this.#rehearsal.view(timeline) }
  }

  /** They fall while time passes, even if nothing happens. */
  #rates(run: Timeline): Pick<Frame, 'rates'> {
    const rates = ratesOf({ sim: run.sim, ledger: this.#ledger, last: run.lastEvent })
    const shown = `${rates.renewals} ${rates.revokes}`
    if (shown === this.#ratesShown) return {}
    this.#ratesShown = shown
    return { rates }
  }

  /**
   * What was counted so far, a little more with every frame while somebody watches or a question
   * waits.
   */
  #count(run: Timeline): Pick<Frame, 'growth'> {
    const isWanted =
      this.#interest.growth === true ||
      this.#stories.of(run)?.awaitsCount(this.#sess().answers) === true
    if (!isWanted || this.#growthShown) return {}
    const began = this.#wallMs()
    this.#growth.go(() => this.#wallMs() - began <= CHECKS_BUDGET_MS)
    const { rows, counting } = this.#growth
    this.#growthShown = counting === null
    return { growth: { rows: rows.map((row) => ({ ...row })), counting } }
  }

  #cells(scene: Scene, version: number): Pick<Frame, 'cells'> {
    if (this.#interest.cells !== true) return {}
    const shown = `${version} ${cellsState(scene)}`
    if (shown === this.#cellsShown) return {}
    this.#cellsShown = shown
    return { cells: cellsOf(scene) }
  }

  #monitor(run: Timeline): Monitoring {
    const known = this.#monitorings.get(run)
    if (known !== undefined) return known
    const monitoring = new Monitoring(run)
    this.#monitorings.set(run, monitoring)
    return monitoring
  }

  /**
   * What the checks say, where it has changed. They are given some time to come to where the run
   * is, if they are not there.
   */
  #invariants(run: Timeline, version: number): Pick<Frame, 'invariants' | 'violations'> {
    const monitoring = this.#monitor(run)
    const began = this.#wallMs()
    monitoring.catchUp(() => this.#wallMs() - began <= CHECKS_BUDGET_MS)
    const { violations, seen, isBehind } = monitoring
    const broken =
      violations.length - violations.filter(({ event }) => event > run.lastEvent).length
    // While they are behind every frame is news, so that the page asks for the next one.
    const shown = `${version} ${violations.length} ${broken} ${isBehind ? `behind ${++this.#behindFrames}` : seen >= run.lastEvent}`
    if (shown === this.#invariantsShown) return {}
    this.#invariantsShown = shown
    return {
      invariants: invariantsView(violations, seen, run.lastEvent),
      violations: violationMarks(violations),
    }
  }

  /** Of the events of this instant, the last that is not machinery; the very last where all are. */
  #worthTelling(run: Timeline): TraceEvent {
    let id = run.lastEvent
    while (id > 1 && run.trace[id - 1]!.level === 'machinery' && run.trace[id - 2]!.at === run.now)
      id--
    const found = run.trace[id - 1]!
    return found.level === 'machinery' ? run.trace[run.lastEvent - 1]! : found
  }
}
