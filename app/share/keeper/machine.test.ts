// The keeper as a table: a state and an input lead to another state and to these outputs.

import { describe, expect, test } from 'vitest'
import { opening } from '../../scene/opening'
import { emptyRun, type RunState } from '../../store/run'
import { CURSOR, FLAG, HUNG } from '../flags'
import type { Kept } from '../kept'
import { savedTree } from '../test-browser'
import { noActs } from './acts'
import { step } from './machine'
import {
  type About,
  firstState,
  type Input,
  type Output,
  type Page,
  type Pending,
  type State,
  type Whole,
} from './state'

const place = { lesson: null, numbers: 0, form: null, labRun: null, foreign: null, at: 7 }
const page: Page = {
  ...place,
  view: {},
  scenario: null,
  worked: false,
  shown: { hash: '', entry: 'entry 1' },
  here: { hash: '', entry: 'entry 1' },
  isEmpty: false,
}
const about: About = {
  ...place,
  view: {},
  hash: '',
  entry: 'entry 1',
  scenario: null,
  worked: true,
  name: null,
  pinned: false,
}
const whole: Whole = { version: 1, session: savedTree(5), ...about }
const kept: Kept = { ...whole, stamp: 'old 1' }
const { version: _, stamp: __, entry: ___, scenario: ____, at: _____, ...opened } = kept
const sent = (from: Pending['from'], id: number | null = null): Pending => ({
  from,
  ...opened,
  scenario: null,
  notice: null,
  id,
})

const fresh = firstState('tab', true)
const run = (number: number, now: number, undo: string | null = null): RunState => ({
  ...emptyRun,
  ready: true,
  opened: number,
  run: number,
  now,
  undo,
  config: opening.config,
})
/** A run of the reader is on the page; the store has its state of `tab 1`. */
const worked: State = {
  ...fresh,
  run: run(1, 5, 'put a 1'),
  acts: { ...noActs, work: true, text: 'a' },
  latest: savedTree(5),
  about,
  isTouched: true,
  known: 'tab 1',
  written: 1,
}
const write = { type: 'write', whole, isWork: true, instead: null } as const
const putting: State = {
  ...worked,
  unwritten: whole,
  queue: [write],
  storing: { step: 'put', stamp: 'tab 2', whole, instead: null },
}
const put = { written: true, id: null, stamp: 'tab 1', removed: [], dropped: null }
const nothing = { id: null, removed: [], dropped: null }
const arriving = (from: Pending['from'], id: number | null = null): State['coming'] => ({
  step: 'open',
  what: { from, id, opened: 2 },
})
const told = (kind: string, text?: string) => ({
  do: 'notify',
  notice: expect.objectContaining({ kind, ...(text === undefined ? {} : { text }) }),
})
const did = (what: Output['do']) => expect.objectContaining({ do: what })

interface Row {
  name: string
  from: State
  input: Input
  page?: Partial<Page>
  to: Partial<State>
  outputs: unknown[]
}

const table: Record<string, Row[]> = {
  'a request for the run': [
    {
      name: 'not in the opening while nothing was done',
      from: fresh,
      input: { type: 'run', run: run(1, 5) },
      to: { latest: null, isTouched: true, asks: [] },
      outputs: [did('arrived'), untold('restored')],
    },
    {
      name: 'at once when something was done',
      from: { ...worked, asks: [] },
      input: { type: 'run', run: run(1, 6, 'put b 2') },
      to: { asks: [{ about, opened: 1, leaving: false }] },
      outputs: [{ do: 'send', message: { type: 'export-tree' } }],
    },
    {
      name: 'later when only time has passed',
      from: { ...worked, askedAt: '1 put a 1 null   undefined' },
      input: { type: 'run', run: run(1, 6, 'put a 1') },
      to: { isWaiting: true, asks: [] },
      outputs: [{ do: 'wait' }],
    },
    {
      name: 'with its cursor, when the page may be gone the next moment',
      from: { ...worked, isWaiting: true },
      input: { type: 'leave' },
      to: { isWaiting: false },
      outputs: [
        { do: 'remember', key: CURSOR, value: 'tab 1 5' },
        did('wait-no-more'),
        did('send'),
      ],
    },
  ],
  'the worker answers': [
    {
      name: 'the run is written',
      from: { ...worked, asks: [{ about, opened: 1, leaving: false }] },
      input: { type: 'tree', tree: savedTree(9), opened: 1 },
      to: { latest: savedTree(9), asks: [], storing: { step: 'turn' } },
      outputs: [{ do: 'take-turn' }],
    },
    {
      name: 'a run of which the page has not heard is no news',
      from: { ...worked, asks: [{ about, opened: 1, leaving: false }] },
      input: { type: 'tree', tree: savedTree(9), opened: 2 },
      to: { latest: savedTree(5), asks: [], queue: [] },
      outputs: [],
    },
    {
      name: 'a run that came again and in which nothing happened is not written',
      from: { ...worked, isTouched: false },
      input: { type: 'tree', tree: savedTree(9), opened: 1 },
      to: { latest: savedTree(9), queue: [] },
      outputs: [],
    },
  ],
  'the store': [
    {
      name: 'with the turn, the run is put in place of the known one',
      from: { ...worked, queue: [write], storing: { step: 'turn' } },
      input: { type: 'turn', isMine: true },
      to: { written: 2, storing: { step: 'put', stamp: 'tab 2', whole, instead: null } },
      outputs: [
        {
          do: 'put',
          kept: { ...whole, stamp: 'tab 2' },
          known: 'tab 1',
          instead: null,
          may: { seen: null, any: true },
        },
      ],
    },
    {
      name: 'without the turn nothing is written, and the page still has it',
      from: { ...worked, unwritten: whole, queue: [write], storing: { step: 'turn' } },
      input: { type: 'turn', isMine: false },
      to: { queue: [], storing: { step: 'idle' }, unwritten: whole, known: 'tab 1' },
      outputs: [],
    },
    {
      name: 'a run that was written is the known one',
      from: putting,
      input: { type: 'put', put },
      to: { known: 'tab 2', unwritten: null, queue: [], storing: { step: 'idle' } },
      outputs: [{ do: 'remember', key: FLAG, value: '1' }, did('went'), did('stored')],
    },
    {
      name: 'the run of another tab that went aside is reported',
      from: putting,
      input: { type: 'put', put: { ...put, id: 4, stamp: 'other 9' } },
      to: { known: 'tab 2' },
      outputs: [did('remember'), told('other'), did('went'), did('stored')],
    },
    {
      name: 'a newer run of another tab stays, and this tab gives the turn back',
      from: { ...putting, acts: noActs },
      input: { type: 'put', put: { ...put, written: false, stamp: 'other 9' } },
      to: { known: 'tab 1', storing: { step: 'look' } },
      outputs: [{ do: 'release-turn' }, { do: 'look' }],
    },
    {
      name: 'a run that has left does not bring the run of another tab over the next one',
      from: { ...putting, acts: noActs, queue: [write, { type: 'aside', left: null }] },
      input: { type: 'put', put: { ...put, written: false, stamp: 'other 9' } },
      to: { queue: [{ type: 'aside', left: null }], storing: { step: 'turn' } },
      outputs: [{ do: 'release-turn' }, { do: 'take-turn' }],
    },
    {
      name: 'no room: the page still has the run',
      from: putting,
      input: { type: 'not-stored' },
      to: { known: 'tab 1', unwritten: whole, queue: [], storing: { step: 'idle' } },
      outputs: [],
    },
  ],
  'another run comes': [
    {
      name: 'the known one goes aside',
      from: worked,
      input: { type: 'run', run: run(2, 0) },
      to: { latest: null, known: 'tab 1', storing: { step: 'turn' } },
      outputs: [did('arrived'), untold('restored'), { do: 'take-turn' }],
    },
    {
      name: 'work that the store does not have is written first',
      from: { ...worked, unwritten: whole },
      input: { type: 'run', run: run(2, 0) },
      to: { queue: [write, { type: 'aside', left: whole }], unwritten: null },
      outputs: [did('arrived'), untold('restored'), { do: 'take-turn' }],
    },
    {
      name: 'it goes aside by its stamp',
      from: { ...worked, queue: [{ type: 'aside', left: null }], storing: { step: 'turn' } },
      input: { type: 'turn', isMine: true },
      to: { known: null, storing: { step: 'aside' } },
      outputs: [
        { do: 'remember', key: FLAG, value: null },
        { do: 'put-aside', stamp: 'tab 1', whatever: false },
      ],
    },
    {
      name: 'where another tab has the turn, no later run takes its place',
      from: { ...worked, queue: [{ type: 'aside', left: null }], storing: { step: 'turn' } },
      input: { type: 'turn', isMine: false },
      to: { known: null, queue: [] },
      outputs: [],
    },
    {
      name: 'work that could not be written is offered from this page',
      from: { ...worked, queue: [{ type: 'aside', left: whole }], storing: { step: 'aside' } },
      input: { type: 'aside', aside: nothing },
      to: { queue: [] },
      outputs: [did('went'), { do: 'offer', left: whole }],
    },
    {
      name: 'work that was written meanwhile is not',
      from: { ...putting, queue: [write, { type: 'aside', left: whole }] },
      input: { type: 'put', put },
      to: { queue: [{ type: 'aside', left: null }], storing: { step: 'turn' } },
      outputs: [did('remember'), did('went'), did('stored'), { do: 'take-turn' }],
    },
  ],
  'a kept run comes': [
    {
      name: 'the run of the last visit is looked for and sent',
      from: fresh,
      input: { type: 'restore', kept, hung: false },
      to: { known: 'old 1' },
      outputs: [did('find-story')],
    },
    {
      name: 'one that hung goes aside',
      from: fresh,
      input: { type: 'restore', kept, hung: true },
      to: { known: null, storing: { step: 'aside' } },
      outputs: [
        { do: 'remember', key: FLAG, value: null },
        { do: 'remember', key: HUNG, value: null },
        { do: 'start-over' },
        { do: 'remember', key: FLAG, value: null },
        { do: 'put-aside', stamp: 'old 1', whatever: true },
      ],
    },
    {
      name: 'a reader who was quicker keeps their run',
      from: { ...fresh, known: 'old 1' },
      input: { type: 'send', what: sent('visit') },
      to: { known: null, coming: { step: 'none' } },
      outputs: [did('notify-earlier')],
    },
    {
      name: 'it is sent',
      from: { ...fresh, known: 'old 1' },
      input: { type: 'send', what: sent('visit') },
      page: { isEmpty: true },
      to: { coming: { step: 'sent', what: sent('visit'), before: null } },
      outputs: [{ do: 'send', message: { type: 'open-tree', tree: savedTree(5) } }],
    },
    {
      name: 'it is open',
      from: { ...fresh, coming: { step: 'sent', what: sent('visit'), before: null } },
      input: { type: 'opened', opened: 2, cutShort: null },
      to: { coming: arriving('visit'), latest: savedTree(5) },
      outputs: [did('withdraw'), { do: 'show', what: sent('visit'), cutShort: null }],
    },
    {
      name: 'its first frame does not put it aside',
      from: { ...fresh, known: 'old 1', latest: savedTree(5), coming: arriving('visit') },
      input: { type: 'run', run: run(2, 5) },
      page: { worked: true },
      to: { coming: { step: 'none' }, known: 'old 1', latest: savedTree(5), isTouched: false },
      outputs: [did('arrived'), { do: 'remember', key: HUNG, value: null }, did('send')],
    },
    {
      name: 'the frame of a later run is not its own: it goes aside',
      from: { ...worked, coming: arriving('crash') },
      input: { type: 'run', run: run(3, 0) },
      to: { coming: { step: 'none' }, latest: null, queue: [{ type: 'aside', left: null }] },
      outputs: [did('arrived'), untold('restored'), { do: 'take-turn' }],
    },
    {
      name: 'an earlier run leaves its place when it is written',
      from: { ...worked, coming: arriving('earlier', 4) },
      input: { type: 'run', run: run(2, 5) },
      page: { worked: true },
      to: { instead: 4 },
      outputs: [
        did('arrived'),
        { do: 'remember', key: HUNG, value: null },
        untold('restored'),
        did('send'),
        { do: 'take-turn' },
      ],
    },
    {
      name: 'until then the run before is written, and leaves that place alone',
      from: {
        ...worked,
        asks: [{ about, opened: 1, leaving: false }],
        coming: arriving('earlier', 4),
      },
      input: { type: 'tree', tree: savedTree(5), opened: 1 },
      to: { queue: [write] },
      outputs: [{ do: 'take-turn' }],
    },
    {
      name: 'an earlier run that was not written keeps its place when another run comes',
      from: { ...worked, instead: 4 },
      input: { type: 'run', run: run(2, 5) },
      to: { instead: null },
      outputs: [did('arrived'), untold('restored'), { do: 'take-turn' }],
    },
    {
      name: 'after a crash it still has to leave its place',
      from: { ...worked, instead: 4, coming: arriving('crash') },
      input: { type: 'run', run: run(2, 5) },
      to: { instead: 4 },
      outputs: [did('arrived'), { do: 'remember', key: HUNG, value: null }, did('send')],
    },
    {
      name: 'one that is refused goes aside, and why is said',
      from: {
        ...fresh,
        known: 'old 1',
        coming: { step: 'sent', what: sent('visit'), before: null },
      },
      input: { type: 'refused', why: 'open-tree: engine 0.9' },
      to: { coming: { step: 'none' }, known: null },
      outputs: [
        did('remember'),
        did('remember'),
        did('start-over'),
        { do: 'refuse', why: 'The kept run cannot be opened: engine 0.9' },
        did('remember'),
        { do: 'put-aside', stamp: 'old 1', whatever: true },
      ],
    },
    {
      name: 'an earlier run that is refused changes nothing',
      from: { ...worked, coming: { step: 'sent', what: sent('earlier', 4), before: null } },
      input: { type: 'refused', why: 'open-tree: engine 0.9' },
      to: { coming: { step: 'none' }, known: 'tab 1', latest: savedTree(5) },
      outputs: [did('refuse')],
    },
  ],
  'the engine ends': [
    {
      name: 'the run comes back where the page showed it',
      from: { ...worked, run: run(1, 8.4, 'put a 1') },
      input: { type: 'lost', why: 'It crashed.', crashed: true },
      to: { latest: savedTree(5), known: 'tab 1' },
      outputs: [
        { do: 'reset' },
        {
          do: 'find-story',
          name: null,
          what: expect.objectContaining({ from: 'crash', session: { ...savedTree(5), cursor: 8 } }),
        },
      ],
    },
    {
      name: 'where nothing was done the page starts over',
      from: { ...fresh, run: run(1, 5) },
      input: { type: 'lost', why: 'It crashed.', crashed: true },
      to: { coming: { step: 'none' } },
      outputs: [
        { do: 'reset' },
        { do: 'start-over' },
        told('crashed', 'It crashed. The page starts over.'),
      ],
    },
    {
      name: 'a second time on the same run: that run goes aside',
      from: { ...worked, coming: arriving('crash') },
      input: { type: 'lost', why: 'It crashed.', crashed: true },
      to: { latest: null, known: null, storing: { step: 'aside' } },
      outputs: [
        { do: 'reset' },
        told('crashed'),
        did('remember'),
        did('remember'),
        did('start-over'),
        did('remember'),
        { do: 'put-aside', stamp: 'tab 1', whatever: true },
      ],
    },
    {
      name: 'a second time on a run that the store does not have: it is written first',
      from: { ...worked, known: null, unwritten: whole, coming: arriving('crash') },
      input: { type: 'lost', why: 'It crashed.', crashed: true },
      to: { queue: [write, { type: 'forsake', left: whole, isSaid: true }] },
      outputs: [
        { do: 'reset' },
        told('crashed', 'It crashed. The page starts over.'),
        did('remember'),
        did('remember'),
        did('start-over'),
        { do: 'take-turn' },
      ],
    },
  ],
  'other tabs': [
    {
      name: 'a tab that waited writes what was done in it',
      from: worked,
      input: { type: 'turn-came' },
      to: { queue: [write] },
      outputs: [untold('elsewhere'), { do: 'take-turn' }],
    },
    {
      name: 'a tab that waited and in which nothing was done looks at what the other wrote',
      from: { ...worked, acts: noActs },
      input: { type: 'turn-came' },
      to: { storing: { step: 'look' } },
      outputs: [untold('elsewhere'), { do: 'release-turn' }, { do: 'look' }],
    },
    {
      name: 'it shows that',
      from: { ...worked, acts: noActs, queue: [{ type: 'step-back' }], storing: { step: 'look' } },
      input: { type: 'current', kept: { ...kept, stamp: 'other 9' } },
      to: { known: 'other 9', seen: 'other 9' },
      outputs: [did('find-story')],
    },
    {
      name: 'a reader insists on this tab',
      from: { ...worked, acts: noActs, isTouched: false },
      input: { type: 'take-over' },
      to: { acts: { ...noActs, insisted: true }, isTouched: true },
      outputs: [{ do: 'steal-turn' }],
    },
    {
      name: 'without locks another tab that wrote has the turn',
      from: { ...worked, hasLocks: false, queue: [{ type: 'step-back' }] },
      input: { type: 'stays' },
      to: { queue: [] },
      outputs: [{ do: 'lose-turn' }],
    },
  ],
}

function untold(...kinds: string[]) {
  return { do: 'withdraw', kinds }
}

describe.each(Object.entries(table))('%s', (_title, rows) => {
  test.each(rows)('$name', ({ from, input, to, outputs, page: other }) => {
    const before = structuredClone(from)
    const next = step(from, input, { ...page, ...other })
    expect(next.outputs).toEqual(outputs)
    expect(next.state).toMatchObject(to)
    // Pure: the old state does not change.
    expect(from).toEqual(before)
  })
})
