// The output of the commands on alarms, users, downgrades and defragmentation in a cluster that has
// none of them.

import { errors } from '../../base/errors'
import type { Header, Reply } from '../../base/rpc'
import { NO_MEMBER } from '../../base/rpc'
import { askedEndpoints } from '../compile'
import type { Invocation } from '../invocation'
import { Exit } from '../invocation'
import { errorText } from './error-text'
import { headerRows } from './fields'
import { headerJson } from './json'
import type { Answered, Circumstances, Printed, Progress } from './printed'
import { failure, unsupported } from './printed'
import { goDuration } from './sizes'

const NO_HEADER: Header = { cluster_id: NO_MEMBER, member_id: NO_MEMBER, revision: 0, raft_term: 0 }

/** The revision of a user store that has never changed (auth/store.go: NewAuthStore). */
const AUTH_REVISION = 1

const NIL_POINTER: Printed = {
  stderr:
    'panic: runtime error: invalid memory address or nil pointer dereference\n\ngoroutine 1 [running]:\n',
  exit: 2,
}

type Maintenance = Extract<Invocation, { type: 'maintenance' }>

/** The output of a command for an answer that only shows that the member can answer. */
export function maintenance(
  invocation: Maintenance,
  reply: Answered,
  circumstances: Circumstances,
): Printed {
  const { command, format, hex } = invocation
  const { etcdctl } = circumstances
  if (isLearner(reply)) return failure(Exit.Error, errors.NotSupportedForLearner.message)
  if (command === 'downgrade malformed')
    return failure(Exit.Error, 'etcdserver: wrong downgrade target version format')
  if (command === 'downgrade wrong')
    return failure(Exit.Error, 'etcdserver: invalid downgrade target version')
  const header = hasHeader(command, etcdctl) && 'header' in reply ? reply.header : null
  switch (format) {
    case 'simple':
      return { stdout: simple(command, etcdctl.version) }
    case 'json': {
      const own = jsonFields(command, etcdctl.version)
      return {
        stdout: `{${[...(header === null ? [] : [headerJson(header)]), ...own].join(',')}}\n`,
      }
    }
    case 'fields':
      if (command !== 'alarm list' && command !== 'alarm disarm' && command !== 'role list')
        return unsupported(format)
      if (header === null && !etcdctl.has.printsNoHeader) return NIL_POINTER
      return {
        stdout:
          headerRows(header ?? NO_HEADER, { hex, etcdctl }) +
          (command === 'role list' ? '"Roles" :\n' : ''),
      }
    default:
      return unsupported(format)
  }
}

/** clientv3 itself makes the answer to a disarming (maintenance.go: AlarmDisarm). */
function hasHeader(command: Maintenance['command'], { has }: Circumstances['etcdctl']): boolean {
  return command === 'alarm list' ? has.alarmListHeader : command !== 'alarm disarm'
}

function simple(command: Maintenance['command'], version: string): string {
  if (command === 'auth status')
    return `Authentication Status: false\nAuthRevision: ${AUTH_REVISION}\n`
  return command.startsWith('downgrade')
    ? `${command.replace('d', 'D')} success, cluster version ${version}\n`
    : ''
}

function jsonFields(command: Maintenance['command'], version: string): string[] {
  if (command === 'auth status') return [`"authRevision":${AUTH_REVISION}`]
  return command.startsWith('downgrade') ? [`"version":"${version}"`] : []
}

const isLearner = (reply: Reply): boolean => reply.type === 'Status' && reply.isLearner

/** `defrag`: a line for each endpoint as soon as it is done, in any format (defrag_command.go). */
export function defragmented(
  invocation: Extract<Invocation, { type: 'defrag' }>,
  progress: Progress,
  reply: Reply,
  { clientURLs, etcdctl, tookMs }: Circumstances,
): Printed {
  const endpoint = askedEndpoints(invocation, clientURLs)[progress.replies.length] ?? ''
  const answer = isLearner(reply) ? errors.NotSupportedForLearner : reply
  progress.replies.push(answer)
  const took = etcdctl.has.defragTook ? `. took ${goDuration(tookMs)}` : ''
  if (answer.type !== 'error')
    return { stdout: `Finished defragmenting etcd member[${endpoint}]${took}\n` }
  return {
    stderr: `Failed to defragment etcd member[${endpoint}]${took}${took === '' ? '' : '.'} (${errorText(answer)})\n`,
  }
}

/** The exit code of `defrag`. */
export function defragEnded({ replies }: Progress): Printed {
  return { exit: replies.some(({ type }) => type === 'error') ? Exit.Error : Exit.Success }
}
