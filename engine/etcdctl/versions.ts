// The differences between the etcdctl of the modelled versions, one row each: the difference, its
// source, and the versions that have it. All four were recorded (test/recordings/etcdctl). The
// grammar names the row that a flag or a command needs.

import type { EtcdVersion } from '../base/etcd-versions'
import { ETCD_VERSIONS, PATCH_VERSIONS } from '../base/etcd-versions'

interface Row {
  what: string
  source: string
  /** The versions that have it. */
  in: readonly EtcdVersion[]
}

const ALL = ETCD_VERSIONS
const since = (first: EtcdVersion): readonly EtcdVersion[] => ALL.slice(ALL.indexOf(first))
const until = (last: EtcdVersion): readonly EtcdVersion[] => ALL.slice(0, ALL.indexOf(last) + 1)

export const CONSOLE_ROWS = {
  // Commands and flags
  readsApiVariable: {
    what: 'ETCDCTL_API=2 chooses the client of etcd 2. Newer versions ignore the variable.',
    source: 'etcdctl/main.go',
    in: until('3.4'),
  },
  countOnly: {
    what: '`get --count-only` prints the number of keys, with `-w fields` alone.',
    source: 'get_command.go: getCommandFunc',
    in: since('3.5'),
  },
  revisionBounds: {
    what: '`get` has flags for the least and greatest revisions of its keys.',
    source: 'get_command.go: getGetOp',
    in: since('3.6'),
  },
  rangeStream: {
    what: '`get --stream` reads a range in pieces.',
    source: 'get_command.go: getCommandFunc',
    in: since('3.7'),
  },
  delRange: {
    what: '`del --range` says that two arguments are a range on purpose.',
    source: 'del_command.go: getDelOp',
    in: since('3.5'),
  },
  delAnnouncesWait: {
    what: '`del a b` without --range announces what 3.6 will do.',
    source: 'del_command.go: getDelOp',
    in: ['3.5'],
  },
  delWaits: {
    what: '`del a b` without --range warns and waits 2 s.',
    source: 'del_command.go: getDelOp',
    in: since('3.6'),
  },
  progressNotify: {
    what: '`watch --progress-notify` asks for progress notifications.',
    source: 'watch_command.go: getWatchChan',
    in: since('3.5'),
  },
  memberListConsistency: {
    what: '`member list --consistency=s` asks one member alone.',
    source: 'member_command.go: memberListCommandFunc',
    in: since('3.6'),
  },
  messageLimits: {
    what: 'Flags limit the size of requests and answers.',
    source: 'ctl.go: init',
    in: since('3.6'),
  },
  jwtFlag: { what: '--auth-jwt-token names a token.', source: 'ctl.go: init', in: since('3.7') },
  defragDataDir: {
    what: '`defrag --data-dir` works on files.',
    source: 'defrag_command.go',
    in: until('3.5'),
  },
  migrate: {
    what: '`migrate` copies the store of etcd 2.',
    source: 'migrate_command.go',
    in: until('3.4'),
  },
  snapshotFiles: {
    what: '`snapshot status` and `snapshot restore` work on files. Newer versions have etcdutl for it.',
    source: 'snapshot_command.go',
    in: until('3.5'),
  },
  snapshotDeprecated: {
    what: '`snapshot status` points to etcdutl first.',
    source: 'snapshot_command.go',
    in: ['3.5'],
  },
  authStatus: {
    what: '`auth status` says whether authentication is on.',
    source: 'auth_command.go',
    in: since('3.5'),
  },
  downgrade: {
    what: '`downgrade` prepares the cluster for an older version.',
    source: 'downgrade_command.go',
    in: since('3.6'),
  },
  completion: {
    what: '`completion` prints a script for a shell. 3.5 hides it.',
    source: 'ctl.go: init; 3.4: cobra',
    in: ALL.filter((version) => version !== '3.5'),
  },
  options: {
    what: '`options` lists the global flags.',
    source: 'options_command.go',
    in: since('3.7'),
  },

  // Errors and help
  errorTwice: {
    what: 'An unknown command or flag is named again in the last line.',
    source: 'ctl.go: Start',
    in: until('3.5'),
  },
  helpWithTabs: {
    what: 'Help has tabs at the begin of its lines. Newer versions have two blanks.',
    source: 'pkg/cobrautl/help.go',
    in: until('3.5'),
  },
  cobraHelp: {
    what: "Help has cobra's own form, and a wrong flag brings only the usage, on stderr.",
    source: 'ctl.go: MustStart',
    in: since('3.7'),
  },
  lowerCaseWatchError: {
    what: '`watch -i` ends with "error reading …". Older versions begin it in upper case.',
    source: 'watch_command.go: watchInteractiveFunc',
    in: since('3.5'),
  },

  // Behaviour and output of commands
  comparesLeases: {
    what: '`txn` compares a lease with an ID in hex. Other versions panic.',
    source: 'txn_command.go: ParseCompare',
    in: ['3.6'],
  },
  healthOnStdout: {
    what: '`endpoint health` prints on stdout. Older versions print on stderr.',
    source: 'printer_simple.go: EndpointHealth',
    in: since('3.5'),
  },
  statusTellsStorage: {
    what: '`endpoint status` also has the storage version, the sizes in use, the quota, and the downgrade.',
    source: 'printer.go: makeEndpointStatusTable',
    in: since('3.6'),
  },
  statusRepeatsTerm: {
    what: '`endpoint status -w fields` has RaftTerm twice.',
    source: 'printer_fields.go: EndpointStatus',
    in: until('3.4'),
  },
  readsMemberList: {
    what: '`member list` asks for a linearizable read, so it fails without a quorum.',
    source: 'clientv3/cluster.go: MemberList',
    in: since('3.5'),
  },
  addsAsLearner: {
    what: '`member add --learner` says "added as learner".',
    source: 'printer_simple.go: MemberAdd',
    in: since('3.6'),
  },
  defragTook: {
    what: '`defrag` says how long it took.',
    source: 'defrag_command.go',
    in: since('3.6'),
  },
  alarmListHeader: {
    what: 'The answer to `alarm list` has a header. Without one `-w json` prints {}.',
    source: 'v3rpc/maintenance.go: Alarm',
    in: since('3.5'),
  },
  printsNoHeader: {
    what: '`-w fields` prints zeros for an answer without a header. Older versions panic.',
    source: 'printer_fields.go: hdr',
    in: since('3.7'),
  },
  boxTables: {
    what: 'Tables are drawn with box characters.',
    source: 'tablewriter 1.x',
    in: since('3.7'),
  },
  hidesZeroRevision: {
    what: '`-w fields` leaves out a revision of 0.',
    source: 'printer_fields.go: hdr',
    in: since('3.6'),
  },
  hexFields: {
    what: '`-w fields --hex` prints IDs in hex.',
    source: 'printer_fields.go: hdr',
    in: since('3.6'),
  },
  hexMemberList: {
    what: '`member list -w json --hex` prints IDs in hex.',
    source: 'printer_json.go: printMemberListWithHexJSON',
    in: since('3.5'),
  },
  hexClientURLS: {
    what: '`member list -w json --hex` writes the key "clientURLS".',
    source: 'printer_json.go: printMemberListWithHexJSON',
    in: ['3.5'],
  },
  hexMembers: {
    what: 'Every `member` command with `-w json --hex` prints IDs in hex, and keeps what is empty or 0 out.',
    source: 'printer_json.go: printJSON',
    in: since('3.7'),
  },
  protoTxnNames: {
    what: '`txn -w json` names results response_range, response_put, response_delete_range. 3.4: ResponseRange and so on.',
    source: 'api/etcdserverpb/rpc.pb.go: ResponseOp',
    in: since('3.5'),
  },
  watchCancelReason: {
    what: '`watch -w json` also has CancelReason, and null for no events.',
    source: 'clientv3/watch.go: WatchResponse',
    in: since('3.7'),
  },
} satisfies Record<string, Row>

/** The name of a row. */
export type ConsoleDifference = keyof typeof CONSOLE_ROWS

/** The etcdctl of one version: its patch version, and the rows that it has. */
export interface Etcdctl {
  version: EtcdVersion
  /** As `etcdctl version` prints it: 3.6.16. */
  release: string
  has: Readonly<Record<ConsoleDifference, boolean>>
}

const BY_VERSION = Object.fromEntries(
  ETCD_VERSIONS.map((version) => [version, read(version)]),
) as Record<EtcdVersion, Etcdctl>

function read(version: EtcdVersion): Etcdctl {
  const rows = Object.entries(CONSOLE_ROWS as Record<string, Row>)
  const has = Object.fromEntries(
    rows.map(([name, row]) => [name, row.in.includes(version)]),
  ) as Etcdctl['has']
  return { version, release: PATCH_VERSIONS[version], has }
}

/** The etcdctl of a version of etcd. */
export function etcdctlOf(version: EtcdVersion): Etcdctl {
  return BY_VERSION[version]
}
