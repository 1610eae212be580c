// One line of a program as words, with their columns.

/** A mistake in a line, with its column (from 1). */
export class Mistake extends Error {
  readonly column: number

  constructor(column: number, message: string) {
    super(message)
    this.column = column
  }
}

interface Token {
  text: string
  column: number
  quoted: boolean
}

/** The words of one line, read one after the other. A wrong word is a Mistake. */
export class LineReader {
  readonly #tokens: Token[]
  readonly #end: number
  #at = 0

  constructor(row: string) {
    this.#tokens = tokensOf(row)
    this.#end = row.trimEnd().length + 1
  }

  get isEmpty(): boolean {
    return this.#tokens.length === 0
  }

  /** The label on the line; null for a line without a label. */
  label(): string | null {
    const [only, more] = this.#tokens
    if (only === undefined || only.quoted || !only.text.endsWith(':')) return null
    const name = only.text.slice(0, -1)
    if (!NAME.test(name) || RESERVED.has(name))
      throw new Mistake(only.column, `${only.text} is not a name for a label`)
    if (more !== undefined) throw new Mistake(more.column, 'a label must be alone on its line')
    return name
  }

  peek(ahead = 0): string | null {
    const token = this.#tokens[this.#at + ahead]
    return token === undefined || token.quoted ? null : token.text
  }

  get column(): number {
    return this.#tokens[this.#at]?.column ?? this.#end
  }

  /** Takes the next word if it is that one. */
  accept(word: string): boolean {
    if (this.peek() !== word) return false
    this.#at++
    return true
  }

  expect(word: string): void {
    if (!this.accept(word)) throw new Mistake(this.column, `expected "${word}" here`)
  }

  word(what: string): string {
    const token = this.#tokens[this.#at]
    if (token === undefined) throw new Mistake(this.#end, `${what} is missing`)
    this.#at++
    return token.text
  }

  /** A variable, perhaps with a part of it: `found.create`. */
  variable(what: string, parts = false): string {
    const { column } = this
    const word = this.word(what)
    if (word === 'me') throw new Mistake(column, '$me is the client’s own name')
    if (!(parts ? PART : NAME).test(word) || RESERVED.has(word))
      throw new Mistake(column, `${what} must be a name, not ${word}`)
    return word
  }

  /** A variable that holds a lease, or the lease of a lock: `mine.lease`. */
  lease(): string {
    return this.peek()?.endsWith('.lease')
      ? this.variable('a lease', true)
      : this.variable('a lease')
  }

  /** A number or a variable. */
  amount(what: string): string {
    return /^\d{1,15}$/.test(this.peek() ?? '') ? this.word(what) : this.variable(what, true)
  }

  number(what: string, unit = ''): number {
    const { column } = this
    const word = this.word(what)
    if (!/^\d{1,9}$/.test(word))
      throw new Mistake(column, `${what} must be a whole number${unit}, not ${word}`)
    return Number(word)
  }

  end(): void {
    if (this.#at < this.#tokens.length)
      throw new Mistake(this.column, 'expected the end of the line here')
  }
}

const NAME = /^[a-z_]\w*$/i
const PART = /^[a-z_]\w*(\.(create|mod|key|rev|lease))?$/i
/** Words that a test begins or ends with. */
const RESERVED: ReadonlySet<string> = new Set(['not', 'live', 'elapsed', 'goto'])

function tokensOf(row: string): Token[] {
  const tokens: Token[] = []
  const pattern = /"([^"]*)"|(#)|(!?=)|([^\s="#]+)|(")/g
  for (let match = pattern.exec(row); match !== null; match = pattern.exec(row)) {
    const column = match.index + 1
    if (match[2] !== undefined) break
    if (match[5] !== undefined) throw new Mistake(column, 'the quote is not closed')
    if (match[1] !== undefined) tokens.push({ text: match[1], column, quoted: true })
    else tokens.push({ text: match[3] ?? match[4]!, column, quoted: false })
  }
  return tokens
}
