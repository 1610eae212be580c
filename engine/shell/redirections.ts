// Redirections: files, here-documents, copies of descriptors, and FIFOs, whose ends wait for each
// other.

import type { Expander } from './expand'
import { ExpansionFault } from './expand'
import type { Kernel, Step } from './kernel'
import type { Frame, Placed, Process, Redirection } from './state'
import type { Redirect } from './syntax'

/** Steps of the frames that hold redirections. */
export class Redirections {
  readonly #kernel: Kernel

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  redirected(
    process: Process,
    frame: Extract<Frame, { type: 'redirected' }>,
    placed: Placed,
  ): Step {
    while (frame.pending.length > 0) {
      const next = frame.pending[0]!
      const made = this.#redirect(process, frame, next)
      if (made === 'wait') return 'wait'
      if (made !== null) {
        this.#kernel.complain(process, made)
        process.environment.lastExit = 1
        frame.stays = false
        return this.#kernel.pop(process)
      }
      frame.pending.shift()
    }
    const body = frame.body
    if (body === null) return this.#kernel.pop(process)
    frame.body = null
    return this.#kernel.enter(process, body, placed.checked)
  }

  /** Null: it is made. A text: why not. */
  #redirect(
    process: Process,
    frame: Extract<Frame, { type: 'redirected' }>,
    redirected: Redirection,
  ): string | 'wait' | null {
    const { descriptors } = this.#kernel
    const { fd, operator, target } = redirected
    const put = (to: number, open: number | null) => {
      const before = descriptors.openOf(process, to)
      if (before !== null) descriptors.hold(before)
      frame.saved.push({ fd: to, open: before })
      descriptors.set(process, to, open)
    }
    if (operator === 'here' || operator === '<<<') {
      const bytes = operator === 'here' ? target : `${target}\n`
      put(fd, descriptors.open({ type: 'text', bytes, at: 0 }))
      return null
    }
    if (operator === '<&' || operator === '>&') {
      if (target === '-') {
        put(fd, null)
        return null
      }
      if (/^\d+$/.test(target)) {
        const open = descriptors.openOf(process, Number(target))
        if (open === null) return `${target}: Bad file descriptor`
        put(fd, open)
        return null
      }
      if (operator === '<&') return `${target}: ambiguous redirect`
    }
    const appends = operator === '>>' || operator === '&>>'
    const how = operator === '<' ? 'read' : appends || operator === '<>' ? 'append' : 'write'
    const { fifo } = redirected
    let open: number
    if (fifo === undefined) {
      const opened = descriptors.openPath(target, how, process.environment.directory)
      if ('fault' in opened) return `${target}: ${opened.fault}`
      if ('waits' in opened) {
        redirected.fifo = { ...opened.waits, ready: false }
        this.#kernel.wakeReaders()
        return this.#redirect(process, frame, redirected)
      }
      open = opened.open
    } else {
      // A FIFO opens once its other end does.
      const other = fifo.end === 'read' ? 'write' : 'read'
      const isMet = fifo.ready || operator === '<>' || descriptors.isAwaited(fifo.pipe, other)
      if (!isMet) return 'wait'
      descriptors.meet(fifo.pipe, fifo.end)
      open = descriptors.open({ type: 'pipe', pipe: fifo.pipe, end: fifo.end })
    }
    put(fd, open)
    // `&>` and `>&` with a path: standard error goes the same way.
    if (operator.startsWith('&') || operator === '>&') put(2, open)
    return null
  }
}

export function redirection(redirect: Redirect, expander: Expander): Redirection {
  if (redirect.type === 'here')
    return { fd: redirect.fd ?? 0, operator: 'here', target: expander.text(redirect.body) }
  const { operator, target } = redirect
  const reads = operator === '<' || operator === '<&' || operator === '<<<' || operator === '<>'
  const fd = redirect.fd ?? (reads ? 0 : 1)
  if (operator === '<<<') return { fd, operator, target: expander.text(target) }
  const fields = expander.fields(target)
  const [only] = fields
  if (fields.length !== 1 || only === undefined)
    throw new ExpansionFault(`${expander.text(target)}: ambiguous redirect`, false)
  return { fd, operator, target: only }
}

export function withRedirections(
  pending: Redirection[],
  body: Frame | null,
): Extract<Frame, { type: 'redirected' }> {
  return { type: 'redirected', pending, saved: [], body, stays: false }
}
