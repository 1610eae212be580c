import { combinations } from '../../engine/text/draw'

/** A story of the catalogue, as the library and the story bar show it. */
export interface Scenario {
  name: string
  /** A question that does not tell the ending. */
  title: string
  sentence: string
  members: number
  shelf: Shelf
  /** The version that the run models. */
  etcd: string
  /** The address of the report behind the story; null for another story. */
  source: string | null
  /** The number of different draws of its numbers. */
  combinations: number
  /** The whole text, for the worker. */
  file: string
}

export type Shelf = (typeof shelves)[number]['name']

/** The shelves of the library, in their order. */
export const shelves = [
  {
    name: 'opening',
    word: 'Start here',
    about: 'Six beats: a key, a renewal, a leader, a lock, a pause, a fence',
  },
  { name: 'leases', word: 'Leases and keys', about: 'What ends a key, and what does not' },
  { name: 'cluster', word: 'Cluster and leaders', about: 'Who counts while no member leads' },
  { name: 'locks', word: 'Locks', about: 'Who holds a lock, and who believes so' },
  { name: 'fencing', word: 'Fencing', about: 'Whether the storage takes a late write' },
  { name: 'field', word: 'From the field', about: 'What people reported, played as they tell it' },
] as const

/**
 * Reads the head of a file. The first line of prose is the title; the other lines are the sentence.
 * Without prose, the name is the title.
 */
export function readScenario(name: string, file: string): Scenario {
  const head = file.split(/\n(?!#)/, 1)[0] ?? ''
  const [title = '', ...prose] = head.split('\n').map((line) => line.replace(/^#\s*/, '').trim())
  const members = Number(/^config\b.*\bmembers=(\d+)/m.exec(file)?.[1] ?? 1)
  const shelf = /^shelf (\w+)/m.exec(file)?.[1]
  return {
    name,
    title: head.startsWith('#') && title !== '' ? title : name,
    sentence: prose.filter(Boolean).join(' '),
    members,
    shelf: shelves.find((each) => each.name === shelf)?.name ?? guessed(file, members),
    etcd: /^config\b.*\betcd=([\d.]+)/m.exec(file)?.[1] ?? '3.4',
    source: /^source (https:\/\/\S+)$/m.exec(file)?.[1] ?? null,
    combinations: combinations(file),
    file,
  }
}

/** A report by its usual name: `etcd-io/jetcd#400`. Other addresses lose their beginning. */
export function sourceWord(source: string): string {
  const [, repository, number] =
    /^https:\/\/github\.com\/([^/]+\/[^/]+)\/issues\/(\d+)$/.exec(source) ?? []
  return repository === undefined ? source.replace('https://', '') : `${repository}#${number}`
}

function guessed(file: string, members: number): Shelf {
  if (/^program /m.test(file)) return 'locks'
  return members > 1 ? 'cluster' : 'leases'
}
