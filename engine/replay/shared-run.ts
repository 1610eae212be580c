// A run as it is shared, in a file or a link. It holds the whole recording of the current branch,
// so that a reader of recordings can play it. It also holds the cursor, the view and the other
// branches. A link has fewer characters than a file. Both are this text or the plain form
// (plain-link.ts), and both are read here.

import { assert } from '../base/assert'
import { hash } from '../base/hash'
import type { Recording } from '../sim/recording'
import { RECORDING_VERSION } from '../sim/recording'
import { answerFault } from './answer-fault'
import { DEEPEST, deepPlace } from './depth'
import { readPlainLink } from './plain-link'
import { MOST_EVENTS, RunTree } from './run-tree'
import type { SavedRunTree } from './saved-run-tree'
import type { SharedRun } from './shared-form'
import type { Valid } from './validate'
import { LATEST_CURSOR_MS, validSharedRun } from './validate'
import type { View } from './view'

export type SharedForm = 'json' | 'plain'

/** The longest text that is read. */
const LONGEST_TEXT = 16 * 1024 * 1024

/** A run as it is shared. A run with one branch has no `branches`. */
export function sharedRun(tree: RunTree, view: View = {}): SharedRun {
  const { branches, current, cursor, after, answers } = tree.save()
  assert(
    cursor <= LATEST_CURSOR_MS,
    `the run is at ${cursor / 1000} s; a run can be shared up to ${LATEST_CURSOR_MS / 1000} s`,
  )
  const forks =
    branches.length > 1
      ? {
          branch: current,
          branches: branches.map((branch) => ({
            ...branch,
            end: Math.min(branch.end, LATEST_CURSOR_MS),
          })),
        }
      : {}
  const { compare, story, ...looks } = view
  const beside =
    compare !== undefined && branches.some(({ id }) => id === compare && id !== current)
  const isTold = story !== undefined && tree.timeline.stops !== undefined
  const seen: View = { ...looks, ...(isTold ? { story } : {}), ...(beside ? { compare } : {}) }
  const shown = Object.keys(seen).length > 0 ? { view: seen } : {}
  const place = { ...(cursor > 0 ? { cursor } : {}), ...(after === undefined ? {} : { after }) }
  // Answers of other stops belong to stops that are gone.
  const fitting =
    answers?.filter(
      ({ stop, answer }) => answerFault(tree.timeline.stops?.[stop], answer) === null,
    ) ?? []
  const told = fitting.length === 0 ? {} : { answers: fitting }
  const run: SharedRun = { ...tree.timeline.recording(), ...place, ...told, ...forks, ...shown }
  return { ...run, check: checkOf(run) }
}

/** Sixteen hex digits of a run without its own `check`. */
export function checkOf(run: SharedRun): string {
  const { check: _check, ...rest } = run
  return hash(JSON.stringify(rest))
}

/** The run in a text from outside; the reason names the place and the expected value. */
export function readSharedRun(text: string, form: SharedForm): Valid<SharedRun> {
  if (text.length > LONGEST_TEXT)
    return refuse('the run', `at most ${LONGEST_TEXT} characters (got ${text.length})`)
  let input: unknown
  if (form === 'plain') {
    const plain = readPlainLink(text)
    if (!plain.ok) return plain
    input = plain.value
  } else {
    const deep = deepPlace(text)
    if (deep !== null) return refuse(`character ${deep}`, `at most ${DEEPEST} levels`)
    try {
      input = JSON.parse(text)
    } catch (error) {
      return refuse(
        'the run',
        `JSON (${error instanceof Error ? error.message.slice(0, 120) : String(error)})`,
      )
    }
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    return refuse('the run', 'a recording: {"leasescope": 1, "seed", "config", "commands"}')
  // A wrong version or another program's file is reported first, because it explains the other
  // errors.
  const { leasescope } = input as { leasescope?: unknown }
  if (leasescope === undefined)
    return refuse('leasescope', `version ${RECORDING_VERSION}; this is not the recording of a run`)
  if (leasescope !== RECORDING_VERSION)
    return refuse(
      'leasescope',
      `version ${RECORDING_VERSION} (got ${JSON.stringify(leasescope).slice(0, 80)})`,
    )
  // This comes before the fields are validated: valibot answers with an object whose fields are in
  // the order of the schema.
  const { check } = input as { check?: unknown }
  const valid = validSharedRun(input)
  if (!valid.ok) return valid
  if (check !== undefined && check !== checkOf(input as SharedRun))
    return refuse('check', 'the check digits of this run; something in it was changed')
  const last = valid.value.commands.at(-1)?.at ?? 0
  if ((valid.value.cursor ?? 0) > 0 && last > LATEST_CURSOR_MS)
    return refuse(`commands.${valid.value.commands.length - 1}.at`, `at most ${LATEST_CURSOR_MS}`)
  if ((valid.value.branches === undefined) !== (valid.value.branch === undefined))
    return refuse('branch', 'both branch and branches, or neither')
  const { branch, branches = [], view, stops, answers = [] } = valid.value
  for (const [i, { stop, answer }] of answers.entries()) {
    const fault = answerFault(stops?.[stop], answer)
    if (fault !== null) return refuse(`answers.${i}`, fault)
  }
  if (
    view?.compare !== undefined &&
    (view.compare === branch || !branches.some(({ id }) => id === view.compare))
  )
    return refuse('view.compare', 'a branch other than the current one')
  return valid
}

/**
 * The run tree of a shared run, at its cursor, or before it where it has `mostEvents` events.
 * Inconsistent data throws an error with the place.
 */
export function openSharedRun(run: SharedRun, mostEvents = MOST_EVENTS): RunTree {
  const { cursor = 0, after, answers = [], branch, branches, stops } = run
  const into = after === undefined ? {} : { after }
  if (branches === undefined || branch === undefined) {
    const tree = RunTree.at(recordingOf(run), { at: cursor, ...into }, mostEvents)
    for (const { stop, answer } of answers) tree.answer(stop, answer)
    return tree
  }
  const saved: SavedRunTree = {
    branches,
    current: branch,
    cursor,
    ...into,
    ...(stops === undefined ? {} : { stops }),
    answers,
  }
  const tree = RunTree.load(saved, mostEvents)
  assert(
    JSON.stringify(tree.timeline.recording().commands) === JSON.stringify(run.commands),
    `branch: the commands of branch ${branch} differ from those of the recording`,
  )
  return tree
}

function recordingOf({ leasescope, seed, config, commands, stops }: SharedRun): Recording {
  return { leasescope, seed, config, commands, ...(stops === undefined ? {} : { stops }) }
}

function refuse(place: string, expected: string): { ok: false; reason: string } {
  return { ok: false, reason: `${place}: expected ${expected}` }
}
