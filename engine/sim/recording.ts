import type { Command, Config } from './command'
import { ENGINE_VERSION } from './engine-version'
import type { Stop } from './stops'

export const RECORDING_VERSION = 1

/**
 * Everything a run depends on: the same recording gives the same trace. `at` is virtual
 * milliseconds. A command comes after everything due at or before `at`. Where it came earlier
 * within that instant, `after` is the number of steps of the instant before it.
 */
export interface Recording {
  leasescope: typeof RECORDING_VERSION
  /**
   * The version of the engine that made it, as `0.2` (engine-version.ts). Absent in recordings from
   * before this field.
   */
  engine?: string
  seed: number
  config: Config
  commands: RecordedCommand[]
  /** The run's story; it changes nothing in the run. Absent without one. */
  stops?: readonly Stop[]
}

export type RecordedCommand = Command & { at: number; after?: number }

/** A recording without commands, made by this engine. */
export function newRecording(seed: number, config: Config): Recording {
  return { leasescope: RECORDING_VERSION, engine: ENGINE_VERSION, seed, config, commands: [] }
}
