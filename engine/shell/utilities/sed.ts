// GNU sed: addresses, `s`, `d`, `p`, `q`, `=`, `y`, `a`, `i`, `c`, `n`, `{ }`, with -n, -e, -E and
// -r. What it does not have (labels, the hold space) it refuses by name.

import type { Bytes } from '../../base/rpc'
import { basicExpression, extendedExpression } from '../extended-regex'
import type { Utility, UtilityState } from './utility'
import { inputsOf, lastLine, linesOf, readOptions } from './utility'

type Address =
  | { type: 'line'; line: number }
  | { type: 'last' }
  | { type: 'match'; source: Bytes; flags: string }
  | { type: 'step'; first: number; step: number }

interface SedCommand {
  from: Address | null
  to: Address | null
  negated: boolean
  name: string
  source: Bytes
  text: Bytes
  flags: string
  body: SedCommand[]
  /** Inside of its range. */
  active: boolean
  /** The last line of a range that ends by number. */
  until: number
}

class SedFault extends Error {}

export const sed: Utility = {
  start(args) {
    const { options, all, rest, problem } = readOptions(args, 'nErsuz', 'ei', {
      expression: 'e',
      quiet: 'n',
      silent: 'n',
      'regexp-extended': 'E',
    })
    if (problem !== null) return { stderr: `sed: ${problem}\n`, exit: 1 }
    if (options.has('i')) return { stderr: 'sed: not modelled here: -i\n', exit: 1 }
    const scripts = all.filter(({ name }) => name === 'e').map(({ value }) => String(value))
    const files = [...rest]
    if (scripts.length === 0) {
      const first = files.shift()
      if (first === undefined)
        return {
          stderr: 'Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...\n',
          exit: 1,
        }
      scripts.push(first)
    }
    const extended = options.has('E') || options.has('r')
    try {
      const commands = new SedReader(scripts.join('\n'), extended).script()
      return {
        state: { partial: '', commands, quiet: options.has('n'), extended, line: 0, held: null },
        inputs: inputsOf(files),
      }
    } catch (fault) {
      if (!(fault instanceof SedFault)) throw fault
      return { stderr: `sed: -e expression #1, ${fault.message}\n`, exit: 1 }
    }
  },
  take(state, bytes) {
    let stdout = ''
    for (const line of linesOf(state, bytes)) {
      const done = next(state, line)
      stdout += done.out
      if (done.exit !== null) return { stdout, exit: done.exit }
    }
    return { stdout }
  },
  end(state) {
    const last = lastLine(state)
    let stdout = ''
    let exit = state.failed === true ? 2 : 0
    if (last !== null) {
      const done = next(state, last)
      stdout += done.out
      if (done.exit !== null) return { stdout, exit: done.exit }
    }
    const held = state.held as Bytes | null
    if (held !== null) {
      const done = run(state, held, true)
      stdout += last === null ? done.out : done.out.replace(/\n$/, '')
      if (done.exit !== null) exit = done.exit
    }
    return { stdout, exit }
  },
}

/** A line is run once the next one is there: `$` is the last. */
function next(state: UtilityState, line: Bytes): { out: Bytes; exit: number | null } {
  const held = state.held as Bytes | null
  state.held = line
  return held === null ? { out: '', exit: null } : run(state, held, false)
}

function run(
  state: UtilityState,
  line: Bytes,
  isLast: boolean,
): { out: Bytes; exit: number | null } {
  state.line = Number(state.line) + 1
  const cycle: Cycle = {
    space: line,
    out: '',
    after: '',
    exit: null,
    deleted: false,
    number: Number(state.line),
    isLast,
    quiet: state.quiet === true,
    extended: state.extended === true,
  }
  execute(state.commands as SedCommand[], cycle)
  if (!cycle.deleted && !cycle.quiet) cycle.out += `${cycle.space}\n`
  return { out: cycle.out + cycle.after, exit: cycle.exit }
}

interface Cycle {
  space: Bytes
  out: Bytes
  /** What `a` put behind the line. */
  after: Bytes
  exit: number | null
  deleted: boolean
  number: number
  isLast: boolean
  quiet: boolean
  extended: boolean
}

/** False: the cycle is over. */
function execute(commands: SedCommand[], cycle: Cycle): boolean {
  for (const command of commands) {
    if (selects(command, cycle) === command.negated) continue
    switch (command.name) {
      case '{':
        if (!execute(command.body, cycle)) return false
        break
      case 's':
        substitute(command, cycle)
        break
      case 'y':
        cycle.space = [...cycle.space]
          .map((ch) => command.text[command.source.indexOf(ch)] ?? ch)
          .map((ch, i) => (command.source.includes(cycle.space[i]!) ? ch : cycle.space[i]!))
          .join('')
        break
      case 'p':
        cycle.out += `${cycle.space}\n`
        break
      case '=':
        cycle.out += `${cycle.number}\n`
        break
      case 'd':
        cycle.deleted = true
        return false
      case 'q':
        cycle.exit = Number(command.flags || 0)
        return false
      case 'a':
        cycle.after += `${command.text}\n`
        break
      case 'i':
        cycle.out += `${command.text}\n`
        break
      case 'c':
        cycle.out += `${command.text}\n`
        cycle.deleted = true
        return false
    }
  }
  return true
}

function selects(command: SedCommand, cycle: Cycle): boolean {
  const { from, to } = command
  if (from === null) return true
  if (to === null) return fits(from, cycle)
  if (command.active) {
    const ends = to.type === 'line' ? cycle.number >= command.until : fits(to, cycle)
    if (ends) command.active = false
    return to.type !== 'line' || cycle.number <= command.until
  }
  if (!fits(from, cycle)) return false
  if (to.type === 'line') {
    command.until = to.line
    command.active = to.line > cycle.number
  } else command.active = !(to.type === 'last' && cycle.isLast)
  return true
}

function fits(address: Address, { space, number, isLast, extended }: Cycle): boolean {
  switch (address.type) {
    case 'line':
      return number === address.line
    case 'last':
      return isLast
    case 'step':
      return address.step === 0
        ? number === address.first
        : number >= address.first && (number - address.first) % address.step === 0
    case 'match':
      return expressionOf(address.source, address.flags, extended).test(space)
  }
}

function expressionOf(source: Bytes, flags: string, extended: boolean): RegExp {
  const made = extended ? extendedExpression(source, flags) : basicExpression(source, flags)
  if (made === null) throw new SedFault(`char ${source.length}: Invalid regular expression`)
  return made
}

function substitute(command: SedCommand, cycle: Cycle): void {
  const ignoreCase = /[iI]/.test(command.flags) ? 'i' : ''
  const expression = expressionOf(command.source, `g${ignoreCase}`, cycle.extended)
  const which = Number(/\d+/.exec(command.flags)?.[0] ?? 1)
  const all = command.flags.includes('g')
  let count = 0
  let changed = false
  const space = cycle.space.replace(expression, (...found: unknown[]) => {
    count++
    const whole = String(found[0])
    if (all ? count < which : count !== which) return whole
    changed = true
    const groups = found.slice(1).filter((_, i) => i < found.length - 3)
    return replacement(command.text, whole, groups)
  })
  if (!changed) return
  cycle.space = space
  if (command.flags.includes('p')) cycle.out += `${space}\n`
}

function replacement(text: Bytes, whole: Bytes, groups: readonly unknown[]): Bytes {
  let mode = ''
  let once = ''
  let out = ''
  const put = (piece: Bytes) => {
    let shown = mode === 'U' ? piece.toUpperCase() : mode === 'L' ? piece.toLowerCase() : piece
    if (once !== '' && shown !== '') {
      const first = once === 'u' ? shown[0]!.toUpperCase() : shown[0]!.toLowerCase()
      shown = first + shown.slice(1)
      once = ''
    }
    out += shown
  }
  for (let i = 0; i < text.length; i++) {
    const ch = text[i]!
    if (ch === '&') put(whole)
    else if (ch === '\\' && i + 1 < text.length) {
      const code = text[++i]!
      if (/\d/.test(code)) put(code === '0' ? whole : String(groups[Number(code) - 1] ?? ''))
      else if (code === 'n') put('\n')
      else if (code === 't') put('\t')
      else if ('UL'.includes(code)) mode = code
      else if (code === 'E') mode = ''
      else if ('ul'.includes(code)) once = code
      else put(code)
    } else put(ch)
  }
  return out
}

class SedReader {
  readonly #text: Bytes
  readonly #extended: boolean
  #at = 0

  constructor(text: Bytes, extended: boolean) {
    this.#text = text
    this.#extended = extended
  }

  script(): SedCommand[] {
    const commands = this.#commands()
    if (this.#at < this.#text.length) throw this.#fault("unexpected `}'")
    return commands
  }

  #fault(what: string): SedFault {
    return new SedFault(`char ${Math.max(1, this.#at)}: ${what}`)
  }

  #commands(): SedCommand[] {
    const commands: SedCommand[] = []
    for (;;) {
      while (/[\s;]/.test(this.#text[this.#at] ?? '')) this.#at++
      const ch = this.#text[this.#at]
      if (ch === undefined || ch === '}') return commands
      if (ch === '#') {
        const end = this.#text.indexOf('\n', this.#at)
        this.#at = end < 0 ? this.#text.length : end
        continue
      }
      commands.push(this.#command())
    }
  }

  #command(): SedCommand {
    const from = this.#address()
    let to: Address | null = null
    this.#blanks()
    if (from !== null && this.#text[this.#at] === ',') {
      this.#at++
      this.#blanks()
      to = this.#address()
      if (to === null) throw this.#fault("unexpected `,'")
    }
    this.#blanks()
    let negated = false
    while (this.#text[this.#at] === '!') {
      negated = true
      this.#at++
      this.#blanks()
    }
    const name = this.#text[this.#at++]
    const command: SedCommand = {
      from,
      to,
      negated,
      name: name ?? '',
      source: '',
      text: '',
      flags: '',
      body: [],
      active: false,
      until: 0,
    }
    switch (name) {
      case undefined:
        throw this.#fault('missing command')
      case '{':
        command.body = this.#commands()
        if (this.#text[this.#at++] !== '}') throw new SedFault("char 0: unmatched `{'")
        return command
      case 's':
      case 'y': {
        const delimiter = this.#text[this.#at++] ?? ''
        command.source = this.#until(delimiter, name === 's')
        command.text = this.#until(delimiter, false)
        if (name === 'y') {
          const plain = (text: Bytes) => text.replace(/\\n/g, '\n').replace(/\\([\s\S])/g, '$1')
          command.source = plain(command.source)
          command.text = plain(command.text)
          if (command.source.length !== command.text.length)
            throw this.#fault("strings for `y' command are different lengths")
          return command
        }
        command.flags = this.#word(/[gpiIm\d]/)
        expressionOf(command.source, '', this.#extended)
        this.#ends(/[gpiI\d]/)
        return command
      }
      case 'a':
      case 'i':
      case 'c': {
        const end = this.#text.indexOf('\n', this.#at)
        let text = this.#text.slice(this.#at, end < 0 ? this.#text.length : end)
        this.#at = end < 0 ? this.#text.length : end
        if (/^\s*\\$/.test(text) && end >= 0) {
          const stop = this.#text.indexOf('\n', end + 1)
          text = this.#text.slice(end + 1, stop < 0 ? this.#text.length : stop)
          this.#at = stop < 0 ? this.#text.length : stop
        }
        command.text = text.replace(/^\s*\\?/, '').replace(/\\([\s\S])/g, '$1')
        return command
      }
      case 'q':
        this.#blanks()
        command.flags = this.#word(/\d/)
        return command
      case 'd':
      case 'p':
      case '=':
        this.#ends(/$^/)
        return command
      default:
        if (/[bthHgGxDNPnrRwWlLT:eFvz]/.test(name))
          throw this.#fault(`not modelled here: the command \`${name}'`)
        throw this.#fault(`unknown command: \`${name}'`)
    }
  }

  #ends(_flags: RegExp): void {
    this.#blanks()
    const ch = this.#text[this.#at]
    if (ch === undefined || /[;\n}#]/.test(ch)) return
    this.#at++
    throw this.#fault('extra characters after command')
  }

  #blanks(): void {
    while (/[ \t]/.test(this.#text[this.#at] ?? '')) this.#at++
  }

  #word(letters: RegExp): string {
    let word = ''
    while (letters.test(this.#text[this.#at] ?? '')) word += this.#text[this.#at++]
    return word
  }

  /** Up to the delimiter; one with a backslash is the character itself. */
  #until(delimiter: string, isRegex: boolean): Bytes {
    let out = ''
    let inClass = false
    for (;;) {
      const ch = this.#text[this.#at++]
      if (ch === undefined)
        throw new SedFault(`char ${this.#text.length}: unterminated \`s' command`)
      if (ch === '\\') {
        const next = this.#text[this.#at++] ?? ''
        out += next === delimiter ? next : `\\${next}`
        continue
      }
      if (isRegex && ch === '[' && !inClass) inClass = true
      else if (isRegex && ch === ']' && !/\[\^?$/.test(out)) inClass = false
      if (ch === delimiter && !inClass) return out
      out += ch
    }
  }

  #address(): Address | null {
    const ch = this.#text[this.#at] ?? ''
    if (/\d/.test(ch)) {
      const line = Number(this.#word(/\d/))
      if (this.#text[this.#at] !== '~') return { type: 'line', line }
      this.#at++
      return { type: 'step', first: line, step: Number(this.#word(/\d/)) }
    }
    if (ch === '$') {
      this.#at++
      return { type: 'last' }
    }
    if (ch !== '/' && ch !== '\\') return null
    this.#at++
    const delimiter = ch === '/' ? '/' : (this.#text[this.#at++] ?? '')
    const source = this.#until(delimiter, true)
    const flags = this.#word(/I/) === '' ? '' : 'i'
    expressionOf(source, flags, this.#extended)
    return { type: 'match', source, flags }
  }
}
