// Files, pipes and the descriptors that refer to them.

import { assert } from '../base/assert'
import type { Bytes } from '../base/rpc'
import type { MachineState, OpenFile, Pipe, Process } from './state'
import type { Files } from './utilities/utility'

export type Opened =
  | { open: number }
  | { fault: string }
  | { waits: { pipe: number; end: 'read' | 'write' } }

/** A write to a pipe that no process reads any more. */
export const BROKEN = Symbol('broken pipe')

export class Descriptors {
  readonly #state: MachineState
  /** Called where a pipe has changed: who waits for it looks again. */
  readonly #changed: () => void

  constructor(state: MachineState, changed: () => void) {
    this.#state = state
    this.#changed = changed
  }

  open(file: OpenFile['file']): number {
    const id = this.#state.nextOpen++
    this.#state.opens.push({ id, references: 0, file })
    if (file.type === 'pipe') {
      const pipe = this.pipe(file.pipe)
      if (file.end === 'read') pipe.readers++
      else pipe.writers++
      this.#changed()
    }
    return id
  }

  makePipe(): { read: number; write: number } {
    const id = this.#newPipe()
    const end = (which: 'read' | 'write') => this.open({ type: 'pipe', pipe: id, end: which })
    return { read: end('read'), write: end('write') }
  }

  #newPipe(): number {
    const id = this.#state.nextPipe++
    this.#state.pipes.push({ id, bytes: '', readers: 0, writers: 0 })
    return id
  }

  pipe(id: number): Pipe {
    const pipe = this.#state.pipes.find((each) => each.id === id)
    assert(pipe !== undefined, 'a pipe that is referred to exists')
    return pipe
  }

  #opened(id: number): OpenFile {
    const open = this.#state.opens.find((each) => each.id === id)
    assert(open !== undefined, 'a file that is referred to is open')
    return open
  }

  fileOf(process: Process, fd: number): OpenFile['file'] | null {
    const open = this.openOf(process, fd)
    return open === null ? null : this.#opened(open).file
  }

  openOf(process: Process, fd: number): number | null {
    return process.descriptors.find((each) => each.fd === fd)?.open ?? null
  }

  /** Makes a descriptor refer to an open file, or to none. */
  set(process: Process, fd: number, open: number | null): void {
    if (open !== null) this.#opened(open).references++
    const known = process.descriptors.find((each) => each.fd === fd)
    process.descriptors = process.descriptors.filter((each) => each.fd !== fd)
    if (open !== null) process.descriptors.push({ fd, open })
    if (known !== undefined) this.release(known.open)
  }

  /** Keeps a file open that a descriptor is about to leave. */
  hold(open: number): void {
    this.#opened(open).references++
  }

  release(id: number): void {
    const open = this.#opened(id)
    if (--open.references > 0) return
    this.#state.opens = this.#state.opens.filter((each) => each !== open)
    if (open.file.type !== 'pipe') return
    const pipe = this.pipe(open.file.pipe)
    if (open.file.end === 'read') pipe.readers--
    else pipe.writers--
    const isAwaited = this.isAwaited(pipe.id, 'read') || this.isAwaited(pipe.id, 'write')
    if (!isAwaited) {
      this.#state.pipes = this.#state.pipes.filter((each) => each !== pipe)
      for (const { content } of this.#state.files)
        if (content.type === 'fifo' && content.pipe === pipe.id) content.pipe = null
    }
    this.#changed()
  }

  closeAll(process: Process): void {
    for (const { open } of process.descriptors) this.release(open)
    process.descriptors = []
  }

  inherit(from: Process, to: Process): void {
    for (const { fd, open } of from.descriptors) this.set(to, fd, open)
  }

  /**
   * What can be read now, at most to and with the first newline where `line` is set. Null: nothing
   * yet. Empty: the end.
   */
  read(id: number, line: boolean): Bytes | null {
    const { file } = this.#opened(id)
    const cut = (bytes: Bytes) => {
      const end = line ? bytes.indexOf('\n') : -1
      return end < 0 ? bytes : bytes.slice(0, end + 1)
    }
    switch (file.type) {
      case 'terminal':
      case 'null':
        return ''
      case 'text': {
        const bytes = cut(file.bytes.slice(file.at))
        file.at += bytes.length
        return bytes
      }
      case 'file': {
        const bytes = cut((this.files('/').read(file.path) ?? '').slice(file.at))
        file.at += bytes.length
        return bytes
      }
      case 'pipe': {
        const pipe = this.pipe(file.pipe)
        const bytes = cut(pipe.bytes)
        const isOver = pipe.writers === 0 && !this.isAwaited(pipe.id, 'write')
        const isWhole = !line || bytes.endsWith('\n') || isOver
        if (bytes === '' || !isWhole) return isOver ? '' : null
        pipe.bytes = pipe.bytes.slice(bytes.length)
        return bytes
      }
    }
  }

  /** Writes; BROKEN where no process reads the pipe, false where the descriptor is closed. */
  write(process: Process, fd: number, bytes: Bytes): true | false | typeof BROKEN | 'terminal' {
    const file = this.fileOf(process, fd)
    if (file === null) return false
    switch (file.type) {
      case 'terminal':
        return 'terminal'
      case 'null':
        return true
      case 'text':
        return false
      case 'file': {
        const files = this.files('/')
        const old = files.read(file.path) ?? ''
        if (file.appends) file.at = old.length
        files.write(
          file.path,
          old.slice(0, file.at).padEnd(file.at, '\0') + bytes + old.slice(file.at + bytes.length),
          false,
        )
        file.at += bytes.length
        return true
      }
      case 'pipe': {
        if (file.end === 'read') return false
        const pipe = this.pipe(file.pipe)
        if (!this.isAwaited(pipe.id, 'read')) return BROKEN
        pipe.bytes += bytes
        this.#changed()
        return true
      }
    }
  }

  /** Whether a process is about to open that end of a FIFO, or has it open. */
  isAwaited(pipe: number, end: 'read' | 'write'): boolean {
    const { readers, writers } = this.pipe(pipe)
    if ((end === 'read' ? readers : writers) > 0) return true
    return this.#state.processes.some(({ stack }) => {
      const top = stack.at(-1)?.frame
      const fifo = top?.type === 'redirected' ? top.pending[0]?.fifo : undefined
      return fifo?.pipe === pipe && fifo.end === end
    })
  }

  /** One end of a FIFO is being opened: who waits for it at the other end may go on. */
  meet(pipe: number, end: 'read' | 'write'): void {
    for (const { stack } of this.#state.processes) {
      const top = stack.at(-1)?.frame
      const fifo = top?.type === 'redirected' ? top.pending[0]?.fifo : undefined
      if (fifo?.pipe === pipe && fifo.end !== end) fifo.ready = true
    }
  }

  /** Opens a path; `fault` is what the system says. */
  openPath(path: Bytes, how: 'read' | 'write' | 'append', directory: Bytes): Opened {
    const files = this.files(directory)
    const absolute = files.absolute(path)
    if (absolute === '/dev/null') return { open: this.open({ type: 'null' }) }
    if (absolute === '/dev/stdout' || absolute === '/dev/stderr' || absolute === '/dev/tty') {
      const stream = absolute === '/dev/stderr' ? 'stderr' : 'stdout'
      return { open: this.open({ type: 'terminal', stream }) }
    }
    const kind = files.kind(absolute)
    if (kind === 'directory')
      return how === 'read'
        ? { open: this.open({ type: 'text', bytes: '', at: 0 }) }
        : { fault: 'Is a directory' }
    if (kind === 'fifo') return this.#openFifo(absolute, how === 'read' ? 'read' : 'write')
    if (kind === null) {
      const parent = absolute.slice(0, absolute.lastIndexOf('/')) || '/'
      if (how === 'read' || files.kind(parent) !== 'directory')
        return { fault: 'No such file or directory' }
    }
    if (how === 'write' || kind === null) files.write(absolute, '', how === 'append')
    return { open: this.open({ type: 'file', path: absolute, at: 0, appends: how === 'append' }) }
  }

  /** A FIFO is open once both of its ends are. */
  #openFifo(path: Bytes, end: 'read' | 'write'): Opened {
    const file = this.#state.files.find((each) => each.path === path)
    assert(file?.content.type === 'fifo', 'a FIFO is a file')
    file.content.pipe ??= this.#newPipe()
    return { waits: { pipe: file.content.pipe, end } }
  }

  /** Files as a process in that directory sees them. */
  files(directory: Bytes): Files {
    const state = this.#state
    const find = (path: Bytes) => state.files.find((each) => each.path === path)
    const absolute = (path: Bytes) => {
      const names: Bytes[] = []
      for (const name of (path.startsWith('/') ? path : `${directory}/${path}`).split('/')) {
        if (name === '..') names.pop()
        else if (name !== '' && name !== '.') names.push(name)
      }
      return `/${names.join('/')}`
    }
    return {
      absolute,
      read: (path) => {
        const content = find(absolute(path))?.content
        return content?.type === 'file' ? content.bytes : null
      },
      write: (path, bytes, appends) => {
        const known = find(absolute(path))
        if (known === undefined)
          state.files.push({ path: absolute(path), content: { type: 'file', bytes } })
        else if (known.content.type === 'file')
          known.content.bytes = appends ? known.content.bytes + bytes : bytes
      },
      kind: (path) => {
        const whole = absolute(path)
        if (DIRECTORIES.has(whole)) return 'directory'
        return find(whole)?.content.type ?? null
      },
      remove: (path) => {
        state.files = state.files.filter((each) => each.path !== absolute(path))
      },
      makeDirectory: (path) => {
        state.files.push({ path: absolute(path), content: { type: 'directory' } })
      },
      makeFifo: (path) => {
        state.files.push({ path: absolute(path), content: { type: 'fifo', pipe: null } })
      },
      list: () => state.files.map(({ path }) => path),
    }
  }
}

/** Directories that every machine has. */
const DIRECTORIES = new Set([
  '/',
  '/tmp',
  '/root',
  '/etc',
  '/var',
  '/var/run',
  '/run',
  '/dev',
  '/home',
])
