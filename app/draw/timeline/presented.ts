// The rows of the timeline in Present: as many as fit, because the audience cannot scroll.

import {
  type Block,
  blocksOf,
  heightOf,
  type Layout,
  type LineKind,
  LOW,
  MOST_LEASE,
  type Room,
  type Shown,
  stacked,
  THIN,
} from './layout'

/** The lowest lease row whose slope is visible from the last row of a room. */
const LEAST = 32

const EVERY: readonly LineKind[] = [
  'leader',
  'lease',
  'thin',
  'store',
  'key',
  'heartbeat',
  'terminal',
  'faults',
  'rules',
]
/**
 * The possible sets of rows, the fullest first. The stage already shows the keys and the programs
 * of the clients.
 */
const CHOICES: readonly (readonly LineKind[])[] = [
  EVERY,
  ['leader', 'lease', 'thin', 'store', 'key'],
  ['leader', 'lease', 'thin', 'store'],
  ['lease', 'thin', 'store'],
  ['store'],
  ['leader', 'lease'],
  ['lease'],
]

/** The first set that fits. If none fits, as many leases as possible. */
export function layoutPresented(shown: Shown, room: Room): Layout {
  const all = blocksOf({ ...shown, leader: true }, room, LOW).filter(isNamed)
  const loads = shown.here.many ? ROOM_OF_LOAD : 0
  for (const choice of CHOICES) {
    const blocks = shared(
      all.filter(({ kind }) => choice.includes(kind)),
      room.height - loads,
    )
    if (isTelling(blocks, all) && heightsOf(blocks) <= room.height - loads)
      return stacked(blocks, [], true)
  }
  const leases = all
    .filter(({ kind }) => kind === 'lease' || kind === 'thin')
    .map((block) => cut(block, room.height - loads))
  return stacked(leases, shown.here.many ? ['load'] : [], true)
}

/** The rows include a lease or a lock if the run has one. */
function isTelling(blocks: readonly Block[], all: readonly Block[]): boolean {
  const tells = ({ kind }: Block): boolean =>
    kind === 'lease' || kind === 'thin' || kind === 'store'
  return blocks.some(tells) || !all.some(tells)
}

/** Keys have rows if their names fit in the headers. */
function isNamed({ kind, sent }: Block): boolean {
  return kind !== 'key' || sent.every(({ label }) => label.length <= MOST_NAME)
}

const MOST_NAME = 8

/** Pixels of the row that counts many leases. */
const ROOM_OF_LOAD = 58

function heightsOf(blocks: readonly Block[]): number {
  return blocks.reduce((sum, block) => sum + heightOf(block), 0)
}

/** The leases share the rest of the height. */
function shared(blocks: readonly Block[], height: number): Block[] {
  const others = heightsOf(blocks.filter(({ kind }) => kind !== 'lease'))
  return blocks.map((block) => {
    if (block.kind !== 'lease') return block
    return {
      ...block,
      height: Math.max(LEAST, Math.min(MOST_LEASE, Math.floor((height - others) / block.total))),
    }
  })
}

/** The first leases of a lane, as thin rows. */
function cut(block: Block, height: number): Block {
  const total = Math.min(block.total, Math.max(0, Math.floor(height / THIN)))
  return {
    ...block,
    kind: 'thin',
    height: THIN,
    from: 0,
    total,
    sent: block.from === 0 ? block.sent.slice(0, total) : [],
  }
}
