// A process that becomes a program: a filter of this engine, another shell, a program that runs
// others (`timeout`, `xargs`, `env`), or one of the host.

import type { Bytes } from '../base/rpc'
import { signalName } from './builtin-names'
import type { Kernel, Step } from './kernel'
import type { Frame, Process } from './state'
import { UTILITIES } from './utilities'
import { durationMs } from './utilities/duration'
import type { Place, Said, Utility } from './utilities/utility'

/** Directories whose programs are known by their name alone. */
const BIN = /^\/(?:usr\/(?:local\/)?)?s?bin\//
const SHELLS = new Set(['sh', 'bash', 'dash', 'zsh', 'ash'])

export class Executor {
  readonly #kernel: Kernel

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  step(process: Process, frame: Frame): Step {
    switch (frame.type) {
      case 'exec':
        return this.#exec(process, frame)
      case 'utility':
        return this.#utility(process, frame)
      case 'sleep':
        if (this.#kernel.world.now < frame.until) return 'wait'
        return this.#end(process, 0)
      case 'timeout':
        return this.#timeout(process, frame)
      case 'xargs':
        return this.#xargs(process, frame)
      default:
        return 'wait'
    }
  }

  #end(process: Process, exit: number): Step {
    process.environment.lastExit = exit
    while (process.stack.length > 0) this.#kernel.leave(process)
    return 'on'
  }

  #fail(process: Process, message: Bytes, exit: number): Step {
    this.#kernel.print(process, 2, message)
    return this.#end(process, exit)
  }

  /** Everything that is read until the end; null while there may be more. */
  #gather(process: Process, frame: { stdin: Bytes | null }): Bytes | null {
    const { descriptors } = this.#kernel
    const open = descriptors.openOf(process, 0)
    frame.stdin ??= ''
    if (open === null) return frame.stdin
    for (;;) {
      const bytes = descriptors.read(open, false)
      if (bytes === null) return null
      if (bytes === '') return frame.stdin
      frame.stdin += bytes
    }
  }

  #exec(process: Process, frame: Extract<Frame, { type: 'exec' }>): Step {
    const machine = this.#kernel
    const [path = '', ...args] = frame.argv
    const name = path.replace(BIN, '')
    const become = (next: Frame): Step => {
      process.stack.pop()
      return machine.push(process, next, false)
    }
    const run = (argv: readonly Bytes[]): Step => {
      if (argv.length === 0) return this.#end(process, 0)
      return become({ type: 'exec', argv: [...argv], stdin: null })
    }
    if (machine.world.hasProgram([name, ...args])) {
      let stdin: Bytes = ''
      if (machine.world.readsInput([name, ...args])) {
        const gathered = this.#gather(process, frame)
        if (gathered === null) return 'wait'
        stdin = gathered
      }
      machine.emit({
        type: 'spawn',
        pid: process.pid,
        argv: [name, ...args],
        environment: process.environment.variables
          .filter(({ exported }) => exported)
          .map(({ name: variable, value }) => ({ name: variable, value })),
        stdin,
        background: this.#isInBackground(process),
      })
      return become({ type: 'host' })
    }
    switch (name) {
      case 'env':
        return this.#env(process, args, run)
      case 'nohup':
      case 'setsid':
        return run(args)
      case 'sudo': {
        let i = 0
        while (i < args.length && args[i]!.startsWith('-')) i += /^-[ugCp]$/.test(args[i]!) ? 2 : 1
        return run(args.slice(i))
      }
      case 'stdbuf':
      case 'nice':
        return run(
          args.slice(args.findIndex((word) => !word.startsWith('-') && !/^\d+$/.test(word))),
        )
      case 'sleep': {
        const ms = durationMs(args)
        if ('stderr' in ms) return this.#fail(process, ms.stderr, 1)
        const until = machine.world.now + ms.ms
        machine.emit({ type: 'timer', pid: process.pid, at: until })
        return become({ type: 'sleep', until })
      }
      case 'timeout':
        return this.#beginTimeout(process, args, become)
      case 'xargs':
        return this.#beginXargs(process, args, become)
      default:
        break
    }
    if (SHELLS.has(name)) return this.#shell(process, frame, args)
    const utility = UTILITIES.get(name)
    if (utility !== undefined) return this.#begin(process, name, utility, args)
    if (isShellWord(name)) return become({ type: 'builtin', argv: [name, ...args] })
    const files = machine.descriptors.files(process.environment.directory)
    if (path.includes('/')) {
      const source = files.read(path)
      if (source !== null) return this.#script(process, path, args)
      machine.complain(process, `${path}: No such file or directory`)
      return this.#end(process, 127)
    }
    machine.complain(process, `${path}: command not found`)
    return this.#end(process, 127)
  }

  #isInBackground(process: Process): boolean {
    for (let each: Process | undefined = process; each !== undefined; ) {
      if (each.job !== null) return true
      each = each.parent === null ? undefined : this.#kernel.process(each.parent)
    }
    return false
  }

  #env(process: Process, args: readonly Bytes[], run: (argv: readonly Bytes[]) => Step): Step {
    const { environment } = process
    let i = 0
    for (; i < args.length; i++) {
      const word = args[i]!
      const [, name, value = ''] = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(word) ?? []
      if (word === '-i' || word === '-')
        environment.variables = environment.variables.filter(({ exported }) => !exported)
      else if (word === '-u') {
        i++
        environment.variables = environment.variables.filter((each) => each.name !== args[i])
      } else if (name !== undefined) this.#kernel.assign(process, name, value, true)
      else break
    }
    if (i < args.length) return run(args.slice(i))
    const lines = environment.variables
      .filter(({ exported }) => exported)
      .map(({ name, value }) => `${name}=${value}\n`)
    this.#kernel.print(process, 1, lines.join(''))
    return this.#end(process, 0)
  }

  // Another shell ---------------------------------------------------------------------------------

  #shell(process: Process, frame: Extract<Frame, { type: 'exec' }>, args: readonly Bytes[]): Step {
    const { environment } = process
    const name = frame.argv[0] ?? 'bash'
    const options: string[] = []
    let command = false
    let i = 0
    for (; i < args.length && /^[-+][a-zA-Z-]/.test(args[i]!); i++) {
      const word = args[i]!
      if (word === '--' || word === '-') {
        i++
        break
      }
      if (word.startsWith('--')) continue
      if (word.includes('c')) command = true
      options.push(word.replaceAll(/[clis]/g, ''))
      if (word.endsWith('o')) options[options.length - 1] += ` ${args[++i] ?? ''}`
    }
    const rest = args.slice(i)
    const begin = (source: Bytes, zero: Bytes, positional: readonly Bytes[]): Step => {
      environment.variables = environment.variables.filter(({ exported }) => exported)
      environment.functions = []
      environment.aliases = []
      environment.options = {
        errexit: false,
        nounset: false,
        xtrace: false,
        noglob: false,
        pipefail: false,
      }
      environment.name = zero
      environment.positional = [...positional]
      environment.shellPid = process.pid
      environment.level = 0
      environment.lastExit = 0
      for (const each of options) {
        environment.options.errexit ||= /^-\w*e/.test(each)
        environment.options.nounset ||= /^-\w*u/.test(each)
        environment.options.xtrace ||= /^-\w*x/.test(each)
        environment.options.pipefail ||= /^-\w*o pipefail/.test(each)
      }
      while (process.stack.length > 0) this.#kernel.leave(process)
      process.line = 1
      return this.#kernel.push(process, { type: 'script', source, at: 0, line: 1 }, false)
    }
    if (command) {
      // `sh -- -c text` and `sh -c -- text`.
      const words = rest[0] === '--' ? rest.slice(1) : rest
      const [source, zero = name, ...positional] = words
      if (source === undefined)
        return this.#fail(process, `${name}: -c: option requires an argument\n`, 2)
      return begin(source, zero, positional)
    }
    const [path, ...positional] = rest
    if (path !== undefined) {
      const files = this.#kernel.descriptors.files(environment.directory)
      const source = files.read(path)
      if (source === null)
        return this.#fail(process, `${name}: ${path}: No such file or directory\n`, 127)
      return begin(source, path, positional)
    }
    const source = this.#gather(process, frame)
    return source === null ? 'wait' : begin(source, name, [])
  }

  #script(process: Process, path: Bytes, args: readonly Bytes[]): Step {
    return this.#shell(process, { type: 'exec', argv: [path, path, ...args], stdin: null }, [
      path,
      ...args,
    ])
  }

  // Programs that run others ----------------------------------------------------------------------

  #beginTimeout(process: Process, args: readonly Bytes[], become: (frame: Frame) => Step): Step {
    let signal = 'TERM'
    let i = 0
    for (; i < args.length && args[i]!.startsWith('-'); i++) {
      const word = args[i]!
      const value = /^(?:-s|--signal=)(.+)$/.exec(word)?.[1]
      if (word === '-s') signal = signalName(args[++i] ?? '') ?? 'TERM'
      else if (value !== undefined) signal = signalName(value) ?? 'TERM'
      else if (word === '-k') i++
    }
    const [limit, ...argv] = args.slice(i)
    if (limit === undefined || argv.length === 0)
      return this.#fail(
        process,
        "timeout: missing operand\nTry 'timeout --help' for more information.\n",
        125,
      )
    const ms = durationMs([limit])
    if ('stderr' in ms)
      return this.#fail(
        process,
        `timeout: invalid time interval ‘${limit}’\nTry 'timeout --help' for more information.\n`,
        125,
      )
    const machine = this.#kernel
    const until = machine.world.now + ms.ms
    if (ms.ms > 0) machine.emit({ type: 'timer', pid: process.pid, at: until })
    const child = machine.fork(process)
    machine.push(child, { type: 'exec', argv, stdin: null }, false)
    machine.wake(child)
    return become({
      type: 'timeout',
      pid: child.pid,
      until: ms.ms > 0 ? until : Number.MAX_SAFE_INTEGER,
      signal,
      expired: false,
    })
  }

  #timeout(process: Process, frame: Extract<Frame, { type: 'timeout' }>): Step {
    const machine = this.#kernel
    const child = machine.process(frame.pid)
    if (child !== undefined && child.exit === null) {
      if (!frame.expired && machine.world.now >= frame.until) {
        frame.expired = true
        machine.signal(child, frame.signal)
        return child.exit === null ? 'wait' : 'on'
      }
      return 'wait'
    }
    const exit = child?.exit ?? 0
    machine.reap(frame.pid)
    return this.#end(process, frame.expired ? (frame.signal === 'KILL' ? 137 : 124) : exit)
  }

  #beginXargs(_process: Process, args: readonly Bytes[], become: (frame: Frame) => Step): Step {
    let replace: Bytes | null = null
    let perCall = 0
    let quiet = false
    let i = 0
    for (; i < args.length && args[i]!.startsWith('-'); i++) {
      const word = args[i]!
      const [, letter, value = ''] = /^-([IinLPd])([\s\S]*)$/.exec(word) ?? []
      if (word === '-r' || word === '--no-run-if-empty') quiet = true
      else if (letter === 'i') replace = value === '' ? '{}' : value
      else if (letter !== undefined) {
        const given = value === '' ? (args[++i] ?? '') : value
        if (letter === 'I') replace = given
        if (letter === 'n' || letter === 'L') perCall = Number(given) || 0
      }
    }
    const command = args.slice(i)
    return become({
      type: 'xargs',
      command: command.length === 0 ? ['echo'] : command,
      replace,
      perCall,
      quiet,
      input: '',
      items: null,
      index: 0,
      pid: null,
      exit: 0,
    })
  }

  #xargs(process: Process, frame: Extract<Frame, { type: 'xargs' }>): Step {
    const machine = this.#kernel
    if (frame.items === null) {
      const kept = { stdin: frame.input }
      const input = this.#gather(process, kept)
      frame.input = kept.stdin
      if (input === null) return 'wait'
      frame.items = xargsItems(input, frame.replace !== null)
      if (frame.items.length === 0 && !frame.quiet && frame.replace === null) frame.items = ['']
      frame.input = frame.items.length === 1 && frame.items[0] === '' ? 'none' : ''
    }
    if (frame.pid !== null) {
      const child = machine.process(frame.pid)
      if (child !== undefined && child.exit === null) return 'wait'
      const exit = child?.exit ?? 0
      machine.reap(frame.pid)
      frame.pid = null
      if (exit === 255 || exit > 125) return this.#end(process, exit === 127 ? 127 : 124)
      if (exit !== 0) frame.exit = 123
    }
    if (frame.index >= frame.items.length) return this.#end(process, frame.exit)
    const many = frame.replace !== null ? 1 : frame.perCall > 0 ? frame.perCall : frame.items.length
    const items = frame.items.slice(frame.index, frame.index + many)
    frame.index += many
    const { replace } = frame
    const argv =
      replace === null
        ? [...frame.command, ...(frame.input === 'none' ? [] : items)]
        : frame.command.map((word) => word.replaceAll(replace, () => items[0]!))
    const child = machine.fork(process)
    machine.descriptors.set(child, 0, machine.descriptors.open({ type: 'null' }))
    machine.push(child, { type: 'exec', argv, stdin: null }, false)
    machine.wake(child)
    frame.pid = child.pid
    return 'wait'
  }

  // Utilities -------------------------------------------------------------------------------------

  #place(process: Process): Place {
    return {
      now: this.#kernel.world.now,
      environment: (name) => this.#kernel.variable(process, name),
      files: this.#kernel.descriptors.files(process.environment.directory),
    }
  }

  #begin(process: Process, name: string, utility: Utility, args: readonly Bytes[]): Step {
    const { state, inputs, ...said } = utility.start(args, this.#place(process))
    if (!this.#say(process, said)) return 'on'
    if (said.exit !== undefined) return this.#end(process, said.exit)
    process.stack.pop()
    return this.#kernel.push(
      process,
      { type: 'utility', name, state: state ?? {}, inputs: [...(inputs ?? [null])] },
      false,
    )
  }

  /** False: the process is gone, because no process reads what it wrote. */
  #say(process: Process, { stdout = '', stderr = '' }: Said): boolean {
    if (!this.#kernel.print(process, 2, stderr) && process.exit !== null) return false
    return this.#kernel.print(process, 1, stdout) || process.exit === null
  }

  #utility(process: Process, frame: Extract<Frame, { type: 'utility' }>): Step {
    const utility = UTILITIES.get(frame.name)!
    const place = this.#place(process)
    const said = (what: Said | undefined): boolean => {
      if (what === undefined) return false
      if (!this.#say(process, what)) return true
      if (what.exit === undefined) return false
      this.#end(process, what.exit)
      return true
    }
    const input = frame.inputs[0]
    if (input === undefined) {
      const end = utility.end?.(frame.state, place)
      if (said(end) || process.exit !== null || end?.again === true) return 'on'
      return this.#end(process, 0)
    }
    if (input !== null) {
      const bytes = place.files.read(input)
      frame.inputs.shift()
      if (bytes === null) {
        const why =
          place.files.kind(input) === 'directory' ? 'Is a directory' : 'No such file or directory'
        const program = frame.name
        frame.state.failed = true
        this.#kernel.print(process, 2, `${program}: ${input}: ${why}\n`)
        return 'on'
      }
      if (said(utility.take?.(frame.state, bytes, place, input))) return 'on'
      said(utility.between?.(frame.state, place, input))
      return 'on'
    }
    const open = this.#kernel.descriptors.openOf(process, 0)
    const bytes = open === null ? '' : this.#kernel.descriptors.read(open, false)
    if (bytes === null) return 'wait'
    if (bytes !== '') {
      said(utility.take?.(frame.state, bytes, place, null))
      return 'on'
    }
    frame.inputs.shift()
    said(utility.between?.(frame.state, place, null))
    return 'on'
  }
}

/** Builtins that a program may be too: `env echo`, `xargs echo`, `timeout 3 true`. */
function isShellWord(name: Bytes): boolean {
  return ['echo', 'printf', 'true', 'false', 'test', '[', 'pwd', 'kill'].includes(name)
}

/** The words of xargs: quotes and backslashes keep blanks; with `-I` a line is one. */
function xargsItems(input: Bytes, lines: boolean): Bytes[] {
  if (lines) {
    return input
      .split('\n')
      .map((line) => line.replace(/^[ \t]+/, ''))
      .filter((line) => line !== '')
      .map((line) => line.replace(/\\([\s\S])|'([^']*)'|"([^"]*)"/g, '$1$2$3'))
  }
  const items: Bytes[] = []
  for (const [word] of input.matchAll(/(?:\\[\s\S]|'[^'\n]*'|"[^"\n]*"|[^\s'"\\])+/g))
    items.push(word.replace(/\\([\s\S])|'([^']*)'|"([^"]*)"/g, '$1$2$3'))
  return items
}
