// Commands that are the shell's own: they change its variables, its directory, its processes or the
// way it goes (POSIX.1-2017, 2.14; bash 5.2 manual, 4).

import type { Bytes } from '../base/rpc'
import { ArithmeticFault, evaluate } from './arithmetic'
import { isBuiltin, signalName } from './builtin-names'
import { echo, printf } from './format'
import type { Kernel, Step } from './kernel'
import { SIGNALS } from './kernel'
import type { Frame, Placed, Process } from './state'
import { testCommand } from './test-command'
import { quoted } from './trace-line'
import { UTILITIES } from './utilities'

interface Call {
  process: Process
  args: readonly Bytes[]
  placed: Placed
}

/** A number is the exit code; a step goes on by frames of its own. */
type Result = number | Step

export class Builtins {
  readonly #kernel: Kernel

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  run(process: Process, frame: Extract<Frame, { type: 'builtin' }>, placed: Placed): Step {
    const [name = '', ...args] = frame.argv
    process.stack.pop()
    const result = this.#call(name, { process, args, placed })
    if (typeof result !== 'number') return result
    process.environment.lastExit = result
    return 'on'
  }

  #call(name: Bytes, call: Call): Result {
    const { process, args } = call
    const { environment } = process
    switch (name) {
      case ':':
      case 'true':
        return 0
      case 'false':
        return 1
      case 'echo':
        return this.#say(process, echo(args))
      case 'printf':
        return this.#printf(call)
      case 'test':
      case '[':
        return this.#test(name, call)
      case 'cd':
        return this.#cd(call)
      case 'pwd':
        return this.#say(process, `${environment.directory}\n`)
      case 'export':
      case 'readonly':
      case 'local':
      case 'declare':
      case 'typeset':
        return this.#declare(name, call)
      case 'unset':
        return this.#unset(call)
      case 'set':
        return this.#set(call)
      case 'shift':
        return this.#shift(call)
      case 'eval': {
        const source = args.join(' ')
        this.#kernel.push(process, { type: 'source', positional: null }, call.placed.checked)
        process.environment.lastExit = 0
        return this.#source(call, source)
      }
      case '.':
      case 'source':
        return this.#read(name, call)
      case 'exec':
        if (args.length === 0) return 0
        return this.#kernel.push(process, { type: 'exec', argv: [...args], stdin: null }, false)
      case 'exit':
        return this.#exit(call)
      case 'return':
        return this.#return(call)
      case 'break':
      case 'continue':
        return this.#loop(name, call)
      case 'read':
        return this.#beginRead(call)
      case 'wait':
        return this.#beginWait(call)
      case 'kill':
        return this.#kill(call)
      case 'trap':
        return this.#trap(call)
      case 'alias':
      case 'unalias':
        return this.#alias(name, call)
      case 'type':
      case 'command':
        return this.#command(name, call)
      case 'let':
        return this.#let(call)
      case 'getopts':
        return this.#getopts(call)
      default:
        // They change nothing that a script here could see.
        return 0
    }
  }

  #say(process: Process, bytes: Bytes): number {
    return this.#kernel.print(process, 1, bytes) ? 0 : 1
  }

  #complain(process: Process, message: Bytes): void {
    this.#kernel.complain(process, message)
  }

  #printf({ process, args }: Call): number {
    const [flag, name, ...rest] = args
    const isAssigned = flag === '-v' && name !== undefined
    const { stdout, faults, exit } = printf(isAssigned ? rest : args)
    if (exit === 2) {
      this.#kernel.print(process, 2, `printf: ${faults[0]}\n`)
      return 2
    }
    if (isAssigned) this.#kernel.assign(process, name, stdout)
    else if (this.#say(process, stdout) !== 0) return 1
    for (const fault of faults) this.#complain(process, `printf: ${fault}`)
    return exit
  }

  #test(name: Bytes, { process, args }: Call): number {
    let words = args
    if (name === '[') {
      if (args.at(-1) !== ']') {
        this.#complain(process, "[: missing `]'")
        return 2
      }
      words = args.slice(0, -1)
    }
    const { exit, message } = testCommand(words, {
      files: this.#kernel.descriptors.files(process.environment.directory),
      variable: (variable) => this.#kernel.variable(process, variable),
      option: (option) => process.environment.options[option as 'errexit'] === true,
    })
    if (message !== undefined) this.#complain(process, `${name}: ${message}`)
    return exit
  }

  #cd({ process, args }: Call): number {
    const { environment } = process
    const files = this.#kernel.descriptors.files(environment.directory)
    const target = args[0] ?? this.#kernel.variable(process, 'HOME') ?? '/root'
    const path =
      target === '-' ? (this.#kernel.variable(process, 'OLDPWD') ?? target) : files.absolute(target)
    if (files.kind(path) !== 'directory') {
      this.#complain(process, `cd: ${target}: No such file or directory`)
      return 1
    }
    this.#kernel.assign(process, 'OLDPWD', environment.directory)
    environment.directory = path
    if (target === '-') this.#say(process, `${path}\n`)
    return 0
  }

  #declare(name: Bytes, { process, args }: Call): Result {
    const { environment } = process
    let exported = name === 'export'
    let readonly = name === 'readonly'
    let removes = false
    let exit = 0
    const hides = name !== 'export' && name !== 'readonly'
    if (name === 'local' && !process.stack.some(({ frame }) => frame.type === 'function')) {
      this.#complain(process, 'local: can only be used in a function')
      return 1
    }
    for (const word of args) {
      if (/^-[a-zA-Z]+$/.test(word)) {
        exported ||= word.includes('x')
        readonly ||= word.includes('r')
        removes ||= name === 'export' && word.includes('n')
        continue
      }
      const [, variable, plus, value] = /^([A-Za-z_]\w*)(?:(\+?)=([\s\S]*))?$/.exec(word) ?? []
      if (variable === undefined) {
        this.#complain(process, `${name}: \`${word}': not a valid identifier`)
        exit = 1
        continue
      }
      if (hides) this.#kernel.hide(process, variable)
      const before = this.#kernel.variable(process, variable)
      if (value !== undefined) {
        const whole = plus === '+' ? (before ?? '') + value : value
        if (!this.#kernel.assign(process, variable, whole, exported)) return 'on'
      }
      const known = environment.variables.find((each) => each.name === variable)
      if (known !== undefined) {
        if (exported) known.exported = !removes
        if (readonly) known.readonly = true
      }
    }
    return exit
  }

  #unset({ process, args }: Call): Result {
    const { environment } = process
    let functions = false
    for (const word of args) {
      if (word === '-f' || word === '-v') {
        functions = word === '-f'
        continue
      }
      const known = environment.variables.find((each) => each.name === word)
      if (known?.readonly === true) {
        this.#complain(process, `unset: ${word}: cannot unset: readonly variable`)
        return 1
      }
      if (!functions && known !== undefined)
        environment.variables = environment.variables.filter((each) => each !== known)
      else environment.functions = environment.functions.filter((each) => each.name !== word)
    }
    return 0
  }

  #set({ process, args }: Call): number {
    const { environment } = process
    const { options } = environment
    const letters: Readonly<Record<string, keyof typeof options>> = {
      e: 'errexit',
      u: 'nounset',
      x: 'xtrace',
      f: 'noglob',
    }
    if (args.length === 0) {
      const lines = environment.variables
        .toSorted((a, b) => (a.name < b.name ? -1 : 1))
        .map(({ name, value }) => `${name}=${quoted(value)}\n`)
      return this.#say(process, lines.join(''))
    }
    for (let i = 0; i < args.length; i++) {
      const word = args[i]!
      if (word === '--' || word === '-') {
        if (word === '--' || i + 1 < args.length) environment.positional = args.slice(i + 1)
        return 0
      }
      if (!/^[-+][a-zA-Z]+$/.test(word)) {
        environment.positional = args.slice(i)
        return 0
      }
      const on = word.startsWith('-')
      for (const letter of word.slice(1)) {
        if (letter === 'o') {
          const name = args[++i]
          if (name !== undefined && name in options) options[name as 'errexit'] = on
          continue
        }
        const option = letters[letter]
        if (option !== undefined) options[option] = on
      }
    }
    return 0
  }

  #shift({ process, args }: Call): number {
    const { environment } = process
    const count = Number(args[0] ?? 1)
    if (!Number.isInteger(count)) {
      this.#complain(process, `shift: ${args[0]}: numeric argument required`)
      return 1
    }
    if (count < 0 || count > environment.positional.length) return 1
    environment.positional = environment.positional.slice(count)
    return 0
  }

  #source({ process, placed }: Call, source: Bytes): Step {
    return this.#kernel.push(
      process,
      { type: 'script', source, at: 0, line: process.line },
      placed.checked,
    )
  }

  #read(name: Bytes, call: Call): Result {
    const { process, args } = call
    const [path, ...positional] = args
    if (path === undefined) {
      this.#complain(process, `${name}: filename argument required`)
      return 2
    }
    const source = this.#kernel.descriptors.files(process.environment.directory).read(path)
    if (source === null) {
      this.#complain(process, `${path}: No such file or directory`)
      return 1
    }
    const before = process.environment.positional
    if (positional.length > 0) process.environment.positional = positional
    this.#kernel.push(
      process,
      { type: 'source', positional: positional.length > 0 ? before : null },
      call.placed.checked,
    )
    process.environment.lastExit = 0
    return this.#kernel.push(
      process,
      { type: 'script', source, at: 0, line: 1 },
      call.placed.checked,
    )
  }

  #exit({ process, args }: Call): Result {
    const [word] = args
    if (word !== undefined && !/^[-+]?\d+$/.test(word)) {
      this.#complain(process, `exit: ${word}: numeric argument required`)
      return this.#kernel.exit(process, 2)
    }
    const exiting = process.stack.find(({ frame }) => frame.type === 'exiting')?.frame
    const kept = exiting?.type === 'exiting' ? exiting.exit : process.environment.lastExit
    return this.#kernel.exit(process, word === undefined ? kept : Number(word) & 0xff)
  }

  #return({ process, args }: Call): Result {
    const [word] = args
    const exit = word === undefined ? process.environment.lastExit : Number(word) & 0xff
    const isEnd = (frame: Frame) =>
      frame.type === 'function' || (frame.type === 'source' && frame.positional !== undefined)
    if (!this.#kernel.unwind(process, isEnd)) {
      this.#complain(process, "return: can only `return' from a function or sourced script")
      return 2
    }
    process.environment.lastExit = exit
    return this.#kernel.pop(process)
  }

  #loop(name: Bytes, { process, args }: Call): Result {
    const levels = Number(args[0] ?? 1)
    if (!Number.isInteger(levels) || levels < 1) {
      this.#complain(process, `${name}: ${args[0]}: loop count out of range`)
      return 1
    }
    const isLoop = (frame: Frame) =>
      frame.type === 'compound' && /^(for|for-arithmetic|while|until)$/.test(frame.node.type)
    const call = process.stack.findLastIndex(({ frame }) => frame.type === 'function')
    const loops = process.stack.filter(({ frame }, index) => index > call && isLoop(frame)).length
    if (loops === 0) {
      this.#complain(process, `${name}: only meaningful in a \`for', \`while', or \`until' loop`)
      return 0
    }
    process.environment.lastExit = 0
    const last = Math.min(levels, loops)
    for (let level = 1; level <= last; level++) {
      this.#kernel.unwind(process, isLoop)
      const loop = process.stack.at(-1)!.frame
      if (level < last) this.#kernel.leave(process)
      else if (name === 'break') this.#kernel.leave(process)
      else if (loop.type === 'compound') loop.phase = 3
    }
    return 'on'
  }

  // read and wait ---------------------------------------------------------------------------------

  #beginRead({ process, args }: Call): Result {
    const timeout = args.indexOf('-t')
    const seconds = timeout < 0 ? null : Number(args[timeout + 1] ?? 0)
    const { now } = this.#kernel.world
    const until = seconds === null || Number.isNaN(seconds) ? null : now + seconds * 1000
    if (until !== null) this.#kernel.emit({ type: 'timer', pid: process.pid, at: until })
    return this.#kernel.push(
      process,
      { type: 'read', args: [...args], line: '', fd: 0, until },
      false,
    )
  }

  /** A line into variables: what does not fit is the last one's. */
  read(process: Process, frame: Extract<Frame, { type: 'read' }>): Step {
    const { descriptors } = this.#kernel
    const open = descriptors.openOf(process, frame.fd)
    const isRaw = frame.args.some((word) => /^-[a-z]*r/.test(word))
    const finish = (exit: number): Step => {
      process.stack.pop()
      this.#fill(process, frame, isRaw)
      process.environment.lastExit = exit
      return 'on'
    }
    if (open === null) return finish(1)
    for (;;) {
      const bytes = descriptors.read(open, true)
      if (bytes === null) {
        if (frame.until !== null && this.#kernel.world.now >= frame.until) return finish(142)
        return 'wait'
      }
      frame.line += bytes
      if (bytes === '') return finish(1)
      if (!bytes.endsWith('\n')) continue
      const continues = !isRaw && /(?:^|[^\\])(?:\\\\)*\\\n$/.test(frame.line)
      if (!continues) return finish(0)
      frame.line = frame.line.slice(0, -2)
    }
  }

  #fill(process: Process, frame: Extract<Frame, { type: 'read' }>, isRaw: boolean): void {
    const names: Bytes[] = []
    for (let i = 0; i < frame.args.length; i++) {
      const word = frame.args[i]!
      if (/^-[a-z]*[ptnNdu]$/.test(word)) i++
      else if (!word.startsWith('-')) names.push(word)
    }
    const line = frame.line.replace(/\n$/, '')
    const plain = (text: Bytes) => (isRaw ? text : text.replace(/\\([\s\S])/g, '$1'))
    if (names.length === 0) {
      this.#kernel.assign(process, 'REPLY', plain(line))
      return
    }
    const ifs = this.#kernel.variable(process, 'IFS') ?? ' \t\n'
    const values = splitLine(line, ifs, names.length, isRaw)
    names.forEach((name, i) => {
      this.#kernel.assign(process, name, plain(values[i] ?? ''))
    })
  }

  #beginWait({ process, args }: Call): Result {
    const pids: number[] = []
    let exit = 0
    for (const word of args.filter((each) => each !== '-n')) {
      const pid = this.#pidOf(process, word)
      const child = pid === null ? undefined : this.#kernel.process(pid)
      if (pid === null || child?.parent !== process.pid) {
        this.#complain(
          process,
          word.startsWith('%')
            ? `wait: ${word}: no such job`
            : `wait: pid ${word} is not a child of this shell`,
        )
        exit = 127
      } else pids.push(pid)
    }
    if (args.length > 0 && pids.length === 0) return exit
    return this.#kernel.push(
      process,
      { type: 'wait', pids: args.length === 0 ? null : pids, exit },
      false,
    )
  }

  wait(process: Process, frame: Extract<Frame, { type: 'wait' }>): Step {
    const { state } = this.#kernel
    const children = state.processes.filter(
      ({ parent, pid }) => parent === process.pid && (frame.pids?.includes(pid) ?? true),
    )
    if (children.some(({ exit }) => exit === null)) return 'wait'
    let exit = frame.pids === null ? 0 : frame.exit
    for (const child of children) {
      this.#kernel.notice(process, child)
      if (frame.pids !== null) exit = child.exit ?? 0
      this.#kernel.reap(child.pid)
    }
    process.stack.pop()
    process.environment.lastExit = exit
    return 'on'
  }

  /** The process that `123` or `%1` names; null for a word that names none. */
  #pidOf(process: Process, word: Bytes): number | null {
    const [, job] = /^%(\d+|%|\+)$/.exec(word) ?? []
    if (job === undefined) return /^\d+$/.test(word) ? Number(word) : null
    const jobs = this.#kernel.state.processes.filter(
      (each) => each.parent === process.pid && each.job !== null,
    )
    const found = /^\d+$/.test(job)
      ? jobs.find((each) => each.job?.number === Number(job))
      : jobs.at(-1)
    return found?.pid ?? null
  }

  #kill({ process, args }: Call): number {
    let signal = 'TERM'
    const words = [...args]
    const first = words[0] ?? ''
    if (first === '-l') return this.#say(process, `${Object.keys(SIGNALS).join(' ')}\n`)
    if (first === '-s' || first === '-n') {
      signal = words[1] ?? ''
      words.splice(0, 2)
    } else if (/^-./.test(first) && first !== '--') {
      signal = first.slice(1)
      words.shift()
    }
    if (words[0] === '--') words.shift()
    const name = signalName(signal)
    if (name === null) {
      this.#complain(process, `kill: ${signal}: invalid signal specification`)
      return 1
    }
    if (words.length === 0) {
      this.#kernel.print(
        process,
        2,
        'kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]\n',
      )
      return 2
    }
    let exit = 0
    for (const word of words) {
      const pid = this.#pidOf(process, word)
      const target = pid === null ? undefined : this.#kernel.process(pid)
      if (target === undefined || target.exit !== null) {
        if (target?.exit !== null && target !== undefined && name === '0') continue
        const what = word.startsWith('%')
          ? `${word}: no such job`
          : pid === null
            ? `${word}: arguments must be process or job IDs`
            : `(${word}) - No such process`
        this.#complain(process, `kill: ${what}`)
        exit = 1
      } else if (name !== '0') this.#kernel.signal(target, name)
    }
    return exit
  }

  #trap({ process, args }: Call): number {
    const { environment } = process
    const words = args[0] === '--' ? args.slice(1) : args
    if (words.length === 0 || words[0] === '-p') {
      const lines = environment.traps.map(
        ({ signal, command }) =>
          `trap -- '${command.replaceAll("'", "'\\''")}' ${signal === 'EXIT' ? signal : `SIG${signal}`}\n`,
      )
      return this.#say(process, lines.join(''))
    }
    const [command = '', ...signals] = words.length === 1 ? ['-', ...words] : words
    for (const word of signals) {
      const signal = word === '0' || word === 'EXIT' ? 'EXIT' : signalName(word)
      if (signal === null) {
        this.#complain(process, `trap: ${word}: invalid signal specification`)
        return 1
      }
      environment.traps = environment.traps.filter((each) => each.signal !== signal)
      if (command !== '-') environment.traps.push({ signal, command })
    }
    return 0
  }

  #alias(name: Bytes, { process, args }: Call): number {
    const { environment } = process
    let exit = 0
    for (const word of args) {
      const [, alias = word, value] = /^([^=]+)=([\s\S]*)$/.exec(word) ?? []
      const known = environment.aliases.find((each) => each.name === alias)
      if (name === 'unalias' && word === '-a') environment.aliases = []
      else if (name === 'unalias' || value === undefined) {
        if (known === undefined) {
          this.#complain(process, `${name}: ${alias}: not found`)
          exit = 1
        } else if (name === 'unalias')
          environment.aliases = environment.aliases.filter((each) => each !== known)
        else this.#say(process, `alias ${alias}='${known.value}'\n`)
      } else {
        environment.aliases = environment.aliases.filter((each) => each !== known)
        environment.aliases.push({ name: alias, value })
      }
    }
    if (args.length === 0)
      for (const { name: alias, value } of environment.aliases)
        this.#say(process, `alias ${alias}='${value}'\n`)
    return exit
  }

  /** `command NAME` runs it, `command -v NAME` and `type NAME` say what it is. */
  #command(name: Bytes, { process, args, placed }: Call): Result {
    const [first, ...rest] = args
    const asks = name === 'type' || first === '-v' || first === '-V'
    if (!asks) {
      if (first === undefined) return 0
      if (isBuiltin(first))
        return this.#kernel.push(process, { type: 'builtin', argv: [...args] }, placed.checked)
      return this.#kernel.start(process, [...args], placed.checked)
    }
    const { environment } = process
    let exit = 0
    for (const word of name === 'type' ? args : rest) {
      const isFunction = environment.functions.some((each) => each.name === word)
      const isKnown = UTILITIES.has(word) || this.#kernel.world.hasProgram([word])
      const path = `/usr/bin/${word}`
      if (name === 'command' && first === '-v') {
        if (isFunction || isBuiltin(word)) this.#say(process, `${word}\n`)
        else if (isKnown) this.#say(process, `${path}\n`)
        else exit = 1
      } else if (isFunction) this.#say(process, `${word} is a function\n`)
      else if (isBuiltin(word)) this.#say(process, `${word} is a shell builtin\n`)
      else if (isKnown) this.#say(process, `${word} is ${path}\n`)
      else {
        this.#complain(process, `${name}: ${word}: not found`)
        exit = 1
      }
    }
    return exit
  }

  #let({ process, args }: Call): number {
    let value = 0
    for (const word of args) {
      try {
        value = evaluate(word, {
          get: (name) => this.#kernel.variable(process, name),
          set: (name, each) => this.#kernel.assign(process, name, each),
        })
      } catch (fault) {
        if (!(fault instanceof ArithmeticFault)) throw fault
        this.#complain(process, `let: ${fault.message}`)
        return 1
      }
    }
    return value === 0 ? 1 : 0
  }

  #getopts({ process, args }: Call): number {
    const [spec = '', name = '', ...given] = args
    const words = given.length > 0 ? given : process.environment.positional
    const machine = this.#kernel
    const index = Number(machine.variable(process, 'OPTIND') ?? 1)
    // Where in a bundle of letters the next one is.
    const at = Number(machine.variable(process, '_OPTAT') ?? 1)
    const word = words[index - 1]
    const set = (variable: string, value: Bytes) => machine.assign(process, variable, value)
    if (word === undefined || !/^-./.test(word) || word === '--') {
      if (word === '--') set('OPTIND', String(index + 1))
      set(name, '?')
      return 1
    }
    const letter = word[at]!
    const isLast = at + 1 >= word.length
    const advance = (by: number) => {
      set('OPTIND', String(index + by))
      set('_OPTAT', '1')
    }
    const place = spec.indexOf(letter)
    if (place < 0 || letter === ':') {
      if (isLast) advance(1)
      else set('_OPTAT', String(at + 1))
      set(name, '?')
      if (spec.startsWith(':')) set('OPTARG', letter)
      else machine.print(process, 2, `${process.environment.name}: illegal option -- ${letter}\n`)
      return 0
    }
    set(name, letter)
    if (spec[place + 1] !== ':') {
      if (isLast) advance(1)
      else set('_OPTAT', String(at + 1))
      return 0
    }
    const value = isLast ? words[index] : word.slice(at + 1)
    advance(isLast ? 2 : 1)
    if (value !== undefined) set('OPTARG', value)
    else if (spec.startsWith(':')) {
      set(name, ':')
      set('OPTARG', letter)
    } else {
      set(name, '?')
      machine.print(
        process,
        2,
        `${process.environment.name}: option requires an argument -- ${letter}\n`,
      )
    }
    return 0
  }
}

/** The fields of a line for `read`: the last one has all that is left. */
function splitLine(line: Bytes, ifs: Bytes, count: number, isRaw: boolean): Bytes[] {
  const isWhite = (ch: string | undefined) =>
    ch !== undefined && ' \t\n'.includes(ch) && ifs.includes(ch)
  const isSeparator = (ch: string | undefined) => ch !== undefined && ifs.includes(ch)
  const values: Bytes[] = []
  let at = 0
  while (isWhite(line[at])) at++
  while (values.length < count - 1 && at < line.length) {
    let value = ''
    while (at < line.length && !isSeparator(line[at])) {
      if (line[at] === '\\' && !isRaw) value += line[at++]
      value += line[at++] ?? ''
    }
    values.push(value)
    while (isWhite(line[at])) at++
    if (isSeparator(line[at]) && !isWhite(line[at])) {
      at++
      while (isWhite(line[at])) at++
    }
  }
  let rest = line.slice(at)
  while (rest !== '' && isWhite(rest.at(-1)) && (isRaw || rest.at(-2) !== '\\'))
    rest = rest.slice(0, -1)
  // One separator at the end of the last field is not part of it.
  const last = rest.at(-1)
  if (isSeparator(last) && ![...rest.slice(0, -1)].some((ch) => isSeparator(ch)))
    rest = rest.slice(0, -1)
  if (values.length < count && (rest !== '' || values.length > 0)) values.push(rest)
  return values
}
