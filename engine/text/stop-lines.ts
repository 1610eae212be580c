// A stop in its text form: the line `stop …` and the lines under it. The reader of the file passes
// the lines one at a time.
//
//   stop when b enters /job +0.65          stop at 5.2 · stop on fault · stop on happens WORDS
//     say  Client b has the lock.
//     ask  Will the storage take a's write?
//       yes / no
//     mark takes from-a => yes ; refuses from-a => no ; by 30 => no
//     so   yes => The storage does not check tokens.       or without `yes =>`, for any answer
//   ask when The leader died. When does the key go?          without choices
//   mark key /svc/a deleted
//   ask which Which lease ends first?                        a lease, a key, a client or a member
//   mark any lease ends
//   ask how-much What does timetolive say of L1 now?         a number
//   mark left L1
//   ask what-next Which of these comes first?                the choices are the moves that are
//                                                            possible at the stop
//   goal Make the storage take a's late write.                instead of a question; its parts come
//                                                             in this order
//   part a pauses => a is frozen
//   part takes from-a => a writes late
//   may pause a ; resume a
//   solve 0.5 pause a                                        and so on: par is their number
//   hint The leader counts from its election on.             up to five, shown one by one
//   note Ask for a show of hands first.                      for the teacher
//   show storage, rows leases beliefs locks                  the panel that opens, and the rows of
//                                                            the timeline (show-line.ts)

import { assert } from '../base/assert'
import type { Mark, Moment, Question, Stop, Verdict } from '../sim/stops'
import {
  captionFault,
  LONGEST_AFTER_MS,
  LONGEST_CHOICE,
  MOST_CHOICES,
  MOST_HINTS,
  MOST_MARKS,
} from '../sim/stops'
import { readCondition } from './condition'
import { GoalLines } from './goal-lines'
import { readDoing, readMeasure } from './measure'
import { readShow } from './show-line'

/** A stop that is being read. */
export class StopLines {
  readonly #place: string
  readonly #stop: Stop
  readonly #goal = new GoalLines()
  #ask: { kind: Question['kind']; text: string } | null = null
  #choices: string[] | null = null
  #mark: { text: string; place: string } | null = null
  readonly #so: { text: string; place: string }[] = []
  #choicesNext = false

  /** Begins with the line `stop when …`, without its first word. */
  constructor(words: string, place: string) {
    this.#place = place
    const [how = '', ...rest] = words.split(/\s+/)
    assert(
      ['at', 'when', 'on'].includes(how),
      `${place}: expected stop at SECONDS, stop when CONDITION or stop on CONDITION`,
    )
    const [text, afterMs] = withoutDelay(rest.join(' '), place)
    const when: Moment =
      how === 'at' ? { type: 'at', at: milliseconds(text, place) } : readCondition(text, place)
    this.#stop = { when, ...(afterMs === 0 ? {} : { afterMs }) }
  }

  /** Whether a line belongs to this stop: by its first word, or because it has the choices. */
  static begins(line: string): boolean {
    return /^stop (at|when|on)\b/.test(line)
  }

  /** Takes a line; false for a line that does not belong to the stop, which ends it. */
  take(line: string, place: string): boolean {
    const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(line) ?? []
    if (this.#choicesNext && line.includes(' / ')) {
      this.#choices = readChoices(line, place)
      this.#choicesNext = false
      return true
    }
    this.#choicesNext = false
    if (this.#goal.take(word, rest, place)) return true
    switch (word) {
      case 'say':
        this.#stop.say = this.#caption(this.#stop.say, word, rest, place)
        return true
      case 'ask': {
        const [, kind = 'choose', words = ''] =
          /^(?:(choose|when|which|how-much|what-next)\s+)?(.*)$/.exec(rest) ?? []
        this.#ask = {
          kind: kind as Question['kind'],
          text: this.#caption(this.#ask?.text, word, words, place),
        }
        this.#choicesNext = kind === 'choose'
        return true
      }
      case 'mark':
        assert(this.#mark === null, `${place}: a stop has one line mark`)
        this.#mark = { text: rest, place }
        return true
      case 'so':
        this.#so.push({ text: rest, place })
        return true
      case 'hint': {
        const hints = [...(this.#stop.hints ?? []), this.#caption(undefined, word, rest, place)]
        assert(hints.length <= MOST_HINTS, `${place}: a stop has at most ${MOST_HINTS} lines hint`)
        this.#stop.hints = hints
        return true
      }
      case 'note':
        this.#stop.note = this.#caption(this.#stop.note, word, rest, place)
        return true
      case 'show':
        assert(this.#stop.show === undefined, `${place}: a stop has one line show`)
        this.#stop.show = readShow(rest, place)
        return true
      default:
        return false
    }
  }

  /** The stop, once all of its lines are read. */
  end(): Stop {
    const [ask, goal] = [this.#question(), this.#goal.end(this.#place)]
    assert(ask === null || goal === null, `${this.#place}: a stop has a question or a goal`)
    const { hints, note, show, ...stop } = this.#stop
    const help = {
      ...(hints === undefined ? {} : { hints }),
      ...(note === undefined ? {} : { note }),
      ...(show === undefined ? {} : { show }),
    }
    return {
      ...stop,
      ...(ask === null ? {} : { ask }),
      ...(goal === null ? {} : { goal }),
      ...help,
    }
  }

  #question(): Question | null {
    const place = this.#place
    if (this.#ask === null) {
      assert(
        this.#mark === null && this.#so.length === 0,
        `${place}: mark and so belong to a question: expected a line ask`,
      )
      return null
    }
    const { kind, text } = this.#ask
    if (kind === 'what-next') {
      assert(this.#mark === null, `${place}: what-next has no line mark: the first move decides`)
      return { kind, text, ...this.#verdicts([]) }
    }
    assert(this.#mark !== null, `${place}: expected a line mark, which says what decides "${text}"`)
    const { text: mark, place: at } = this.#mark
    if (kind === 'when') return { kind, text, mark: readCondition(mark, at), ...this.#verdicts([]) }
    if (kind === 'which') return { kind, text, mark: readDoing(mark, at), ...this.#verdicts([]) }
    if (kind === 'how-much')
      return { kind, text, mark: readMeasure(mark, at), ...this.#verdicts([]) }
    assert(
      this.#choices !== null,
      `${place}: expected the choices under "${text}", such as: yes / no`,
    )
    return {
      kind,
      text,
      choices: this.#choices,
      marks: readMarks(mark, this.#choices, at),
      ...this.#verdicts(this.#choices),
    }
  }

  #verdicts(choices: readonly string[]): { so?: Verdict[] } {
    const so = this.#so.map(({ text, place }): Verdict => {
      const [, name = '', rest] = /^(.+?)\s+=>\s+(.*)$/.exec(text) ?? []
      if (rest === undefined) return { text: this.#caption(undefined, 'so', text, place) }
      return {
        text: this.#caption(undefined, 'so', rest, place),
        choice: readChoice(name, choices, place),
      }
    })
    return so.length === 0 ? {} : { so }
  }

  #caption(before: string | undefined, word: string, text: string, place: string): string {
    assert(before === undefined, `${place}: a stop has one line ${word}`)
    const fault = captionFault(text)
    assert(fault === null, `${place}: ${word}: expected ${fault}`)
    return text
  }
}

function readChoices(line: string, place: string): string[] {
  const choices = line.split(' / ').map((choice) => choice.trim())
  assert(
    choices.length <= MOST_CHOICES,
    `${place}: at most ${MOST_CHOICES} choices (got ${choices.length})`,
  )
  for (const [i, choice] of choices.entries()) {
    assert(
      choice !== '' && choice.length <= LONGEST_CHOICE,
      `${place}: a choice has 1 to ${LONGEST_CHOICE} characters`,
    )
    assert(choiceNamed(choice, choices) === i, `${place}: two choices are "${choice}"`)
  }
  return choices
}

/** The index of the choice with this text, ignoring case; -1 for none. */
function choiceNamed(text: string, choices: readonly string[]): number {
  return choices.findIndex((choice) => choice.toLowerCase() === text.toLowerCase())
}

function readChoice(text: string, choices: readonly string[], place: string): number {
  const choice = choiceNamed(text, choices)
  assert(choice >= 0, `${place}: expected one of the choices ${choices.join(' / ')}, not "${text}"`)
  return choice
}

function readMarks(text: string, choices: readonly string[], place: string): Mark[] {
  const marks = text.split(/\s+;\s+/).map((part): Mark => {
    const [, condition, name = ''] = /^(.*\S)\s+=>\s+(.+)$/.exec(part.trim()) ?? []
    assert(condition !== undefined, `${place}: expected CONDITION => CHOICE, not "${part}"`)
    const choice = readChoice(name.trim(), choices, place)
    const [, by] = /^by\s+(\S+)$/.exec(condition) ?? []
    const when: Moment =
      by === undefined
        ? readCondition(condition, place)
        : { type: 'at', at: milliseconds(by, place) }
    return { when, choice }
  })
  assert(marks.length <= MOST_MARKS, `${place}: at most ${MOST_MARKS} marks (got ${marks.length})`)
  return marks
}

/** The words of a moment, and the delay of the stop after it in milliseconds. */
function withoutDelay(text: string, place: string): [string, number] {
  const [, words = text, seconds] = /^(.*\S)\s+\+(\d\S*)$/.exec(text) ?? []
  const afterMs = seconds === undefined ? 0 : milliseconds(seconds, place)
  assert(
    afterMs <= LONGEST_AFTER_MS,
    `${place}: expected at most +${LONGEST_AFTER_MS / 1000}, not +${seconds}`,
  )
  return [words, afterMs]
}

function milliseconds(text: string, place: string): number {
  assert(
    /^\d{1,9}(\.\d{1,3})?$/.test(text),
    `${place}: expected seconds with at most three decimals, not "${text}"`,
  )
  return Math.round(Number(text) * 1000)
}
