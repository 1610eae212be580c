// jq: paths, pipes, comparisons, construction, and the functions that scripts for etcd use
// (jq 1.6 manual). Numbers are doubles, as jq has them: a lease ID of 19 digits is rounded.
import { text as textOf, utf8 } from '../../base/bytes'
import type { Bytes } from '../../base/rpc'
import { JqFault, type JqFilter, parseJq } from './jq-parse'
import { run } from './jq-run'
import { type Json, show } from './jq-values'
import type { Started, Utility } from './utility'
import { inputsOf } from './utility'

export const jq: Utility = {
  start(args): Started {
    const flags = new Set<string>()
    const named: [string, Json][] = []
    const rest: Bytes[] = []
    for (let i = 0; i < args.length; i++) {
      const word = args[i]!
      if (word === '--arg' || word === '--argjson') {
        const [name, value] = [args[++i] ?? '', args[++i] ?? '']
        named.push([name, word === '--arg' ? textOf(value) : (JSON.parse(textOf(value)) as Json)])
      } else if (LONG[word] !== undefined) flags.add(LONG[word])
      else if (/^-[a-zA-Z]+$/.test(word)) for (const letter of word.slice(1)) flags.add(letter)
      else rest.push(word)
    }
    const unknown = [...flags].find((letter) => !'rcesnaMCSj'.includes(letter))
    if (unknown !== undefined)
      return {
        stderr: `jq: Unknown arguments\nUse jq --help for help with command-line options,\nor see the jq manpage, or online docs  at https://stedolan.github.io/jq\n`,
        exit: 2,
      }
    const [source = '.', ...files] = rest
    try {
      const filter = parseJq(textOf(source))
      return {
        state: { text: '', filter, flags: [...flags].join(''), named, last: null },
        inputs: flags.has('n') ? [] : inputsOf(files),
      }
    } catch (fault) {
      if (!(fault instanceof JqFault)) throw fault
      return { stderr: `jq: error: ${fault.message}\njq: 1 compile error\n`, exit: 3 }
    }
  },
  take(state, bytes) {
    state.text = String(state.text) + bytes
    return {}
  },
  end(state) {
    const flags = String(state.flags)
    const filter = state.filter as JqFilter
    const variables = new Map(state.named as [string, Json][])
    let values: Json[]
    let problem: string | null = null
    if (flags.includes('n')) values = [null]
    else ({ values, problem } = readValues(textOf(String(state.text))))
    if (flags.includes('s')) values = [values]
    let stdout = ''
    let stderr = ''
    let exit = 0
    let last: Json | undefined
    for (const value of values) {
      try {
        for (const result of run(filter, value, variables)) {
          last = result
          const raw = (flags.includes('r') || flags.includes('j')) && typeof result === 'string'
          const shown = raw
            ? result
            : show(result, flags.includes('c') ? null : 0, flags.includes('S'))
          stdout += utf8(shown) + (flags.includes('j') ? '' : '\n')
        }
      } catch (fault) {
        if (!(fault instanceof JqFault)) throw fault
        stderr += utf8(
          `jq: error (at <stdin>:${String(state.text).split('\n').length - 1}): ${fault.message}\n`,
        )
        exit = 5
      }
    }
    if (problem !== null) {
      stderr += `jq: error (at <stdin>:0): ${problem}\n`.replace(
        'jq: error (at <stdin>:0)',
        'parse error',
      )
      exit = 2
    }
    if (flags.includes('e') && exit === 0)
      exit = last === undefined ? 4 : last === null || last === false ? 1 : 0
    return { stdout, stderr, exit }
  },
}

const LONG: Readonly<Record<string, string>> = {
  '--raw-output': 'r',
  '--compact-output': 'c',
  '--exit-status': 'e',
  '--slurp': 's',
  '--null-input': 'n',
  '--sort-keys': 'S',
  '--join-output': 'j',
  '--monochrome-output': 'M',
  '--color-output': 'C',
}

/** The JSON values of a text, one behind the other. */
function readValues(text: string): { values: Json[]; problem: string | null } {
  const values: Json[] = []
  let rest = text.trim()
  while (rest !== '') {
    const end = endOfValue(rest)
    try {
      values.push(JSON.parse(rest.slice(0, end)) as Json)
    } catch {
      return { values, problem: 'Invalid numeric literal at line 1, column 1' }
    }
    rest = rest.slice(end).trim()
  }
  return { values, problem: null }
}

/** Just behind the first JSON value of a text. */
function endOfValue(text: string): number {
  let depth = 0
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const ch = text[i]!
    if (quoted) {
      if (ch === '\\') i++
      else if (ch === '"') {
        quoted = false
        if (depth === 0) return i + 1
      }
      continue
    }
    if (ch === '"') quoted = true
    else if (ch === '{' || ch === '[') depth++
    else if (ch === '}' || ch === ']') {
      if (--depth === 0) return i + 1
    } else if (depth === 0 && /\s/.test(ch)) return i
  }
  return text.length
}
