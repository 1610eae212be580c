import type { ConsoleEntry } from '../../engine/worker/protocol'

/** The output of a terminal, without the notes: they are not etcdctl's. */
export function transcriptText(entries: readonly ConsoleEntry[]): string {
  return entries
    .map(({ line, output }) => {
      const printed = output
        .filter(({ stream }) => stream !== 'note')
        .map(({ text }) => (text.endsWith('\n') ? text : `${text}\n`))
      return `$ ${line}\n${printed.join('')}`
    })
    .join('')
}
