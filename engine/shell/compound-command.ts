// Compound commands: groups, branches and loops.

import type { Bytes } from '../base/rpc'
import type { Kernel, Step } from './kernel'
import { patternExpression } from './pattern'
import { redirection, withRedirections } from './redirections'
import type { Frame, Placed, Process } from './state'
import type { List } from './syntax'
import { conditional } from './test-command'
import { traced } from './trace-line'

/** Steps of the frames of compound commands. */
export class Compounds {
  readonly #kernel: Kernel

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  compound(process: Process, frame: Extract<Frame, { type: 'compound' }>, placed: Placed): Step {
    const { node } = frame
    const { environment } = process
    if (frame.phase === 0) {
      process.line = node.line
      const redirections = this.#kernel.expanding(process, frame.outputs, (expander) =>
        node.redirects.map((each) => redirection(each, expander)),
      )
      if (redirections === null) return 'on'
      frame.phase = 1
      frame.outputs = []
      if (redirections.length === 0) return 'on'
      process.stack.pop()
      return this.#kernel.push(process, withRedirections(redirections, frame), placed.checked)
    }
    const body = (list: List, checked = placed.checked) =>
      this.#kernel.push(process, { type: 'list', node: list, index: 0 }, checked)
    const finish = (exit: number) => {
      environment.lastExit = exit
      return this.#kernel.pop(process)
    }
    switch (node.type) {
      case 'group':
      case 'subshell':
        if (frame.phase === 2) return this.#kernel.pop(process)
        frame.phase = 2
        return body(node.body)
      case 'if': {
        if (frame.phase === 3) return this.#kernel.pop(process)
        if (frame.phase === 2) {
          const branch = node.branches[frame.index]!
          if (environment.lastExit === 0) {
            frame.phase = 3
            return body(branch.body)
          }
          frame.index++
        }
        const next = node.branches[frame.index]
        if (next !== undefined) {
          frame.phase = 2
          return body(next.condition, true)
        }
        frame.phase = 3
        if (node.otherwise === null) return finish(0)
        return body(node.otherwise)
      }
      case 'while':
      case 'until':
        if (frame.phase === 2) {
          if ((environment.lastExit === 0) !== (node.type === 'while')) return finish(frame.exit)
          frame.phase = 3
          return body(node.body)
        }
        if (frame.phase === 3) frame.exit = environment.lastExit
        frame.phase = 2
        return body(node.condition, true)
      case 'for': {
        if (frame.phase === 1) {
          const items = this.#kernel.expanding(process, frame.outputs, (expander) => {
            const words =
              node.words?.flatMap((word) => expander.fields(word)) ?? environment.positional
            return { words, set: expander.set }
          })
          if (items === null) return 'on'
          for (const [name, value] of items.set) this.#kernel.assign(process, name, value)
          frame.items = [...items.words]
        }
        if (frame.phase === 3) frame.exit = environment.lastExit
        frame.phase = 3
        const item = frame.items[frame.index++]
        if (item === undefined) return finish(frame.exit)
        if (!this.#kernel.assign(process, node.name, item)) return 'on'
        if (environment.options.xtrace)
          this.#kernel.print(
            process,
            2,
            traced(environment, [], ['for', node.name, 'in', ...frame.items]),
          )
        // What a body without an exit code of its own leaves is the one before.
        frame.exit = environment.lastExit
        return body(node.body)
      }
      case 'for-arithmetic': {
        const first = frame.phase === 1
        if (frame.phase === 3) frame.exit = environment.lastExit
        const wanted = first ? [node.first, node.condition] : [node.next, node.condition]
        const value = this.#kernel.expanding(process, frame.outputs, (expander) => {
          const values = wanted.map((word) => (isEmpty(word) ? 1 : expander.arithmetic(word)))
          return { holds: values[1] !== 0, set: expander.set }
        })
        if (value === null) return 'on'
        frame.outputs = []
        for (const [name, each] of value.set) this.#kernel.assign(process, name, each)
        if (!value.holds) return finish(frame.exit)
        frame.phase = 3
        return body(node.body)
      }
      case 'case': {
        if (frame.phase === 1) {
          const found = this.#kernel.expanding(process, frame.outputs, (expander) => {
            const word = expander.text(node.word)
            const index = node.arms.findIndex(({ patterns }) =>
              patterns.some((each) => patternExpression(expander.pattern(each)).test(word)),
            )
            return { index, set: expander.set }
          })
          if (found === null) return 'on'
          for (const [name, value] of found.set) this.#kernel.assign(process, name, value)
          if (found.index < 0) return finish(0)
          frame.index = found.index
          frame.phase = 2
          environment.lastExit = 0
          return body(node.arms[found.index]!.body)
        }
        const falls = node.arms[frame.index]?.falls === true
        const next = node.arms[++frame.index]
        if (!falls || next === undefined) return this.#kernel.pop(process)
        return body(next.body)
      }
      case 'condition':
      case 'arithmetic': {
        const result = this.#kernel.expanding(process, frame.outputs, (expander) => ({
          holds:
            node.type === 'condition'
              ? conditional(node.test, expander, {
                  files: this.#kernel.descriptors.files(environment.directory),
                  variable: (name) => this.#kernel.variable(process, name),
                  option: (name) => environment.options[name as 'errexit'] === true,
                })
              : expander.arithmetic(node.word) !== 0,
          set: expander.set,
        }))
        if (result === null) return 'on'
        for (const [name, value] of result.set) this.#kernel.assign(process, name, value)
        return finish(result.holds ? 0 : 1)
      }
      default:
        return this.#kernel.pop(process)
    }
  }
}

function isEmpty(word: readonly unknown[]): boolean {
  return word.every((part) => (part as { type: string; bytes?: Bytes }).bytes?.trim() === '')
}
