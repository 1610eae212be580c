// `[ … ]`, `test` and `[[ … ]]` (POSIX.1-2017, test; bash 5.2 manual, 6.4).

import type { Bytes } from '../base/rpc'
import type { Expander } from './expand'
import { ExpansionFault } from './expand'
import { extendedExpression } from './extended-regex'
import { patternExpression } from './pattern'
import type { Test } from './syntax'
import type { Files } from './utilities/utility'

/** What a test asks of the shell. */
export interface Questions {
  files: Files
  variable(name: string): Bytes | undefined
  /** `-o`: whether an option of the shell is on. */
  option(name: string): boolean
}

/** An invalid expression. `message` is bash's, behind `[: `. */
class TestFault extends Error {}

/**
 * The exit code of `[`: 0 for true, 1 for false, 2 and a message for an invalid expression.
 */
export function testCommand(
  args: readonly Bytes[],
  questions: Questions,
): { exit: number; message?: string } {
  try {
    return { exit: new Expression(args, questions).value() ? 0 : 1 }
  } catch (fault) {
    if (fault instanceof TestFault) return { exit: 2, message: fault.message }
    throw fault
  }
}

const UNARY = /^-[a-hknoprstuvwxzGLNOS]$/
const BINARY = new Set('= == != < > -eq -ne -lt -le -gt -ge -nt -ot -ef'.split(' '))

class Expression {
  readonly #args: readonly Bytes[]
  readonly #questions: Questions
  #at = 0

  constructor(args: readonly Bytes[], questions: Questions) {
    this.#args = args
    this.#questions = questions
  }

  value(): boolean {
    const args = this.#args
    // POSIX decides by the number of words.
    switch (args.length) {
      case 0:
        return false
      case 1:
        return args[0] !== ''
      case 2:
        if (args[0] === '!') return args[1] === ''
        if (UNARY.test(args[0]!)) return unary(args[0]!, args[1]!, this.#questions)
        throw new TestFault(`${args[0]}: unary operator expected`)
      case 3:
        if (BINARY.has(args[1]!)) return binary(args[0]!, args[1]!, args[2]!)
        if (args[1] === '-a') return args[0] !== '' && args[2] !== ''
        if (args[1] === '-o') return args[0] !== '' || args[2] !== ''
        if (args[0] === '!') return !new Expression(args.slice(1), this.#questions).value()
        if (args[0] === '(' && args[2] === ')') return args[1] !== ''
        throw new TestFault(`${args[1]}: binary operator expected`)
      case 4:
        if (args[0] === '!') return !new Expression(args.slice(1), this.#questions).value()
        if (args[0] === '(' && args[3] === ')')
          return new Expression(args.slice(1, 3), this.#questions).value()
    }
    const value = this.#or()
    if (this.#at < args.length) throw new TestFault('too many arguments')
    return value
  }

  #or(): boolean {
    let value = this.#and()
    while (this.#args[this.#at] === '-o') {
      this.#at++
      const right = this.#and()
      value ||= right
    }
    return value
  }

  #and(): boolean {
    let value = this.#not()
    while (this.#args[this.#at] === '-a') {
      this.#at++
      const right = this.#not()
      value &&= right
    }
    return value
  }

  #not(): boolean {
    if (this.#args[this.#at] === '!') {
      this.#at++
      return !this.#not()
    }
    const [word, operator, right] = this.#args.slice(this.#at, this.#at + 3)
    if (word === undefined) throw new TestFault('argument expected')
    if (operator !== undefined && BINARY.has(operator) && right !== undefined) {
      this.#at += 3
      return binary(word, operator, right)
    }
    if (word === '(') {
      this.#at++
      const value = this.#or()
      if (this.#args[this.#at] !== ')') throw new TestFault("`)' expected")
      this.#at++
      return value
    }
    if (UNARY.test(word) && operator !== undefined) {
      this.#at += 2
      return unary(word, operator, this.#questions)
    }
    this.#at++
    return word !== ''
  }
}

function unary(operator: string, word: Bytes, { files, variable, option }: Questions): boolean {
  const kind = () => files.kind(word)
  switch (operator) {
    case '-n':
      return word !== ''
    case '-z':
      return word === ''
    case '-a':
    case '-e':
    case '-r':
    case '-w':
      return kind() !== null || word === '/dev/null'
    case '-f':
      return kind() === 'file'
    case '-d':
    case '-x':
      return kind() === 'directory'
    case '-p':
      return kind() === 'fifo'
    case '-s':
      return (files.read(word) ?? '') !== ''
    case '-c':
      return word === '/dev/null'
    case '-v':
      return variable(word) !== undefined
    case '-o':
      return option(word)
    default:
      // Devices, links, sockets and terminals: there are none.
      return false
  }
}

function integer(word: Bytes): number {
  const [, digits] = /^\s*([-+]?\d+)\s*$/.exec(word) ?? []
  if (digits === undefined) throw new TestFault(`${word}: integer expression expected`)
  return Number(digits)
}

function binary(left: Bytes, operator: string, right: Bytes): boolean {
  switch (operator) {
    case '=':
    case '==':
      return left === right
    case '!=':
      return left !== right
    case '<':
      return left < right
    case '>':
      return left > right
    case '-nt':
    case '-ot':
    case '-ef':
      return false
    default:
      return compare(integer(left), operator, integer(right))
  }
}

function compare(left: number, operator: string, right: number): boolean {
  switch (operator) {
    case '-eq':
      return left === right
    case '-ne':
      return left !== right
    case '-lt':
      return left < right
    case '-le':
      return left <= right
    case '-gt':
      return left > right
    default:
      return left >= right
  }
}

/** `[[ … ]]`. Sets BASH_REMATCH's first element for `=~`. */
export function conditional(test: Test, expander: Expander, questions: Questions): boolean {
  switch (test.type) {
    case 'and':
      return (
        conditional(test.left, expander, questions) && conditional(test.right, expander, questions)
      )
    case 'or':
      return (
        conditional(test.left, expander, questions) || conditional(test.right, expander, questions)
      )
    case 'not':
      return !conditional(test.test, expander, questions)
    case 'word':
      return expander.text(test.word) !== ''
    case 'unary':
      return unary(test.operator, expander.text(test.word), questions)
    default:
      break
  }
  const { operator } = test
  const left = expander.text(test.left)
  if (operator === '==' || operator === '!=') {
    const matches = patternExpression(expander.pattern(test.right)).test(left)
    return (operator === '==') === matches
  }
  if (operator === '=~') {
    const expression = extendedExpression(expander.expression(test.right))
    if (expression === null) return false
    const found = expression.exec(left)
    if (found !== null) expander.set.set('BASH_REMATCH', found[0])
    return found !== null
  }
  if (!operator.startsWith('-') || /^-(nt|ot|ef)$/.test(operator))
    return binary(left, operator, expander.text(test.right))
  // Both sides are arithmetic.
  try {
    const number = (text: Bytes) =>
      expander.arithmetic([{ type: 'text', bytes: text, quoted: true }])
    return compare(number(left), operator, number(expander.text(test.right)))
  } catch (fault) {
    if (fault instanceof ExpansionFault)
      throw new ExpansionFault(`[[: ${fault.message}`, fault.ends)
    throw fault
  }
}
