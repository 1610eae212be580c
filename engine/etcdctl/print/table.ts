/** A table as etcdctl draws it: headers in the middle and in capitals, cells to the right, one blank at each side. */
export function table(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headers.map((head, i) => rows.reduce((most, cells) => Math.max(most, (cells[i] ?? '').length), head.length))
  const border = `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+\n`
  const head = `|${headers.map((each, i) => ` ${centred(each.toUpperCase(), widths[i]!)} `).join('|')}|\n`
  const body = rows.map((cells) => `|${widths.map((width, i) => ` ${(cells[i] ?? '').padStart(width)} `).join('|')}|\n`)
  return `${border}${head}${border}${body.join('')}${body.length > 0 ? border : ''}`
}

function centred(word: string, width: number): string {
  const left = Math.floor((width - word.length) / 2)
  return (' '.repeat(left) + word).padEnd(width)
}
