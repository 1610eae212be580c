// The answers of the instructions, and the store after them, are those that clientv3 and its
// concurrency package were recorded with against real servers.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { EtcdVersion } from '../../base/etcd-versions'
import { goHex } from '../../base/int64'
import type { LeaseId } from '../../base/rpc'
import type { TraceEvent } from '../../base/trace'
import type { Command } from '../../sim/command'
import { DEFAULT_CONFIG } from '../../sim/command'
import { Simulation } from '../../sim/simulation'

interface Recorded {
  recorded: EtcdVersion[]
  cases: Record<
    string,
    {
      steps: { do: string; answer?: string | number | boolean; error?: { text: string } }[]
      events: string[]
    }
  >
}

const { recorded, cases } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../test/recordings/instructions.json'), 'utf8'),
) as Recorded

interface Played {
  /** By client. A program says what came with writes. */
  programs: Record<string, string>
  /** Virtual ms when the n-th lease is revoked by another client. */
  revokes?: { at: number; lease: number }[]
}

const SESSION = 'lease = grant 60\nkeep lease\n'
/** Both have their leases before the first of them asks for more. */
const FIRST = `${SESSION}sleep 100ms\n`
const SECOND = `sleep 50ms\n${SESSION}sleep 400ms\n`

const PROGRAMS: Record<string, Played> = {
  'renew-once': {
    programs: {
      a: `lease = grant 30
        left = renew lease
        write "renew = $left"
        revoke lease
        renew lease or goto gone
        gone:
        write "renew: $error"`,
    },
  },
  count: {
    programs: {
      a: `put /q/a v
        put /x v
        put /q/b v
        put /q/c v
        n = count /q/
        write "count = $n"
        c = get /q/c
        n = count /q/ before c.create
        write "count before c = $n"
        n = count /none/
        write "count none = $n"`,
    },
  },
  'lock-within': {
    programs: {
      a: `${FIRST}lock /job with lease
        write "a lock"
        sleep 1500ms
        unlock /job
        write "a unlock"`,
      b: `${SECOND}lock /job with lease within 500ms or goto late
        late:
        write "b lock within 500ms: $error"
        sleep 1s
        lock /job with lease
        write "b lock"`,
    },
  },
  'lock-while-revoked': {
    programs: {
      a: `${FIRST}lock /job with lease\nwrite "a lock"`,
      b: `${SECOND}lock /job while lease or goto over
        over:
        write "b lock while: $error"
        lock /job while lease or goto still
        still:
        write "b lock while, its session is over: $error"`,
    },
    revokes: [{ at: 1000, lease: 2 }],
  },
  'lock-while-dropped': {
    programs: {
      a: `${FIRST}lock /job with lease\nwrite "a lock"`,
      b: `${SECOND}lock /job while lease or goto over\nover:\nwrite "b lock while: $error"`,
    },
  },
  'campaign-within': {
    programs: {
      a: `${FIRST}campaign /leader a with lease\nwrite "a campaign"`,
      b: `${SECOND}campaign /leader b with lease within 500ms or goto late\nlate:\nwrite "b campaign within 500ms: $error"`,
    },
  },
  'campaign-while-revoked': {
    programs: {
      a: `${FIRST}campaign /leader a with lease\nwrite "a campaign"\nsleep 40s\nresign /leader\nwrite "a resign"`,
      b: `${SECOND}campaign /leader b while lease or goto over\nover:\nwrite "b campaign while: $error"`,
    },
    revokes: [{ at: 1000, lease: 2 }],
  },
  'campaign-while-dropped': {
    programs: {
      a: `${FIRST}campaign /leader a with lease\nwrite "a campaign"`,
      b: `${SECOND}campaign /leader b while lease or goto over\nover:\nwrite "b campaign while: $error"`,
    },
  },
  'server-lock': {
    programs: {
      a: `lease = grant 60
        sleep 100ms
        held = server lock /job with lease
        write "a server lock = $held at $held.rev"
        held = server lock /job with lease
        write "a server lock = $held at $held.rev"
        sleep 500ms
        server unlock $held
        write "a server unlock"
        sleep 500ms
        server unlock $held
        write "a server unlock"
        revoke lease
        server lock /job with lease or goto gone
        gone:
        write "a server lock: $error"`,
      b: `sleep 50ms
        lease = grant 60
        sleep 300ms
        held = server lock /job with lease
        sleep 5ms
        write "b server lock = $held at $held.rev"
        server unlock $held.key
        write "b server unlock"`,
    },
  },
  'server-lock-within': {
    programs: {
      a: `lease = grant 60
        sleep 100ms
        held = server lock /job with lease
        write "a server lock = $held at $held.rev"`,
      b: `sleep 50ms
        lease = grant 60
        sleep 300ms
        server lock /job with lease within 500ms or goto late
        late:
        write "b server lock within 500ms: $error"`,
    },
  },
  'unlock-if': {
    programs: {
      a: `lease = grant 60
        first = lock /job with lease
        write lock
        unlock /job
        write unlock
        second = lock /job with lease
        write lock
        gone = unlock /job if first
        write "unlock if token = $gone"
        gone = unlock /job if second
        write "unlock if token = $gone"`,
    },
  },
}

function play(
  { programs, revokes = [] }: Played,
  etcd: EtcdVersion,
  dropsSecond: boolean,
): { said: string[]; events: string[] } {
  const trace: TraceEvent[] = []
  const sim = new Simulation({ ...DEFAULT_CONFIG, etcd, latencyMs: 1 }, 1, (event) =>
    trace.push(event),
  )
  const leases = (): LeaseId[] =>
    trace.flatMap((event) => (event.type === 'lease-granted' ? [event.lease] : []))
  for (const [client, source] of Object.entries(programs))
    sim.submit({ type: 'script', client, source })
  for (const { at, lease } of revokes) {
    sim.advance(at)
    const request: Command = {
      type: 'request',
      client: 'ops',
      request: { type: 'LeaseRevoke', ID: leases()[lease - 1]! },
    }
    sim.submit(request)
  }
  if (dropsSecond) {
    sim.advance(1000)
    sim.submit({ type: 'heartbeat', client: 'b', lease: leases()[1]!, on: false })
  }
  sim.advance(50_000)
  const named = (text: string): string =>
    leases().reduce<string>((of, lease, i) => of.replaceAll(goHex(lease), `{L${i + 1}}`), text)
  return {
    said: trace.flatMap((event) => (event.type === 'write-taken' ? [named(event.value)] : [])),
    events: trace.flatMap((event) => {
      if (event.type === 'key-put') {
        const { create_revision, mod_revision, key } = event.kv
        return [
          `${mod_revision} ${create_revision === mod_revision ? 'create' : 'put'} ${named(key)}`,
        ]
      }
      return event.type === 'key-deleted' ? [`${event.revision} delete ${named(event.key)}`] : []
    }),
  }
}

/**
 * Answers that the program has no words for: the revision of the answer to an unlock, and etcd's
 * count, which does not look at creation.
 */
function sayable(steps: Recorded['cases'][string]['steps']): string[] {
  const said = steps.flatMap(({ do: what, answer, error }) => {
    if (what === 'count only before c') return []
    if (error !== undefined) return [`${what}: ${error.text}`]
    const shown = answer === true ? 'yes' : answer === false ? '' : answer
    return [shown === undefined || what.endsWith('server unlock') ? what : `${what} = ${shown}`]
  })
  return said
}

/**
 * Two recipes of etcd's, line by line, as the recording has them: a dead writer is let in, and two
 * meet at a barrier.
 */
const recipe = (name: string): string =>
  readFileSync(join(import.meta.dirname, `../recipes/${name}.txt`), 'utf8')
const [session = '', reading = '', writing = ''] = recipe('rwmutex')
  .replace('grant 5', 'grant 60')
  .split('mine = ')
const [writer, reader] = [writing, reading].map((lines) => `${session}mine = ${lines}`)
const RECIPES: Record<string, Played> = {
  rwmutex: {
    programs: {
      a: `${writer}`.replace('sleep 1s', 'sleep 30s'),
      b: `sleep 100ms\n${writer}`,
      c: `sleep 200ms\n${reader}`,
    },
    revokes: [{ at: 400, lease: 2 }],
  },
  'double-barrier': {
    programs: { a: recipe('double-barrier'), b: `sleep 400ms\n${recipe('double-barrier')}` },
  },
}

describe.each(recorded)('etcd %s', (etcd) => {
  test.each(Object.keys(RECIPES))('the recipe %s', (name) => {
    const { events } = play(RECIPES[name]!, etcd, false)
    const alike = events.map((event) => event.replace('/barrier', '/b').replace(/\{L\d\}/, '{N}'))
    expect(alike).toEqual(cases[name]!.events)
  })

  test.each(Object.keys(PROGRAMS))('%s', (name) => {
    const { steps, events } = cases[name]!
    const played = play(PROGRAMS[name]!, etcd, name.endsWith('-dropped'))
    expect(played.events).toEqual(events)
    expect(played.said).toEqual(sayable(steps))
  })
})
