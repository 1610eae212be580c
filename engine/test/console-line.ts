// Reads a console line, for tests of the language without a run.

import { expandText, expandWord } from '../etcdctl/builtins'
import type { Answer, Invocation } from '../etcdctl/invocation'
import type { Surroundings } from '../etcdctl/parse'
import { parse } from '../etcdctl/parse'
import { readLines } from '../etcdctl/words'

const nothing = () => undefined

/** The words of an entered text's first line, without values for variables. */
export function wordsOf(line: string): string[] {
  return readLines(line)[0]?.words.flatMap((word) => expandWord(word, nothing)) ?? []
}

/** Reads one line of etcdctl. */
export function ask(line: string, surroundings: Surroundings = {}): Invocation | Answer {
  const [first] = readLines(line)
  const [program, ...argv] = wordsOf(line)
  if (first === undefined || first.refused !== undefined || program !== 'etcdctl')
    throw new Error(`not a line of etcdctl: ${line}`)
  const env = Object.fromEntries(
    first.assignments.map(({ name, value }) => [name, expandText(value, nothing)]),
  )
  const stdin = first.stdin === undefined ? '' : expandText(first.stdin, nothing)
  return parse(argv, { env, stdin, ...surroundings })
}

/** The answer to a line without a request; throws for a line with a request. */
export function refused(
  line: string,
  surroundings: Surroundings = {},
): { stdout: string; stderr: string; exit: number } {
  const answer = ask(line, surroundings)
  if (answer.type !== 'answer') throw new Error(`${line} asks for ${answer.type}`)
  const { stdout, stderr, exit } = answer
  return { stdout, stderr, exit }
}
