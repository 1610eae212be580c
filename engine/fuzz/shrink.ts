// Makes a recording smaller while it still shows the same fault: fewer commands, and an earlier
// end.

import type { Recording } from '../sim/recording'

/** A recording, and the virtual ms of its end. */
export interface Played {
  recording: Recording
  until: number
}

/**
 * The smallest recording found by removing ranges of commands, ever shorter ones, and then by
 * ending earlier. `shows` must hold for `played`.
 */
export function shrink(played: Played, shows: (played: Played) => boolean): Played {
  let best = played
  const tryOut = (candidate: Played): boolean => {
    if (!shows(candidate)) return false
    best = candidate
    return true
  }
  for (
    let size = Math.ceil(best.recording.commands.length / 2);
    size >= 1;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let from = best.recording.commands.length - size; from > -size; from -= size) {
      const { commands } = best.recording
      const kept = commands.filter((_, i) => i < from || i >= from + size)
      tryOut({ ...best, recording: { ...best.recording, commands: kept } })
    }
  }
  for (let cut = best.until; cut >= 100; cut = Math.floor(cut / 2)) {
    const last = best.recording.commands.at(-1)?.at ?? 0
    while (best.until - cut >= last && tryOut({ ...best, until: best.until - cut }));
  }
  return best
}

/** A run as a file of the page, with one command per line. */
export function fileOf({ recording: { commands, ...rest }, until }: Played): string {
  const head = JSON.stringify(rest).slice(0, -1)
  return `${head},"cursor":${until},"commands":[\n${commands.map((command) => JSON.stringify(command)).join(',\n')}\n]}\n`
}
