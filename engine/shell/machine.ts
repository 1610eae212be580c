// A shell on virtual time. Processes are stacks of frames, and every frame is plain data, so a
// script can be saved in the middle of a loop, replayed and forked. Nothing waits here: a process
// whose innermost frame needs an input, a timer or another process leaves the queue until then.
//
//   script    if etcdctl put k v | grep -q OK; then …
//   └─ list ─ and-or ─ pipeline ─ compound (if) ─ list ─ and-or ─ pipeline
//                                                                 ├─ pid 11: exec etcdctl
//                                                                 └─ pid 12: exec grep
//   output {type: 'spawn', pid: 11, …}; the host answers with 'output' and 'exit'

import { assert } from '../base/assert'
import type { Bytes } from '../base/rpc'
import { Builtins } from './builtins'
import { Compounds } from './compound-command'
import { BROKEN, Descriptors } from './descriptors'
import { Executor } from './execute'
import type { Expander } from './expand'
import { Expansions } from './expansions'
import type { Kernel, MachineInput, MachineOutput, ShellConfig, Step, World } from './kernel'
import { ROOT, SIGNALS } from './kernel'
import { Lists } from './lists'
import { Redirections } from './redirections'
import { SimpleCommands } from './simple-command'
import type { Environment, Frame, MachineState, Placed, Process, Variable } from './state'
import { copyMachine } from './state'
import type { Command } from './syntax'

/** Steps of one process before the next one has its turn. */
const QUANTUM = 64
/** Steps without time passing. A loop that needs more would not end. */
export const MAX_STEPS = 200_000
const FIRST_PID = 4100

export class Machine implements Kernel {
  readonly config: ShellConfig
  readonly #state: MachineState
  readonly descriptors: Descriptors
  readonly #builtins: Builtins
  readonly #executor: Executor
  readonly #lists: Lists
  readonly #simple: SimpleCommands
  readonly #compounds: Compounds
  readonly #redirections: Redirections
  readonly #expansions: Expansions
  #outputs: MachineOutput[] = []
  #world: World = { now: 0, hasProgram: () => false, readsInput: () => false }

  constructor(config: ShellConfig, state?: MachineState) {
    this.config = config
    this.#state = state ?? initial(config)
    this.descriptors = new Descriptors(this.#state, () => this.wakeReaders())
    if (state === undefined) this.#openTerminal()
    this.#builtins = new Builtins(this)
    this.#executor = new Executor(this)
    this.#lists = new Lists(this)
    this.#simple = new SimpleCommands(this)
    this.#compounds = new Compounds(this)
    this.#redirections = new Redirections(this)
    this.#expansions = new Expansions(this)
  }

  static load(config: ShellConfig, saved: MachineState): Machine {
    return new Machine(config, copyMachine(saved))
  }

  save(): MachineState {
    return copyMachine(this.#state)
  }

  get world(): World {
    return this.#world
  }

  get state(): MachineState {
    return this.#state
  }

  /** Whether a text runs or waits. */
  get busy(): boolean {
    return this.#root.stack.length > 0 || this.#state.queue.length > 0
  }

  /** Takes what comes in and runs until every process waits. Unknown pids are ignored. */
  step(input: MachineInput, world: World): MachineOutput[] {
    this.#outputs = []
    this.#world = world
    this.#take(input)
    this.#run()
    return this.#outputs
  }

  get #root(): Process {
    return this.process(ROOT)!
  }

  process(pid: number): Process | undefined {
    return this.#state.processes.find((each) => each.pid === pid)
  }

  #openTerminal(): void {
    const { descriptors } = this
    const root = this.#root
    descriptors.set(root, 0, descriptors.open({ type: 'null' }))
    descriptors.set(root, 1, descriptors.open({ type: 'terminal', stream: 'stdout' }))
    descriptors.set(root, 2, descriptors.open({ type: 'terminal', stream: 'stderr' }))
  }

  #take(input: MachineInput): void {
    switch (input.type) {
      case 'run':
        this.#state.queue.push(input.source)
        this.#nextText()
        return
      case 'output': {
        const process = this.process(input.pid)
        if (process === undefined || process.exit !== null) return
        this.print(process, input.stream === 'stdout' ? 1 : 2, input.bytes)
        return
      }
      case 'exit': {
        const process = this.process(input.pid)
        if (process === undefined || process.exit !== null) return
        process.environment.lastExit = input.exit
        process.stack = []
        this.wake(process)
        return
      }
      case 'timer': {
        this.#state.steps = 0
        const process = this.process(input.pid)
        if (process !== undefined) this.wake(process)
        return
      }
      default: {
        if (input.pid !== undefined) {
          const process = this.process(input.pid)
          if (process !== undefined) this.signal(process, input.signal)
          return
        }
        this.#interrupt(input.signal)
      }
    }
  }

  #nextText(): void {
    const root = this.#root
    if (root.stack.length > 0 || root.exit !== null) return
    const source = this.#state.queue.shift()
    if (source === undefined) return
    this.push(root, { type: 'script', source, at: 0, line: 1 }, false)
    this.wake(root)
  }

  /** Ctrl-C: everything in the foreground gets the signal, and an interactive shell goes on. */
  #interrupt(signal: string): void {
    const root = this.#root
    this.#state.queue = []
    for (const process of this.#foreground()) this.signal(process, signal)
    if (!this.config.interactive) return this.signal(root, signal)
    while (root.stack.length > 0) this.leave(root)
    root.environment.lastExit = 128 + (SIGNALS[signal] ?? 0)
  }

  /** Processes below the shell that no `&` has put into the background. */
  #foreground(): Process[] {
    const found: Process[] = []
    const search = (parent: number) => {
      for (const process of this.#state.processes)
        if (process.parent === parent && process.job === null && process.exit === null) {
          found.push(process)
          search(process.pid)
        }
    }
    search(ROOT)
    return found
  }

  // The queue -------------------------------------------------------------------------------------

  wake(process: Process): void {
    const { ready } = this.#state
    if (process.exit === null && !ready.includes(process.pid)) ready.push(process.pid)
  }

  wakeReaders(): void {
    for (const process of this.#state.processes) {
      const top = process.stack.at(-1)?.frame.type
      if (top !== undefined && WAITS_FOR_PIPES.has(top)) this.wake(process)
    }
  }

  #run(): void {
    for (;;) {
      const pid = this.#state.ready.shift()
      if (pid === undefined) return
      const process = this.process(pid)
      if (process === undefined || process.exit !== null) continue
      let waits = false
      for (let i = 0; i < QUANTUM && process.exit === null && !waits; i++) {
        if (++this.#state.steps > MAX_STEPS) return this.#stop()
        waits = this.#stepProcess(process) === 'wait'
      }
      if (process.exit === null && !waits) this.wake(process)
    }
  }

  /** A loop that passes no time ends here, with a word. */
  #stop(): void {
    this.#state.ready = []
    this.#state.steps = 0
    this.#state.queue = []
    const root = this.#root
    const word = `stopped: ${MAX_STEPS} steps without any time passing; is there a loop without sleep?\n`
    this.#outputs.push({ type: 'print', stream: 'stderr', bytes: word })
    for (const process of [...this.#state.processes])
      if (process.pid !== ROOT && process.exit === null) this.#kill(process, 'KILL')
    this.#state.ready = []
    while (root.stack.length > 0) this.leave(root)
    root.environment.lastExit = 1
    if (!this.config.interactive) this.#end(root)
  }

  #stepProcess(process: Process): Step {
    const placed = process.stack.at(-1)
    if (placed === undefined) {
      if (process.pid === ROOT && this.config.interactive) {
        this.#nextText()
        return process.stack.length > 0 ? 'on' : 'wait'
      }
      this.#end(process)
      return 'wait'
    }
    return this.#stepFrame(process, placed)
  }

  #stepFrame(process: Process, placed: Placed): Step {
    const { frame } = placed
    switch (frame.type) {
      case 'script':
        return this.#lists.script(process, frame)
      case 'list':
        return this.#lists.list(process, frame, placed)
      case 'and-or':
        return this.#lists.andOr(process, frame, placed)
      case 'pipeline':
        return this.#lists.pipeline(process, frame, placed)
      case 'simple':
        return this.#simple.simple(process, frame, placed)
      case 'redirected':
        return this.#redirections.redirected(process, frame, placed)
      case 'compound':
        return this.#compounds.compound(process, frame, placed)
      case 'function': {
        if (frame.body === null) return this.pop(process)
        const { node } = frame.body
        frame.body = null
        return this.command(process, node, placed.checked)
      }
      case 'source':
      case 'assigned':
        return this.pop(process)
      case 'substitution':
        return this.#expansions.substitution(process, frame)
      case 'foreground':
        return this.#waitForChild(process, frame.pid)
      case 'builtin':
        return this.#builtins.run(process, frame, placed)
      case 'wait':
        return this.#builtins.wait(process, frame)
      case 'read':
        return this.#builtins.read(process, frame)
      case 'exiting':
        process.environment.lastExit = frame.exit
        process.stack = []
        return 'on'
      default:
        return this.#executor.step(process, frame)
    }
  }

  // Frames ----------------------------------------------------------------------------------------

  push(process: Process, frame: Frame, checked: boolean): Step {
    process.stack.push({ frame, checked })
    return 'on'
  }

  pop(process: Process): Step {
    this.leave(process)
    return 'on'
  }

  /** Takes the innermost frame away, and undoes what was in force with it. */
  leave(process: Process): void {
    const frame = process.stack.pop()?.frame
    if (frame === undefined) return
    const { environment } = process
    if (frame.type === 'redirected')
      for (const { fd, open } of frame.saved.toReversed()) {
        if (!frame.stays) this.descriptors.set(process, fd, open)
        if (open !== null) this.descriptors.release(open)
      }
    if (frame.type === 'function' || frame.type === 'assigned')
      for (const { name, before } of frame.hidden.toReversed()) {
        environment.variables = environment.variables.filter((each) => each.name !== name)
        if (before !== null) environment.variables.push(before)
      }
    if (frame.type === 'function') environment.positional = frame.positional
    if (frame.type === 'source' && frame.positional !== null)
      environment.positional = frame.positional
    if (frame.type === 'substitution') {
      this.descriptors.release(frame.open)
    }
  }

  /** Leaves frames until `stop` says so of the innermost; false where none does. */
  unwind(process: Process, stop: (frame: Frame) => boolean): boolean {
    if (!process.stack.some(({ frame }) => stop(frame))) return false
    while (!stop(process.stack.at(-1)!.frame)) this.leave(process)
    return true
  }

  // Simple commands -------------------------------------------------------------------------------

  command(process: Process, node: Command, checked: boolean): Step {
    return this.#lists.command(process, node, checked)
  }

  enter(process: Process, body: Frame, checked: boolean): Step {
    return this.#simple.enter(process, body, checked)
  }

  expanding<T>(
    process: Process,
    outputs: readonly Bytes[],
    make: (expander: Expander) => T,
  ): T | null {
    return this.#expansions.expanding(process, outputs, make)
  }

  copyOf(process: Process, name: string): Variable | null {
    const known = process.environment.variables.find((each) => each.name === name)
    return known === undefined ? null : { ...known }
  }

  /** Keeps what a variable was before `local` hides it; false outside of a function. */
  hide(process: Process, name: string): boolean {
    const call = process.stack.findLast(({ frame }) => frame.type === 'function')?.frame
    if (call?.type !== 'function') return false
    if (!call.hidden.some((each) => each.name === name)) {
      call.hidden.push({ name, before: this.copyOf(process, name) })
      const { environment } = process
      environment.variables = environment.variables.filter((each) => each.name !== name)
    }
    return true
  }

  // Expansion -------------------------------------------------------------------------------------

  /** Leaves the complete command that failed. A script goes on with the next one. */
  abandon(process: Process): void {
    if (this.unwind(process, (frame) => frame.type === 'script')) return
    const exit = process.environment.lastExit
    while (process.stack.length > 0) this.leave(process)
    process.environment.lastExit = exit
  }

  variable(process: Process, name: string): Bytes | undefined {
    const known = process.environment.variables.find((each) => each.name === name)?.value
    if (known !== undefined) return known
    if (name === 'LINENO') return String(process.line)
    if (name === 'PWD') return process.environment.directory
    if (name === 'SECONDS') return String(Math.floor(this.#world.now / 1000))
    return this.#world.variable?.(name)
  }

  /** Sets a variable; false and a word where it is read-only. */
  assign(process: Process, name: string, value: Bytes, exported = false): boolean {
    const { variables } = process.environment
    const known = variables.find((each) => each.name === name)
    if (known?.readonly === true) {
      this.complain(process, `${name}: readonly variable`)
      process.environment.lastExit = 1
      this.abandon(process)
      return false
    }
    if (known === undefined) variables.push({ name, value, exported, readonly: false })
    else {
      known.value = value
      known.exported ||= exported
    }
    return true
  }

  // Compound commands -----------------------------------------------------------------------------

  // Redirections ----------------------------------------------------------------------------------

  // Processes -------------------------------------------------------------------------------------

  fork(parent: Process): Process {
    const { environment } = parent
    const child: Process = {
      pid: this.#state.nextPid++,
      parent: parent.pid,
      environment: copyEnvironment(environment),
      descriptors: [],
      stack: [],
      exit: null,
      signal: null,
      job: null,
      line: parent.line,
      source: parent.source,
    }
    child.environment.traps = []
    this.descriptors.inherit(parent, child)
    this.#state.processes.push(child)
    return child
  }

  /** Runs a program in the foreground. */
  start(process: Process, argv: Bytes[], checked: boolean): Step {
    const child = this.fork(process)
    this.push(child, { type: 'exec', argv, stdin: null }, false)
    this.wake(child)
    return this.push(process, { type: 'foreground', pid: child.pid }, checked)
  }

  /** What a script says of a process that a signal ended, once. */
  notice(process: Process, child: Process): void {
    const word = child.signal === null ? undefined : ENDED_BY[child.signal]
    if (word === undefined || this.config.interactive || child.job?.reported === true) return
    if (child.job !== null) child.job.reported = true
    const source = child.job?.source ?? process.source
    this.complain(process, `${String(child.pid).padStart(5)} ${word.padEnd(23)} ${source}`)
  }

  #waitForChild(process: Process, pid: number): Step {
    const child = this.process(pid)
    if (child !== undefined && child.exit === null) return 'wait'
    process.environment.lastExit = child?.exit ?? 0
    if (child !== undefined) this.notice(process, child)
    this.reap(pid)
    // Jobs whose end nothing waited for are told of behind a command.
    for (const each of this.#state.processes)
      if (each.parent === process.pid && each.exit !== null) this.notice(process, each)
    return this.pop(process)
  }

  /** Forgets a process that has ended. */
  reap(pid: number): void {
    this.#state.processes = this.#state.processes.filter(
      (each) => each.pid !== pid || each.exit === null,
    )
  }

  /** Ends the shell behind its trap on EXIT. */
  exit(process: Process, exit: number): Step {
    process.environment.lastExit = exit
    while (process.stack.length > 0) this.leave(process)
    const trap = process.environment.traps.find(({ signal }) => signal === 'EXIT')
    if (trap !== undefined) {
      process.environment.traps = process.environment.traps.filter((each) => each !== trap)
      this.push(process, { type: 'exiting', exit }, true)
      this.push(process, { type: 'script', source: trap.command, at: 0, line: 1 }, true)
    }
    return 'on'
  }

  #end(process: Process): void {
    const trap = process.environment.traps.some(({ signal }) => signal === 'EXIT')
    if (trap) {
      this.exit(process, process.environment.lastExit)
      this.wake(process)
      return
    }
    process.exit = process.environment.lastExit
    this.#gone(process)
  }

  #gone(process: Process): void {
    this.descriptors.closeAll(process)
    this.#state.ready = this.#state.ready.filter((pid) => pid !== process.pid)
    for (const child of this.#state.processes)
      if (child.parent === process.pid) {
        child.parent = null
        if (child.exit !== null) this.reap(child.pid)
      }
    if (process.pid === ROOT) {
      this.#outputs.push({ type: 'ended', exit: process.exit ?? 0 })
      return
    }
    const parent = process.parent === null ? undefined : this.process(process.parent)
    if (parent === undefined || parent.exit !== null) this.reap(process.pid)
    else this.wake(parent)
  }

  /** Sends a signal as `kill` does. A shell may have a trap on it. */
  signal(process: Process, signal: string): void {
    if (process.exit !== null) return
    const top = process.stack.at(-1)?.frame
    if (top?.type === 'host') {
      this.#outputs.push({ type: 'signal', pid: process.pid, signal })
      return
    }
    if (signal === 'CONT' || signal === 'STOP') return
    const trap = process.environment.traps.find((each) => each.signal === signal)
    if (trap !== undefined && signal !== 'KILL') {
      if (trap.command !== '')
        this.push(process, { type: 'script', source: trap.command, at: 0, line: 1 }, true)
      this.wake(process)
      return
    }
    this.#kill(process, signal)
  }

  #kill(process: Process, signal: string): void {
    if (process.stack.at(-1)?.frame.type === 'host')
      this.#outputs.push({ type: 'signal', pid: process.pid, signal: 'KILL' })
    while (process.stack.length > 0) this.leave(process)
    process.exit = 128 + (SIGNALS[signal] ?? 0)
    process.signal = signal
    this.#gone(process)
  }

  // Output ----------------------------------------------------------------------------------------

  /** Writes to a descriptor. False: it is closed, or no process reads it and this one is gone. */
  print(process: Process, fd: number, bytes: Bytes): boolean {
    if (bytes === '') return true
    const written = this.descriptors.write(process, fd, bytes)
    if (written === 'terminal') {
      const file = this.descriptors.fileOf(process, fd)
      assert(file?.type === 'terminal', 'what is written to a terminal has one')
      this.#outputs.push({ type: 'print', stream: file.stream, bytes })
      return true
    }
    if (written === BROKEN) {
      this.#kill(process, 'PIPE')
      return false
    }
    return written
  }

  /** A message of the shell, with its name and the line of the script. */
  complain(process: Process, message: Bytes): void {
    this.print(process, 2, `${this.place(process)}${message}\n`)
  }

  place(process: Process): Bytes {
    const { name } = process.environment
    return this.config.interactive ? `${name}: ` : `${name}: line ${process.line}: `
  }

  emit(output: MachineOutput): void {
    this.#outputs.push(output)
  }
}

/** bash 5.2 says nothing of SIGINT, SIGPIPE and SIGTERM. */
const ENDED_BY: Readonly<Record<string, string>> = {
  HUP: 'Hangup',
  KILL: 'Killed',
  QUIT: 'Quit',
  USR1: 'User defined signal 1',
  USR2: 'User defined signal 2',
  ALRM: 'Alarm clock',
}
const WAITS_FOR_PIPES = new Set(['read', 'utility', 'xargs', 'exec', 'redirected', 'substitution'])

function initial(config: ShellConfig): MachineState {
  const root: Process = {
    pid: ROOT,
    parent: null,
    environment: {
      variables: config.environment.map((each) => ({ ...each, exported: true, readonly: false })),
      functions: [],
      options: { errexit: false, nounset: false, xtrace: false, noglob: false, pipefail: false },
      positional: [],
      name: config.name,
      lastExit: 0,
      lastBackground: null,
      aliases: [],
      traps: [],
      shellPid: FIRST_PID - 1,
      level: 0,
      directory: '/root',
    },
    descriptors: [],
    stack: [],
    exit: null,
    signal: null,
    job: null,
    line: 1,
    source: '',
  }
  return {
    processes: [root],
    opens: [],
    pipes: [],
    files: [],
    nextPid: FIRST_PID,
    nextOpen: 1,
    nextPipe: 1,
    queue: [],
    ready: [],
    steps: 0,
  }
}

function copyEnvironment(environment: Environment): Environment {
  return {
    ...environment,
    variables: environment.variables.map((each) => ({ ...each })),
    functions: [...environment.functions],
    options: { ...environment.options },
    positional: [...environment.positional],
    aliases: [...environment.aliases],
    traps: [...environment.traps],
  }
}
