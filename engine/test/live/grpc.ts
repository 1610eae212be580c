// A gRPC client on Node's own HTTP/2: enough to call etcd, and to keep a stream open during other
// calls.

import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2'
import { connect } from 'node:http2'
import type { MessageName } from '../../base/rpc-fields'
import { REQUESTS, responseMessage } from '../../base/rpc-fields'
import type { Plain } from './proto'
import { decode, encode } from './proto'

/** The answer to a call, in the form of the recordings. */
export type Answer = { response: Plain } | { error: { code: number; message: string } }

interface Method {
  path: string
  request: MessageName
  response: MessageName
}

/** The calls of each service. */
const SERVICES = {
  'etcdserverpb.KV': ['Range', 'Put', 'DeleteRange', 'Txn', 'Compact'],
  'etcdserverpb.Lease': [
    'LeaseGrant',
    'LeaseRevoke',
    'LeaseKeepAlive',
    'LeaseTimeToLive',
    'LeaseLeases',
  ],
  'etcdserverpb.Watch': ['Watch'],
  'etcdserverpb.Cluster': [
    'MemberList',
    'MemberAdd',
    'MemberRemove',
    'MemberPromote',
    'MemberUpdate',
  ],
  'etcdserverpb.Maintenance': ['Status', 'MoveLeader'],
  'v3lockpb.Lock': ['Lock', 'Unlock'],
  'v3electionpb.Election': ['Campaign', 'Proclaim', 'Leader', 'Observe', 'Resign'],
} as const

export const METHODS: Readonly<Record<string, Method>> = Object.fromEntries(
  Object.entries(SERVICES).flatMap(([service, calls]) =>
    calls.map((call): [string, Method] => [
      call,
      {
        path: `/${service}/${call}`,
        request: call === 'Watch' ? 'WatchRequest' : REQUESTS[call],
        response: call === 'Observe' ? 'LeaderResponse' : responseMessage(call),
      },
    ]),
  ),
)

/** A call under way: messages come as they arrive, the end comes once. */
export interface Stream {
  send(request: Plain): void
  /** The client sends no more messages. */
  end(): void
  cancel(): void
  /**
   * Resolves with the error that ended the stream; undefined where it ended well or was cancelled.
   */
  ended: Promise<{ code: number; message: string } | undefined>
}

export class GrpcClient {
  readonly #session: ClientHttp2Session

  constructor(url: string) {
    this.#session = connect(url)
    this.#session.on('error', () => {})
  }

  close(): void {
    this.#session.destroy()
  }

  open(call: string, onMessage: (message: Plain) => void): Stream {
    const { path, request, response } = methodOf(call)
    const stream: ClientHttp2Stream = this.#session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
    })
    let received: Buffer = Buffer.alloc(0)
    let status: Record<string, unknown> = {}
    stream.on('data', (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
      while (received.length >= 5) {
        const length = received.readUInt32BE(1)
        if (received.length < 5 + length) break
        onMessage(decode(response, received.subarray(5, 5 + length)))
        received = received.subarray(5 + length)
      }
    })
    stream.on('response', (headers) => {
      if (headers['grpc-status'] !== undefined) status = headers
    })
    stream.on('trailers', (headers) => {
      status = headers
    })
    const ended = new Promise<{ code: number; message: string } | undefined>((resolve) => {
      stream.on('error', () => {})
      stream.on('close', () => {
        const code = Number(status['grpc-status'] ?? 0)
        resolve(
          code === 0
            ? undefined
            : { code, message: decodeURIComponent(String(status['grpc-message'] ?? '')) },
        )
      })
    })
    return {
      send(message) {
        const content = encode(request, message)
        const frame = Buffer.alloc(5)
        frame.writeUInt32BE(content.length, 1)
        stream.write(Buffer.concat([frame, content]))
      },
      end: () => stream.end(),
      cancel: () => stream.close(8),
      ended,
    }
  }

  /** One request and its first answer. */
  async call(call: string, request: Plain): Promise<Answer> {
    let first: Plain | undefined
    const stream = this.open(call, (message) => {
      first ??= message
    })
    stream.send(request)
    stream.end()
    const error = await stream.ended
    if (error !== undefined) return { error }
    if (first === undefined) throw new Error(`${call}: neither an answer nor an error`)
    return { response: first }
  }
}

function methodOf(call: string): Method {
  const found = METHODS[call]
  if (found === undefined) throw new Error(`no call ${call}`)
  return found
}
