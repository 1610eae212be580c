import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { TraceEvent } from '../../base/trace'
import { Timeline } from '../../replay/timeline'
import type { Config } from '../../sim/command'
import { DEFAULT_CONFIG } from '../../sim/command'
import { Simulation } from '../../sim/simulation'
import { parseProgram } from './parse'

const folder = join(import.meta.dirname, '../recipes')
const recipes = readdirSync(folder).map((file) => file.replace('.txt', ''))
const recipe = (name: string): string => readFileSync(join(folder, `${name}.txt`), 'utf8')

const config: Config = { ...DEFAULT_CONFIG, latencyMs: 20, expiryPhaseMs: 200 }

function run(source: string, clients: readonly string[], of: Partial<Config> = {}): Timeline {
  const timeline = new Timeline({
    leasescope: 1,
    seed: 1,
    config: { ...config, ...of },
    commands: [],
  })
  for (const client of clients) timeline.submit({ type: 'script', client, source })
  return timeline
}

type Of<T extends TraceEvent['type']> = Extract<TraceEvent, { type: T }>
function all<T extends TraceEvent['type']>(timeline: Timeline, type: T): Of<T>[] {
  return timeline.trace.filter((event): event is Of<T> => event.type === type)
}
const broken = (timeline: Timeline): boolean => all(timeline, 'exclusion-broken').length > 0
const order = (timeline: Timeline): string[] =>
  all(timeline, 'section-entered').map(({ client }) => client)

describe('the text', () => {
  test.each(recipes)('of %s has no mistake', (name) =>
    expect(parseProgram(recipe(name)).faults).toEqual([]),
  )

  test.each([
    ['lock /a', 1, 8, 'expected "with" here'],
    ['trylock /a while b', 1, 12, 'expected "with" here'],
    ['x = unlock /a', 1, 14, 'expected "if" and a token here'],
    ['now', 1, 1, 'now needs a variable for the time: seen = now'],
    ['server /a', 1, 8, 'expected "lock" here'],
    ['enter /a of 0', 1, 13, 'at least one must be able to enter'],
    ['get /a within 5', 1, 15, 'expected a time such as 500ms or 2s, not 5'],
    ['sleep 1s within 5s', 1, 10, 'expected the end of the line here'],
    ['if elapsed a goto b', 1, 14, 'expected a time such as 500ms or 2s, not goto'],
    ['if a < goto b', 1, 8, 'a number must be a name, not goto'],
    ['x = nonsense 3', 1, 5, 'expected one of grant'],
    ['\nput /a', 2, 7, 'a value is missing'],
    ['lease = grant soon', 1, 15, 'the TTL must be a whole number of seconds, not soon'],
    ['goto nowhere', 1, 6, 'there is no label nowhere:'],
    ['a:\na:', 2, 1, 'the label a exists already'],
    ['sleep 3', 1, 7, 'expected a time such as 500ms or 2s, not 3'],
    ['grant 3', 1, 1, 'a grant needs a variable'],
    ['put /a "b', 1, 8, 'the quote is not closed'],
    ['constructor /a', 1, 1, 'there is no instruction constructor'],
    ['leave now', 1, 7, 'expected the end of the line here'],
    ['delete /a if mod = 3', 1, 14, 'expected value or create here, not mod'],
    [
      'txn if key /a = 3 then get /a',
      1,
      8,
      'expected one of create, mod, version, value, lease here, not key',
    ],
    ['txn if create /a ~ 3 then get /a', 1, 18, 'expected =, !=, < or > here'],
    ['txn get /a', 1, 5, 'expected "then" here'],
    [
      'txn then lock /a with b',
      1,
      10,
      'a transaction can only put, get, oldest, newest and delete',
    ],
    [
      'txn then delete /a if create = b',
      1,
      10,
      'a transaction can only put, get, oldest, newest and delete',
    ],
    ['me = get /a', 1, 1, '$me is the client’s own name'],
    ['if not goto a', 1, 8, 'a variable must be a name, not goto'],
    ['live = get /a', 1, 1, 'a variable must be a name, not live'],
    ['now = wait /a', 1, 14, 'expected "deleted" here'],
  ])('%j is refused at line %i, column %i', (source, line, column, message) => {
    expect(parseProgram(source).faults).toMatchObject([
      { line, column, message: expect.stringContaining(message) },
    ])
  })

  test('has a fault for each line that has one, and the rest is read', () => {
    const { program, faults } = parseProgram(
      'what\nleave # and this is a comment\nsleep\nput "a # b" "c d"',
    )
    expect(faults.map(({ line }) => line)).toEqual([1, 3])
    expect(program.lines.map(({ step }) => step)).toEqual([
      { op: 'leave' },
      { op: 'put', key: 'a # b', value: 'c d', lease: null },
    ])
  })
})

describe('a transaction', () => {
  const vars = (source: string): Record<string, string> => {
    const timeline = run(source, ['a'])
    timeline.advance(2000)
    const { runner } = timeline.sim.clients.find(({ id }) => id === 'a')!.program!
    expect(runner!.ended).toMatchObject({ failed: false })
    return Object.fromEntries(runner!.vars)
  }

  test('runs the part after then where all comparisons hold, and fills the variables of its operations', () => {
    const of = vars(`lease = grant 9
      a = create /a one with lease
      t = txn if create /a = a.create and version /a = 1 and value /a = one and lease /a = lease and mod /a < 9 then put /a two and now = get /a and gone = delete /b`)
    expect(of).toMatchObject({
      t: 'yes',
      't.rev': '3',
      't.create': '3',
      now: 'two',
      'now.create': '2',
      'now.mod': '3',
    })
    expect(of.gone).toBeUndefined()
  })

  test('runs the other part where one comparison does not hold', () => {
    const of = vars(`put /a one
      t = txn if value /a = one and version /a != 1 then put /a two else now = get /a and old = delete /a`)
    expect(of).toMatchObject({ 't.rev': '3', now: 'one', old: 'yes' })
    expect(of.t).toBeUndefined()
    expect(of['t.create']).toBeUndefined()
  })
})

describe('time and numbers', () => {
  const writes = (source: string, config: Partial<Config> = {}, until = 10_000): string[] => {
    const timeline = run(source, ['a'], config)
    timeline.advance(until)
    return all(timeline, 'write-taken').map(({ at, value }) => `${value} at ${at}`)
  }

  test('elapsed is on the client’s own clock: a fast clock is there sooner, a clock that is set does not matter', () => {
    const source = 'seen = now\nwait:\nsleep 100ms\nif not elapsed seen 4s goto wait\nwrite over'
    const over = (fault: (timeline: Timeline) => void): number => {
      const timeline = run(source, ['a'])
      timeline.advance(1000)
      fault(timeline)
      timeline.advance(20_000)
      return all(timeline, 'write-taken')[0]!.at
    }
    const plain = over(() => undefined)
    expect(plain).toBeGreaterThan(4000)
    expect(plain).toBeLessThan(4300)
    expect(
      over((timeline) =>
        timeline.submit({ type: 'fault', fault: { type: 'set-clock', client: 'a', ms: 60_000 } }),
      ),
    ).toBe(plain)
    const fast = over((timeline) =>
      timeline.submit({ type: 'fault', fault: { type: 'clock', client: 'a', percent: 200 } }),
    )
    expect(fast).toBeLessThan(2800)
  })

  test('an unset time is long ago, and setting a time again restarts it', () => {
    expect(
      writes(
        'if elapsed never 9s goto on\nwrite no\non:\nt = now\nsleep 2s\nt = now\nif elapsed t 1s goto end\nwrite again\nend:',
      ),
    ).toEqual([expect.stringMatching(/^again/)])
  })

  test('numbers are compared as numbers, and an unset number is 0', () => {
    const source = `put /q/1 x\nput /q/2 x\nn = count /q/
      if n < 10 goto few\nwrite no\nfew:
      if n > 1 goto two\nwrite no\ntwo:
      if not n > 2 goto end\nwrite no\nend:
      if none < 1 goto last\nwrite no\nlast:
      write $n`
    expect(writes(source).map((text) => text.split(' ')[0])).toEqual(['2'])
  })

  test('a deadline ends a call without an answer, says so, and an answer cancels it', () => {
    const source = `put /a 1 within 1s
      sleep 2s
      write ok
      put /a 2 within 1500ms or goto late
      late:
      write "$error"
      wait /a deleted within 500ms or goto on
      on:
      write "$error"
      get /a within 0s or goto end
      end:
      write "$error"`
    const timeline = run(source, ['a'])
    timeline.advance(1000)
    timeline.submit({ type: 'fault', fault: { type: 'partition', groups: [['a'], ['m1']] } })
    timeline.advance(4000)
    timeline.submit({ type: 'fault', fault: { type: 'heal' } })
    timeline.advance(9000)
    const late = 'context deadline exceeded'
    expect(all(timeline, 'write-taken').map(({ value }) => value)).toEqual(['ok', late, late, late])
    expect(all(timeline, 'context-ended').map(({ why }) => why)).toEqual(['deadline', 'deadline'])
    // The last call sent nothing.
    const asked = all(timeline, 'request-sent').map(({ request }) => request.type)
    expect(asked.filter((type) => type === 'Range')).toEqual([])
  })
})

describe('a section for several', () => {
  const enters = (...rooms: string[]): number[] =>
    rooms.map((_, i) => {
      const timeline = run('sleep 1s', [])
      for (const [k, other] of rooms.slice(0, i + 1).entries())
        timeline.submit({ type: 'script', client: `c${k}`, source: `enter /s ${other}\nsleep 9s` })
      timeline.advance(100)
      return all(timeline, 'exclusion-broken').length
    })

  test('is broken only by one client too many', () => {
    expect(enters('', '')).toEqual([0, 1])
    expect(enters('shared', 'shared', 'shared')).toEqual([0, 0, 0])
    expect(enters('shared', 'shared', '')).toEqual([0, 0, 1])
    expect(enters('', 'shared')).toEqual([0, 1])
    expect(enters('of 2', 'of 2', 'of 2')).toEqual([0, 0, 1])
  })
})

test('a client that waits for any change gets each one, also several at one revision', () => {
  const timeline = run(
    'first = oldest /s/\nlisten:\nnews = wait any /s/ changed\nwrite $news.key-$news\ngoto listen',
    ['w'],
  )
  timeline.advance(100)
  const source =
    'lease = grant 9\ntxn then put /s/a 1 with lease and put /s/b 2 with lease and put /t 3\nput /s/c 4\nrevoke lease'
  timeline.submit({ type: 'script', client: 'a', source })
  timeline.advance(6000)
  expect(all(timeline, 'write-taken').map(({ value }) => value)).toEqual([
    '/s/a-1',
    '/s/b-2',
    '/s/c-4',
    '/s/a-',
    '/s/b-',
  ])
})

describe('recipes that exclude', () => {
  test.each([
    'create-without-lease',
    'create-and-poll',
    'create-and-watch',
    'mutex',
    'mutex-3.5',
    'mutex-fenced',
    'herd',
    'election',
  ])('%s: three clients enter one after the other', (name) => {
    const timeline = run(recipe(name), ['a', 'b', 'c'])
    timeline.advance(30_000)
    expect(order(timeline).toSorted()).toEqual(['a', 'b', 'c'])
    expect(broken(timeline)).toBe(false)
    expect(all(timeline, 'program-ended').map(({ failed }) => failed)).toEqual([
      false,
      false,
      false,
    ])
  })

  test('Mutex line by line serves in the order of concurrency.Mutex', () => {
    const lines = run(recipe('mutex'), ['a', 'b', 'c'])
    const machine = run(recipe('mutex-fenced').replaceAll('/job', '/job'), ['a', 'b', 'c'])
    for (const timeline of [lines, machine]) timeline.advance(30_000)
    expect(order(lines)).toEqual(order(machine))
    const keys = (timeline: Timeline): string[] => all(timeline, 'key-put').map(({ kv }) => kv.key)
    expect(keys(lines)).toEqual(keys(machine))
  })
})

describe('recipes that are broken', () => {
  test.each(['check-then-put', 'put-and-hope', 'no-keep-alive'])(
    '%s: two clients are in the section at once',
    (name) => {
      const timeline = run(recipe(name), ['a', 'b'])
      timeline.advance(30_000)
      expect(broken(timeline)).toBe(true)
      const [event] = all(timeline, 'exclusion-broken')
      // Its causes are the two entries.
      expect(event!.causes.map((id) => timeline.trace[id - 1]!.type)).toEqual([
        'section-entered',
        'section-entered',
      ])
    },
  )

  test('the crash of a holder without a lease leaves a lock that no client can take; with a lease the lock goes', () => {
    for (const [name, taken] of [
      ['create-without-lease', false],
      ['create-and-poll', true],
    ] as const) {
      const timeline = run(recipe(name), ['a', 'b'])
      timeline.advance(500)
      expect(order(timeline)).toEqual(['a'])
      timeline.submit({ type: 'fault', fault: { type: 'crash-client', client: 'a' } })
      timeline.advance(60_000)
      expect(order(timeline).includes('b')).toBe(taken)
    }
  })

  test('a plain delete removes the lock of the next owner', () => {
    const timeline = run(recipe('unlock-by-delete'), ['a', 'b', 'c'])
    timeline.advance(500)
    timeline.submit({ type: 'fault', fault: { type: 'pause-client', client: 'a' } })
    timeline.advance(5000)
    expect(order(timeline)).toEqual(['a', 'b'])
    timeline.submit({ type: 'fault', fault: { type: 'resume-client', client: 'a' } })
    timeline.advance(6500)
    // Two of its three clients were in the section, because the first client took the lock from the
    // second.
    expect(all(timeline, 'exclusion-broken').length).toBeGreaterThan(0)
  })
})

describe('the guarded resource', () => {
  /**
   * The holder is paused in its section until its lease is long gone and the next holder has
   * written. Then it continues.
   */
  function late(checkTokens: boolean): Timeline {
    const timeline = run(recipe('mutex-fenced'), ['a', 'b'], { checkTokens })
    timeline.advance(300)
    expect(order(timeline)).toEqual(['a'])
    timeline.submit({ type: 'fault', fault: { type: 'pause-client', client: 'a' } })
    timeline.advance(9000)
    timeline.submit({ type: 'fault', fault: { type: 'resume-client', client: 'a' } })
    timeline.advance(12_000)
    return timeline
  }

  test('takes the late write of a stale holder if it does not check tokens', () => {
    const timeline = late(false)
    expect(all(timeline, 'write-taken')).toMatchObject([
      { client: 'b', stale: false },
      { client: 'a', stale: true },
    ])
  })

  test('refuses it if it checks tokens, and names both tokens; until then the run is the same', () => {
    const [without, checked] = [late(false), late(true)]
    const [bounced] = all(checked, 'write-bounced')
    expect(bounced).toMatchObject({ client: 'a', stale: true })
    expect(bounced!.token).toBeLessThan(bounced!.highest!)
    const before = checked.trace.slice(0, bounced!.id - 1)
    expect(without.trace.slice(0, bounced!.id - 1)).toEqual(before)
  })
})

describe('a debugger’s control', () => {
  const lines = (timeline: Timeline): number[] =>
    all(timeline, 'program-line').map(({ line }) => line + 1)

  test('holds a client while another runs, steps it by one line, and runs it to a line', () => {
    const timeline = run(recipe('check-then-put'), ['a', 'b'])
    timeline.submit({ type: 'control', client: 'a', control: { type: 'hold' } })
    timeline.advance(3000)
    expect(all(timeline, 'program-line').every(({ client }) => client === 'b')).toBe(true)
    timeline.submit({ type: 'control', client: 'a', control: { type: 'step' } })
    timeline.advance(4000)
    expect(all(timeline, 'program-line').filter(({ client }) => client === 'a')).toMatchObject([
      { line: 2 },
    ])
    timeline.submit({ type: 'control', client: 'a', control: { type: 'run-to', line: 9 } })
    timeline.advance(6000)
    const program = timeline.sim.clients.find(({ id }) => id === 'a')?.program
    expect([program?.held, program?.runner?.line]).toEqual([true, 9])
    timeline.submit({ type: 'control', client: 'a', control: { type: 'release' } })
    timeline.advance(9000)
    expect(all(timeline, 'program-ended').map(({ client }) => client)).toEqual(['b', 'a'])
    expect(lines(timeline).length).toBeGreaterThan(10)
  })
})

test('a client with a slow clock believes in its lease for too long', () => {
  const timeline = run(recipe('own-clock'), ['a'])
  timeline.submit({ type: 'fault', fault: { type: 'clock', client: 'a', percent: 50 } })
  timeline.advance(20_000)
  expect(all(timeline, 'write-taken').some(({ stale }) => stale)).toBe(true)
})

test('a client whose clock is set back believes in its lease for too long, while its heartbeats and sleeps do not change', () => {
  const timeline = run(recipe('own-clock'), ['a'])
  timeline.advance(1000)
  const sleeping = timeline.sim.nextAt()
  timeline.submit({ type: 'fault', fault: { type: 'set-clock', client: 'a', ms: -3000 } })
  expect(timeline.sim.nextAt()).toBe(sleeping)
  expect(all(timeline, 'clock-set')).toMatchObject([{ ms: -3000, ahead: -3000 }])
  timeline.advance(20_000)
  expect(all(timeline, 'write-taken').some(({ stale }) => stale)).toBe(true)
  // Set ahead, it stops sooner than necessary.
  const other = run(recipe('own-clock'), ['a'])
  other.submit({ type: 'fault', fault: { type: 'clock', client: 'a', percent: 200 } })
  other.advance(1000)
  other.submit({ type: 'fault', fault: { type: 'set-clock', client: 'a', ms: 2000 } })
  expect(all(other, 'clock-set')).toMatchObject([{ ms: 2000, ahead: 3000 }])
  expect(other.sim.clockAheadOf('a')).toEqual({ at: 0, ahead: 2000 })
  other.advance(20_000)
  expect(all(other, 'section-left')[0]!.at).toBeLessThan(1800)
})

test('a restarted client begins its program again, and a paused client reads its messages later', () => {
  const timeline = run(recipe('create-and-watch'), ['a'])
  timeline.submit({ type: 'fault', fault: { type: 'pause-client', client: 'a' } })
  timeline.advance(2000)
  expect(all(timeline, 'program-line')).toHaveLength(0)
  timeline.submit({ type: 'fault', fault: { type: 'resume-client', client: 'a' } })
  timeline.advance(2300)
  timeline.submit({ type: 'fault', fault: { type: 'crash-client', client: 'a' } })
  timeline.submit({ type: 'fault', fault: { type: 'restart-client', client: 'a' } })
  timeline.advance(20_000)
  expect(order(timeline)).toEqual(['a', 'a'])
})

test.each(recipes)(
  'a run of %s is the same after saving and loading in the middle, and after a replay',
  (name) => {
    const timeline = run(recipe(name), ['a', 'b'])
    timeline.advance(700)
    timeline.submit({ type: 'fault', fault: { type: 'pause-client', client: 'a' } })
    timeline.submit({ type: 'fault', fault: { type: 'clock', client: 'b', percent: 130 } })
    timeline.submit({ type: 'fault', fault: { type: 'set-clock', client: 'b', ms: 700 } })
    timeline.advance(900)
    const events: TraceEvent[] = []
    const copy = Simulation.load(JSON.parse(JSON.stringify(timeline.sim.save())), (event) =>
      events.push(event),
    )
    const from = timeline.trace.length
    copy.advance(4000)
    timeline.advance(4000)
    expect(events).toEqual(timeline.trace.slice(from))
    expect(copy.fingerprint()).toBe(timeline.sim.fingerprint())
    const again = new Timeline(timeline.recording())
    again.advance(4000)
    expect(again.trace).toEqual(timeline.trace)
  },
)
