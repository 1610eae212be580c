// The outputs of a program to its client, and its saved state.

import type { Room } from '../../base/room'
import type { LeaseId, Request, WatchCreateRequest } from '../../base/rpc'
import type { MutexRules } from '../../concurrency/mutex'
import type { SavedClientLocks } from './client-locks'
import type { SavedLibrary } from './library'
import type { SavedNews } from './news'
import type { SavedPosition } from './position'
import type { SavedVariables } from './variables'

export type ProgramOutput =
  /** A line begins and causes the outputs after it. */
  | { type: 'begin'; line: number; text: string }
  | { type: 'call'; request: Request }
  /** In place of the earlier watch. */
  | { type: 'watch'; request: WatchCreateRequest }
  | { type: 'unwatch' }
  /** Its context ends after so many milliseconds; null cancels that. */
  | { type: 'deadline'; afterMs: number | null }
  /** Its context has ended: it no longer waits for the answer to its call or for its watch. */
  | { type: 'abandon'; why: 'deadline' | 'session' }
  | { type: 'keep'; lease: LeaseId; on: boolean }
  /** Its next turn, after so many milliseconds. */
  | { type: 'turn'; afterMs: number }
  | { type: 'write'; value: string; token: number | null }
  | { type: 'enter'; section: string; room: Room | null }
  | { type: 'leave'; section: string }
  | { type: 'end'; failed: boolean }

export interface SavedProgram
  extends SavedLibrary,
    SavedClientLocks,
    SavedNews,
    SavedPosition,
    SavedVariables {
  source: string
  rules: MutexRules
  /** The index of the line that runs, or that is next. */
  at: number
  waiting: 'turn' | 'sleep' | 'reply' | 'watch' | 'written' | 'machine' | null
  /** Why it ended; null while it runs. */
  ended: { failed: boolean; why: string } | null
}
