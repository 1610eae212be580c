// What the lines of a program say, once they are read: the instructions of the language (parse.ts), with their words still in text form.

export type Step =
  | { op: 'grant'; as: string; ttlSeconds: number }
  | { op: 'keep'; lease: string; on: boolean }
  | { op: 'revoke'; lease: string }
  | { op: 'get'; as: string | null; key: string; pick: 'key' | 'oldest' | 'newest'; before: string | null }
  | { op: 'put'; key: string; value: string; lease: string | null }
  | { op: 'create'; as: string | null; key: string; value: string; lease: string | null }
  | { op: 'delete'; as: string | null; key: string; guard: { target: 'value' | 'create'; is: string } | null }
  | { op: 'txn'; as: string | null; compares: ScriptCompare[]; success: Branch[]; failure: Branch[] }
  | { op: 'wait'; as: string | null; key: string; prefix: boolean; news: 'deleted' | 'changed' }
  | { op: 'sleep'; ms: number }
  | { op: 'lock' | 'trylock'; as: string | null; name: string; lease: string }
  | { op: 'campaign'; as: string | null; name: string; value: string; lease: string }
  | { op: 'proclaim'; name: string; value: string }
  | { op: 'unlock' | 'resign'; name: string }
  | { op: 'observe'; as: string | null; name: string }
  | { op: 'enter'; name: string }
  | { op: 'leave' }
  | { op: 'write'; as: string | null; value: string; token: string | null }
  | { op: 'if'; test: Test; target: string }
  | { op: 'goto'; target: string }
  | { op: 'stop' }

/** One operation of a transaction. A delete has no guard of its own. */
export type Branch = Extract<Step, { op: 'get' | 'put' | 'delete' }>

export interface ScriptCompare {
  target: 'create' | 'mod' | 'version' | 'value' | 'lease'
  key: string
  result: '=' | '!=' | '<' | '>'
  /** A value, a number, a variable with a revision, or one with a lease. */
  is: string
}

export type Test = { not: boolean } & (
  | { type: 'set'; name: string }
  | { type: 'equal'; a: string; b: string }
  | { type: 'live'; lease: string }
)

export interface ScriptLine {
  /** From 1, as an editor counts. */
  number: number
  step: Step
  /** Where to go when the call is answered by an error. */
  otherwise: string | null
}

export interface Script {
  /** Lines that do something, in order. */
  lines: ScriptLine[]
  /** By name: the index in `lines` that comes next after the label. */
  labels: Map<string, number>
}
