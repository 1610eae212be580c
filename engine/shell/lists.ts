// Lists, and what joins their commands: `;`, `&`, `&&`, `||`, `!` and `|`.

import type { Bytes } from '../base/rpc'
import type { Kernel, Step } from './kernel'
import { ROOT } from './kernel'
import { parseNext } from './parse'
import type { Frame, Placed, Process } from './state'
import type { Command } from './syntax'

/** Steps of the frames of scripts, lists and pipelines. */
export class Lists {
  readonly #kernel: Kernel

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  script(process: Process, frame: Extract<Frame, { type: 'script' }>): Step {
    const { environment } = process
    const parsed = parseNext(frame.source, frame, {
      alias: (name) =>
        this.#kernel.config.interactive
          ? environment.aliases.find((each) => each.name === name)?.value
          : undefined,
    })
    if (parsed.type === 'end') return this.#kernel.pop(process)
    const from = frame.at
    frame.at = parsed.next.at
    frame.line = parsed.next.line
    switch (parsed.type) {
      case 'command': {
        const [first] = parsed.list
        if (process.pid === ROOT && first !== undefined) {
          const source = frame.source.slice(from, frame.at).trim()
          this.#kernel.emit({ type: 'command', line: first.line, source })
        }
        return this.#kernel.push(process, { type: 'list', node: parsed.list, index: 0 }, false)
      }
      case 'unmodelled': {
        process.line = parsed.line
        this.#kernel.complain(
          process,
          `not modelled here: ${parsed.what}. Nothing of this command runs.`,
        )
        environment.lastExit = 1
        return 'on'
      }
      default: {
        process.line = parsed.line
        this.#kernel.complain(process, parsed.message)
        if (parsed.message.startsWith('syntax error near'))
          this.#kernel.complain(process, `\`${lineAt(frame.source, parsed.line)}'`)
        environment.lastExit = 2
        if (this.#kernel.config.interactive && process.pid === ROOT) return 'on'
        return this.#kernel.exit(process, 2)
      }
    }
  }

  list(process: Process, frame: Extract<Frame, { type: 'list' }>, { checked }: Placed): Step {
    const item = frame.node[frame.index++]
    if (item === undefined) return this.#kernel.pop(process)
    process.line = item.line
    process.source = item.source
    if (!item.background)
      return this.#kernel.push(process, { type: 'and-or', node: item, index: 0 }, checked)
    const child = this.#kernel.fork(process)
    const number =
      Math.max(
        0,
        ...this.#kernel.state.processes.map(({ job, parent }) =>
          parent === process.pid ? (job?.number ?? 0) : 0,
        ),
      ) + 1
    child.job = { number, source: item.source, reported: false }
    // Without a terminal a job in the background reads nothing.
    if (!this.#kernel.config.interactive || child.parent !== ROOT)
      this.#kernel.descriptors.set(child, 0, this.#kernel.descriptors.open({ type: 'null' }))
    this.#kernel.push(child, { type: 'and-or', node: item, index: 0 }, checked)
    this.#kernel.wake(child)
    process.environment.lastBackground = child.pid
    process.environment.lastExit = 0
    return 'on'
  }

  andOr(process: Process, frame: Extract<Frame, { type: 'and-or' }>, { checked }: Placed): Step {
    const { first, rest } = frame.node
    const begin = (pipeline: typeof first, isLast: boolean) =>
      this.#kernel.push(
        process,
        { type: 'pipeline', node: pipeline, pids: [], begun: false },
        checked || !isLast,
      )
    if (frame.index === 0) {
      frame.index = 1
      return begin(first, rest.length === 0)
    }
    for (; frame.index <= rest.length; frame.index++) {
      const { operator, pipeline } = rest[frame.index - 1]!
      const succeeded = process.environment.lastExit === 0
      if ((operator === '&&') !== succeeded) continue
      frame.index++
      return begin(pipeline, frame.index > rest.length)
    }
    return this.#kernel.pop(process)
  }

  pipeline(
    process: Process,
    frame: Extract<Frame, { type: 'pipeline' }>,
    { checked }: Placed,
  ): Step {
    const { node } = frame
    const { environment } = process
    const [only] = node.commands
    if (!frame.begun) {
      frame.begun = true
      if (node.commands.length === 1 && only !== undefined)
        return this.command(process, only, checked || node.negated)
      this.#connect(process, frame, checked)
    }
    if (frame.pids.length > 0) {
      const exits = frame.pids.map((pid) => this.#kernel.process(pid)?.exit ?? null)
      if (exits.includes(null)) return 'wait'
      for (const pid of frame.pids) this.#kernel.reap(pid)
      const failed = exits.findLast((exit) => exit !== 0)
      const last = exits.at(-1) ?? 0
      environment.lastExit = environment.options.pipefail ? (failed ?? 0) : last
    }
    if (node.negated) environment.lastExit = environment.lastExit === 0 ? 1 : 0
    // What failed inside of a compound command has ended the shell there, or was looked at.
    const isOuter = node.commands.length === 1 && only !== undefined && HOLDS_OTHERS.has(only.type)
    const { options, lastExit } = environment
    if (options.errexit && lastExit !== 0 && !checked && !node.negated && !isOuter)
      return this.#kernel.exit(process, environment.lastExit)
    return this.#kernel.pop(process)
  }

  /** Starts a process for each command of a pipeline, joined by pipes. */
  #connect(process: Process, frame: Extract<Frame, { type: 'pipeline' }>, checked: boolean): void {
    const { commands, withErrors, negated } = frame.node
    const { descriptors } = this.#kernel
    let input: number | null = null
    commands.forEach((command, index) => {
      const child = this.#kernel.fork(process)
      const isLast = index === commands.length - 1
      const ends = isLast ? null : descriptors.makePipe()
      if (ends !== null) descriptors.hold(ends.read)
      if (input !== null) {
        descriptors.set(child, 0, input)
        descriptors.release(input)
      }
      if (ends !== null) {
        descriptors.set(child, 1, ends.write)
        if (withErrors[index + 1] === true) descriptors.set(child, 2, ends.write)
      }
      input = ends?.read ?? null
      this.command(child, command, checked || negated)
      this.#kernel.wake(child)
      frame.pids.push(child.pid)
    })
  }

  /** Begins a command as the innermost frame. */
  command(process: Process, node: Command, checked: boolean): Step {
    if (node.type === 'simple')
      return this.#kernel.push(
        process,
        { type: 'simple', node, outputs: [], outputExit: null },
        checked,
      )
    if (node.type === 'function') {
      const { functions } = process.environment
      const known = functions.findIndex(({ name }) => name === node.name)
      if (known >= 0) functions.splice(known, 1)
      functions.push({ name: node.name, node: node.body })
      process.environment.lastExit = 0
      return 'on'
    }
    const frame: Frame = {
      type: 'compound',
      node,
      outputs: [],
      phase: 0,
      index: 0,
      items: [],
      exit: 0,
    }
    if (node.type !== 'subshell') return this.#kernel.push(process, frame, checked)
    const child = this.#kernel.fork(process)
    this.#kernel.push(child, frame, checked)
    this.#kernel.wake(child)
    return this.#kernel.push(process, { type: 'foreground', pid: child.pid }, checked)
  }
}

const HOLDS_OTHERS = new Set(['group', 'if', 'while', 'until', 'for', 'for-arithmetic', 'case'])

function lineAt(source: Bytes, line: number): Bytes {
  return source.split('\n')[line - 1] ?? ''
}
