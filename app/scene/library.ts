// The stories that the library shows: those that match the reader's words, by shelf.

import { type Scenario, shelves } from './scenario'

export interface ShelfOfStories {
  name: string
  word: string
  about: string
  stories: Scenario[]
}

/** The shelves that have stories, in their order. */
export function shelved(stories: readonly Scenario[]): ShelfOfStories[] {
  return shelves
    .map(({ name, word, about }) => ({
      name,
      word,
      about,
      stories: stories.filter(({ shelf }) => shelf === name),
    }))
    .filter((shelf) => shelf.stories.length > 0)
}

/**
 * The stories that contain every word in the title, sentence, shelf, version or lines. Case does
 * not matter. Without a word: all stories.
 */
export function found(stories: readonly Scenario[], words: string): Scenario[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  return stories.filter((story) => {
    const text = textOf(story)
    return wanted.every((word) => text.includes(word))
  })
}

/**
 * The searchable text: the words that the reader sees, and the commands of the run; not the
 * recorded trace.
 */
function textOf({ title, sentence, shelf, etcd, members, file }: Scenario): string {
  const word = shelves.find(({ name }) => name === shelf)?.word ?? ''
  const script = file.split('\n----', 1)[0] ?? ''
  return `${title} ${sentence} ${word} etcd ${etcd} ${members} members ${script}`.toLowerCase()
}

/** The time a reader thinks about a question, in ms. */
const THINKING_MS = 20_000

/**
 * The length of a story in minutes: its run at true speed, and time to think. `end`: virtual ms.
 */
export function minutesOf(end: number, { file }: Scenario): number {
  const questions = file.match(/^\s*ask /gm)?.length ?? 0
  return Math.max(1, Math.round((end + questions * THINKING_MS) / 60_000))
}
