// The counted structures and numbers of leases. Questions use them too (text/condition.ts).

export const STRUCTURES = ['scan', 'sorted', 'heap', 'wheel'] as const
export type StructureName = (typeof STRUCTURES)[number]

export const GROWTH = [10, 100, 1000, 10_000, 100_000] as const
