import type { Recording, SavedBranch, SavedRunTree } from '../../engine/worker/protocol'

/**
 * The recording of a saved run tree, made without the engine: the run of a crashed engine can still
 * be copied and opened.
 */
export function leftOver({
  engine,
  branches: all,
  current,
  cursor,
  after,
  stops,
  answers,
}: SavedRunTree): Recording {
  const branches = all.filter(
    ({ deleted, provisional, id }) => id === current || !(deleted || provisional),
  )
  const here = all.find(({ id }) => id === current) ?? all[0]!
  return {
    leasescope: 1,
    ...(engine === undefined ? {} : { engine }),
    seed: here.seed,
    config: here.config,
    commands: commandsOf(all, here),
    ...(stops === undefined ? {} : { stops }),
    ...(cursor > 0 ? { cursor } : {}),
    ...(after === undefined ? {} : { after }),
    ...(answers === undefined ? {} : { answers }),
    ...(branches.length > 1
      ? { branch: current, branches: branches.map((branch) => alone(all, branches, branch)) }
      : {}),
  }
}

/** All commands of a branch: the shared first ones of its parent, and its own. */
function commandsOf(all: readonly SavedBranch[], branch: SavedBranch): SavedBranch['commands'] {
  const parent = all.find(({ id }) => id === branch.parent)
  return [
    ...(parent === undefined ? [] : commandsOf(all, parent).slice(0, branch.shared)),
    ...branch.commands,
  ]
}

/** A branch below a parent that is included; else with all its commands. */
function alone(
  all: readonly SavedBranch[],
  along: readonly SavedBranch[],
  branch: SavedBranch,
): SavedBranch {
  const { id, name, forkAt, seed, config, end } = branch
  const below = along.some((other) => other.id === branch.parent)
  const { parent, shared, commands } = below
    ? branch
    : { parent: null, shared: 0, commands: commandsOf(all, branch) }
  return { id, name, parent, shared, forkAt, seed, config, commands, end }
}
