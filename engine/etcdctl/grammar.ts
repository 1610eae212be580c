// etcdctl 3.4's commands and flags as one table: what is parsed, completed and shown on the page comes from here. Names, defaults and order are
// etcdctl's (the order decides that of its suggestions, etcdctl/ctlv3/ctl.go); the descriptions are this project's.

export type FlagType = 'bool' | 'int' | 'string' | 'duration' | 'strings'

export interface Flag {
  name: string
  /** One letter: `-w`. */
  shorthand?: string
  type: FlagType
  /** As etcdctl's help prints it. */
  default: string
  help: string
  /** What is completed after it. */
  values?: readonly string[]
}

/** What stands at a position: what the page offers there. */
export type Argument = 'ttl' | 'lease' | 'key' | 'end' | 'value' | 'revision' | 'name' | 'member' | 'command'

export interface Command {
  name: string
  help: string
  /** What follows the name in the line of usage. */
  usage: string
  args: readonly Argument[]
  flags: readonly Flag[]
  /** Flags that its subcommands have too. */
  shared?: readonly Flag[]
  commands?: readonly Command[]
  /** False: etcdctl has it, this project does not. */
  modelled: boolean
}

type Optional = Partial<Pick<Flag, 'shorthand' | 'values'>>

const flag = (type: FlagType, name: string, preset: string, help: string, more: Optional = {}): Flag => ({
  name,
  type,
  default: preset,
  help,
  ...more,
})
const bool = (name: string, help: string, more?: Optional) => flag('bool', name, 'false', help, more)
const string = (name: string, preset: string, help: string, more?: Optional) => flag('string', name, preset, help, more)
const int = (name: string, preset: string, help: string) => flag('int', name, preset, help)
const duration = (name: string, preset: string, help: string) => flag('duration', name, preset, help)

const command = (name: string, usage: string, help: string, args: readonly Argument[] = [], flags: readonly Flag[] = []): Command => ({
  name,
  usage,
  help,
  args,
  flags,
  modelled: true,
})
const group = (name: string, help: string, commands: readonly Command[], shared: readonly Flag[] = []): Command => ({
  name,
  usage: '<subcommand>',
  help,
  args: [],
  flags: [],
  shared,
  commands,
  modelled: true,
})
const absent = (name: string, help: string, commands: readonly string[] = []): Command => ({
  name,
  usage: commands.length > 0 ? '<subcommand>' : '',
  help,
  args: [],
  flags: [],
  ...(commands.length > 0 ? { commands: commands.map((each) => absent(each, help)) } : {}),
  modelled: false,
})

export const FORMATS = ['simple', 'fields', 'json', 'protobuf', 'table'] as const
export type Format = (typeof FORMATS)[number]

export const GLOBAL_FLAGS: readonly Flag[] = [
  string('cacert', '', 'bundle of certificates that servers are checked against (accepted; connections here are plain)'),
  string('cert', '', 'client certificate (accepted; connections here are plain)'),
  duration('command-timeout', '5s', 'how long a short command may take once connected'),
  bool('debug', 'log what the client does (accepted)'),
  duration('dial-timeout', '2s', 'how long connecting may take'),
  string('discovery-srv', '', 'domain whose SRV records name the endpoints', { shorthand: 'd' }),
  string('discovery-srv-name', '', 'service asked for in such a domain'),
  flag('strings', 'endpoints', '[127.0.0.1:2379]', 'client URLs of the members to talk to, separated by commas'),
  bool('hex', 'show keys and values as \\x-escaped bytes'),
  flag('bool', 'insecure-discovery', 'true', 'accept SRV records without TLS'),
  bool('insecure-skip-tls-verify', 'do not check server certificates'),
  flag('bool', 'insecure-transport', 'true', 'connect without TLS'),
  duration('keepalive-time', '2s', 'pause between pings of the connection; no lease is kept alive by it'),
  duration('keepalive-timeout', '6s', 'how long such a ping may stay unanswered'),
  string('key', '', 'key of the client certificate (accepted; connections here are plain)'),
  string('password', '', 'password, if --user has none (accepted)'),
  string('user', '', 'name[:password] to log in with (accepted)'),
  string('write-out', 'simple', 'how answers are printed', { shorthand: 'w', values: FORMATS }),
]

const FROM_KEY = bool('from-key', 'take every key from the given one on, in byte order')
const PREFIX = bool('prefix', 'take every key that starts with the given one')
const PREV_KV = bool('prev-kv', 'also print what stood there before')
const INTERACTIVE = (help: string) => bool('interactive', help, { shorthand: 'i' })
const PEER_URLS = string('peer-urls', '', 'where the other members reach it, separated by commas')

export const PUT = command(
  'put',
  '[options] <key> <value> (<value> can also be given from stdin)',
  'Puts the given key into the store',
  ['key', 'value'],
  [
    bool('ignore-lease', 'keep the lease that the key has'),
    bool('ignore-value', 'keep the value that the key has'),
    string('lease', '0', 'ID of the lease that the key is attached to, in hex'),
    PREV_KV,
  ],
)
export const GET = command(
  'get',
  '[options] <key> [range_end]',
  'Gets the key or a range of keys',
  ['key', 'end'],
  [
    string('consistency', 'l', 'l: as of the whole cluster (linearizable); s: as of the member asked (serializable)', {
      values: ['l', 's'],
    }),
    FROM_KEY,
    bool('keys-only', 'leave the values out'),
    int('limit', '0', 'print at most so many'),
    string('order', '', 'ASCEND or DESCEND', { values: ['ASCEND', 'DESCEND'] }),
    PREFIX,
    bool('print-value-only', 'leave the keys out'),
    int('rev', '0', 'as of this revision'),
    string('sort-by', '', 'what the order goes by', { values: ['CREATE', 'KEY', 'MODIFY', 'VALUE', 'VERSION'] }),
  ],
)
export const DEL = command(
  'del',
  '[options] <key> [range_end]',
  'Removes the specified key or range of keys [key, range_end)',
  ['key', 'end'],
  [FROM_KEY, PREFIX, PREV_KV],
)

export const ETCDCTL: Command = {
  name: 'etcdctl',
  usage: '',
  help: 'A simple command line client for etcd3.',
  args: [],
  flags: [],
  shared: GLOBAL_FLAGS,
  modelled: true,
  commands: [
    GET,
    PUT,
    DEL,
    command('txn', '[options]', 'Txn processes all the requests in one transaction', [], [INTERACTIVE('print a prompt before each part')]),
    command(
      'compaction',
      '[options] <revision>',
      'Compacts the event history in etcd',
      ['revision'],
      [bool('physical', 'wait until the old revisions are gone from the disk')],
    ),
    absent('alarm', 'Alarm related commands', ['disarm', 'list']),
    absent('defrag', 'Defragments the storage of the etcd members with given endpoints'),
    group(
      'endpoint',
      'Endpoint related commands',
      [
        {
          ...absent('hashkv', 'Prints the KV history hash for each endpoint in --endpoints'),
          flags: [int('rev', '0', 'up to this revision')],
        },
        command('health', '', 'Checks the healthiness of endpoints specified in `--endpoints` flag'),
        command('status', '', 'Prints out the status of endpoints specified in `--endpoints` flag'),
      ],
      [bool('cluster', 'ask every member of the cluster')],
    ),
    command('move-leader', '<transferee-member-id>', 'Transfers leadership to another etcd cluster member.', ['member']),
    command(
      'watch',
      '[options] [key or prefix] [range_end] [--] [exec-command arg1 arg2 ...]',
      'Watches events stream on keys or prefixes',
      ['key', 'end'],
      [
        INTERACTIVE('read what to watch from the input'),
        bool('prefix', 'watch every key that starts with the given one'),
        PREV_KV,
        int('rev', '0', 'start with the events of this revision'),
      ],
    ),
    command('version', '', 'Prints the version of etcdctl'),
    group('lease', 'Lease related commands', [
      command('grant', '<ttl>', 'Creates leases', ['ttl']),
      command('keep-alive', '[options] <leaseID>', 'Keeps leases alive (renew)', ['lease'], [bool('once', 'renew once and end')]),
      command('list', '', 'List all active leases'),
      command('revoke', '<leaseID>', 'Revokes leases', ['lease']),
      command(
        'timetolive',
        '<leaseID> [options]',
        'Get lease information',
        ['lease'],
        [bool('keys', 'also print the keys that are attached to it')],
      ),
    ]),
    group('member', 'Membership related commands', [
      command(
        'add',
        '<memberName> [options]',
        'Adds a member into the cluster',
        ['name'],
        [bool('learner', 'as a member that only learns and has no vote'), PEER_URLS],
      ),
      command('list', '', 'Lists all members in the cluster'),
      command('promote', '<memberID>', 'Promotes a non-voting member in the cluster', ['member']),
      command('remove', '<memberID>', 'Removes a member from the cluster', ['member']),
      command('update', '<memberID> [options]', 'Updates a member in the cluster', ['member'], [PEER_URLS]),
    ]),
    absent('snapshot', 'Manages etcd node snapshots', ['restore', 'save', 'status']),
    absent('make-mirror', 'Makes a mirror at the destination etcd cluster'),
    absent('migrate', 'Migrates keys in a v2 store to a mvcc store'),
    command(
      'lock',
      '<lockname> [exec-command arg1 arg2 ...]',
      'Acquires a named lock',
      ['name', 'command'],
      [int('ttl', '10', "seconds that the lock's lease lives without being kept alive")],
    ),
    command(
      'elect',
      '<election-name> [proposal]',
      'Observes and participates in leader election',
      ['name', 'value'],
      [bool('listen', 'only watch who leads', { shorthand: 'l' })],
    ),
    absent('auth', 'Enable or disable authentication', ['disable', 'enable']),
    absent('user', 'User related commands', ['add', 'delete', 'get', 'grant-role', 'list', 'passwd', 'revoke-role']),
    absent('role', 'Role related commands', ['add', 'delete', 'get', 'grant-permission', 'list', 'revoke-permission']),
    absent('check', 'commands for checking properties of the etcd cluster', ['datascale', 'perf']),
    absent('completion', 'Generate the autocompletion script for the specified shell', ['bash', 'fish', 'powershell', 'zsh']),
    command('help', '[command]', 'Help about any command'),
  ],
}

/** The flag that every command has of its own. */
export const helpFlag = (of: Command): Flag => bool('help', `help for ${of.name}`, { shorthand: 'h' })

/** The flags that may stand behind this path of commands, its own first. */
export function flagsOf(path: readonly Command[]): Flag[] {
  const own = path.at(-1)
  return [...(own?.flags ?? []), ...path.toReversed().flatMap(({ shared }) => shared ?? [])]
}

/** As one types it: `etcdctl lease grant`. */
export const pathText = (path: readonly Command[]): string => path.map(({ name }) => name).join(' ')
