// What a test can hold about the project's documents: each section that is cited exists.

import type { Source } from './tidy'

/** The specification that the sources cite as "semantics §1.6". */
export const SEMANTICS = 'engine/etcd-semantics.md'

/** The numbers of all sections of a document: `## 1 The lessor`, `### 1.6 Renewal`. */
export function sections(text: string): Set<string> {
  return new Set([...text.matchAll(/^#{2,3} (\d+(?:\.\d+)*) /gm)].map(([, number = '']) => number))
}

/** Rooms that cite the Raft paper, where § without a document is a section of that. */
const RAFT_PAPER = /^engine\/(?:raft\/|check\/raft-safety|test\/flaws\/)/

const CITATION =
  /(?:(semantics|dissertation|Raft|[a-z]+) +)?§(\d+(?:\.\d+)*)((?:(?:[,;]| and| to) +§\d+(?:\.\d+)*)*)/g

/** What is wrong with the citations of a file, as `path:line: what is wrong`. */
export function citations({ path, text }: Source, known: ReadonlySet<string>): string[] {
  // A citation may be wrapped: what begins a line of a comment becomes blanks.
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
