import type { BranchView } from '../../../engine/worker/protocol'

/** A moment at which another branch of the run parts from the one that is shown. */
export interface Fork {
  at: number
  /** The branches that part there. */
  names: string[]
}

/**
 * Where the other branches part from the current one, in order of time. None before there are
 * branches.
 */
export function forksOf(branches: readonly BranchView[]): Fork[] {
  const byId = new Map(branches.map((branch) => [branch.id, branch]))
  const current = branches.find((branch) => branch.current)
  if (current === undefined) return []
  // How long the current branch shares its history with each of its ancestors.
  const shared = new Map([[current.id, Number.POSITIVE_INFINITY]])
  let at = Number.POSITIVE_INFINITY
  for (
    let branch: BranchView | undefined = current;
    branch !== undefined && branch.parent !== null;
    branch = byId.get(branch.parent)
  ) {
    at = Math.min(at, branch.forkAt)
    shared.set(branch.parent, at)
  }
  const forks = new Map<number, string[]>()
  for (const other of branches) {
    if (other === current) continue
    let parts = Number.POSITIVE_INFINITY
    let branch: BranchView | undefined = other
    for (
      ;
      branch !== undefined && !shared.has(branch.id);
      branch = branch.parent === null ? undefined : byId.get(branch.parent)
    ) {
      parts = Math.min(parts, branch.forkAt)
    }
    if (branch === undefined) continue
    parts = Math.min(parts, shared.get(branch.id) ?? parts)
    if (parts === Number.POSITIVE_INFINITY) continue
    forks.set(parts, [...(forks.get(parts) ?? []), other.name])
  }
  return [...forks].map(([moment, names]) => ({ at: moment, names })).sort((a, b) => a.at - b.at)
}
