import { expect, test } from 'vitest'
import type { ConsoleEntry } from '../../engine/worker/protocol'
import { transcriptText } from './transcript'

const entry = (line: string, output: ConsoleEntry['output']): ConsoleEntry => ({
  terminal: 't1',
  job: 1,
  line,
  at: 0,
  event: 1,
  output,
  state: 'done',
  exit: 0,
  keeps: [],
})

test('a transcript is the output of a terminal, without the notes', () => {
  const entries = [
    entry('etcdctl put a 1', [
      { stream: 'note', text: 'a note', at: 1 },
      { stream: 'stdout', text: 'OK\n', at: 2 },
    ]),
    entry('etcdctl foo', [{ stream: 'stderr', text: 'Error: unknown command', at: 3 }]),
  ]
  expect(transcriptText(entries)).toBe(
    '$ etcdctl put a 1\nOK\n$ etcdctl foo\nError: unknown command\n',
  )
  expect(transcriptText([])).toBe('')
})
