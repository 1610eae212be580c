// Keep-alive loops of clients with their requests, and lines of terminals with their durations.

import type { ClientId, TraceEvent } from '../../base/trace'
import type { Lane, Span, Track } from './track'
import { beginSpan, endSpan, Tracks, turnTo } from './track'

/** A row for each client that runs a keep-alive loop; processes of terminals have none. */
export class Heartbeats implements Lane {
  readonly #all = new Tracks()
  #byClient = new Map<ClientId, Track>()

  get tracks(): readonly Track[] {
    return this.#all.tracks
  }

  get marks(): Tracks['marks'] {
    return this.#all.marks
  }

  note(event: TraceEvent): boolean {
    switch (event.type) {
      case 'heartbeat-started': {
        const track =
          this.#byClient.get(event.client) ?? this.#all.begin(event.client, event.client, event.at)
        this.#byClient.set(event.client, track)
        turnTo(track, 'beats', event.at, event.id)
        return true
      }
      case 'request-sent': {
        const track =
          event.request.type === 'LeaseKeepAlive' ? this.#byClient.get(event.client) : undefined
        if (track === undefined) return false
        this.#all.mark(track, 'beat', event)
        return true
      }
      case 'heartbeat-stopped':
      case 'client-crashed':
      case 'lease-believed-lost': {
        const track = this.#byClient.get(event.client)
        if (track === undefined || !endSpan(track, event.at)) return false
        this.#all.mark(
          track,
          'stopped',
          event,
          event.type === 'client-crashed' ? 'crashed' : 'stopped',
        )
        return true
      }
      default:
        return false
    }
  }
}

export class Terminals implements Lane {
  readonly #all = new Tracks()
  #byTerminal = new Map<string, Track>()
  #running = new Map<string, Span>()

  get tracks(): readonly Track[] {
    return this.#all.tracks
  }

  get marks(): Tracks['marks'] {
    return this.#all.marks
  }

  note(event: TraceEvent): boolean {
    if (event.type === 'console-exit') {
      const span = this.#running.get(`${event.terminal}#${event.job}`)
      if (span === undefined) return false
      span.to = event.at
      this.#running.delete(`${event.terminal}#${event.job}`)
      return true
    }
    if (event.type !== 'console-line') return false
    const { terminal, job, line } = event
    const track = this.#byTerminal.get(terminal) ?? this.#all.begin(terminal, terminal, event.at)
    this.#byTerminal.set(terminal, track)
    // Shell words (`sleep`, `wait`) end without an exit code. The next line of the terminal ends
    // them.
    const before = track.spans.at(-1)
    if (before?.to === Number.POSITIVE_INFINITY && !before.text.trimEnd().endsWith('&'))
      before.to = event.at
    this.#running.set(`${terminal}#${job}`, beginSpan(track, 'runs', event, line))
    this.#all.mark(track, 'command', event, line)
    return true
  }
}
