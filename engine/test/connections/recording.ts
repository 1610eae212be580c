// The form of a recording of clients over bad connections (recordings/README.md).

import type { EtcdVersion } from '../../base/etcd-versions'

/**
 * A time in ms from the start. `about`: the time is random, for example after a back-off or an
 * election.
 */
export interface Timed {
  at: number
  about?: true
}

export interface UsedBy {
  usedBy: string
}

export interface Step {
  at: number
  client?: string
  call?: string
  line?: string
  deadline?: number
  key?: string
  value?: string
  ttl?: number
  requireLeader?: true
  cut?: string[][] | { from: string[]; to: string[] }
  heal?: true
  reset?: string
  kill?: string | UsedBy
  start?: string
  freeze?: string | UsedBy
  resume?: string
  // The answers.
  came?: number
  closed?: number
  about?: true
  answer?: object
  error?: { code?: number; text: string }
  exit?: number
  events?: (Timed & { type: string; key: string; value: string })[]
  answers?: Timed[]
  stdout?: (Timed & { text: string })[]
  stderr?: (Timed & { text: string })[]
}

export interface ConnectionRecording {
  name: string
  about: string
  recorded: EtcdVersion[]
  members: number
  clients: Record<
    string,
    {
      kind: 'clientv3' | 'etcdctl'
      endpoints: string[]
      keepAliveTime?: number
      keepAliveTimeout?: number
    }
  >
  steps: Step[]
  until: number
}

/** The outcome on the engine. */
export type Outcome = Pick<
  Step,
  'came' | 'closed' | 'error' | 'exit' | 'events' | 'answers' | 'stdout' | 'stderr'
>
