// A run tree as plain data: in the storage of the browser, and inside a shared run.

import { assert } from '../base/assert'
import type { Config } from '../sim/command'
import type { RecordedCommand, Recording } from '../sim/recording'
import { RECORDING_VERSION } from '../sim/recording'
import type { Answer, Stop } from '../sim/stops'
import type { BranchId, SavedActions } from './actions'
import { assertActions } from './actions'

/** The most commands of all branches. Shared commands count for each branch. */
const MOST_COMMANDS = 1_000_000

/**
 * A branch as plain data. `commands` are those after the `shared` first ones of its parent; times
 * are virtual ms.
 */
export interface SavedBranch {
  id: BranchId
  name: string
  parent: BranchId | null
  shared: number
  /** Where it forked. */
  forkAt: number
  seed: number
  config: Config
  commands: RecordedCommand[]
  /** How far it was played. */
  end: number
}

/** Branches as this browser keeps them, with those that only undo knows. */
export interface KeptBranch extends SavedBranch {
  /** Undo brings it back. */
  deleted?: boolean
  /** Undo made this branch for its cursor. */
  provisional?: boolean
}

/** An answer to the question of a stop, by the stop's index. */
export interface SavedAnswer {
  stop: number
  answer: Answer
}

export interface SavedRunTree {
  /** As in a recording. */
  engine?: string
  branches: KeptBranch[]
  current: BranchId
  cursor: number
  /**
   * How many steps of the cursor's instant come before it. Absent where all steps do, and for a run
   * without a story.
   */
  after?: number
  /** The story, which all branches share, and the answers to its questions. */
  stops?: readonly Stop[]
  answers?: SavedAnswer[]
  /** The key keeps the name that the first saved runs gave it. */
  deeds?: SavedActions
}

/**
 * The branches of a saved run, each with its recording. Throws, with the path, for inconsistent
 * data.
 */
export function readBranches(saved: SavedRunTree): (KeptBranch & { recording: Recording })[] {
  assert(saved.branches.length > 0, 'branches: expected at least one')
  const whole = new Map<BranchId, Recording>()
  let all = 0
  const branches = saved.branches.map((each, i) => {
    const commands = commandsOf(each, whole, `branches.${i}`)
    all += commands.length
    assert(
      all <= MOST_COMMANDS,
      `branches.${i}.shared: expected at most ${MOST_COMMANDS} commands in all branches`,
    )
    const recording: Recording = {
      leasescope: RECORDING_VERSION,
      seed: each.seed,
      config: each.config,
      commands,
      ...(saved.stops === undefined ? {} : { stops: saved.stops }),
    }
    whole.set(each.id, recording)
    return { ...each, recording }
  })
  assert(
    branches.some(({ id, deleted }) => id === saved.current && deleted !== true),
    `current: expected a branch of this run (got ${saved.current})`,
  )
  if (saved.deeds !== undefined)
    assertActions(saved.deeds, new Set(whole.keys()), saved.stops ?? [])
  return branches
}

/** The commands of a branch, with those of its parent. `whole`: the earlier branches. */
function commandsOf(
  branch: KeptBranch,
  whole: ReadonlyMap<BranchId, Recording>,
  place: string,
): RecordedCommand[] {
  assert(!whole.has(branch.id), `${place}.id: ${branch.id} exists twice`)
  const parent = branch.parent === null ? null : whole.get(branch.parent)
  assert(parent !== undefined, `${place}.parent: expected an earlier branch (got ${branch.parent})`)
  const { shared } = branch
  assert(
    shared === 0 || (parent !== null && shared <= parent.commands.length),
    `${place}.shared: expected at most the commands of the parent`,
  )
  const commands = [...(parent?.commands.slice(0, shared) ?? []), ...branch.commands]
  const early = commands.findIndex((command, k) => k > 0 && command.at < commands[k - 1]!.at)
  assert(
    early < 0,
    `${place}.commands.${early - shared}.at: expected a time not before the command before it`,
  )
  return commands
}
