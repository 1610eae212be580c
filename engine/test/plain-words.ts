// The words that hide the subject of a sentence. A comment names the subject: the leader, the
// client.

import { parseSync } from 'vite'
import type { Source } from './tidy'

const WORDS =
  /\b(anew|whom|whoever|tidings|deeds?|is none|be it|for want of|at which|nobody|somebody)\b/gi

/** The rooms whose comments are free of these words. A clean room is added here, and stays. */
export const PLAIN_ROOMS = [
  'app/bridge',
  'app/commands',
  'app/draw',
  'app/offline',
  'app/panels',
  'app/scene',
  'app/share',
  'app/store',
  'engine/base',
  'engine/check',
  'engine/cli',
  'engine/client',
  'engine/clock',
  'engine/cluster',
  'engine/concurrency',
  'engine/etcdctl',
  'engine/fuzz',
  'engine/lease',
  'engine/member',
  'engine/mvcc',
  'engine/network',
  'engine/query',
  'engine/raft',
  'engine/replay',
  'engine/scenario',
  'engine/shell',
  'engine/sim',
  'engine/text',
  'engine/worker',
]

/** One line for every such word in a comment, as `path:line: word → what instead`. */
export function unplainWords({ path, text }: Source): string[] {
  if (!/\.tsx?$/.test(path) || !PLAIN_ROOMS.some((room) => path.startsWith(`${room}/`))) return []
  return blocks(path, text).flatMap(({ line, words }) =>
    [...words.matchAll(WORDS)].map(
      ([word]) => `${path}:${line}: ${word} → the subject by its name`,
    ),
  )
}

/** The comments, each with its first line; consecutive line comments are one. */
function blocks(path: string, text: string): { line: number; words: string }[] {
  const found: { line: number; words: string; end: number }[] = []
  for (const { type, value, start, end } of parseSync(path, text).comments) {
    const words = value.replace(/\s*\n\s*\*?\s*/g, ' ').trim()
    const last = found.at(-1)
    const goesOn =
      type === 'Line' && last !== undefined && /^\s*$/.test(text.slice(last.end, start))
    if (goesOn) {
      last.words += ` ${words}`
      last.end = end
    } else found.push({ line: text.slice(0, start).split('\n').length, words, end })
  }
  return found
}
