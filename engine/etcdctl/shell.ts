// A terminal: lines wait their turn, one runs in the foreground, others in the background. It is a
// machine inside the simulation, not part of the page. So a pasted script is one command of a run
// and does not depend on the page.
//
//   0      etcdctl lease grant 10     the line begins
//   20                                its process has started and sends the request
//   22                                the answer; the exit; the next line begins
//   22     etcdctl watch a &          in the background: the line after it begins at 422
//
// The shell never blocks: a line that takes time is a record with the timer or the process signal
// that it waits for.

import { unreachable } from '../base/assert'
import { text } from '../base/bytes'
import type { Bytes, Reply } from '../base/rpc'
import type { ClientId, EventId, Trace } from '../base/trace'
import type { Signal } from '../client/process/instructions'
import { echo, printf } from '../shell/format'
import { durationMs } from '../shell/utilities/duration'
import { expandText } from './builtins'
import { clusterWord } from './cluster-word'
import { compile } from './compile'
import { etcdLine } from './etcd-line'
import { guidedLease, meantArguments, meantCommand, notesOnReply } from './guided'
import type { Invocation } from './invocation'
import type { Killable, KillSignal } from './kill'
import { ENDED_BY, jobNotice, pidOf, readKill } from './kill'
import type { Lookup, Shown } from './line-input'
import { NO_FILES, programName, stdinOf, wordsOf } from './line-input'
import { parse } from './parse'
import { noProgress } from './print/printed'
import { print } from './print/printer'
import { leaseText } from './print/simple'
import type { ShellOutput, World } from './shell-context'
import { ShellContext } from './shell-context'
import type { Job, Mode, ShellState } from './shell-state'
import { copyState, newState } from './shell-state'
import { etcdctlOf } from './versions'
import type { ConsoleLine } from './words'
import { MAX_LINES, MAX_TEXT, readLines } from './words'

/** Virtual milliseconds from the beginning of a line to its process's first request. */
const START_MS = 20
/** Virtual milliseconds from the beginning of a background line to the next line. */
const BACKGROUND_MS = 400

export type ShellInput =
  /** Typed or pasted lines. They wait while others run. */
  | { type: 'enter'; text: string; mode: Mode }
  | { type: 'timer'; timer: string }
  | { type: 'signal'; job: number; signal: Signal }
  /** Ctrl-C: ends the foreground line and drops waiting lines; or ends the given job. */
  | { type: 'interrupt'; job?: number }
  /** SIGKILL: the job's process is gone. */
  | { type: 'killed'; job: number }
  /** Continues with the waiting lines, once the last line's effects on the cluster are complete. */
  | { type: 'continue' }

export class Shell {
  #state: ShellState

  constructor(terminal: ClientId) {
    this.#state = newState(terminal)
  }

  /** Lines wait, or one runs in the foreground. */
  get busy(): boolean {
    return this.#state.queue.length > 0 || this.#state.foreground !== null
  }

  /** The waiting lines, the next one first. */
  get waiting(): string[] {
    return this.#state.queue.map(({ line }) => line.source)
  }

  /** The running jobs, by number. */
  get jobs(): { job: number; background: boolean }[] {
    const { foreground, background } = this.#state
    return [...background, ...(foreground === null ? [] : [foreground])].map(
      ({ job, background: behind }) => ({ job, background: behind }),
    )
  }

  /** Handles an input. Unknown timers and signals of ended jobs are ignored. */
  step(input: ShellInput, now: number, trace: Trace, cause: EventId, world: World): ShellOutput[] {
    const context = new ShellContext(this.#state.terminal, now, trace, cause, world)
    this.#take(input, context)
    this.#advance(context)
    return context.outputs
  }

  save(): ShellState {
    return copyState(this.#state)
  }

  static load(saved: ShellState): Shell {
    const shell = new Shell(saved.terminal)
    shell.#state = copyState(saved)
    return shell
  }

  #take(input: ShellInput, context: ShellContext): void {
    switch (input.type) {
      case 'enter':
        return this.#enter(input.text, input.mode)
      case 'timer':
        return this.#timer(input.timer, context)
      case 'signal':
        return this.#signal(input.job, input.signal, context)
      case 'interrupt':
        return this.#interrupt(input.job, context)
      case 'killed':
        return this.#killed(input.job, context)
      case 'continue':
        return
      default:
        return unreachable(input)
    }
  }

  #enter(entered: string, mode: Mode): void {
    const lines = entered.length > MAX_TEXT ? [] : readLines(entered)
    const many =
      lines.length > MAX_LINES
        ? `${lines.length} commands at once; at most ${MAX_LINES} are allowed`
        : null
    const long =
      entered.length > MAX_TEXT
        ? `${entered.length} characters at once; at most ${MAX_TEXT} are allowed`
        : many
    if (long === null) {
      for (const line of lines) this.#state.queue.push({ line, mode })
      return
    }
    const source = `${entered.slice(0, 60).replace(/\s+/g, ' ').trim()} …`
    const refused = { stderr: `${long}. Nothing was run.\n`, exit: 1 }
    const line = {
      number: 1,
      source,
      comment: false,
      background: false,
      assignments: [],
      words: [],
      refused,
    }
    this.#state.queue.push({ line, mode })
  }

  /** Begins lines while there are any and none blocks the next. */
  #advance(context: ShellContext): void {
    const state = this.#state
    while (state.foreground === null && state.pausedBy === null) {
      const next = state.queue.shift()
      if (next === undefined) return
      // The next line must see the cluster after this one.
      if (context.changesWorld) {
        state.queue.unshift(next)
        return context.continue()
      }
      const { after } = next.line
      if (after === undefined || (after === 'success') === (state.lastExit === 0))
        this.#begin(next.line, next.mode, context)
    }
  }

  // One line --------------------------------------------------------------------------------------

  #begin(line: ConsoleLine, mode: Mode, context: ShellContext): void {
    const state = this.#state
    const job = state.nextJob++
    context.begin(job, line.source)
    if (line.background) {
      state.pausedBy = job
      context.timer(`next:${job}`, context.now + BACKGROUND_MS)
    }
    if (line.comment) return
    if (line.refused !== undefined) return this.#done(job, line, context, line.refused)

    const lookup = this.#lookup(mode, context.world)
    const words = wordsOf(line, lookup)
    const assigned = line.assignments.map(({ name, value }) => ({
      name,
      value: expandText(value, lookup),
    }))
    if (words.length === 0) {
      for (const { name, value } of assigned) this.#set(name, value)
      return this.#done(job, line, context, { exit: 0 })
    }
    const stdin = stdinOf(line, lookup)
    if (typeof stdin !== 'string') return this.#done(job, line, context, stdin)
    const meant =
      mode === 'guided' ? meantCommand(words, etcdctlOf(context.world.etcd)) : { words, notes: [] }
    for (const note of meant.notes) context.note(job, note)
    const [command = '', ...args] = meant.words
    const place: Place = { job, line, mode, stdin, context }
    if (programName(command) === 'etcdctl') return this.#etcdctl(args, assigned, place)
    if (programName(command) === 'etcd') {
      const { notes, start, restart, ...shown } = etcdLine(args, context.world, mode === 'guided')
      for (const note of notes) context.note(job, note)
      if (start !== undefined) context.startMember(start)
      if (restart !== undefined) context.fault({ type: 'restart', member: restart })
      return this.#done(job, line, context, shown)
    }
    this.#builtin(command, args, place)
  }

  #etcdctl(
    args: readonly Bytes[],
    assigned: readonly { name: string; value: Bytes }[],
    { job, line, mode, stdin, context }: Place,
  ): void {
    const { guide, leases, terminal, variables } = this.#state
    const env = Object.fromEntries(
      [...variables.filter(({ exported }) => exported), ...assigned].map(({ name, value }) => [
        name,
        value,
      ]),
    )
    let argv = [...args]
    let readLease: ReturnType<typeof guidedLease> | undefined
    const notes: string[] = []
    if (mode === 'guided') {
      const meant = meantArguments(argv, etcdctlOf(context.world.etcd))
      argv = meant.argv
      notes.push(...meant.notes)
      readLease = guidedLease(
        guide,
        (id) => leases.includes(id) || context.world.wasGranted(id),
        notes,
      )
    }
    const task = parse(argv, {
      env,
      stdin,
      etcdctl: etcdctlOf(context.world.etcd),
      ...(readLease === undefined ? {} : { readLease }),
    })
    for (const note of notes) context.note(job, note)
    this.#put(line, {
      job,
      mode,
      client: line.speaker ?? terminal,
      background: line.background,
      phase: 'starting',
      task,
      progress: noProgress(),
      askedAt: context.now,
    })
    context.timer(`start:${job}`, context.now + START_MS)
  }

  #builtin(
    command: Bytes,
    args: readonly Bytes[],
    { job, line, mode, stdin, context }: Place,
  ): void {
    const done = (shown: Shown) => this.#done(job, line, context, shown)
    switch (command) {
      case 'sleep': {
        const sleep = durationMs(args)
        if ('stderr' in sleep) return done({ stderr: sleep.stderr, exit: 1 })
        const { terminal } = this.#state
        this.#put(line, {
          job,
          mode,
          client: line.speaker ?? terminal,
          background: line.background,
          phase: 'sleeping',
          task: null,
          progress: noProgress(),
          askedAt: context.now,
        })
        return context.timer(`wake:${job}`, context.now + sleep.ms)
      }
      case 'wait':
        for (const each of this.#state.background)
          if (each.phase === 'running') context.stop(each.job)
        this.#state.background = []
        this.#state.lastExit = 0
        return
      case 'kill':
        return done(this.#kill(args, context))
      case 'echo':
        return done({ stdout: text(echo(args)), exit: 0 })
      case 'printf': {
        const { stdout, faults, exit } = printf(args)
        const stderr = faults.map((fault) => `bash: printf: ${text(fault)}\n`).join('')
        return done({ stdout: text(stdout), stderr, exit })
      }
      case 'cat':
        return done(args.length > 0 ? NO_FILES : { stdout: text(stdin), exit: 0 })
      case 'true':
      case ':':
        return done({ exit: 0 })
      case 'false':
        return done({ exit: 1 })
      case 'export':
        return done(this.#export(args))
      case 'unset':
        this.#state.variables = this.#state.variables.filter(({ name }) => !args.includes(name))
        return done({ exit: 0 })
      case 'exit':
        this.#state.queue = []
        return done({ exit: Number(args[0] ?? this.#state.lastExit) & 0xff })
      default:
        return done(clusterWord(command, args, context))
    }
  }

  #export(args: readonly Bytes[]): Shown {
    for (const word of args) {
      const [, name, value] = /^([A-Za-z_]\w*)(?:=([\s\S]*))?$/.exec(word) ?? []
      if (name === undefined)
        return { stderr: `bash: export: \`${text(word)}': not a valid identifier\n`, exit: 1 }
      this.#set(
        name,
        value ?? this.#state.variables.find((each) => each.name === name)?.value ?? '',
        true,
      )
    }
    return { exit: 0 }
  }

  /** The values of a line's variables when it begins. */
  #lookup(mode: Mode, world: World): Lookup {
    const { lastExit, lastBackground, variables } = this.#state
    const leases = mode === 'guided' ? world.granted : this.#state.leases
    return (name) => {
      if (name === '?') return String(lastExit)
      if (name === '!')
        return lastBackground === undefined ? undefined : String(pidOf(lastBackground))
      const variable = variables.find((each) => each.name === name)
      if (variable !== undefined) return variable.value
      const [, index] = /^L([1-9]\d*)$/.exec(name) ?? []
      const lease = index === undefined ? undefined : leases[Number(index) - 1]
      return lease === undefined ? undefined : leaseText(lease)
    }
  }

  #set(name: string, value: Bytes, exported = false): void {
    const { variables } = this.#state
    const known = variables.find((each) => each.name === name)
    if (known === undefined) variables.push({ name, value, exported })
    else {
      known.value = value
      known.exported ||= exported
    }
  }

  #put({ source }: ConsoleLine, job: Job): void {
    if (!job.background) {
      this.#state.foreground = job
      return
    }
    const number = Math.max(0, ...this.#state.background.map((other) => other.number ?? 0)) + 1
    this.#state.background.push({ ...job, number, line: source })
    this.#state.lastBackground = job.job
  }

  /** The background jobs, the latest last. */
  get #killable(): Killable[] {
    return this.#state.background.map(({ job, number = job, line = '' }) => ({ job, number, line }))
  }

  /** bash's `kill`, for background jobs. */
  #kill(args: readonly Bytes[], context: ShellContext): Shown {
    const { signal, jobs, stderr, exit } = readKill(args, this.#killable)
    let notices = ''
    for (const number of jobs) {
      const job = this.#state.background.find((each) => each.job === number)
      if (job === undefined || signal === null) continue
      if (signal === 'STOP' || signal === 'CONT') {
        if (job.phase === 'running') context.freeze(signal === 'STOP' ? 'pause' : 'resume', number)
        else notices += 'not modelled here: stopping a line that is no process of etcdctl\n'
      } else if (!this.#asks(job, signal, context)) {
        notices += this.#notice(job, ENDED_BY[signal])
        if (job.phase === 'running') context.kill(number)
        this.#remove(job)
      }
    }
    return { stderr: stderr + notices, exit }
  }

  /**
   * Whether the process handles the signal itself: a lock and a candidate release what they hold. A
   * lock with a command waits for its end.
   */
  #asks(job: Job, signal: KillSignal, context: ShellContext): boolean {
    const task = job.phase === 'running' ? job.task : null
    if (
      (signal !== 'INT' && signal !== 'TERM') ||
      (task?.type !== 'lock' && task?.type !== 'campaign' && task?.type !== 'observe')
    )
      return false
    job.asked = true
    if (task.type !== 'lock' || task.exec.length === 0) context.interrupt(job.job)
    return true
  }

  #notice(job: Job, how: string): string {
    const running = this.#killable
    const own = running.find((each) => each.job === job.job)
    return own === undefined ? '' : jobNotice(own, how, running)
  }

  /** The shell's notice of a killed job. */
  #killed(number: number, context: ShellContext): void {
    const { foreground, background } = this.#state
    const job =
      foreground?.job === number ? foreground : background.find((each) => each.job === number)
    if (job === undefined) return
    context.print(
      number,
      'stderr',
      job.background ? this.#notice(job, ENDED_BY.KILL) : `${ENDED_BY.KILL}\n`,
    )
    this.#end(job, KILLED, context)
  }

  /** Shows the output of a line without a process, and ends it. */
  #done(
    job: number,
    line: ConsoleLine,
    context: ShellContext,
    { stdout, stderr, exit }: Shown,
  ): void {
    context.print(job, 'stdout', stdout)
    context.print(job, 'stderr', stderr)
    if (line.background) return
    this.#state.lastExit = exit
    context.exit(job, exit)
  }

  // Processes -------------------------------------------------------------------------------------

  #timer(timer: string, context: ShellContext): void {
    const [what, number] = timer.split(':')
    const { foreground, background, pausedBy } = this.#state
    if (what === 'next') {
      if (pausedBy === Number(number)) this.#state.pausedBy = null
      return
    }
    const job = [...background, ...(foreground === null ? [] : [foreground])].find(
      (each) => each.job === Number(number),
    )
    if (job === undefined) return
    if (what === 'start' && job.phase === 'starting') return this.#start(job, context)
    if (what === 'wake' && job.phase === 'sleeping') {
      // A shell shows no exit code for a sleep.
      if (!job.background) this.#state.lastExit = 0
      return this.#remove(job)
    }
    if (what === 'release' && job.phase === 'running') context.interrupt(job.job)
  }

  #start(job: Job, context: ShellContext): void {
    const { task } = job
    if (task === null) return
    if (task.type === 'answer') {
      context.print(job.job, 'stdout', task.stdout)
      context.print(job.job, 'stderr', task.stderr)
      return this.#end(job, task.exit, context)
    }
    job.phase = 'running'
    job.askedAt = context.now
    if ('before' in task) context.print(job.job, 'stderr', task.before?.stderr)
    const { rules } = context.world
    const instructions = compile(task, {
      clientURLs: clientURLs(context.world),
      prevKv: job.mode === 'guided',
      readsMemberList: etcdctlOf(context.world.etcd).has.readsMemberList,
      ...(rules === undefined ? {} : { rules }),
    })
    context.start(job.job, job.client, instructions, task)
  }

  #signal(number: number, signal: Signal, context: ShellContext): void {
    const { foreground, background } = this.#state
    const job =
      foreground?.job === number ? foreground : background.find((each) => each.job === number)
    if (
      job === undefined ||
      job.phase !== 'running' ||
      job.task === null ||
      job.task.type === 'answer'
    )
      return
    const { task } = job
    const printed = print(task, job.progress, signal, {
      tookMs: context.now - job.askedAt,
      clientURLs: clientURLs(context.world),
      etcdctl: etcdctlOf(context.world.etcd),
    })
    if (signal.type === 'reply') job.askedAt = context.now
    context.print(job.job, 'stdout', printed.stdout)
    context.print(job.job, 'stderr', printed.stderr)
    if (signal.type === 'reply') this.#learn(task, signal.reply, job, context)
    if (signal.type === 'held' && task.type === 'lock' && task.exec[0] === 'sleep') {
      const sleep = durationMs(task.exec.slice(1))
      if ('stderr' in sleep) context.print(job.job, 'stderr', sleep.stderr)
      context.timer(`release:${job.job}`, context.now + ('ms' in sleep ? sleep.ms : 0))
    }
    if (printed.exit === undefined) return
    if (signal.type !== 'ended') context.stop(job.job)
    this.#end(job, printed.exit, context)
  }

  /** Records a granted lease, and adds the guided mode's notes on an answer. */
  #learn(invocation: Invocation, reply: Reply, job: Job, context: ShellContext): void {
    if (invocation.type === 'lease-grant' && reply.type === 'LeaseGrant') {
      this.#state.leases.push(reply.ID)
      this.#state.guide.unused = reply.ID
    }
    if (job.mode === 'guided')
      for (const note of notesOnReply(invocation, reply, context.world)) context.note(job.job, note)
  }

  /** A job has ended; a shell shows the exit code of a foreground job. */
  #end(job: Job, exit: number, context: ShellContext): void {
    if (job.asked)
      context.print(job.job, 'stderr', this.#notice(job, exit === 0 ? 'Done' : `Exit ${exit}`))
    this.#remove(job)
    if (job.background) return
    this.#state.lastExit = exit
    context.exit(job.job, exit)
  }

  #remove(job: Job): void {
    if (this.#state.foreground === job) this.#state.foreground = null
    this.#state.background = this.#state.background.filter((each) => each !== job)
  }

  #interrupt(number: number | undefined, context: ShellContext): void {
    const { foreground, background } = this.#state
    const job =
      number === undefined || foreground?.job === number
        ? foreground
        : background.find((each) => each.job === number)
    if (number === undefined || job === foreground) {
      this.#state.queue = []
      this.#state.pausedBy = null
    }
    if (job === null || job === undefined) return
    const task = job.phase === 'running' ? job.task?.type : undefined
    // These continue briefly to release what they hold, and have their own exit codes.
    if (task === 'lock' || task === 'campaign' || task === 'observe')
      return context.interrupt(job.job)
    if (job.phase === 'running') context.stop(job.job)
    this.#remove(job)
    this.#state.lastExit = INTERRUPTED
    context.exit(job.job, INTERRUPTED)
  }
}

/** The exit code of a process that SIGINT ended, as a shell shows it. */
const INTERRUPTED = 130
/** The same for SIGKILL. */
const KILLED = 137

/** The surroundings of a line when it begins. */
interface Place {
  job: number
  line: ConsoleLine
  mode: Mode
  stdin: Bytes
  context: ShellContext
}

/** Every member's, in the order of `member list`. */
const clientURLs = (world: World): string[] =>
  world.members
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .flatMap((member) => [...member.clientURLs])
