// The examples of the documents are run: the snippet of the README word for word, console lines
// with their output, links and files.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runScript } from '../cli/run'
import { Cluster } from '../index'
import { FAULT_WORDS } from '../network/read-fault'
import { openSharedRun, readSharedRun } from '../replay/shared-run'

const root = join(import.meta.dirname, '../..')
const paper = (path: string) => readFileSync(join(root, path), 'utf8')
/** The blocks of code of a language. */
const blocks = (path: string, language: string): string[] =>
  [...paper(path).matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
    .filter(([, name]) => name === language)
    .map(([, , code = '']) => code)

test('an hour passes in a test', () => {
  // README >>>
  const etcd = new Cluster()
  const { ID } = etcd.call({ type: 'LeaseGrant', TTL: 3600 })
  etcd.call({ type: 'Put', key: 'jobs/42', value: 'mine', lease: ID })
  etcd.advance(3_599_000)
  // 59 minutes and 59 seconds later
  expect(etcd.call({ type: 'Range', key: 'jobs/42' }).count).toBe(1)
  etcd.advance(2_000)
  // the hour is over, and the key is gone
  expect(etcd.call({ type: 'Range', key: 'jobs/42' }).count).toBe(0)
  // <<< README
})

test('the README shows that very snippet', () => {
  const source = readFileSync(import.meta.filename, 'utf8')
  const lines = source
    .slice(source.indexOf('// README >>>\n') + 14, source.indexOf('  // <<< README'))
    .split('\n')
  const snippet = lines
    .map((line) => line.replace(/^ {2}/, ''))
    .join('\n')
    .trimEnd()
  expect(paper('README.md')).toContain(snippet)
})

describe('the console', () => {
  const path = 'engine/etcdctl/README.md'

  test('prints what its examples show', () => {
    const sessions = blocks(path, 'console')
    expect(sessions).not.toEqual([])
    for (const session of sessions) {
      const script = [...session.matchAll(/^\$ (.*)$/gm)].map(([, line = '']) => line).join('\n')
      const ran = runScript(script, { seed: 1, members: 1, guided: true })
      const shown = ran.map(({ line, stdout, stderr }) => `$ ${line}\n${stdout}${stderr}`).join('')
      expect(shown).toBe(session)
    }
  })

  test('has exactly the faults that its table names', () => {
    const [, section = ''] = paper(path).split('## Faults')
    const named = [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, words = '']) => words)
    const faults = named.filter((words) => !words.includes('.ts') && !words.endsWith('/'))
    expect(faults.toSorted()).toEqual([...FAULT_WORDS].toSorted())
  })
})

describe('links and files', () => {
  const links = ['README.md', 'engine/replay/README.md'].flatMap((path) =>
    [...paper(path).matchAll(/#r1\?([^\s`)…]+)/g)].map(([, fields = '']) => fields),
  )
  test.each(links)('#r1?%s opens', (fields) => {
    const read = readSharedRun(fields, 'plain')
    expect(read).toMatchObject({ ok: true })
    if (read.ok) expect(openSharedRun(read.value).timeline.lastEvent).toBeGreaterThan(0)
  })

  test('the file that is shown opens, and the link beside it is the same run', () => {
    const path = 'engine/replay/README.md'
    const file = readSharedRun(blocks(path, 'json').join(), 'json')
    const [, fields = ''] = /^#r1\?(.*)$/m.exec(paper(path)) ?? []
    expect(file).toMatchObject({ ok: true })
    expect(file).toEqual(readSharedRun(fields, 'plain'))
  })

  test('the table of a link has every field, and an example of each opens', () => {
    const [, table = ''] = paper('engine/replay/README.md').split('## A link that people can write')
    const [fields = ''] = table.split('## A file')
    const examples = [...fields.matchAll(/^\| (`.*?`) \|/gm)]
      .flatMap(([, cell = '']) => [...cell.matchAll(/`([^`]+)`/g)])
      .map(([, example = '']) => example)
      .filter((example) => !/TEXT|ID|…/.test(example))
    expect(examples.length).toBeGreaterThan(15)
    for (const example of examples)
      expect(readSharedRun(example, 'plain'), example).toMatchObject({ ok: true })
  })
})
