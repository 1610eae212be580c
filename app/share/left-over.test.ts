import { expect, test } from 'vitest'
import { Host } from '../../engine/worker/host'
import type { SavedRunTree } from '../../engine/worker/protocol'
import { opening } from '../scene/opening'
import { leftOver } from './left-over'

function saved(host: Host): SavedRunTree {
  const answer = host.receive({ type: 'export-tree' })
  if (answer?.type !== 'exported-tree') throw new Error('not exported')
  return answer.tree
}

test('the rest of a run opens as the same run, with its branches', () => {
  const host = new Host(() => 0)
  host.receive({ type: 'open', recording: opening, at: 3000 })
  const put = (value: string) =>
    host.receive({
      type: 'command',
      command: { type: 'console', terminal: 't1', text: `etcdctl put a ${value}`, mode: 'strict' },
    })
  put('1')
  host.receive({ type: 'seek', at: 5000 })
  host.receive({ type: 'seek', at: 2000 })
  put('2')
  host.receive({ type: 'seek', at: 4000 })
  put('3')
  host.receive({ type: 'undo' })
  const tree = saved(host)
  expect(tree.deeds?.list).toHaveLength(3)

  const again = new Host(() => 0)
  again.receive({ type: 'open', recording: opening, at: 0 })
  const answer = again.receive({
    type: 'open-shared',
    text: JSON.stringify(leftOver(tree)),
    form: 'json',
  })
  expect(answer).toEqual({ type: 'opened', view: {} })
  expect(again.recording()).toEqual(host.recording())
  const { cursor, branches } = saved(again)
  expect(cursor).toBe(tree.cursor)
  expect(branches.map(({ id, commands }) => [id, commands.length])).toEqual(
    tree.branches
      .filter(({ deleted, provisional, id }) => id === tree.current || !(deleted || provisional))
      .map(({ id, commands }) => [id, commands.length]),
  )
})

test('the rest of a story opens at its stop, with the answers', () => {
  const host = new Host(() => 0)
  const stops = [
    {
      when: { type: 'at', at: 1000 },
      ask: { kind: 'how-much', text: 'How many keys?', mark: { type: 'keys', lease: 1 } },
    },
  ] as const
  host.receive({ type: 'open', recording: { ...opening, stops }, at: 1000 })
  host.receive({ type: 'answer', stop: 0, answer: 2 })
  const again = new Host(() => 0)
  again.receive({ type: 'open-shared', text: JSON.stringify(leftOver(saved(host))), form: 'json' })
  expect(saved(again)).toMatchObject({ cursor: 1000, stops, answers: [{ stop: 0, answer: 2 }] })
})
