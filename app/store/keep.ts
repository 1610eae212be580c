/**
 * `after`, in which every part equal to its counterpart in `before` is replaced by it. Unchanged
 * rows are then not drawn again. Lists of rows are matched by `id` or `key` if the rows have one,
 * otherwise by position. Plain data only.
 */
export function keep<T>(before: T, after: T): T {
  if (Object.is(before, after)) return before
  if (Array.isArray(before) && Array.isArray(after)) return keepList(before, after) as T
  if (isRecord(before) && isRecord(after)) {
    const kept: Record<string, unknown> = {}
    const names = Object.keys(after)
    let same = names.length === Object.keys(before).length
    for (const name of names) {
      kept[name] = keep(before[name], after[name])
      same &&= Object.is(kept[name], before[name])
    }
    return (same ? before : kept) as T
  }
  return after
}

function keepList(before: unknown[], after: unknown[]): unknown[] {
  const known = new Map(before.map((row, index) => [nameOf(row, index), row]))
  const kept = after.map((row, index) => keep(known.get(nameOf(row, index)), row))
  const same =
    kept.length === before.length && kept.every((row, index) => Object.is(row, before[index]))
  return same ? before : kept
}

function nameOf(row: unknown, index: number): unknown {
  if (!isRecord(row)) return index
  return row.id ?? row.key ?? index
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
