// The rules that a test can check in the project's documents: citations, links, commands, switches
// and the length of sentences.

import { posix } from 'node:path'
import type { Source } from './tidy'

/** The specification that the sources cite as "semantics §1.6". */
export const SEMANTICS = 'engine/etcd-semantics.md'

/** The numbers of all sections of a document: `## 1 The lessor`, `### 1.6 Renewal`. */
export function sections(text: string): Set<string> {
  return new Set([...text.matchAll(/^#{2,3} (\d+(?:\.\d+)*) /gm)].map(([, number = '']) => number))
}

/** Rooms that cite the Raft paper: § without a document is a section of that paper. */
const RAFT_PAPER = /^engine\/(?:raft\/|check\/raft-safety|test\/flaws\/)/

const CITATION =
  /(?:(semantics|dissertation|Raft|[a-z]+) +)?§(\d+(?:\.\d+)*)((?:(?:[,;]| and| to) +§\d+(?:\.\d+)*)*)/g

/** The wrong citations of a file, as `path:line: fault`. */
export function citations({ path, text }: Source, known: ReadonlySet<string>): string[] {
  // A citation may be wrapped, so the start of a comment line becomes blanks.
  const flat = text.replace(/\n[ \t]*(?:\*|\/\/|#)?[ \t]*/g, (begin) => ' '.repeat(begin.length))
  const found: string[] = []
  for (const { 1: name, 2: first = '', 3: more = '', index } of flat.matchAll(CITATION)) {
    const line = text.slice(0, index).split('\n').length
    const document = path === SEMANTICS ? 'semantics' : name
    if (document === 'dissertation' || document === 'Raft') continue
    if (document !== 'semantics') {
      if (!RAFT_PAPER.test(path)) found.push(`${path}:${line}: §${first} of which document?`)
      continue
    }
    const numbers = [first, ...[...more.matchAll(/§([\d.]*\d)/g)].map(([, number = '']) => number)]
    for (const number of numbers)
      if (!known.has(number)) found.push(`${path}:${line}: no §${number} in ${SEMANTICS}`)
  }
  return found
}

/** Set by npm or the system, not by a person. */
const GIVEN = new Set(['PATH', 'INIT_CWD'])

/** The environment variables that a file reads. */
export function switches({ text }: Source): string[] {
  const single = text.matchAll(/\bprocess\.env(?:\.|\[['"])([A-Z][A-Z_]*)/g)
  const several = text.matchAll(/\{([^{}]*)\} = process\.env\b/g)
  return [
    ...[...single].map(([, name = '']) => name),
    ...[...several].flatMap(([, names = '']) => names.match(/\b[A-Z][A-Z_]*\b/g) ?? []),
  ].filter((name) => !GIVEN.has(name))
}

/** Links of a document to missing places, and `npm run` of missing scripts. */
export function deadEnds(
  { path, text }: Source,
  exists: (path: string) => boolean,
  scripts: ReadonlySet<string>,
): string[] {
  const found: string[] = []
  for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)|<img [^>]*src="([^"]+)"/g)) {
    const file = target.replace(/[#?].*$/, '')
    if (file === '' || /^[a-z]+:/.test(file)) continue
    if (!exists(posix.join(posix.dirname(path), file))) found.push(`${path}: no ${target}`)
  }
  for (const [, script = ''] of text.matchAll(/npm run (?:--silent |-s )?([\w:-]+)/g))
    if (!scripts.has(script)) found.push(`${path}: no script ${script}`)
  return found
}

/**
 * Missing files that a document names in code, such as `lease/lessor.ts`. In "`lease/lessor.ts`,
 * `Lessor`" also names that the file does not have.
 */
export function deadFiles({ path, text }: Source, sources: readonly Source[]): string[] {
  const found: string[] = []
  for (const [, written = '', part] of text.matchAll(
    /`([\w@./-]+\.(?:tsx?|mjs|css|md|patch))`(?:,\s+`(\w+)`)?/g,
  )) {
    const name = written.replace(/^(?:\.\.\/)+/, '')
    if (/\bNAME\b/.test(name)) continue
    const named = sources.filter((file) => `/${file.path}`.endsWith(`/${name}`))
    if (named.length === 0) found.push(`${path}: no ${name}`)
    else if (part !== undefined && !named.some((file) => file.text.includes(part)))
      found.push(`${path}: no ${part} in ${name}`)
  }
  return found
}

/** Links of a document to missing stories and missing steps of lessons. */
export function deadStories(
  { path, text }: Source,
  stories: ReadonlySet<string>,
  lessons: ReadonlySet<string>,
): string[] {
  const named = [...text.matchAll(/#(scenario|lesson)\/([a-z][\w.-]*\w)/g)]
  return named
    .filter(([, kind, name = '']) => !(kind === 'lesson' ? lessons : stories).has(name))
    .map(([link]) => `${path}: no ${link}`)
}

/** The figures of a text: those of "more than 390". */
export function figures(text: string): number[] {
  return [...text.matchAll(/more\s+than\s+(\d+)/gi)].map(([, figure]) => Number(figure))
}

/** The most words in a sentence of a document. */
const MOST_WORDS = 25

/** Sentences of a document that are too long. Code and headings do not count. */
export function longSentences({ path, text }: Source): string[] {
  const found: string[] = []
  for (const paragraph of paragraphs(text)) {
    const plain = paragraph.replace(/`[^`]*`/g, 'code').replace(/\]\([^)]*\)/g, ']')
    for (const sentence of plain.split(/(?<=[.!?:])[)”"*]*\s+/)) {
      const words = sentence.split(/\s+/).filter((word) => /\w/.test(word)).length
      if (words > MOST_WORDS) found.push(`${path}: ${words} words: ${sentence.slice(0, 80)}…`)
    }
  }
  return found
}

/** The paragraphs, list items and table cells of a document. */
function paragraphs(text: string): string[] {
  const all: string[] = []
  let current = ''
  const end = () => {
    all.push(current)
    current = ''
  }
  for (const line of text.replace(/^```[\s\S]*?^```/gm, '\n').split('\n')) {
    if (line.startsWith('|')) all.push(...line.split('|'))
    else if (/^#|^\s*$/.test(line)) end()
    else {
      if (/^\s*(?:[-*]|\d+\.) /.test(line)) end()
      current += `${line.trim()} `
    }
  }
  end()
  return all
}
