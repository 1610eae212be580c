// Messages in flight. The position of each follows from its times of sending and arrival.

import type { PeerDelivery, Write } from '../sim/moves'
import { RESOURCE } from '../sim/resource'
import type { Simulation } from '../sim/simulation'
import type { MessageView } from './rows'
import type { Scene } from './scene'

export function messageViews({ sim }: Scene): MessageView[] {
  const messages: MessageView[] = []
  for (const due of [...sim.moves().map((move) => move.due), ...sim.held]) {
    if (due.type === 'deliver-peer') messages.push(peerMessageView(sim, due.delivery))
    if (due.type === 'deliver-write') messages.push(writeView(sim, due.write))
    if (due.type !== 'deliver' || due.message.body.type === 'cancel') continue
    const { id, client, member, body, sentAt, dueAt, lost } = due.message
    const request = body.type !== 'reply'
    const label =
      body.type === 'reply' ? body.reply.type : body.type === 'open' ? body.call : body.request.type
    const owner = sim.processes.find((process) => process.id === client)?.client ?? client
    const [from, to] = request ? [owner, member] : [member, owner]
    messages.push({
      id,
      from,
      to,
      kind: request ? 'request' : 'reply',
      label,
      bad:
        body.type === 'reply' &&
        (body.reply.type === 'error' ||
          (body.reply.type === 'LeaseKeepAlive' && body.reply.TTL <= 0)),
      sent: sentAt,
      due: dueAt,
      machinery: false,
      ...fateOf(sim, from, to, lost),
    })
  }
  return messages
}

/** The fate of a message on a TCP connection. */
function fateOf(
  sim: Simulation,
  from: string,
  to: string,
  lost = false,
): Pick<MessageView, 'doomed' | 'held'> {
  const doomed = lost || !sim.isUpAt(to)
  return { doomed, held: !doomed && !sim.arrives(from, to) }
}

function writeView(
  sim: Simulation,
  { id, client, accepted, sentAt, dueAt, lost }: Write,
): MessageView {
  const [from, to] = accepted === null ? [client, RESOURCE] : [RESOURCE, client]
  return {
    id,
    from,
    to,
    kind: accepted === null ? 'request' : 'reply',
    label: accepted === false ? 'refused' : 'write',
    bad: accepted === false,
    sent: sentAt,
    due: dueAt,
    machinery: false,
    ...fateOf(sim, from, to, lost),
  }
}

const REPLIES = /Resp$|^lease-answer$/
const HEARTBEATS = /^MsgHeartbeat/

function peerMessageView(
  sim: Simulation,
  { id, from, to, message, sentAt, dueAt, lost }: PeerDelivery,
): MessageView {
  const label = message.type === 'raft' ? message.message.type : message.type
  return {
    id,
    from,
    to,
    kind: REPLIES.test(label) ? 'reply' : 'request',
    label,
    bad: message.type === 'raft' && 'reject' in message.message && message.message.reject,
    sent: sentAt,
    due: dueAt,
    machinery: HEARTBEATS.test(label),
    doomed: lost === true || !sim.arrives(from, to),
    held: false,
  }
}
