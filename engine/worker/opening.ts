// Makes the run tree of each message that opens a run, and the answer. An invalid run is refused,
// and the open run does not change.

import { unreachable } from '../base/assert'
import type { CutShort } from '../replay/run-tree'
import { RunTree } from '../replay/run-tree'
import type { SavedRunTree } from '../replay/saved-run-tree'
import type { SharedForm } from '../replay/shared-run'
import { openSharedRun, readSharedRun } from '../replay/shared-run'
import type { Timeline } from '../replay/timeline'
import { parseScenario, playScenario } from '../scenario/scenario'
import { foreignEngine } from '../sim/engine-version'
import type { FromWorker, Recording, Refused, ToWorker } from './protocol'
import { orRefused, refused } from './refusal'

/** The messages that open a run. */
export type Opening = Extract<
  ToWorker,
  { type: 'open' | 'open-scenario' | 'open-tree' | 'open-shared' }
>

/** A run tree that can replace the open run. */
export interface Arrival {
  type: 'arrival'
  tree: RunTree
  /** The engine that made it, as `0.1`; null for this one. */
  madeWith: string | null
  /** The branch of its comparison. */
  compare: number | null
  /** The answer once the run is open. `opened` is the number of opened runs, with this one. */
  answer(opened: number): FromWorker | null
}

export interface OpeningParts {
  /** The maximum of events played at once. */
  mostEvents: number
  /** Called with a branch before it is played: the checks follow it. */
  watch(run: Timeline): void
}

/** The run tree of a message. An invalid recording throws. */
export function arrivalOf(message: Opening, parts: OpeningParts): Arrival | Refused {
  switch (message.type) {
    case 'open':
      return ofRecording(message.recording, message.at, parts)
    case 'open-scenario':
      return ofScenario(message.file, message.numbers, parts)
    case 'open-tree':
      return ofTree(message.tree, parts)
    case 'open-shared':
      return ofShared(message.text, message.form, parts)
    default:
      return unreachable(message)
  }
}

function ofRecording(recording: Recording, at: number, parts: OpeningParts): Arrival {
  const tree = new RunTree(recording, parts.mostEvents)
  parts.watch(tree.timeline)
  tree.seek(at)
  return { type: 'arrival', tree, madeWith: null, compare: null, answer: () => null }
}

function ofScenario(file: string, numbers: number | undefined, parts: OpeningParts) {
  const read = orRefused(() => {
    const scenario = parseScenario(file, numbers)
    return { recording: playScenario(scenario).recording, start: scenario.start }
  })
  return 'type' in read ? read : ofRecording(read.recording, read.start, parts)
}

function ofTree(saved: SavedRunTree, { mostEvents }: OpeningParts): Arrival | Refused {
  return orRefused((): Arrival => {
    const tree = RunTree.load(saved, mostEvents)
    return {
      type: 'arrival',
      tree,
      madeWith: foreignEngine(saved.engine),
      compare: null,
      answer: (opened) => ({ type: 'opened-tree', opened, ...cutShortOf(tree) }),
    }
  }, 'open-tree: ')
}

function ofShared(text: string, form: SharedForm, { mostEvents }: OpeningParts) {
  const read = readSharedRun(text, form)
  if (!read.ok) return refused(read.reason)
  return orRefused((): Arrival => {
    const tree = openSharedRun(read.value, mostEvents)
    const { view = {} } = read.value
    return {
      type: 'arrival',
      tree,
      madeWith: foreignEngine(read.value.engine),
      compare: view.compare ?? null,
      answer: () => ({ type: 'opened', view, ...cutShortOf(tree) }),
    }
  })
}

function cutShortOf({ cutShort }: RunTree): { cutShort?: CutShort } {
  return cutShort === null ? {} : { cutShort }
}
