import { quoted, text } from '../base/bytes'
import { parseHexUint64 } from '../base/int64'
import type { Bytes, MemberId } from '../base/rpc'
import type { Answer, Task } from './invocation'
import { Exit, refusal } from './invocation'
import type { Line } from './line'
import { parsing } from './line'

/** etcdctl/ctlv3/command/{member,ep,move_leader}_command.go; null for a command of another file. */
export function clusterTask(line: Line): Task | Answer | null {
  const { args, values } = line.set
  const [first = ''] = args
  switch (line.command) {
    case 'member list':
      return { type: 'member-list' }
    case 'member add': {
      if (args.length < 1) return refusal(Exit.BadArgs, 'member name not provided')
      if (args.length > 1) {
        const urls = args.filter((word) => word.toLowerCase().startsWith('http'))
        return refusal(
          Exit.BadArgs,
          `too many arguments${urls.map((word) => `, did you mean --peer-urls=${text(word)}`).join('')}`,
        )
      }
      const urls = peerURLs(line)
      if ('type' in urls) return urls
      const isLearner = values.learner === 'true'
      return {
        type: 'member-add',
        name: text(first),
        request: { type: 'MemberAdd', peerURLs: urls, ...(isLearner ? { isLearner } : {}) },
      }
    }
    case 'member remove':
      return withMember(line, (ID) => ({
        type: 'member-remove',
        request: { type: 'MemberRemove', ID },
      }))
    case 'member promote':
      return withMember(line, (ID) => ({
        type: 'member-promote',
        request: { type: 'MemberPromote', ID },
      }))
    case 'member update':
      return withMember(line, (ID) => {
        const urls = peerURLs(line)
        return 'type' in urls
          ? urls
          : { type: 'member-update', request: { type: 'MemberUpdate', ID, peerURLs: urls } }
      })
    case 'endpoint status':
      return { type: 'endpoint-status', cluster: values.cluster === 'true' }
    case 'endpoint health':
      return { type: 'endpoint-health', cluster: values.cluster === 'true' }
    case 'move-leader': {
      if (args.length !== 1) return refusal(Exit.BadArgs, 'move-leader command needs 1 argument')
      const target = parseHexUint64(first)
      return target.ok
        ? { type: 'move-leader', target: target.id }
        : refusal(Exit.BadArgs, parsing('ParseUint', first, target.why))
    }
    default:
      return null
  }
}

function withMember({ set: { args } }: Line, task: (id: MemberId) => Task | Answer): Task | Answer {
  const [word = ''] = args
  if (args.length !== 1) return refusal(Exit.BadArgs, 'member ID is not provided')
  const id = parseHexUint64(word)
  if (!id.ok)
    return refusal(
      Exit.BadArgs,
      `bad member ID arg (${parsing('ParseUint', word, id.why)}), expecting ID in Hex`,
    )
  return task(id.id)
}

/** The flag's URLs. clientv3 checks them before it sends a request (pkg/types/urls.go: NewURLs). */
function peerURLs(line: Line): string[] | Answer {
  const flag = line.set.values['peer-urls'] ?? ''
  if (flag === '') return refusal(Exit.BadArgs, 'member peer urls not provided')
  const problem = line.connect()
  if (problem !== null) return problem
  const urls = flag.split(',')
  for (const url of urls) {
    const wrong = badURL(url.trim())
    if (wrong !== null) return refusal(Exit.Error, wrong)
  }
  return urls.map(text)
}

function badURL(url: Bytes): string | null {
  const [, scheme, rest] = /^(?:([A-Za-z][\w+.-]*):)?([\s\S]*)$/.exec(url) ?? []
  if (scheme === undefined && url.startsWith(':'))
    return `parse ${quoted(url)}: missing protocol scheme`
  if (scheme === undefined && /^[^/]*:/.test(url))
    return `parse ${quoted(url)}: first path segment in URL cannot contain colon`
  if (scheme === undefined || !['http', 'https', 'unix', 'unixs'].includes(scheme.toLowerCase())) {
    return `URL scheme must be http, https, unix, or unixs: ${text(url)}`
  }
  const [, host = '', path = ''] = /^\/\/([^/?#]*)([^?#]*)/.exec(rest ?? '') ?? []
  if (!/^(\[[^\]]*\]|[^:[\]]*):[^:]*$/.test(host))
    return `URL address does not have the form "host:port": ${text(url)}`
  return path === '' ? null : `URL must not contain a path: ${text(url)}`
}
