// etcdctl's commands and flags in one table, for the parser, completion and the page. Names,
// defaults and order are etcdctl's (the order decides the order of its suggestions,
// etcdctl/ctlv3/ctl.go). The descriptions are this project's. An item that only some versions have
// names its row of versions.ts.

import type { ConsoleDifference, Etcdctl } from './versions'

export type FlagType = 'bool' | 'int' | 'string' | 'duration' | 'strings'

export interface Flag {
  name: string
  /** One letter: `-w`. */
  shorthand?: string
  type: FlagType
  /** As in etcdctl's help. */
  default: string
  help: string
  /** Values for completion. */
  values?: readonly string[]
  /** The row that a version must have. */
  needs?: ConsoleDifference
}

/** The kind of a positional argument, for the page's completion. */
export type Argument =
  | 'ttl'
  | 'lease'
  | 'key'
  | 'end'
  | 'value'
  | 'revision'
  | 'name'
  | 'member'
  | 'command'

export interface Command {
  name: string
  help: string
  /** The first line of its help in cobra's form, if it differs from `help`. */
  long?: string
  /** The row that a version must have. */
  needs?: ConsoleDifference
  /** The text after the name in the usage line. */
  usage: string
  args: readonly Argument[]
  flags: readonly Flag[]
  /** Flags that its subcommands have too. */
  shared?: readonly Flag[]
  commands?: readonly Command[]
  /**
   * False for a command that this project does not model. At most its wrong arguments are answered.
   */
  modelled: boolean
}

type Optional = Partial<Pick<Flag, 'shorthand' | 'values' | 'needs'>>

const flag = (
  type: FlagType,
  name: string,
  preset: string,
  help: string,
  more: Optional = {},
): Flag => ({
  name,
  type,
  default: preset,
  help,
  ...more,
})
const bool = (name: string, help: string, more?: Optional) =>
  flag('bool', name, 'false', help, more)
const string = (name: string, preset: string, help: string, more?: Optional) =>
  flag('string', name, preset, help, more)
const int = (name: string, preset: string, help: string, more?: Optional) =>
  flag('int', name, preset, help, more)
const duration = (name: string, preset: string, help: string) =>
  flag('duration', name, preset, help)

const command = (
  name: string,
  usage: string,
  help: string,
  args: readonly Argument[] = [],
  flags: readonly Flag[] = [],
): Command => ({
  name,
  usage,
  help,
  args,
  flags,
  modelled: true,
})
const group = (
  name: string,
  help: string,
  commands: readonly Command[],
  shared: readonly Flag[] = [],
): Command => ({
  name,
  usage: '<subcommand>',
  help,
  args: [],
  flags: [],
  shared,
  commands,
  modelled: true,
})
const absent = (name: string, help: string, flags: readonly Flag[] = []): Command => ({
  name,
  usage: '',
  help,
  args: [],
  flags,
  modelled: false,
})
const absentGroup = (name: string, help: string, commands: readonly Command[]): Command => ({
  ...group(name, help, commands),
  modelled: false,
})

export const FORMATS = ['simple', 'fields', 'json', 'protobuf', 'table'] as const
export type Format = (typeof FORMATS)[number]

const GLOBAL_FLAGS: readonly Flag[] = [
  string('auth-jwt-token', '', 'token to log in with (accepted)', { needs: 'jwtFlag' }),
  string(
    'cacert',
    '',
    'bundle of certificates that servers are checked against (accepted; connections here are plain)',
  ),
  string('cert', '', 'client certificate (accepted; connections here are plain)'),
  duration('command-timeout', '5s', 'how long a short command may take once connected'),
  bool('debug', 'log what the client does (accepted)'),
  duration('dial-timeout', '2s', 'how long connecting may take'),
  string('discovery-srv', '', 'domain whose SRV records name the endpoints', { shorthand: 'd' }),
  string('discovery-srv-name', '', 'service asked for in such a domain'),
  flag(
    'strings',
    'endpoints',
    '[127.0.0.1:2379]',
    'client URLs of the members to talk to, separated by commas',
  ),
  bool('hex', 'show keys and values as \\x-escaped bytes'),
  flag('bool', 'insecure-discovery', 'true', 'accept SRV records without TLS'),
  bool('insecure-skip-tls-verify', 'do not check server certificates'),
  flag('bool', 'insecure-transport', 'true', 'connect without TLS'),
  duration(
    'keepalive-time',
    '2s',
    'pause between pings of the connection; no lease is kept alive by it',
  ),
  duration('keepalive-timeout', '6s', 'how long such a ping may stay unanswered'),
  string('key', '', 'key of the client certificate (accepted; connections here are plain)'),
  int('max-recv-bytes', '0', 'largest answer that is taken; 0 for no limit (accepted)', {
    needs: 'messageLimits',
  }),
  int('max-request-bytes', '0', 'largest request that is sent; 0 for 2 MiB (accepted)', {
    needs: 'messageLimits',
  }),
  string('password', '', 'password, if --user has none (accepted)'),
  string('user', '', 'name[:password] to log in with (accepted)'),
  string('write-out', 'simple', 'how answers are printed', { shorthand: 'w', values: FORMATS }),
]

const CLUSTER = bool('cluster', 'ask every member of the cluster')
const FROM_KEY = bool('from-key', 'take every key from the given one on, in byte order')
const PREFIX = bool('prefix', 'take every key that starts with the given one')
const PREV_KV = bool('prev-kv', 'also print what stood there before')
const INTERACTIVE = (help: string) => bool('interactive', help, { shorthand: 'i' })
const PEER_URLS = string('peer-urls', '', 'where the other members reach it, separated by commas')

const PUT: Command = {
  ...command(
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
  ),
  // Its long help begins with an empty line.
  long: '\nPuts the given key into the store.',
}
const GET = command(
  'get',
  '[options] <key> [range_end]',
  'Gets the key or a range of keys',
  ['key', 'end'],
  [
    string(
      'consistency',
      'l',
      'l: as of the whole cluster (linearizable); s: as of the member asked (serializable)',
      {
        values: ['l', 's'],
      },
    ),
    bool('count-only', 'print how many keys there are', { needs: 'countOnly' }),
    FROM_KEY,
    bool('keys-only', 'leave the values out'),
    int('limit', '0', 'print at most so many'),
    int('max-create-rev', '0', 'leave out what was created after this revision', {
      needs: 'revisionBounds',
    }),
    int('max-mod-rev', '0', 'leave out what was changed after this revision', {
      needs: 'revisionBounds',
    }),
    int('min-create-rev', '0', 'leave out what was created before this revision', {
      needs: 'revisionBounds',
    }),
    int('min-mod-rev', '0', 'leave out what was changed before this revision', {
      needs: 'revisionBounds',
    }),
    string('order', '', 'ASCEND or DESCEND', { values: ['ASCEND', 'DESCEND'] }),
    PREFIX,
    bool('print-value-only', 'leave the keys out'),
    int('rev', '0', 'as of this revision'),
    string('sort-by', '', 'what the order goes by', {
      values: ['CREATE', 'KEY', 'MODIFY', 'VALUE', 'VERSION'],
    }),
    bool('stream', 'read in pieces (here: at once)', { needs: 'rangeStream' }),
  ],
)
const DEL = command(
  'del',
  '[options] <key> [range_end]',
  'Removes the specified key or range of keys [key, range_end)',
  ['key', 'end'],
  [
    FROM_KEY,
    PREFIX,
    PREV_KV,
    bool('range', 'the two arguments are a range on purpose', { needs: 'delRange' }),
  ],
)

const ETCDCTL: Command = {
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
    {
      ...command(
        'txn',
        '[options]',
        'Txn processes all the requests in one transaction',
        [],
        [INTERACTIVE('print a prompt before each part')],
      ),
      long: 'Txn reads multiple etcd requests from standard input and applies them as a single atomic transaction.',
    },
    command(
      'compaction',
      '[options] <revision>',
      'Compacts the event history in etcd',
      ['revision'],
      [bool('physical', 'wait until the old revisions are gone from the disk')],
    ),
    group('alarm', 'Alarm related commands', [
      command('disarm', '', 'Disarms all alarms'),
      command('list', '', 'Lists all alarms'),
    ]),
    command(
      'defrag',
      '',
      'Defragments the storage of the etcd members with given endpoints',
      [],
      [
        CLUSTER,
        string('data-dir', '', 'work on a directory that no etcd uses', { needs: 'defragDataDir' }),
      ],
    ),
    group(
      'endpoint',
      'Endpoint related commands',
      [
        absent('hashkv', 'Prints the KV history hash for each endpoint in --endpoints', [
          int('rev', '0', 'up to this revision'),
        ]),
        command(
          'health',
          '',
          'Checks the healthiness of endpoints specified in `--endpoints` flag',
        ),
        {
          ...command(
            'status',
            '',
            'Prints out the status of endpoints specified in `--endpoints` flag',
          ),
          long: 'When --write-out is set to simple, this command prints out comma-separated status lists for each endpoint.',
        },
      ],
      [CLUSTER],
    ),
    command(
      'move-leader',
      '<transferee-member-id>',
      'Transfers leadership to another etcd cluster member.',
      ['member'],
    ),
    command(
      'watch',
      '[options] [key or prefix] [range_end] [--] [exec-command arg1 arg2 ...]',
      'Watches events stream on keys or prefixes',
      ['key', 'end'],
      [
        INTERACTIVE('read what to watch from the input'),
        bool('prefix', 'watch every key that starts with the given one'),
        PREV_KV,
        bool('progress-notify', 'also print the revision while nothing happens', {
          needs: 'progressNotify',
        }),
        int('rev', '0', 'start with the events of this revision'),
      ],
    ),
    command('version', '', 'Prints the version of etcdctl'),
    group('lease', 'Lease related commands', [
      command('grant', '<ttl>', 'Creates leases', ['ttl']),
      command(
        'keep-alive',
        '[options] <leaseID>',
        'Keeps leases alive (renew)',
        ['lease'],
        [bool('once', 'renew once and end')],
      ),
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
      {
        ...command(
          'list',
          '',
          'Lists all members in the cluster',
          [],
          [
            string(
              'consistency',
              'l',
              'l: as of the whole cluster (linearizable); s: as of the member asked (serializable)',
              {
                values: ['l', 's'],
                needs: 'memberListConsistency',
              },
            ),
          ],
        ),
        long: 'When --write-out is set to simple, this command prints out comma-separated member lists for each endpoint.',
      },
      command('promote', '<memberID>', 'Promotes a non-voting member in the cluster', ['member']),
      command('remove', '<memberID>', 'Removes a member from the cluster', ['member']),
      command(
        'update',
        '<memberID> [options]',
        'Updates a member in the cluster',
        ['member'],
        [PEER_URLS],
      ),
    ]),
    absentGroup('snapshot', 'Manages etcd node snapshots', [
      {
        ...absent('restore', 'Restores an etcd member snapshot to an etcd directory'),
        needs: 'snapshotFiles',
      },
      absent('save', 'Stores an etcd node backend snapshot to a given file'),
      {
        ...absent('status', 'Gets backend snapshot status of a given file'),
        needs: 'snapshotFiles',
      },
    ]),
    absent('make-mirror', 'Makes a mirror at the destination etcd cluster'),
    { ...absent('migrate', 'Migrates keys in a v2 store to a mvcc store'), needs: 'migrate' },
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
    group('auth', 'Enable or disable authentication', [
      absent('disable', 'Disables authentication'),
      absent('enable', 'Enables authentication'),
      { ...command('status', '', 'Returns authentication status'), needs: 'authStatus' },
    ]),
    group('user', 'User related commands', [
      absent('add', 'Adds a new user'),
      absent('delete', 'Deletes a user'),
      absent('get', 'Gets detailed information of a user'),
      absent('grant-role', 'Grants a role to a user'),
      command('list', '', 'Lists all users'),
      absent('passwd', 'Changes password of user'),
      absent('revoke-role', 'Revokes a role from a user'),
    ]),
    group('role', 'Role related commands', [
      absent('add', 'Adds a new role'),
      absent('delete', 'Deletes a role'),
      absent('get', 'Gets detailed information of a role'),
      absent('grant-permission', 'Grants a key to a role'),
      command('list', '', 'Lists all roles'),
      absent('revoke-permission', 'Revokes a key from a role'),
    ]),
    absentGroup('check', 'commands for checking properties of the etcd cluster', [
      absent(
        'datascale',
        'Check the memory usage of holding data for different workloads on a given server endpoint.',
      ),
      absent('perf', 'Check the performance of the etcd cluster'),
    ]),
    { ...absent('completion', 'Generate completion script'), needs: 'completion' },
    {
      ...group('downgrade', 'Downgrade related commands', [
        command('cancel', '', 'Cancel the ongoing downgrade action to cluster'),
        command('enable', '<TARGET_VERSION>', 'Start a downgrade action to cluster'),
        command(
          'validate',
          '<TARGET_VERSION>',
          'Validate downgrade capability before starting downgrade',
        ),
      ]),
      needs: 'downgrade',
    },
    command('help', '[command]', 'Help about any command'),
    { ...command('options', '', 'Show the global command-line flags'), needs: 'options' },
  ],
}

const trees = new Map<Etcdctl, Command>()

/** All commands of a version's etcdctl, in a tree. */
export function commandsOf(etcdctl: Etcdctl): Command {
  const known = trees.get(etcdctl)
  if (known !== undefined) return known
  const tree = pruned(ETCDCTL, etcdctl)
  trees.set(etcdctl, tree)
  return tree
}

/** The command without the items that the version does not have. */
function pruned(command: Command, { has, ...etcdctl }: Etcdctl): Command {
  const there = ({ needs }: { needs?: ConsoleDifference }): boolean =>
    needs === undefined || has[needs]
  const { commands, shared, flags } = command
  return {
    ...command,
    flags: flags.filter(there),
    ...(shared === undefined ? {} : { shared: shared.filter(there) }),
    ...(commands === undefined
      ? {}
      : { commands: commands.filter(there).map((each) => pruned(each, { has, ...etcdctl })) }),
  }
}

/** The help flag of each command. */
export const helpFlag = (of: Command): Flag =>
  bool('help', `help for ${of.name}`, { shorthand: 'h' })

/** The flags that may follow this path of commands, its own first. */
export function flagsOf(path: readonly Command[]): Flag[] {
  const own = path.at(-1)
  return [...(own?.flags ?? []), ...path.toReversed().flatMap(({ shared }) => shared ?? [])]
}

/** As a user types it: `etcdctl lease grant`. */
export const pathText = (path: readonly Command[]): string => path.map(({ name }) => name).join(' ')
