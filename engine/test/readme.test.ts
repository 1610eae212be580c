// Runs the examples of the documents: the snippet of the README word for word, console lines with
// their output, links and files.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ETCD_VERSIONS } from '../base/etcd-versions'
import { runScript } from '../cli/run'
import type { Command } from '../etcdctl/grammar'
import { commandsOf } from '../etcdctl/grammar'
import { etcdctlOf } from '../etcdctl/versions'
import * as leasescope from '../index'
import { FAULT_WORDS } from '../network/read-fault'
import { openSharedRun, readSharedRun } from '../replay/shared-run'

const root = join(import.meta.dirname, '../..')
const paper = (path: string) => readFileSync(join(root, path), 'utf8')
/** The code blocks of a language. */
const blocks = (path: string, language: string): string[] =>
  [...paper(path).matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
    .filter(([, name]) => name === language)
    .map(([, , code = '']) => code)

describe('the package', () => {
  const snippets = blocks('README.md', 'ts').map((code) => {
    const [, names = '', body = ''] = /^import \{ (.+) \} from 'leasescope'\n([\s\S]*)$/.exec(code)!
    return { names, body }
  })

  test('is shown in two tests', () => {
    expect(snippets).toHaveLength(2)
  })

  test.each(snippets)('the test with $names holds', ({ names, body }) => {
    const parts: Record<string, unknown> = { ...leasescope }
    const imported = names.split(', ')
    for (const name of imported) expect(Object.keys(parts)).toContain(name)
    expect(body).toContain('expect(')
    const printed: string[] = []
    const console = { log: (text: string) => printed.push(text) }
    const run = new Function('expect', 'console', ...imported, body)
    run(expect, console, ...imported.map((name) => parts[name]))
    if (body.includes('console.log'))
      expect(printed).toEqual([expect.stringContaining('#r1?seed=')])
  })
})

describe('the console', () => {
  const path = 'engine/etcdctl/README.md'

  test('prints the output of its examples', () => {
    const sessions = blocks(path, 'console')
    expect(sessions).not.toEqual([])
    for (const session of sessions) {
      const script = [...session.matchAll(/^\$ (.*)$/gm)].map(([, line = '']) => line).join('\n')
      const ran = runScript(script, { seed: 1, members: 1, guided: true })
      const shown = ran.map(({ line, stdout, stderr }) => `$ ${line}\n${stdout}${stderr}`).join('')
      expect(shown).toBe(session)
    }
  })

  test('has exactly the commands in its table', () => {
    const [, section = ''] = paper(path).split('## Commands')
    const [table = ''] = section.split('Flags, formats')
    const named = [...table.matchAll(/`([^`]+)`/g)].map(([, words = '']) => words)
    const modelled = ({ commands, modelled: isOne }: Command, words: string[]): string[] => {
      if (commands !== undefined)
        return commands.flatMap((sub) => modelled(sub, [...words, sub.name]))
      return isOne ? [words.join(' ')] : []
    }
    const versions = ETCD_VERSIONS.map((version) => commandsOf(etcdctlOf(version)))
    const known = new Set(versions.flatMap((root) => modelled(root, [])))
    expect(named.toSorted()).toEqual([...known].toSorted())
  })

  test('has exactly the faults in its table', () => {
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

  test('the file in the document opens, and the link beside it is the same run', () => {
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
