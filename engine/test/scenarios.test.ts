// Every file of the catalogue is played and must give exactly its trace. `npm run scenarios --
// --rewrite` writes the traces: commit a new trace only if you can explain the change.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseScenario, runScenario } from '../scenario/scenario'
import { actor, sentence } from '../text/describe'
import { LeaseNames } from '../text/names'

const FOLDER = join(import.meta.dirname, '../scenario/catalogue')
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'))

describe.each(files)('%s', (name) => {
  const path = join(FOLDER, name)
  const text = readFileSync(path, 'utf8')

  test('gives its trace', () => {
    const { trace } = runScenario(parseScenario(text))
    if (process.env.REWRITE === '1')
      writeFileSync(path, `${text.split('\n----\n')[0]!.trimEnd()}\n\n----\n${trace.join('\n')}\n`)
    else expect(trace).toEqual(parseScenario(text).expected)
  })

  test('contains the words that it promises', () => {
    const scenario = parseScenario(text)
    const { events } = runScenario(scenario)
    const names = LeaseNames.of(events)
    for (const { words, never } of scenario.claims) {
      const said = events.some((event) =>
        `${actor(event)} ${sentence(event, names)}`.includes(words),
      )
      expect(said, `${never ? 'no event says' : 'some event says'} "${words}"`).toBe(!never)
    }
  })

  test('has a cause for every event except commands', () => {
    const { events } = runScenario(parseScenario(text))
    const uncaused = events.filter(({ type, causes }) => type !== 'command' && causes.length === 0)
    expect(uncaused).toEqual([])
    for (const { id, causes } of events) expect(causes.every((cause) => cause < id)).toBe(true)
  })
})

test('an unknown line is refused with its number', () => {
  expect(() => parseScenario('# a story\nsvc sings')).toThrow('line 2: unknown line "svc sings"')
})
