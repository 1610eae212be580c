// A simple command: its words are expanded, its redirections made, and a function, a builtin or a
// program runs.

import type { Bytes } from '../base/rpc'
import { isBuiltin } from './builtin-names'
import type { Expander } from './expand'
import { ExpansionFault } from './expand'
import type { Kernel, Step } from './kernel'
import { redirection, withRedirections } from './redirections'
import type { Environment, Frame, Placed, Process, Redirection } from './state'
import type { Simple } from './syntax'
import { traced } from './trace-line'

/** Functions that call each other deeper end the command. */
const MAX_DEPTH = 200
const DECLARES = new Set(['export', 'local', 'readonly', 'declare', 'typeset'])

/** Steps of the frames of simple commands. */
export class SimpleCommands {
  readonly #kernel: Kernel

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  simple(process: Process, frame: Extract<Frame, { type: 'simple' }>, placed: Placed): Step {
    const { node, outputs } = frame
    const { environment } = process
    process.line = node.line
    const expanded = this.#kernel.expanding(process, outputs, (expander) => {
      const words = expandWords(node, expander)
      // What `${X:=…}` sets stays. A program's redirections and assignments are its own.
      const isOwn = isOwnCommand(words, environment)
      const before = new Map(expander.set)
      const redirections = inChild(!isOwn, () =>
        node.redirects.map((each) => redirection(each, expander)),
      )
      const stays = isOwn ? new Map(expander.set) : before
      const assignments = node.assignments.map(({ name, value, appends }) => {
        const whole = (appends ? (expander.variable(name) ?? '') : '') + expander.text(value)
        expander.set.set(name, whole)
        return { name, value: whole }
      })
      return { words, redirections, stays, assignments }
    })
    if (expanded === null) return 'on'
    const { words, redirections, stays, assignments } = expanded
    process.stack.pop()
    for (const [name, value] of stays) if (!this.#kernel.assign(process, name, value)) return 'on'
    if (environment.options.xtrace)
      this.#kernel.print(process, 2, traced(environment, assignments, words))
    const [name] = words
    if (name === undefined) {
      environment.lastExit = frame.outputExit ?? 0
      for (const each of assignments)
        if (!this.#kernel.assign(process, each.name, each.value)) return 'on'
      return redirections.length === 0
        ? 'on'
        : this.#kernel.push(process, withRedirections(redirections, null), placed.checked)
    }
    const call = environment.functions.find((each) => each.name === name)
    if (call !== undefined) {
      const body: Frame = {
        type: 'function',
        positional: words.slice(1),
        hidden: [],
        body: { node: call.node },
      }
      return this.#within(process, body, assignments, redirections, placed.checked)
    }
    if (isBuiltin(name)) {
      const body: Frame = { type: 'builtin', argv: words }
      if (name !== 'exec')
        return this.#within(process, body, assignments, redirections, placed.checked)
      // Without a command its redirections stay.
      const frame = withRedirections(redirections, body)
      return this.#kernel.push(process, { ...frame, stays: true }, placed.checked)
    }
    const child = this.#kernel.fork(process)
    for (const each of assignments) this.#kernel.assign(child, each.name, each.value, true)
    this.#kernel.push(
      child,
      withRedirections(redirections, { type: 'exec', argv: words, stdin: null }),
      false,
    )
    this.#kernel.wake(child)
    return this.#kernel.push(process, { type: 'foreground', pid: child.pid }, placed.checked)
  }

  /** A function or a builtin, with assignments and redirections of its own. */
  #within(
    process: Process,
    body: Frame,
    assignments: readonly { name: string; value: Bytes }[],
    redirections: Redirection[],
    checked: boolean,
  ): Step {
    if (assignments.length > 0) {
      const hidden = assignments.map(({ name }) => ({
        name,
        before: this.#kernel.copyOf(process, name),
      }))
      this.#kernel.push(process, { type: 'assigned', hidden }, checked)
      for (const { name, value } of assignments)
        if (!this.#kernel.assign(process, name, value, true)) return 'on'
    }
    if (redirections.length > 0)
      return this.#kernel.push(process, withRedirections(redirections, body), checked)
    return this.enter(process, body, checked)
  }

  /** Begins a frame; a function takes its positional parameters. */
  enter(process: Process, body: Frame, checked: boolean): Step {
    if (body.type !== 'function') return this.#kernel.push(process, body, checked)
    const depth = process.stack.filter(({ frame }) => frame.type === 'function').length
    if (depth >= MAX_DEPTH) {
      this.#kernel.complain(process, `maximum function nesting level exceeded (${MAX_DEPTH})`)
      process.environment.lastExit = 1
      this.#kernel.abandon(process)
      return 'on'
    }
    const { positional } = process.environment
    process.environment.positional = body.positional
    return this.#kernel.push(process, { ...body, positional }, checked)
  }
}

/** The words of a command. `export A=$B` assigns, and does not split. */
function expandWords(node: Simple, expander: Expander): Bytes[] {
  const [first] = node.words
  const part = first?.length === 1 ? first[0] : undefined
  const declares = part?.type === 'text' && DECLARES.has(part.bytes)
  return node.words.flatMap((word) => {
    const [head] = word
    const assigns = head?.type === 'text' && !head.quoted && /^[A-Za-z_]\w*=/.test(head.bytes)
    return declares && assigns ? [expander.text(word)] : expander.fields(word)
  })
}

/** A builtin, a function, or no command at all: what runs in the shell's own process. */
function isOwnCommand([name]: readonly Bytes[], { functions }: Environment): boolean {
  return name === undefined || isBuiltin(name) || functions.some((each) => each.name === name)
}

/** The redirections of a program are expanded in its own process: a fault there ends that alone. */
function inChild<T>(isChild: boolean, make: () => T): T {
  if (!isChild) return make()
  try {
    return make()
  } catch (fault) {
    if (fault instanceof ExpansionFault) fault.child = true
    throw fault
  }
}
