import type { Recording } from '../sim/recording'
import { commandOfAct } from '../text/act'
import type { Timeline } from './timeline'

/**
 * The run with the stored solution of a stop's goal in place of everything after that stop. The run
 * is at the stop or later. `set` says when the stop was reached (virtual ms), and how many commands
 * the run had taken.
 */
export function withSolution(
  run: Timeline,
  stop: number,
  set: { at: number; commands: number },
): Recording {
  const recording = run.recording()
  const { solution = [] } = recording.stops?.[stop]?.goal ?? {}
  const shown = solution.flatMap(({ at, act }) => {
    const command = commandOfAct(act, run.sim)
    return command === undefined ? [] : [{ ...command, at: Math.max(set.at, at) }]
  })
  return { ...recording, commands: [...recording.commands.slice(0, set.commands), ...shown] }
}
