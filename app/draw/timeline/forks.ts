import type { BranchView } from '../../../engine/worker/protocol'

/** The time when another branch leaves the current one. */
export interface Fork {
  at: number
  /** The branches that leave there. */
  names: string[]
}

/** The points where other branches leave the current one, in time order. Empty without branches. */
export function forksOf(branches: readonly BranchView[]): Fork[] {
  const byId = new Map(branches.map((branch) => [branch.id, branch]))
  const current = branches.find((branch) => branch.current)
  if (current === undefined) return []
  // The length of the history that the current branch shares with each of its ancestors.
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
