// The page's actions as functions. Panels, keys and the opening scene call these; nothing else
// sends messages to the worker.

import type {
  Answer,
  BranchOp,
  Change,
  Config,
  Control,
  Interest,
  Machinery,
  MoveCard,
  MyLock,
  Pictured,
  Recording,
  StepTo,
  Stop,
  ToWorker,
  TtlNeeds,
} from '../../engine/worker/protocol'
import { FORMS, type LessonPlace, placeAfter, stepAt } from '../scene/lessons'
import { loadCatalogue } from '../scene/load-catalogue'
import { OPENING_AT, opening, openingStory } from '../scene/opening'
import type { Scenario } from '../scene/scenario'
import type { Prefs, PrefsStore, StepBy } from '../store/prefs'
import type { RunStore } from '../store/run'
import {
  type Draft,
  firstTimeline,
  type LockForm,
  type Panel,
  type TimelineView,
  type UiState,
  type UiStore,
  withdraw,
} from '../store/ui'
import { eventToExplain } from './explain'
import { clusterRecording, type Fault, faultGesture } from './faults'
import * as gestures from './gestures'
import { controlClient, type LabSetup, labRecording, startProgram } from './lab'
import { nextSpeed } from './speeds'
import { stepMessage, usableStep } from './steps'

export interface Surroundings {
  run: RunStore
  ui: UiStore
  prefs: PrefsStore
  send(message: ToWorker): void
  /** The page does not start to play without the reader (prefers-reduced-motion). */
  isCalm(): boolean
  /** Returns whether the copy succeeded. */
  copy(text: string): Promise<boolean>
}

/** The most characters of a pasted text that the page repeats, and that the console remembers. */
const LONGEST_REPEATED = 2000
const LONGEST_REMEMBERED = 100_000

function clipped(text: string): string {
  return text.length > LONGEST_REPEATED ? `${text.slice(0, LONGEST_REPEATED)} …` : text
}

/** A form with its first settings. `story`: the form belongs to the story that opens with it. */
function newForm(tab: LockForm['tab'] | undefined, story: boolean): LockForm | null {
  return tab === undefined
    ? null
    : { tab, story, lock: null, tried: null, needs: null, figured: null, opened: null }
}

export type Commands = ReturnType<typeof createCommands>

export function createCommands({ run, ui, prefs, send, isCalm, copy }: Surroundings) {
  function pace(playing: boolean): void {
    // Without a speed: the page may not know the last chosen speed yet.
    send({ type: 'pace', playing })
  }
  /**
   * The last chosen speed, and the page's speed at that time. Until a Frame brings a new speed, the
   * next step starts from the chosen one.
   */
  let chosen = { speed: 1, known: 0 }
  function setSpeed(speed: number): void {
    chosen = { speed, known: run.getState().speed }
    send({ type: 'speed', speed })
  }
  function perform(gesture: gestures.Gesture): void {
    const hold = gesture.command.type === 'console' && prefs.getState().hold
    send({ type: 'command', command: gesture.command, ...(hold ? { hold } : {}) })
    ui.setState({ gesture: clipped(gesture.line) })
  }
  /** Shows a short message. */
  function notice(text: string): void {
    ui.setState(({ notice: { count } }) => ({ notice: { text, count: count + 1 } }))
  }
  function changeInterest(change: Partial<Interest>): void {
    const interest = { ...ui.getState().interest, ...change }
    ui.setState({ interest })
    send({ type: 'interest', interest })
  }
  /** From that line on, or following the cursor. */
  function lookAtLog(from: number | 'tail'): void {
    const { count } = ui.getState().interest.log
    const only = prefs.getState().logFilter === 'lease' ? { only: 'lease' as const } : {}
    changeInterest({ log: { from, count, ...only } })
  }
  /**
   * Opens another run, paused unless `playing`. With reduced motion, a run does not start to play
   * without the reader.
   */
  function open(
    message: ToWorker,
    told: Pick<UiState, 'scenario' | 'labRun'> & Partial<UiState>,
    playing: boolean,
  ): void {
    // Without a worker, nothing can start over.
    const { stopped } = run.getState()
    if (stopped !== null && stopped.what !== 'run') return
    run.setState({ stopped: null })
    ui.setState({
      lesson: null,
      numbers: 0,
      form: null,
      ...told,
      foreign: null,
      trying: false,
      brought: false,
      worked: false,
      gesture: null,
      refused: null,
      timeline: firstTimeline,
      lease: null,
      client: null,
      answer: null,
    })
    // Both panels show data of the previous run.
    const { panel } = ui.getState()
    if (panel === 'why' || panel === 'growth') show(null)
    withdraw(ui, 'short')
    send(message)
    lookAtLog('tail')
    chosen = { speed: 1, known: run.getState().speed }
    send({ type: 'pace', playing: playing && !isCalm(), speed: 1 })
  }
  function openLab(recording: Recording): void {
    open(
      { type: 'open', recording, at: 0 },
      { scenario: null, labRun: recording },
      prefs.getState().stepBy !== 'move',
    )
  }
  function openStory(
    scenario: Scenario,
    playing = false,
    { numbers = 0, lesson = null }: Partial<Pick<UiState, 'numbers' | 'lesson'>> = {},
  ): void {
    const drawn = numbers === 0 ? {} : { numbers }
    const form = newForm(FORMS[scenario.name], true)
    open(
      { type: 'open-scenario', file: scenario.file, ...drawn },
      { scenario, labRun: null, numbers, lesson, form },
      playing,
    )
  }
  async function openStep(lesson: LessonPlace): Promise<void> {
    const { catalogue } = await loadCatalogue()
    const story = catalogue.find(({ name }) => name === stepAt(lesson))
    if (story !== undefined) openStory(story, false, { lesson })
  }
  /**
   * Seed and version of a new run: those of the reader's own run, otherwise those of the opening.
   * The version of a story or a shared run applies to that run only.
   */
  function ownRun(): { seed: number; etcd: Config['etcd'] } {
    const { seed, config } = run.getState()
    const { scenario, foreign } = ui.getState()
    const isOwn = scenario === null && foreign === null
    return {
      seed: seed ?? opening.seed,
      etcd: isOwn && config !== null ? config.etcd : opening.config.etcd,
    }
  }
  const openOpening = () => openStory(openingStory, true)
  /** Opens a panel of the drawer, or closes it. */
  function show(panel: Panel | null): void {
    if (panel !== 'why' && run.getState().why !== null) send({ type: 'why', event: null })
    ui.setState({ panel })
  }
  const mode = () => prefs.getState().consoleMode

  /** Continues to play. An answer that the reader has chosen is submitted, not skipped. */
  function play(): void {
    const { answer: draft } = ui.getState()
    const story = run.getState().story
    const isChosen =
      draft !== null &&
      draft.answer !== null &&
      draft.stop === story?.reached &&
      story.ask?.state === 'open'
    if (isChosen) send({ type: 'answer', stop: draft.stop, answer: draft.answer })
    // The reader sees the verdict on the current state before the clock continues.
    if (!isChosen || story.ask?.atOnce !== true) pace(true)
  }
  /** The draft of the open question or goal; null if none is open. */
  function openDraft(): Draft | null {
    const { story } = run.getState()
    if (story?.reached == null || (story.ask?.state !== 'open' && story.goal?.state !== 'open'))
      return null
    const { answer: draft } = ui.getState()
    return draft?.stop === story.reached
      ? draft
      : { stop: story.reached, answer: null, hints: 0, hinting: false }
  }
  function draftAnswer(answer: Answer): void {
    const draft = openDraft()
    if (draft !== null) ui.setState({ answer: { ...draft, answer } })
  }

  /** The stories whose small pictures were requested. */
  const asked = new Set<string>()

  return {
    play,
    pause: () => pace(false),
    toggle: () => (run.getState().playing ? pace(false) : play()),
    // Not a pace: the page may not know yet that the run plays, and a change of speed must not stop
    // it.
    setSpeed,
    changeSpeed(up: boolean): void {
      const { speed } = run.getState()
      setSpeed(nextSpeed(speed === chosen.known ? chosen.speed : speed, up))
    },
    /** A step first stops the playing, because the reader wants to look closely. */
    step(to: StepTo, back: boolean): void {
      if (run.getState().playing) pace(false)
      send({ type: 'step', to, back })
    },
    /** One step of the size in the transport. */
    stepOnce(back: boolean): void {
      const { playing, now, compare } = run.getState()
      if (playing) pace(false)
      send(stepMessage(usableStep(prefs.getState().stepBy, compare !== null), back, now))
    },
    /** Sets the step size of the transport. Step by move shows the possible moves. */
    setStepBy(stepBy: StepBy): void {
      prefs.setState({ stepBy })
      if (stepBy === 'move') show('moves')
      else if (ui.getState().panel === 'moves') show(null)
    },
    seek: (at: number) => send({ type: 'seek', at: Math.max(0, Math.round(at)) }),
    seekBy: (ms: number) => send({ type: 'seek', at: Math.max(0, run.getState().now + ms) }),
    /** To the next stop of the story, or to the previous one. */
    stepStop: (back: boolean) => send({ type: 'step-stop', back }),
    seekEvent(id: number): void {
      if (run.getState().playing) pace(false)
      send({ type: 'seek-event', id })
    },

    /** Sends the console's input as one command and remembers it; an empty one does nothing. */
    enter(text: string): void {
      if (text.trim() === '') return
      perform(gestures.consoleLines(text, mode()))
      const known = text.length > LONGEST_REMEMBERED || ui.getState().history.at(-1) === text
      // The reader has just typed the line, so the page does not repeat it.
      ui.setState(({ history }) => ({
        draft: '',
        gesture: null,
        history: known ? history : [...history, text].slice(-100),
      }))
    },
    interrupt: (job?: number) => perform(gestures.interrupt(job)),
    grant: (ttlSeconds: number) => perform(gestures.grantLease(ttlSeconds, mode())),
    put: (key: string, value: string, lease: string | null) =>
      perform(gestures.putKey(key, value, lease)),
    deleteKey: (key: string) => perform(gestures.deleteKey(key)),
    renewOnce: (lease: string) => perform(gestures.renewOnce(lease)),
    keepAlive: (lease: string) => perform(gestures.keepAlive(lease)),
    revoke: (lease: string) => perform(gestures.revokeLease(lease)),
    heartbeat: (client: string, lease: string, on: boolean) =>
      perform(gestures.heartbeat(client, lease, on)),

    /**
     * Starts a run of the lab. It plays unless motion is reduced or the reader is the scheduler.
     */
    startLab(setup: LabSetup): void {
      openLab(labRecording(setup, ownRun()))
    },
    addProgram: (client: string, source: string) => perform(startProgram(client, source)),
    control: (client: string, control: Control) => perform(controlClient(client, control)),
    /** Runs one line of one client. If the client is not due yet, the run continues until it is. */
    stepClient(client: string): void {
      const program = run.getState().clients.find(({ id }) => id === client)?.program
      perform(controlClient(client, { type: 'step' }))
      if (program && !program.ready) send({ type: 'step-client', client })
    },
    perform,
    /** Replays the same run, up to its current time, with the other rule at the storage. */
    checkTokens(checkTokens: boolean): void {
      const { labRun } = ui.getState()
      if (labRun) ui.setState({ labRun: { ...labRun, config: { ...labRun.config, checkTokens } } })
      send({ type: 'vary', change: { config: { checkTokens } } })
    },
    choose: (card: MoveCard, machinery: Machinery) => perform(gestures.chooseMove(card, machinery)),
    letMachineryRun: (machinery: Machinery) =>
      perform(gestures.letMachineryRun(run.getState().now, machinery)),
    setMachinery: (machinery: Machinery) => ui.setState({ machinery }),
    show,
    changeTimeline: (change: Partial<TimelineView>) =>
      ui.setState(({ timeline }) => ({ timeline: { ...timeline, ...change } })),
    /**
     * Marks the row and the dial of a lease (ID). The marked lease again, or null, removes the
     * mark. The mark also answers a question that asks for a lease.
     */
    chooseLease(lease: string | null): void {
      const { story, leases } = run.getState()
      const name = leases.rows.find(({ id }) => id === lease)?.name
      if (name !== undefined && story?.ask?.of === 'lease') draftAnswer(name)
      ui.setState((state) => ({ lease: state.lease === lease ? null : lease }))
    },
    /** Opens the form of the keys panel with that lease chosen. */
    putKeyOn(lease: string): void {
      ui.setState({ lease, putting: true })
      show('keys')
    },
    /** Shows the position of a lease in the expiry heap, with its keys. */
    showInside(lease: string): void {
      ui.setState({ lease })
      show('inside')
    },
    /** Shows the program of a client. */
    showProgram(client: string): void {
      ui.setState({ client })
      show('program')
    },

    undo: () => send({ type: 'undo' }),
    redo: () => send({ type: 'redo' }),
    branch: (op: BranchOp) => send({ type: 'branch', op }),
    /** Opens the form, or changes its values while it is open. */
    openForm: (tab: LockForm['tab']) =>
      ui.setState(({ form, scenario }) => {
        const there = form?.tab === tab ? form : newForm(tab, FORMS[scenario?.name ?? ''] === tab)
        return { form: there && { ...there, asked: true } }
      }),
    changeForm: (change: Partial<LockForm>) =>
      ui.setState(({ form }) => ({ form: form && { ...form, ...change } })),
    closeForm: () => ui.setState({ form: null }),
    /** Requests the result for a lock with these settings. An open story keeps its stops. */
    tryLock(lock: MyLock): void {
      const { scenario, form } = ui.getState()
      send({
        type: 'try-lock',
        lock,
        ...(scenario !== null && form?.story === true ? { file: scenario.file } : {}),
      })
    },
    /** Requests the figures of a TTL. */
    figureTtl: (needs: TtlNeeds) => send({ type: 'figure-ttl', needs }),
    /** Opens a run of the form; the form stays open. */
    openInForm(recording: Recording, at: number): void {
      const { scenario, lesson, numbers, form: before } = ui.getState()
      if (before === null) return
      const form = { ...before, opened: recording }
      const told = form.story
        ? { scenario, lesson, numbers, labRun: null }
        : { scenario: null, labRun: recording }
      open({ type: 'open', recording, at }, { ...told, form }, false)
    },
    /** Replays the same commands with a change, as another branch. */
    vary: (change: Change) => send({ type: 'vary', change }),
    /**
     * The same, and compares the new branch with the old one. A refused change leaves everything as
     * it is.
     */
    again: (change: Change) => send({ type: 'vary', change, beside: true }),
    /** The reverse: the current branch stays, and the changed one is compared with it. */
    beside: (change: Change) => send({ type: 'vary', change, beside: 'stay' }),
    /** Jumps to an event of the compared branch. The two branches swap roles. */
    crossTo(event: number): void {
      const { branches, compare } = run.getState()
      const from = branches.find(({ current }) => current)
      if (!compare || !from) return
      send({ type: 'branch', op: { type: 'switch', id: compare.with } })
      send({ type: 'seek-event', id: event })
      send({ type: 'compare', with: from.id })
    },
    /** Compares with another branch, or ends the comparison. */
    compare: (branch: number | null) => send({ type: 'compare', with: branch }),
    /** Asks Why? for the event at the cursor, or else for the most important event before it. */
    whyNow(): void {
      const event = eventToExplain(run.getState())
      if (event === null) notice('Nothing has happened yet')
      else this.why(event)
    },
    /**
     * Shows the causes of an event; null hides them. The clock stops, because the answer is about
     * this instant.
     */
    why(event: number | null): void {
      if (event !== null && run.getState().playing) pace(false)
      send({ type: 'why', event })
      ui.setState({ panel: event === null ? null : 'why' })
    },

    fault: (fault: Fault) => perform(faultGesture(fault)),

    openOpening,
    openStory,
    /** Opens a step of a lesson. Unknown steps are ignored. */
    openStep,
    /**
     * Opens the library of stories. The clock stops, so that the reader misses no events. An
     * embedded page has no library.
     */
    openLibrary(): void {
      if (ui.getState().embedded) return
      if (run.getState().playing) pace(false)
      ui.setState({ library: true })
    },
    /** Requests the small picture of a story, once. */
    picture({ name, file }: Scenario): void {
      if (asked.has(name)) return
      asked.add(name)
      send({ type: 'picture', name, file })
    },
    pictured({ name, miniature }: Pictured): void {
      ui.setState(({ pictures }) => ({ pictures: { ...pictures, [name]: miniature } }))
    },
    /** The reader's draft answer to the open question; null for none. */
    draftAnswer,
    /**
     * Answers a question for a member or a client with one on the stage. False if no such question
     * is open.
     */
    answerWith(of: 'member' | 'client', name: string): boolean {
      if (openDraft() === null || run.getState().story?.ask?.of !== of) return false
      draftAnswer(name)
      return true
    },
    /**
     * Shows the last hint of the open question or goal again, or the first one. Hides a hint that
     * is visible.
     */
    hint(): void {
      const draft = openDraft()
      if (draft !== null)
        ui.setState({
          answer: { ...draft, hints: Math.max(1, draft.hints), hinting: !draft.hinting },
        })
    },
    nextHint(): void {
      const draft = openDraft()
      if (draft !== null)
        ui.setState({ answer: { ...draft, hints: draft.hints + 1, hinting: true } })
    },
    /** Plays the stored solution of the open goal as a branch. */
    showSolution(): void {
      ui.setState({ answer: null })
      send({ type: 'show-solution' })
    },
    /**
     * Submits that answer, and plays to the event that decides it. A question about the current
     * state is decided at once.
     */
    giveAnswer(): void {
      if (ui.getState().answer?.answer != null) play()
    },
    /** Leaves the open question without an answer, and continues to play. */
    skipQuestion(): void {
      const stop = run.getState().story?.reached
      if (stop == null) return
      send({ type: 'answer', stop, answer: null })
      pace(true)
    },
    /**
     * Records that the open story was seen to its end, and that it was passed. A shared run may
     * contain its answers already.
     */
    storySeen(): void {
      const { scenario, foreign } = ui.getState()
      const { seen, passed } = prefs.getState()
      if (scenario === null) return
      if (!seen.includes(scenario.name)) prefs.setState({ seen: [...seen, scenario.name] })
      const isPassed = foreign === null && run.getState().story?.passed === true
      if (isPassed && !passed.includes(scenario.name))
        prefs.setState({ passed: [...passed, scenario.name] })
    },
    /** Forgets the seen stories and the passed steps. */
    resetProgress: () => prefs.setState({ seen: [], passed: [] }),
    /**
     * Opens the editor of stops, with a stop at the cursor. After a trial as a learner, the author
     * returns to the same stop.
     */
    stopHere(): void {
      const { trying, stopHere, embedded, present } = ui.getState()
      if (embedded || present) return
      pace(false)
      if (trying) send({ type: 'end-try' })
      // The worker's findings about the stops may be older than the last step, so the page requests
      // them again.
      run.setState({ stops: null })
      if (ui.getState().interest.stops !== undefined) changeInterest({})
      ui.setState(trying ? { trying: false, answer: null } : { stopHere: stopHere + 1 })
      show('stops')
    },
    /**
     * Replaces the stops of the run. The run then belongs to the reader and is no longer a story of
     * the catalogue.
     */
    setStops(stops: Stop[]): void {
      ui.setState({ scenario: null, lesson: null })
      send({ type: 'stops', stops })
    },
    /**
     * Continues as a branch without the acts after a stop. These acts become the solution of its
     * goal.
     */
    leaveOut: (stop: number) => send({ type: 'leave-out', stop }),
    /** Plays the run from its start, as for a learner. */
    tryStops(): void {
      const { stops } = run.getState()
      ui.setState({ trying: true, answer: null })
      show(null)
      send({ type: 'try' })
      // A question at the start is not skipped.
      if (!isCalm() && stops?.checks.every(({ at }) => at !== 0)) pace(true)
    },
    /**
     * The story after this one. The next beat of the opening plays at once; other stories wait at
     * their start.
     */
    async nextStory(): Promise<void> {
      const { scenario, lesson } = ui.getState()
      if (scenario === null) return
      const step = lesson === null ? null : placeAfter(lesson)
      if (step !== null) return openStep(step)
      const { nextStory } = await loadCatalogue()
      const next = nextStory(scenario)
      if (next) openStory(next, next.shelf === 'opening')
      else notice('This was the last story')
    },
    /**
     * Restarts the open story, or else the opening. A story with several sets of numbers takes
     * another set.
     */
    startOver(): void {
      const { scenario, labRun, lesson, numbers } = ui.getState()
      if (labRun !== null) openLab(labRun)
      else if (scenario === null) openOpening()
      else openStory(scenario, false, { lesson, numbers: (numbers + 1) % scenario.combinations })
    },
    /**
     * Opens a run of the reader's own with that many members, with the seed and version of the
     * current run.
     */
    openCluster(members: number): void {
      const recording = clusterRecording(members, ownRun())
      open({ type: 'open', recording, at: OPENING_AT }, { scenario: null, labRun: null }, false)
    },
    changeInterest,

    lookAtLog,
    filterLog(logFilter: Prefs['logFilter']): void {
      prefs.setState({ logFilter })
      lookAtLog('tail')
    },

    notice,
    /**
     * The worker refused a message. The page shows the reason until the reader closes it. The run
     * continues.
     */
    refuse: (why: string) => ui.setState({ refused: clipped(why) }),
    exportRecording: () => send({ type: 'export' }),
    /** Copies a recording, or shows it for copying by hand if the clipboard is not available. */
    async deliverRecording(text: string): Promise<void> {
      if (await copy(text)) notice('Recording copied')
      else ui.setState({ recordingText: text })
    },
    async copyText(text: string, what: string): Promise<void> {
      notice((await copy(text)) ? `${what} copied` : 'The browser did not allow copying')
    },
  }
}
