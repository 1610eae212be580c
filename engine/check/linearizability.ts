// Whether the clients' answers could come from one object that performs one operation at a time
// (Wing and Gong 1993; Lowe 2017). Each operation takes effect at one moment between its call and
// its answer. The search takes operations in an order that keeps every answer before every later
// call, and backtracks if none fits. A set of operations with a state that failed once is not
// searched again.
//
//   client a   ├── put 1 ──┤                          put 1 · get → 1 · put 2   fits
//   client b        ├── get → 1 ──┤                   get → 1 first: does not
//   client c             ├── put 2 ─ ─ ─ no answer: any time from here on, or never
//
// Writes without an answer make such a search long: each may take effect in any gap. If answers
// carry a number that grows with every change (etcd's revisions), answered operations have only one
// order. An unanswered write fits only where a number is missing:
//
//   put → 7 · get → 7 · put → 9       between the last two there was one unknown change;
//                                     between the first two there was none

/** One operation. `result` is the caller's answer; null if the caller never received it. */
export interface Operation<I, O> {
  /**
   * The order of the call and the answer, as growing numbers. Infinity for an answer that never
   * came.
   */
  calledAt: number
  answeredAt: number
  input: I
  result: O | null
  /** The number of all changes up to and including this operation, 1 or more. Absent if unknown. */
  rank?: number
}

/** An object that performs one operation at a time. */
export interface Model<S, I, O> {
  readonly initial: S
  /**
   * The state after the operation; undefined if the result is impossible. A `result` of null always
   * fits.
   */
  step(state: S, input: I, result: O | null): S | undefined
  /** Equal text for equal states. */
  key(state: S): string
}

/** `unknown`: the budget of steps is used up. */
export type Verdict = 'yes' | 'no' | 'unknown'

/** Whether the operations fit the model; `budget` limits the steps of the search. */
export function isLinearizable<S, I, O>(
  model: Model<S, I, O>,
  operations: readonly Operation<I, O>[],
  budget: number,
): Verdict {
  // Unanswered operations come last, because most of them had no effect.
  const ops = [...operations].sort((a, b) =>
    a.answeredAt === b.answeredAt ? a.calledAt - b.calledAt : a.answeredAt - b.answeredAt,
  )
  const answered = ops.filter(({ answeredAt }) => answeredAt !== Number.POSITIVE_INFINITY).length
  const earliestFrom = earliestCalls(ops.slice(0, answered))
  const byRank = Array.from({ length: answered }, (_, i) => i).filter(
    (i) => ops[i]!.rank !== undefined,
  )
  byRank.sort((a, b) => ops[a]!.rank! - ops[b]!.rank!)
  const placeByRank = new Int32Array(answered).fill(byRank.length)
  for (const [place, i] of byRank.entries()) placeByRank[i] = place
  const taken = new Uint8Array(ops.length)
  const dead = new Set<string>()
  // The taken operations in order, each with the state before it and the place to continue after
  // backtracking.
  const path: { op: number; before: S; rankBefore: number }[] = []
  let state = model.initial
  // The minimum number of changes so far.
  let rank = 0
  let left = answered
  let from = 0
  // All operations before these indexes are taken: in the order of answers, and in the order of
  // ranks.
  let first = 0
  let lowest = 0
  for (let steps = 0; ; steps++) {
    if (left === 0) return 'yes'
    if (steps > budget) return 'unknown'
    while (first < answered && taken[first]) first++
    while (lowest < byRank.length && taken[byRank[lowest]!]) lowest++
    const next = candidate(from)
    if (next !== null) {
      path.push({ op: next.op, before: state, rankBefore: rank })
      taken[next.op] = 1
      if (next.op < answered) left--
      state = next.after
      rank = next.rank
      from = 0
      continue
    }
    const last = path.pop()
    if (last === undefined) return 'no'
    taken[last.op] = 0
    if (last.op < answered) {
      left++
      first = Math.min(first, last.op)
      lowest = Math.min(lowest, placeByRank[last.op]!)
    }
    state = last.before
    rank = last.rankBefore
    from = last.op + 1
  }

  /**
   * The first operation from `start` on that may come next. Its call is before every pending
   * answer, its rank is not above theirs, and its answer fits.
   */
  function candidate(start: number): { op: number; after: S; rank: number } | null {
    const deadline = ops[first]!.answeredAt
    const most = lowest < byRank.length ? ops[byRank[lowest]!]!.rank! : Number.POSITIVE_INFINITY
    const before = model.key(state)
    for (let i = Math.max(start, first); i < ops.length; i++) {
      // No answered operation from here on was called before the deadline.
      if (i < answered && earliestFrom[i]! >= deadline) i = answered
      const op = ops[i]
      if (op === undefined) return null
      if (taken[i] || op.calledAt >= deadline) continue
      const after = model.step(state, op.input, op.result)
      if (after === undefined) continue
      const key = model.key(after)
      // No answer and no effect: the same as never.
      if (i >= answered && key === before) continue
      const least = key === before ? rank : rank + 1
      const own = op.rank ?? least
      if (own < least || own > most) continue
      taken[i] = 1
      const mark = `${setKey(taken, first, answered)} ${own} ${key}`
      taken[i] = 0
      if (dead.has(mark)) continue
      dead.add(mark)
      return { op: i, after, rank: own }
    }
    return null
  }
}

/** For each index: the earliest call from there on. */
function earliestCalls(ops: readonly { calledAt: number }[]): Float64Array {
  const earliest = new Float64Array(ops.length)
  for (let i = ops.length - 1, least = Number.POSITIVE_INFINITY; i >= 0; i--)
    earliest[i] = least = Math.min(least, ops[i]!.calledAt)
  return earliest
}

/**
 * The set of taken operations as text: all before `first`, and few of the answered ones after it.
 */
function setKey(taken: Uint8Array, first: number, answered: number): string {
  while (first < answered && taken[first]) first++
  let end = answered
  while (end > first && !taken[end - 1]) end--
  return `${first} ${bits(taken, first, end)} ${bits(taken, answered, taken.length)}`
}

function bits(taken: Uint8Array, from: number, to: number): string {
  let text = ''
  for (let i = from; i < to; i += 16) {
    let word = 0
    for (let j = 0; j < 16 && i + j < to; j++) word |= taken[i + j]! << j
    text += String.fromCharCode(word)
  }
  return text
}
