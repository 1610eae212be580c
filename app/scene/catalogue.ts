import { readScenario, type Scenario, shelves } from './scenario'

// The files are text here. The page shows their first lines and passes them to the worker, which
// reads the rest. A new file is a new story.
const files = import.meta.glob<string>('../../engine/scenario/catalogue/*.txt', {
  query: '?raw',
  import: 'default',
  eager: true,
})

/** The first stories of a shelf; the others follow by name. */
const first = ['heartbeat-stops', 'saved-by-renewing', 'too-late', 'minimum-ttl', 'one-revision']

/** Every story, by shelf. */
export const catalogue: readonly Scenario[] = Object.entries(files)
  .map(([path, file]) => readScenario(path.replace(/^.*\/|\.txt$/g, ''), file))
  .sort((a, b) => shelfOf(a) - shelfOf(b) || place(a) - place(b) || (a.name < b.name ? -1 : 1))

/**
 * The next story on the same shelf; after its last, the first of the next shelf. Null after the
 * very last.
 */
export function nextStory({ name }: Scenario): Scenario | null {
  const at = catalogue.findIndex((each) => each.name === name)
  return at < 0 ? null : (catalogue[at + 1] ?? null)
}

function shelfOf({ shelf }: Scenario): number {
  return shelves.findIndex(({ name }) => name === shelf)
}

function place({ name }: Scenario): number {
  const at = first.indexOf(name)
  return at < 0 ? first.length : at
}
