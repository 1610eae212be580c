// From words to requests. Each command checks in etcdctl's order, because only the first error is
// printed (etcdctl/ctlv3/command).

import { text } from '../base/bytes'
import { parseHexInt64 } from '../base/int64'
import type { Bytes } from '../base/rpc'
import type { FlagSet } from './flags'
import { findCommand, readFlags, setFlag } from './flags'
import type { Flag, Format } from './grammar'
import { commandsOf, FORMATS, pathText } from './grammar'
import { cobraUsage, helpText, optionsText } from './help'
import type { Answer, Globals, Invocation, Task } from './invocation'
import { answer, Exit, notModelled, refusal } from './invocation'
import type { LeaseReader, Line } from './line'
import { clusterTask } from './parse-cluster'
import { concurrencyTask } from './parse-concurrency'
import { kvTask } from './parse-kv'
import { leaseTask } from './parse-lease'
import { maintenanceTask } from './parse-maintenance'
import type { Etcdctl } from './versions'
import { etcdctlOf } from './versions'

/** The flag's default with its scheme, as a user types an endpoint, and as in the recordings. */
const DEFAULT_ENDPOINT = 'http://127.0.0.1:2379'

/** The surroundings of a line. */
export interface Surroundings {
  env?: Readonly<Record<string, Bytes>>
  stdin?: Bytes
  /** Replaces etcdctl's own reader of lease IDs. */
  readLease?: LeaseReader
  /** Default: that of 3.4. */
  etcdctl?: Etcdctl
}

/** Reads a line: `argv` without the program's name. Never throws. */
export function parse(
  argv: readonly Bytes[],
  {
    env = {},
    stdin = '',
    readLease = parseHexInt64,
    etcdctl = etcdctlOf('3.4'),
  }: Surroundings = {},
): Invocation | Answer {
  const { has } = etcdctl
  const api = has.readsApiVariable ? (env.ETCDCTL_API ?? '') : ''
  if (api === '2') return v2Answer(argv)
  if (api !== '' && api !== '3')
    return { ...answer('', 1), stderr: `unsupported API version ${text(api)}\n` }

  const root = commandsOf(etcdctl)
  const found = findCommand(root, argv)
  if (!found.ok) {
    const again = has.errorTwice ? `Error: ${found.message}\n` : ''
    return {
      ...answer('', 1),
      stderr: `Error: ${found.message}\nRun 'etcdctl --help' for usage.\n${again}`,
    }
  }
  const { path } = found
  const command = path.at(-1)!
  const flags = readFlags(path, found.rest)
  if (!flags.ok) {
    if (!command.modelled) return absent(pathText(path.slice(1)))
    const error = `Error: ${flags.message}\n`
    if (has.cobraHelp) return { ...answer('', 1), stderr: `${error}${cobraUsage(path, etcdctl)}\n` }
    return {
      ...answer(helpText(path, etcdctl), 1),
      stderr: `${error}\n${has.errorTwice ? error : ''}`,
    }
  }
  if (flags.set.values.help === 'true' || command.commands !== undefined)
    return answer(helpText(path, etcdctl))

  const name = pathText(path.slice(1))
  if (name === 'version')
    return answer(`etcdctl version: ${etcdctl.release}\nAPI version: ${etcdctl.version}\n`)
  if (name === 'help') return help(flags.set.args, etcdctl)
  if (name === 'options') return answer(optionsText(etcdctl))
  let globals: Globals | undefined
  const line: Line = {
    command: name,
    set: flags.set,
    stdin,
    readLease,
    etcdctl,
    connect() {
      const read = readGlobals(flags.set, env, root.shared ?? [])
      if ('type' in read) return read
      globals = read
      return null
    },
  }
  const task = taskOf(line)
  if (task.type === 'answer') return task
  if (globals === undefined) {
    const problem = line.connect()
    if (problem !== null) return problem
  }
  return { ...globals!, ...task }
}

function taskOf(line: Line): Task | Answer {
  const task =
    leaseTask(line) ??
    kvTask(line) ??
    concurrencyTask(line) ??
    clusterTask(line) ??
    maintenanceTask(line)
  return task ?? absent(line.command)
}

function absent(command: string): Answer {
  return notModelled(`etcdctl ${command} (leases, keys, watches, locks, elections and members are)`)
}

function help(args: readonly Bytes[], etcdctl: Etcdctl): Answer {
  const root = commandsOf(etcdctl)
  const found = findCommand(root, args)
  if (found.ok) return answer(helpText(found.path, etcdctl))
  const unknown = `Unknown help topic [${args.map((each) => `\`${text(each)}\``).join(' ')}]\n`
  if (etcdctl.has.cobraHelp) return { ...answer(''), stderr: unknown + cobraUsage([root], etcdctl) }
  return { ...answer(helpText([root], etcdctl)), stderr: unknown }
}

/** The commands of etcd 2 whose requests a server of 3.4 refuses without --enable-v2. */
const V2_KEYS = [
  'exec-watch',
  'get',
  'ls',
  'mk',
  'mkdir',
  'rm',
  'rmdir',
  'set',
  'setdir',
  'update',
  'updatedir',
  'watch',
]
const V2_OTHERS = ['', 'auth', 'backup', 'cluster-health', 'h', 'help', 'member', 'role', 'user']

/** etcdctl/ctlv2: the client of etcd 2. */
function v2Answer(argv: readonly Bytes[]): Answer {
  const command = argv.find((word) => !word.startsWith('-')) ?? ''
  if (V2_KEYS.includes(command)) {
    return refusal(
      Exit.BadFeature,
      ' client: response is invalid json. The endpoint is probably not valid etcd cluster endpoint',
    )
  }
  if (!V2_OTHERS.includes(command))
    return { ...answer('', Exit.InvalidInput), stderr: `No help topic for '${text(command)}'\n` }
  return notModelled(
    "ETCDCTL_API=2: etcd's first interface knew no leases; leave it out, or set it to 3",
  )
}

/** etcdctl/ctlv3/command/global.go: clientConfigFromCmd and mustClient. */
function readGlobals(
  set: FlagSet,
  env: Readonly<Record<string, Bytes>>,
  known: readonly Flag[],
): Globals | Answer {
  for (const flag of known) {
    const name = `ETCDCTL_${flag.name.toUpperCase().replaceAll('-', '_')}`
    const value = env[name] ?? ''
    if (value === '') continue
    if (set.given.includes(flag.name)) {
      const conflict = `conflicting environment variable "${name}" is shadowed by corresponding command-line flag`
      return {
        type: 'answer',
        stdout: '',
        stderr: `pkg/flags: ${conflict} (either unset environment variable or disable flag)\n`,
        exit: Exit.Error,
      }
    }
    // An unreadable value is skipped.
    setFlag(set, flag, value)
  }
  const {
    cert = '',
    key = '',
    endpoints = '',
    hex,
    'write-out': format = '',
    'command-timeout': timeout,
    'discovery-srv': domain = '',
  } = set.values
  if (domain !== '') return notModelled('finding endpoints in the DNS; name them with --endpoints')
  if ((cert === '') !== (key === '')) {
    return refusal(
      Exit.BadArgs,
      `KeyFile and CertFile must both be present[key: ${text(key)}, cert: ${text(cert)}]`,
    )
  }
  if (!isFormat(format)) return refusal(Exit.BadFeature, 'unsupported output format')
  const named = set.given.includes('endpoints')
  if (named && endpoints === '')
    return refusal(Exit.BadConnection, 'etcdclient: no available endpoints')
  if (format === 'protobuf')
    return notModelled('-w protobuf, whose bytes no terminal shows; -w json holds the same')
  return {
    format,
    hex: hex === 'true',
    endpoints: named ? text(endpoints).split(',') : [DEFAULT_ENDPOINT],
    commandTimeoutMs: Number(timeout),
    dial: {
      timeoutMs: Number(set.values['dial-timeout']),
      keepAliveTimeMs: Number(set.values['keepalive-time']),
      keepAliveTimeoutMs: Number(set.values['keepalive-timeout']),
    },
  }
}

function isFormat(word: string): word is Format {
  return (FORMATS as readonly string[]).includes(word)
}
