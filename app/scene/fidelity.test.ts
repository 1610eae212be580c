import { expect, test } from 'vitest'
import { fidelity } from './fidelity'

const exchanges = Object.values(
  import.meta.glob<{ etcd: string; steps: unknown[]; events?: unknown[] }>('../../engine/test/recordings/api/*/*.json', {
    eager: true,
    import: 'default',
  }),
)
const transcripts = Object.values(
  import.meta.glob<{ commands: unknown[] }>('../../engine/test/recordings/etcdctl/*/*.json', { eager: true, import: 'default' }),
)
const sum = <T>(all: readonly T[], count: (each: T) => number) => all.reduce((total, each) => total + count(each), 0)

test('the page counts what was recorded', () => {
  expect(fidelity).toEqual({
    recorded: '3.4.23',
    exchanges: exchanges.length,
    calls: sum(exchanges, ({ steps }) => steps.length),
    events: sum(exchanges, ({ events = [] }) => events.length),
    lines: sum(transcripts, ({ commands }) => commands.length),
  })
  expect(new Set(exchanges.map(({ etcd }) => etcd))).toEqual(new Set([fidelity.recorded]))
})
