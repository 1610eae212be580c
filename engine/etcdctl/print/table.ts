interface Frame {
  wall: string
  line: string
  /** Left, middle and right character of the first, the middle and the last line. */
  top: string
  middle: string
  bottom: string
}

const PLAIN: Frame = { wall: '|', line: '-', top: '+++', middle: '+++', bottom: '+++' }
const BOX: Frame = { wall: '│', line: '─', top: '┌┬┐', middle: '├┼┤', bottom: '└┴┘' }

/**
 * A table as etcdctl draws it: centred headers in capitals, cells aligned right, one blank at each
 * side. `isBoxed`: with box characters.
 */
export function table(
  headers: readonly string[],
  rows: readonly (readonly string[])[],
  isBoxed = false,
): string {
  const { wall, line, top, middle, bottom } = isBoxed ? BOX : PLAIN
  const widths = headers.map((head, i) =>
    rows.reduce((most, cells) => Math.max(most, (cells[i] ?? '').length), head.length),
  )
  const border = ([left = '', cross = '', right = '']: string) =>
    `${left}${widths.map((width) => line.repeat(width + 2)).join(cross)}${right}\n`
  const row = (cells: readonly string[]) =>
    `${wall}${cells.map((cell) => ` ${cell} `).join(wall)}${wall}\n`
  const head = row(headers.map((each, i) => centred(each.toUpperCase(), widths[i]!)))
  const body = rows.map((cells) => row(widths.map((width, i) => (cells[i] ?? '').padStart(width))))
  const below =
    body.length > 0
      ? `${border(middle)}${body.join('')}${border(bottom)}`
      : border(isBoxed ? bottom : middle)
  return `${border(top)}${head}${below}`
}

function centred(word: string, width: number): string {
  const left = Math.floor((width - word.length) / 2)
  return (' '.repeat(left) + word).padEnd(width)
}
