import type { Scenario } from './scenario'

// The files are text here: the page shows their first lines and hands them to the worker, which reads the rest. A file more is a demo more.
const files = import.meta.glob<string>('../../engine/scenario/catalogue/*.txt', { query: '?raw', import: 'default', eager: true })

/** What a newcomer had better see first; the others follow by name. */
const first = ['the-article', 'heartbeat-stops', 'saved-by-renewing', 'too-late', 'minimum-ttl', 'one-revision']

/** Every authored scenario, those of one member before those of several, those of the lock lab last. */
export const catalogue: readonly Scenario[] = Object.entries(files)
  .map(([path, file]) => readScenario(path.replace(/^.*\/|\.txt$/g, ''), file))
  .sort((a, b) => Number(a.lab) - Number(b.lab) || a.members - b.members || place(a) - place(b) || (a.name < b.name ? -1 : 1))

function place({ name }: Scenario): number {
  const at = first.indexOf(name)
  return at < 0 ? first.length : at
}

/** The prose at the head of a file: its first line is the title, what follows up to the empty line the sentence. A file without any is called by its name. */
export function readScenario(name: string, file: string): Scenario {
  const head = file.split(/\n(?!#)/, 1)[0] ?? ''
  const [title = '', ...prose] = head.split('\n').map((line) => line.replace(/^#\s*/, '').trim())
  const members = Number(/^config\b.*\bmembers=(\d+)/m.exec(file)?.[1] ?? 1)
  return {
    name,
    title: head.startsWith('#') && title !== '' ? title : name,
    sentence: prose.filter(Boolean).join(' '),
    members,
    lab: /^program /m.test(file),
    file,
  }
}
