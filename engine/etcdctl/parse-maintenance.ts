// Commands on parts of etcd that a run does not have: alarms, users, downgrade jobs, files. The
// answers are those of an etcd without any of them.

import { text } from '../base/bytes'
import type { Answer, MaintenanceCommand, Task } from './invocation'
import { Exit, notModelled, refusal } from './invocation'
import type { Line } from './line'
import type { Etcdctl } from './versions'

/** The errors of commands without arguments, if they get one. */
const NO_ARGUMENTS: Readonly<Partial<Record<string, string>>> = {
  'alarm list': 'alarm list command accepts no arguments',
  'alarm disarm': 'alarm disarm command accepts no arguments',
  'auth status': 'auth status command does not accept any arguments',
  'user list': 'user list command requires no arguments',
  'role list': 'role list command requires no arguments',
}

/**
 * etcdctl/ctlv3/command/{alarm,auth,user,role,defrag,downgrade,snapshot,make_mirror}_command.go;
 * null for a command of another file.
 */
export function maintenanceTask(line: Line): Task | Answer | null {
  const { args, values } = line.set
  const wrong = NO_ARGUMENTS[line.command]
  if (wrong !== undefined && args.length > 0) return refusal(Exit.BadArgs, wrong)
  switch (line.command) {
    case 'alarm list':
    case 'alarm disarm':
    case 'auth status':
    case 'user list':
    case 'role list':
    case 'downgrade cancel':
      return { type: 'maintenance', command: line.command }
    case 'defrag':
      if ((values['data-dir'] ?? '') !== '')
        return notModelled('etcdctl defrag --data-dir: the console has no files')
      return { type: 'defrag', cluster: values.cluster === 'true' }
    case 'downgrade validate':
    case 'downgrade enable':
      return downgrade(line.command, line)
    case 'snapshot status':
      return snapshotStatus(line)
    case 'make-mirror':
      if (args.length !== 1)
        return refusal(Exit.BadArgs, 'make-mirror takes one destination argument')
      return notModelled('etcdctl make-mirror: there is no other cluster')
    default:
      return null
  }
}

function downgrade(
  command: 'downgrade validate' | 'downgrade enable',
  { set: { args }, connect, etcdctl }: Line,
): Task | Answer {
  const [target = ''] = args
  if (args.length < 1) return refusal(Exit.BadArgs, 'TARGET_VERSION not provided')
  if (args.length > 1) return refusal(Exit.BadArgs, 'too many arguments')
  if (target === '') return refusal(Exit.BadArgs, 'target version not provided')
  const problem = connect()
  if (problem !== null) return problem
  const judged = judgeTarget(text(target), etcdctl)
  if (judged === 'allowed' && command === 'downgrade enable') {
    return notModelled(
      'etcdctl downgrade enable: no downgrade runs here; `downgrade validate` says whether one could',
    )
  }
  return {
    type: 'maintenance',
    command:
      judged === 'malformed'
        ? 'downgrade malformed'
        : judged === 'wrong'
          ? 'downgrade wrong'
          : command,
  }
}

/**
 * server/etcdserver: convertToClusterVersion, version.go: allowedDowngradeVersion. A cluster goes
 * back by one minor version.
 */
function judgeTarget(target: string, { version }: Etcdctl): 'malformed' | 'wrong' | 'allowed' {
  const read = /^(\d+)\.(\d+)(?:\.\d+(?:-[\w.-]+)?(?:\+[\w.-]+)?)?$/.exec(target)
  if (read === null) return 'malformed'
  const [major, minor] = version.split('.').map(Number)
  return Number(read[1]) === major && Number(read[2]) === minor! - 1 ? 'allowed' : 'wrong'
}

/** The console has no files, so every file is missing. */
function snapshotStatus({ set: { args }, etcdctl }: Line): Answer {
  const notice = etcdctl.has.snapshotDeprecated
    ? 'Deprecated: Use `etcdutl snapshot status` instead.\n\n'
    : ''
  const refused =
    args.length === 1
      ? refusal(Exit.Error, `stat ${text(args[0]!)}: no such file or directory`)
      : refusal(Exit.BadArgs, 'snapshot status requires exactly one argument')
  return { ...refused, stderr: notice + refused.stderr }
}

/**
 * Whether a command waits for its answer without a time limit (user_command.go, role_command.go:
 * context.TODO).
 */
export const waitsForever = (command: MaintenanceCommand): boolean =>
  command === 'user list' || command === 'role list'
