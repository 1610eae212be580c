// Formats times and IDs for the page. Virtual milliseconds in, text out.

/** `12.400`: seconds with all three digits, for the clock and the log. */
export function clockText(at: number): string {
  return (at / 1000).toFixed(3)
}

/** `4.2 s`, `1 h 0 min`: a remaining time, rounded down to a tenth. 0.0 means due. */
export function remainingText(ms: number): string {
  const tenths = Math.floor(Math.max(0, ms) / 100)
  if (tenths < 6000) return `${Math.floor(tenths / 10)}.${tenths % 10} s`
  const minutes = Math.floor(tenths / 600)
  if (minutes < 60) return `${minutes} min ${Math.floor((tenths % 600) / 10)} s`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return `${hours} h ${minutes % 60} min`
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/** `4.2`, `59 m`: the same inside a ring, whose caption names the unit of seconds. */
export function shortRemainingText(ms: number): string {
  const tenths = Math.floor(Math.max(0, ms) / 100)
  if (tenths < 6000) return `${Math.floor(tenths / 10)}.${tenths % 10}`
  const minutes = Math.floor(tenths / 600)
  if (minutes < 100) return `${minutes} m`
  return minutes < 6000 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} d`
}

/** The same inside a small ring, which fits three characters: `9.4`, `17`. */
export function leastRemainingText(ms: number): string {
  const text = shortRemainingText(ms)
  return text.length > 3 ? text.replace(/\.\d$/, '') : text
}

/** `10 s`, `2 min`, `1 h`: a granted TTL. */
export function ttlText(seconds: number): string {
  if (seconds >= 86400 && seconds % 86400 === 0) return `${seconds / 86400} d`
  if (seconds >= 3600 && seconds % 3600 === 0) return `${seconds / 3600} h`
  if (seconds >= 120 && seconds % 60 === 0) return `${seconds / 60} min`
  return `${seconds} s`
}

/**
 * `/job/694d…6c01`: at most that many characters. The middle is left out, because names differ at
 * their ends.
 */
export function shortenMiddle(text: string, most: number): string {
  if (text.length <= most) return text
  if (most < 3) return `${text.slice(0, Math.max(1, most - 1))}…`
  const head = Math.ceil((most - 1) * 0.55)
  return `${text.slice(0, head)}…${text.slice(text.length - (most - 1 - head))}`
}

/** `a`, `a and b`, `a, b and c`. */
export function listText(names: readonly string[]): string {
  return names.length < 2
    ? (names[0] ?? '')
    : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
