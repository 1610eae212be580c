// Sizes and times as Go programs print them.

/** Decimal units, with one decimal place below ten (github.com/dustin/go-humanize: Bytes). */
export function byteSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB']
  let size = 1
  let unit = 0
  for (; bytes >= size * 1000 && unit < units.length - 1; unit++) size *= 1000
  if (bytes < 10) return `${bytes} B`
  const tenths = Math.floor((bytes / size) * 10 + 0.5)
  const value = tenths < 100 ? `${Math.floor(tenths / 10)}.${tenths % 10}` : String(rounded(tenths))
  return `${value} ${units[unit]}`
}

/** Go's %.0f of tenths: a half is rounded to even. */
function rounded(tenths: number): number {
  const whole = Math.floor(tenths / 10)
  const rest = tenths % 10
  return rest > 5 || (rest === 5 && whole % 2 === 1) ? whole + 1 : whole
}

/** Whole milliseconds as Go prints a time.Duration. */
export function goDuration(ms: number): string {
  if (ms === 0) return '0s'
  if (ms < 1000) return `${ms}ms`
  const minutes = Math.floor(ms / 60_000)
  const seconds = `${(ms % 60_000) / 1000}s`
  if (minutes === 0) return seconds
  return minutes < 60
    ? `${minutes}m${seconds}`
    : `${Math.floor(minutes / 60)}h${minutes % 60}m${seconds}`
}
