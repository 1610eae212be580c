// Whether what clients saw could have come from one object that does one thing at a time (Wing and Gong 1993; Lowe 2017): each operation takes effect at one instant
// between its call and its answer. The search takes operations one after the other, in an order that keeps every answer before every later call, and steps back where
// none fits; a set of operations with a state that has led nowhere is not looked at twice.
//
//   client a   ├── put 1 ──┤                          put 1 · get → 1 · put 2   fits
//   client b        ├── get → 1 ──┤                   get → 1 first: does not
//   client c             ├── put 2 ─ ─ ─ no answer: any time from here on, or never

/** One operation: `result` is what the caller learnt, null where it never did. */
export interface Operation<I, O> {
  /** When it was called and answered, in any order that only grows; Infinity for an answer that never came. */
  calledAt: number
  answeredAt: number
  input: I
  result: O | null
}

/** An object that does one thing at a time. */
export interface Model<S, I, O> {
  readonly initial: S
  /** The states after it, or undefined where it cannot end so. A `result` of null fits always. */
  step(state: S, input: I, result: O | null): S | undefined
  /** Text that is equal for equal states. */
  key(state: S): string
}

/** `unknown`: the budget of steps is spent. */
export type Verdict = 'yes' | 'no' | 'unknown'

/** Whether the operations fit the model; `budget` bounds the steps of the search. */
export function isLinearizable<S, I, O>(model: Model<S, I, O>, operations: readonly Operation<I, O>[], budget: number): Verdict {
  // Those without an answer come last: they may have done nothing, and mostly have.
  const ops = [...operations].sort((a, b) => (a.answeredAt === b.answeredAt ? a.calledAt - b.calledAt : a.answeredAt - b.answeredAt))
  const answered = ops.filter(({ answeredAt }) => answeredAt !== Number.POSITIVE_INFINITY).length
  const taken = new Uint8Array(ops.length)
  const dead = new Set<string>()
  // What has been taken, last one last, with the state before it and where to go on after stepping back.
  const path: { op: number; before: S }[] = []
  let state = model.initial
  let left = answered
  let from = 0
  for (let steps = 0; ; steps++) {
    if (left === 0) return 'yes'
    if (steps > budget) return 'unknown'
    const next = candidate(from)
    if (next !== null) {
      path.push({ op: next.op, before: state })
      taken[next.op] = 1
      if (ops[next.op]!.answeredAt !== Number.POSITIVE_INFINITY) left--
      state = next.after
      from = 0
      continue
    }
    const last = path.pop()
    if (last === undefined) return 'no'
    taken[last.op] = 0
    if (ops[last.op]!.answeredAt !== Number.POSITIVE_INFINITY) left++
    state = last.before
    from = last.op + 1
  }

  /** The first operation from `start` on that may come next: called before every answer that is still to come, and with an answer that fits. */
  function candidate(start: number): { op: number; after: S } | null {
    let deadline = Number.POSITIVE_INFINITY
    for (let i = 0; i < ops.length && deadline === Number.POSITIVE_INFINITY; i++) if (!taken[i]) deadline = ops[i]!.answeredAt
    for (let i = start; i < ops.length; i++) {
      const op = ops[i]!
      if (taken[i] || op.calledAt >= deadline) continue
      const after = model.step(state, op.input, op.result)
      if (after === undefined) continue
      // Without an answer and without an effect: as well never.
      if (op.answeredAt === Number.POSITIVE_INFINITY && model.key(after) === model.key(state)) continue
      taken[i] = 1
      const key = `${bits(taken)} ${model.key(after)}`
      taken[i] = 0
      if (dead.has(key)) continue
      dead.add(key)
      return { op: i, after }
    }
    return null
  }
}

function bits(taken: Uint8Array): string {
  let text = ''
  for (let i = 0; i < taken.length; i += 16) {
    let word = 0
    for (let j = 0; j < 16; j++) word |= (taken[i + j] ?? 0) << j
    text += String.fromCharCode(word)
  }
  return text
}
