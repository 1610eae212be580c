// Help in the form of each version. The first lines and the layout are etcdctl's; the descriptions
// of flags are this project's.

import type { Command, Flag } from './grammar'
import { commandsOf, flagsOf, helpFlag, pathText } from './grammar'
import type { Etcdctl } from './versions'

/** The output of `--help`, and of a group without a subcommand. */
export function helpText(path: readonly Command[], etcdctl: Etcdctl): string {
  return etcdctl.has.cobraHelp ? cobraHelp(path, etcdctl) : sectionedHelp(path, etcdctl)
}

/** `options` of 3.7: the flags of every command. */
export function optionsText(etcdctl: Etcdctl): string {
  return `The following options can be passed to any command:\n\n${cobraFlagRows(globalFlags(etcdctl)).join('\n')}\n`
}

/** pkg/cobrautl/help.go: sections in capitals. Older versions indent with tabs. */
function sectionedHelp(path: readonly Command[], etcdctl: Etcdctl): string {
  const command = path.at(-1)!
  const isRoot = path.length === 1
  const indent = etcdctl.has.helpWithTabs ? '\t' : '  '
  const globals = globalFlags(etcdctl)
  const own = [
    ...flagsOf(path).filter((flag) => isRoot || !globals.includes(flag)),
    helpFlag(command),
  ]
  const named = isRoot ? command.name : pathText(path.slice(1))
  return [
    `NAME:\n${indent}${named} - ${command.help}\n`,
    `USAGE:\n${indent}${usageOf(path)} [flags]\n`,
    ...(command.commands === undefined
      ? []
      : [`COMMANDS:\n${commandRows(command, indent).join('\n')}\n`]),
    `OPTIONS:\n${flagRows(own).join('\n')}\n`,
    ...(isRoot ? [] : [`GLOBAL OPTIONS:\n${flagRows(globals).join('\n')}\n`]),
    '',
  ].join('\n')
}

const OPTIONS_HINT =
  'Use "etcdctl options" for a list of global command-line options (applies to all commands).\n'

/** cobra's own form: a description and the usage. */
function cobraHelp(path: readonly Command[], etcdctl: Etcdctl): string {
  const command = path.at(-1)!
  if (command.name === 'options') return `${command.help}\n\nUsage:\n  etcdctl options [flags]\n`
  return `${command.long ?? command.help}\n\n${cobraUsage(path, etcdctl)}${OPTIONS_HINT}`
}

/**
 * The usage in cobra's form. A wrong flag prints it on stderr in 3.7, and inside a transaction in
 * every version.
 */
export function cobraUsage(path: readonly Command[], etcdctl: Etcdctl): string {
  const command = path.at(-1)!
  const isGroup = command.commands !== undefined
  const globals = globalFlags(etcdctl)
  const own =
    path.length === 1 && isGroup
      ? []
      : [...flagsOf(path).filter((flag) => !globals.includes(flag)), helpFlag(command)]
  const flags = own.length === 0 ? '' : `\nFlags:\n${cobraFlagRows(own).join('\n')}\n`
  const usage = isGroup ? `${pathText(path)} [command]` : `${usageOf(path)} [flags]`
  const commands = isGroup ? `\n${cobraCommands(path)}` : ''
  const more = isGroup
    ? `\nUse "${pathText(path)} [command] --help" for more information about a command.\n`
    : ''
  return `Usage:\n  ${usage}\n${commands}${flags}${more}`
}

/** The root's commands in etcdctl's groups (etcdctl/ctlv3/command/groups.go). */
const GROUPS = {
  'Key-value commands': ['compaction', 'del', 'get', 'lease', 'put', 'txn', 'watch'],
  'Cluster maintenance commands': [
    'alarm',
    'defrag',
    'downgrade',
    'endpoint',
    'member',
    'move-leader',
    'snapshot',
  ],
  'Concurrency commands': ['elect', 'lock'],
  'Authentication commands': ['auth', 'role', 'user'],
  'Utility commands': ['check', 'completion', 'help', 'make-mirror', 'options', 'version'],
}

function cobraCommands(path: readonly Command[]): string {
  const commands = path.at(-1)!.commands ?? []
  const isRoot = path.length === 1
  const rows = (named: readonly Command[]) =>
    named
      .toSorted(byName)
      .map(
        (each) =>
          `  ${each.name.padEnd(isRoot ? 12 : 11)}${each.help}${isRoot && each.commands ? hintOf(each) : ''}\n`,
      )
      .join('')
  if (!isRoot) return `Available Commands:\n${rows(commands)}`
  return Object.entries(GROUPS)
    .map(
      ([title, names]) => `${title}\n${rows(commands.filter(({ name }) => names.includes(name)))}`,
    )
    .join('\n')
}

const hintOf = ({ name }: Command): string =>
  name === 'snapshot' ? '' : `. Use \`etcdctl ${name} --help\` to see subcommands`

const usageOf = (path: readonly Command[]): string =>
  [pathText(path), path.at(-1)!.usage].filter((each) => each !== '').join(' ')

const globalFlags = (etcdctl: Etcdctl): readonly Flag[] => commandsOf(etcdctl).shared ?? []

function commandRows(command: Command, indent: string): string[] {
  const leaves = (command.commands ?? []).flatMap((each) =>
    each.commands === undefined
      ? [[each.name, each.help]]
      : each.commands.map((sub) => [`${each.name} ${sub.name}`, sub.help]),
  )
  return columns(
    leaves
      .sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
      .map(([name = '', help = '']) => [`${indent}${name}`, help]),
  )
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

/**
 * pflag.FlagUsages: the type after the name, and the default if it is not the type's zero value.
 */
function cobraFlagRows(flags: readonly Flag[]): string[] {
  return columns(
    flags.toSorted(byName).map((flag) => {
      const type = flag.type === 'bool' ? '' : ` ${flag.type}`
      const isPlain = ['', '0', 'false', '[]'].includes(flag.default)
      const preset = isPlain
        ? ''
        : ` (default ${flag.type === 'string' ? `"${flag.default}"` : flag.default})`
      return [`${opening(flag)}${type}`, `${flag.help}${preset}`]
    }),
  )
}

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1)
const opening = ({ name, shorthand }: Flag): string =>
  shorthand === undefined ? `      --${name}` : `  -${shorthand}, --${name}`

function columns(rows: (readonly [string, string])[]): string[] {
  const width = rows.reduce((most, [left]) => Math.max(most, left.length), 0)
  return rows.map(([left, right]) => `${left.padEnd(width + 3)}${right}`)
}
