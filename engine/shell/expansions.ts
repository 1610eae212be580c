// Expansion in a process: what its words see of it, and the command substitutions that they await.

import type { Bytes } from '../base/rpc'
import { Awaited, Expander, ExpansionFault, type Scope } from './expand'
import type { Kernel, Step } from './kernel'
import { ROOT } from './kernel'
import { isPattern, patternExpression } from './pattern'
import type { Frame, Process } from './state'
import type { List } from './syntax'

/** Expands the words of a process. */
export class Expansions {
  readonly #kernel: Kernel

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  /**
   * Expands words. Null: a command substitution was begun, or the expansion failed and said so; the
   * frame is stepped again, or is gone. What the words set is the caller's to keep.
   */
  expanding<T>(
    process: Process,
    outputs: readonly Bytes[],
    make: (expander: Expander) => T,
  ): T | null {
    const expander = new Expander(this.#scope(process), outputs)
    try {
      return make(expander)
    } catch (fault) {
      if (fault instanceof Awaited) {
        this.#substitute(process, fault.list, expander)
        return null
      }
      if (!(fault instanceof ExpansionFault)) throw fault
      const frame = process.stack.at(-1)?.frame
      const isArithmetic =
        frame?.type === 'compound' && /^(for-)?arithmetic$/.test(frame.node.type) && !fault.ends
      this.#kernel.complain(process, `${isArithmetic ? '((: ' : ''}${fault.message}`)
      process.environment.lastExit = 1
      if (isArithmetic || fault.child) {
        this.#kernel.leave(process)
        return null
      }
      if (fault.ends && !(this.#kernel.config.interactive && process.pid === ROOT))
        this.#kernel.exit(process, fault.exit)
      else this.#kernel.abandon(process)
      return null
    }
  }

  #substitute(process: Process, list: List, expander: Expander): void {
    const { descriptors } = this.#kernel
    const child = this.#kernel.fork(process)
    for (const [name, value] of expander.set) this.#kernel.assign(child, name, value)
    child.environment.level++
    // bash: a substitution does not inherit `-e`.
    child.environment.options.errexit = false
    const ends = descriptors.makePipe()
    descriptors.hold(ends.read)
    descriptors.set(child, 1, ends.write)
    this.#kernel.push(child, { type: 'list', node: list, index: 0 }, false)
    this.#kernel.wake(child)
    this.#kernel.push(
      process,
      { type: 'substitution', pid: child.pid, open: ends.read, bytes: '' },
      true,
    )
  }

  substitution(process: Process, frame: Extract<Frame, { type: 'substitution' }>): Step {
    for (;;) {
      const bytes = this.#kernel.descriptors.read(frame.open, false)
      if (bytes === null) return 'wait'
      if (bytes === '') break
      frame.bytes += bytes
    }
    const child = this.#kernel.process(frame.pid)
    if (child !== undefined && child.exit === null) return 'wait'
    const exit = child?.exit ?? 0
    this.#kernel.reap(frame.pid)
    this.#kernel.leave(process)
    process.environment.lastExit = exit
    const below = process.stack.at(-1)?.frame
    if (below?.type === 'simple') {
      below.outputs.push(frame.bytes.replaceAll('\0', ''))
      below.outputExit = exit
    } else if (below?.type === 'compound') below.outputs.push(frame.bytes.replaceAll('\0', ''))
    return 'on'
  }

  #scope(process: Process): Scope {
    const { environment } = process
    const { options } = environment
    return {
      variable: (name) => this.#kernel.variable(process, name),
      positional: environment.positional,
      special: (name) => {
        switch (name) {
          case '?':
            return String(environment.lastExit)
          case '$':
            return String(environment.shellPid)
          case '!':
            return environment.lastBackground === null
              ? undefined
              : String(environment.lastBackground)
          case '-':
            return `${options.errexit ? 'e' : ''}${options.noglob ? 'f' : ''}h${
              this.#kernel.config.interactive ? 'i' : ''
            }${options.nounset ? 'u' : ''}${options.xtrace ? 'x' : ''}B`
          case '0':
            return environment.name
          default:
            return undefined
        }
      },
      home: '/root',
      requiresSet: options.nounset,
      paths: (pattern) => (options.noglob ? [] : this.#paths(process, pattern)),
    }
  }

  #paths(process: Process, pattern: Bytes): Bytes[] {
    const files = this.#kernel.descriptors.files(process.environment.directory)
    const isAbsolute = pattern.startsWith('/')
    const prefix = isAbsolute ? '' : `${files.absolute('.')}/`.replace('//', '/')
    const names = new Set<Bytes>()
    for (const path of files.list()) {
      if (!path.startsWith(prefix)) continue
      const name = path.slice(prefix.length)
      const parts = name.split('/')
      const depth = pattern.split('/').length
      if (parts.length >= depth) names.add(parts.slice(0, depth).join('/'))
    }
    const expression = patternExpression(pattern, true)
    const shown = (name: Bytes) =>
      !name
        .split('/')
        .some((part, i) => part.startsWith('.') && !/^\\?\./.test(pattern.split('/')[i] ?? ''))
    return [...names]
      .filter((name) => isPattern(pattern) && expression.test(name) && shown(name))
      .sort()
  }
}
