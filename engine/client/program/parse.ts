// The text form of a client's program: one instruction a line, so that a line can be stepped,
// stopped at and pointed to. `#` begins a comment, `name:` alone on a line is where a `goto` goes.
// Keys, values and names may hold variables: `/lock/$me`. `$me` is the client's own name.
//
//   lease = grant 10                     a lease of ten seconds, in a variable
//   keep lease     drop lease            starts, stops clientv3's keep-alive loop
//   revoke lease
//   left = renew lease                   KeepAliveOnce: the TTL of its answer; an error where the
//                                        lease is gone
//   found = get /lock                    the value, nothing where there is no key; then
//                                        found.create, found.mod, found.key and found.rev too
//   first = oldest /lock/                of the keys with a prefix the one created first; newest
//                                        /lock/ before mine.create the last one before
//   n = count /q/                        how many keys there are with a prefix; count /q/ before
//                                        mine.create those created before
//   put /lock $me with lease
//   won = create /lock $me with lease    a transaction: puts where there is no such key; nothing
//                                        where there is one. won.create is the token
//   gone = delete /lock if value = $me   a transaction; also: if create = won.create
//   won = txn if create /job/$me = 0 then put /job/$me x with lease and first = oldest /job/ else
//   own = get /job/$me
//                                        a transaction as it stands: compares create, mod, version,
//                                        value or lease with =, !=, < or >, and
//                                        puts, gets and deletes. won.rev is its revision;
//                                        won.create the same where the compares held
//   wait /lock deleted                   watches from the last answer's revision on; wait any
//                                        /lock/ deleted for a prefix
//   now = wait any /services/ changed    the same for any change; the value put, nothing for a key
//                                        deleted; now.key
//   sleep 500ms     sleep 2s
//   seen = now                           the time on the client’s own clock, for: if elapsed seen
//                                        15s goto steal
//   token = lock /job with lease         concurrency.Mutex as one instruction; unlock /job
//   token = lock /job while lease        the same, and it stops waiting when the lease is kept
//                                        alive no more (Session.Done); campaign too
//   gone = unlock /job if token          a transaction: deletes the own key of that lock only while
//                                        its create revision is the token
//   token = trylock /job with lease      the same without waiting: nothing where another session
//                                        has it
//   lead = campaign /leader $me with lease     concurrency.Election; proclaim /leader ready; resign
//                                              /leader
//   led = observe /leader                waits for the next that Election's Observe tells: who
//                                        leads, each value proclaimed, who leads next; led.key is
//                                        whose
//   held = server lock /job with lease   the server's Lock service (v3lock): the key it holds;
//                                        server unlock $held
//   mine = node lock /job ttl 30         the lock of node’s etcd3: tries once, on a lease of its
//                                        own; nothing where another has the key. node unlock /job
//   mine = python lock /job ttl 60       the lock of python-etcd3: waits for 10 s, or within 5s,
//                                        and never renews: renew mine.lease; gone = python unlock
//                                        /job
//   enter /lock     leave                the critical section; enter /rw shared with all that share
//                                        it, enter /pool of 3 for at most three
//   ok = write hello with token t        the guarded resource; ok is nothing where the write
//                                        bounced
//   if found goto wait                   also: if not found, if a = b, if n < 3, if n > m.create,
//                                        if not live lease (by the client's own clock)
//   goto try     stop
//
// A call may end with `within 5s`, the deadline of its context: then it ends with "context deadline
// exceeded". And it may end with `or goto LABEL`: where it ends with an error the program goes
// there instead of ending, and the variable `error` has its words.

import { LineReader, Mistake } from './line-reader'
import { readStep } from './read-step'
import type { Program } from './steps'

export interface ProgramFault {
  line: number
  column: number
  message: string
}

export const MOST_PROGRAM_LINES = 300
export const LONGEST_PROGRAM = 20_000

/**
 * Reads a program. Each mistake is reported with its place, at most one fault a line. The program
 * consists of the other lines.
 */
export function parseProgram(source: string): { program: Program; faults: ProgramFault[] } {
  const program: Program = { lines: [], labels: new Map() }
  const faults: ProgramFault[] = []
  const goals: { name: string; line: number; column: number }[] = []
  const rows = source.slice(0, LONGEST_PROGRAM).split('\n')
  if (source.length > LONGEST_PROGRAM)
    faults.push({
      line: rows.length,
      column: 1,
      message: `a program has at most ${LONGEST_PROGRAM} characters`,
    })
  for (const [i, row] of rows.entries()) {
    const number = i + 1
    if (number > MOST_PROGRAM_LINES) {
      faults.push({
        line: number,
        column: 1,
        message: `a program has at most ${MOST_PROGRAM_LINES} lines`,
      })
      break
    }
    try {
      const reader = new LineReader(row)
      const label = reader.label()
      if (label !== null) {
        if (program.labels.has(label)) throw new Mistake(1, `the label ${label} exists already`)
        program.labels.set(label, program.lines.length)
      } else if (!reader.isEmpty) {
        const line = readStep(reader, (name, column) => goals.push({ name, line: number, column }))
        program.lines.push({ number, ...line })
      }
    } catch (mistake) {
      if (!(mistake instanceof Mistake)) throw mistake
      faults.push({ line: number, column: mistake.column, message: mistake.message })
    }
  }
  for (const { name, line, column } of goals)
    if (!program.labels.has(name))
      faults.push({ line, column, message: `there is no label ${name}:` })
  return { program, faults: faults.sort((a, b) => a.line - b.line) }
}
