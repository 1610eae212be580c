// A recording made smaller while it still shows what it shows: fewer commands, and an earlier end.

import type { Recording } from '../sim/recording'

/** A recording, and the virtual ms to which it is played. */
export interface Played {
  recording: Recording
  until: number
}

/**
 * The smallest that is found by leaving out stretches of commands, ever shorter ones, and then by
 * ending earlier. `shows` must be true of `played`.
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

/** As a file: a run as the page saves it, with one command per line. */
export function fileOf({ recording: { commands, ...rest }, until }: Played): string {
  const head = JSON.stringify(rest).slice(0, -1)
  return `${head},"cursor":${until},"commands":[\n${commands.map((command) => JSON.stringify(command)).join(',\n')}\n]}\n`
}
