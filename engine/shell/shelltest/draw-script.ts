// Draws scripts from the grammar of the shell, to be compared with a real one.

import type { Random } from '../../base/random'

/** `posix` leaves out what only bash has. */
export type Dialect = 'posix' | 'bash'

/** A script of a few lines. Every loop ends, and nothing outside of its directory is touched. */
export function drawScript(random: Random, dialect: Dialect): string {
  return new Drawer(random, dialect).script()
}

class Drawer {
  readonly #random: Random
  readonly #bash: boolean
  #depth = 0
  #functions = 0

  constructor(random: Random, dialect: Dialect) {
    this.#random = random
    this.#bash = dialect === 'bash'
  }

  script(): string {
    const lines: string[] = []
    if (this.#chance(0.2))
      lines.push(this.#bash ? this.#pick(['set -e', 'set -u', 'set -f', 'set -eu']) : 'set -e')
    const count = 2 + this.#below(5)
    for (let i = 0; i < count; i++)
      lines.push(this.#chance(0.1) ? this.#hereDocument() : this.#andOr())
    lines.push('echo "end $?"')
    return `${lines.join('\n')}\n`
  }

  #below(n: number): number {
    return this.#random.below(n)
  }

  #chance(p: number): boolean {
    return this.#random.below(1000) < p * 1000
  }

  #pick<T>(choices: readonly T[]): T {
    return choices[this.#below(choices.length)]!
  }

  #hereDocument(): string {
    const end = this.#pick(['EOF', "'EOF'"])
    return `cat <<${end}\n${this.#expansion()} text ${this.#expansion()}\nEOF`
  }

  #list(): string {
    const count = 1 + this.#below(2)
    return Array.from({ length: count }, () => this.#andOr()).join(this.#pick(['; ', '\n']))
  }

  #andOr(): string {
    let text = this.#pipeline()
    while (this.#chance(0.15)) text += ` ${this.#pick(['&&', '||'])} ${this.#pipeline()}`
    return text
  }

  #pipeline(): string {
    const not = this.#chance(0.05) ? '! ' : ''
    if (!this.#chance(0.2)) return not + this.#command()
    return `${not}${this.#pick([
      () => `printf '%s\\n' ${this.#words()} | ${this.#filter()}`,
      () => `${this.#command()} | ${this.#filter()}`,
      () => `printf 'a 1\\nb 2\\n' | while read -r x y; do ${this.#inLoop()}; done`,
    ])()}`
  }

  #filter(): string {
    return this.#pick([
      'cat',
      'sort',
      'sort -r',
      'head -n 1',
      'tail -n 1',
      'wc -l',
      'tr a-c A-C',
      'grep a',
      'grep -v b',
      'grep -c .',
      "sed 's/a/X/'",
      "sed -n '1p'",
      "awk '{print $1}'",
      "awk '{print NF, $NF}'",
      "cut -d' ' -f1",
      'uniq',
      'sort | uniq -c',
    ])
  }

  #command(): string {
    if (this.#depth >= 3) return this.#simple()
    this.#depth++
    const text = this.#chance(0.6) ? this.#simple() : this.#compound()
    this.#depth--
    return text
  }

  #simple(): string {
    return this.#pick([
      () => `echo ${this.#words()}`,
      () => `echo ${this.#words()}`,
      () => `printf '<%s>' ${this.#words()}; echo`,
      () => `${this.#name()}=${this.#value()}`,
      () => `${this.#name()}=${this.#value()}`,
      () => `[ ${this.#word()} ${this.#pick(['=', '!='])} ${this.#word()} ]`,
      () => `[ ${this.#pick(['-n', '-z'])} "${this.#expansion()}" ]`,
      () => `[ ${this.#below(5)} ${this.#pick(['-lt', '-ge', '-eq'])} ${this.#below(5)} ]`,
      () => this.#pick(['true', 'false', ':']),
      () => `set -- ${this.#words()}`,
      () => `for w in "$@"; do echo "$w"; done`,
      () => `echo $# "$*"`,
      () => `echo "$?"`,
      () => `echo ${this.#word()} > f${this.#below(3)}`,
      () => `cat f${this.#below(3)} 2>/dev/null`,
      () => `echo ${this.#word()} >&2`,
      () => `unset ${this.#name()}`,
      // In a POSIX shell an assignment in front of `eval` stays.
      () => (this.#bash ? `${this.#name()}=${this.#value()} eval 'echo $a'` : ':'),
      () => (this.#bash ? 'shift 2>/dev/null' : 'true'),
      () => (this.#bash ? `echo ${this.#bashWord()}` : `echo ${this.#word()}`),
      () =>
        this.#bash
          ? `[[ x${this.#word()} == ${this.#pick(['a*', '*b', '?', 'x'])} ]]`
          : `case ${this.#word()} in a*) echo A;; esac`,
      () => (this.#bash ? `((${this.#arithmetic()}))` : `: $((${this.#arithmetic()}))`),
    ])()
  }

  #inLoop(): string {
    return this.#pick([
      () => this.#list(),
      () => `echo "$x"`,
      () => `[ "$x" = b ] && ${this.#pick(['break', 'continue'])}; echo ${this.#word()}`,
    ])()
  }

  #compound(): string {
    const i = `i${this.#depth}`
    return this.#pick([
      () => `if ${this.#andOr()}; then ${this.#list()}; else ${this.#list()}; fi`,
      () =>
        `if ${this.#andOr()}; then ${this.#list()}; elif ${this.#andOr()}; then ${this.#list()}; fi`,
      () => `for x in ${this.#words()}; do ${this.#inLoop()}; done`,
      () => `${i}=0; while [ "$${i}" -lt 3 ]; do ${i}=$((${i} + 1)); ${this.#inLoop()}; done`,
      () => `${i}=0; until [ "$${i}" -ge 2 ]; do ${i}=$((${i} + 1)); ${this.#inLoop()}; done`,
      () =>
        `case ${this.#word()} in ${this.#pick(['a', 'b', '?'])}) ${this.#list()};; *) ${this.#list()};; esac`,
      () => `{ ${this.#list()}\n}`,
      () => `( ${this.#list()} )`,
      () => `( exit ${this.#below(4)} )`,
      () => `{ ${this.#list()}\n} > f${this.#below(3)}`,
      () => this.#function(),
      () =>
        this.#bash
          ? `g() { local a=${this.#value()}; echo "$a"; }; g`
          : `g() { echo "$1"; }; g ${this.#words()}`,
      () => `eval "echo ${this.#pick(['$a', '\\$a', 'q'])}"`,
    ])()
  }

  /** Each has a name of its own: none calls itself. */
  #function(): string {
    const name = `f${++this.#functions}`
    return `${name}() { ${this.#list()}\nreturn ${this.#below(3)}; }; ${name} ${this.#words()}`
  }

  #words(): string {
    return Array.from({ length: 1 + this.#below(3) }, () => this.#word()).join(' ')
  }

  #word(): string {
    return this.#pick([
      () => this.#plain(),
      () => this.#plain(),
      () => `'${this.#pick(['a b', '$a', '*', 'x\\y'])}'`,
      () => `"${this.#expansion()} ${this.#plain()}"`,
      () => `"${this.#expansion()}"`,
      () => this.#expansion(),
      () => `${this.#plain()}${this.#expansion()}`,
      () => `"$@"`,
      () => `\\${this.#pick(['$', '*', 'a', '"'])}`,
      () => `"${this.#pick(['\\$', '\\\\', '\\"', "'"])}"`,
    ])()
  }

  #plain(): string {
    return this.#pick(['a', 'b', 'c', 'ab', 'x1', 'foo.txt', '-n', '42', '0', 'a=b', '/x/y'])
  }

  #value(): string {
    return this.#pick([
      () => this.#plain(),
      () => `"${this.#plain()}  ${this.#plain()}"`,
      () => this.#word(),
      () => `$( ${this.#substituted()} )`,
      () => `$((${this.#arithmetic()}))`,
      () => "''",
    ])()
  }

  #substituted(): string {
    if (this.#depth >= 2) return `echo ${this.#plain()}`
    this.#depth++
    const text = this.#list()
    this.#depth--
    return text
  }

  #name(): string {
    return this.#pick(['a', 'b', 'c'])
  }

  #expansion(): string {
    const name = this.#name()
    return this.#pick([
      () => `$${name}`,
      () => `\${${name}}`,
      () => `\${${name}:-${this.#plain()}}`,
      () => `\${${name}-${this.#plain()}}`,
      () => `\${${name}:+${this.#plain()}}`,
      () => `\${${name}%${this.#pick(['*', 'b', '.*', '?'])}}`,
      () => `\${${name}#${this.#pick(['a', '*/', '?'])}}`,
      () => `\${${name}##*${this.#pick(['/', 'a'])}}`,
      () => `\${#${name}}`,
      () => `$((${this.#arithmetic()}))`,
      () => `$( ${this.#substituted()} )`,
      () => '$#',
      () => '$1',
      () => (this.#bash ? '$?' : '$#'),
      () => `\${${name}:=${this.#plain()}}`,
    ])()
  }

  #arithmetic(): string {
    const operand = () =>
      this.#pick([
        String(this.#below(10)),
        String(this.#below(10)),
        'n',
        this.#bash ? '$n' : 'n',
        `(${this.#below(4)} + 1)`,
      ])
    const operator = () => this.#pick(['+', '-', '*', '<', '==', '&&', '||', '&', '|', '<<'])
    return this.#pick([
      () => `${operand()} ${operator()} ${operand()}`,
      () => `${operand()} ${operator()} ${operand()} ${operator()} ${operand()}`,
      () => `n = ${operand()}`,
      () => `n += ${operand()}`,
      () => `${operand()} ? ${operand()} : ${operand()}`,
      () => `-${operand()}`,
      () => `!${operand()}`,
    ])()
  }

  #bashWord(): string {
    const name = this.#name()
    return this.#pick([
      `{${this.#plain()},${this.#plain()}}`,
      '{1..3}',
      `\${${name}/a/X}`,
      `\${${name}//b/}`,
      `\${${name}:0:1}`,
      `\${${name}^^}`,
      `$'a\\tb'`,
    ])
  }
}
