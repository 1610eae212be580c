import type { Command, Config } from './command'
import type { Stop } from './stops'

export const RECORDING_VERSION = 1

/**
 * Everything a run depends on (design: one run, one trace). `at` is virtual milliseconds. A command is taken after everything due at or before `at`; where
 * it came in between two things due at that very instant, `after` says how many steps had been taken at that instant before it.
 */
export interface Recording {
  leasescope: typeof RECORDING_VERSION
  seed: number
  config: Config
  commands: RecordedCommand[]
  /** The run's story; it changes nothing in the run. Absent where there is none. */
  stops?: readonly Stop[]
}

export type RecordedCommand = Command & { at: number; after?: number }
