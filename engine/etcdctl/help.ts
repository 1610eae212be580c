import type { Command, Flag } from './grammar'
import { flagsOf, GLOBAL_FLAGS, helpFlag, pathText } from './grammar'

/** What `--help` prints, and a group without a subcommand. Its first lines are etcdctl's, the rest is laid out like it. */
export function helpText(path: readonly Command[]): string {
  const command = path.at(-1)!
  const usage = [pathText(path), command.usage, '[flags]'].filter((each) => each !== '').join(' ')
  const isRoot = path.length === 1
  const own = [...flagsOf(path).filter((flag) => isRoot || !GLOBAL_FLAGS.includes(flag)), helpFlag(command)]
  const named = isRoot ? command.name : pathText(path.slice(1))
  return [
    `NAME:\n\t${named} - ${command.help}\n`,
    `USAGE:\n\t${usage}\n`,
    ...(command.commands === undefined ? [] : [`COMMANDS:\n${commandRows(command).join('\n')}\n`]),
    `OPTIONS:\n${flagRows(own).join('\n')}\n`,
    ...(isRoot ? [] : [`GLOBAL OPTIONS:\n${flagRows(GLOBAL_FLAGS).join('\n')}\n`]),
    '',
  ].join('\n')
}

/** cobra's own form, which a wrong flag inside a transaction brings to stderr. */
export function usageText(command: Command): string {
  const rows = columns([...command.flags, helpFlag(command)].sort(byName).map((flag) => [opening(flag), flag.help]))
  return `Usage:\n   ${command.name} ${command.usage} [flags]\n\nFlags:\n${rows.join('\n')}\n\n`
}

function commandRows(command: Command): string[] {
  const leaves = (command.commands ?? []).flatMap((each) =>
    each.commands === undefined ? [[each.name, each.help]] : each.commands.map((sub) => [`${each.name} ${sub.name}`, sub.help]),
  )
  return columns(leaves.sort(([a = ''], [b = '']) => (a < b ? -1 : 1)).map(([name = '', help = '']) => [`\t${name}`, help]))
}

function flagRows(flags: readonly Flag[]): string[] {
  return columns(
    flags
      .toSorted(byName)
      .map((flag) => [
        `${opening(flag)}${flag.type === 'bool' ? `[=${flag.default}]` : flag.type === 'string' ? `="${flag.default}"` : `=${flag.default}`}`,
        flag.help,
      ]),
  )
}

const byName = (a: Flag, b: Flag): number => (a.name < b.name ? -1 : 1)
const opening = ({ name, shorthand }: Flag): string => (shorthand === undefined ? `      --${name}` : `  -${shorthand}, --${name}`)

function columns(rows: (readonly [string, string])[]): string[] {
  const width = rows.reduce((most, [left]) => Math.max(most, left.length), 0)
  return rows.map(([left, right]) => `${left.padEnd(width + 3)}${right}`)
}
