import { expect, test } from 'vitest'
import { PATCH_VERSIONS } from '../../engine/text/releases'
import { checkedText, fidelity } from './fidelity'

const exchanges = Object.values(
  import.meta.glob<{ etcd: string; steps: unknown[]; events?: unknown[] }>(
    '../../engine/test/recordings/api/**/*.json',
    {
      eager: true,
      import: 'default',
    },
  ),
)
const transcripts = Object.values(
  import.meta.glob<{ etcdctl: string; commands: unknown[] }>(
    '../../engine/test/recordings/etcdctl/**/*.json',
    {
      eager: true,
      import: 'default',
    },
  ),
)
const sum = <T>(all: readonly T[], count: (each: T) => number) =>
  all.reduce((total, each) => total + count(each), 0)

test('the page counts the recordings of each version, and leaves out none', () => {
  expect(fidelity.map(({ patch }) => patch)).toEqual(Object.values(PATCH_VERSIONS))
  for (const { patch, version: _version, ...counts } of fidelity) {
    const api = exchanges.filter(({ etcd }) => etcd === patch)
    expect(counts, patch).toEqual({
      exchanges: api.length,
      calls: sum(api, ({ steps }) => steps.length),
      events: sum(api, ({ events = [] }) => events.length),
      lines: sum(
        transcripts.filter(({ etcdctl }) => etcdctl === patch),
        ({ commands }) => commands.length,
      ),
    })
  }
  expect(sum(fidelity, (each) => each.exchanges)).toBe(exchanges.length)
  expect(sum(fidelity, ({ lines }) => lines)).toBe(
    sum(transcripts, ({ commands }) => commands.length),
  )
  expect(fidelity[0]!.calls).toBeGreaterThan(1000)
})

test('the page says the counts in one paragraph a version', () => {
  const counts = { exchanges: 36, calls: 1811, events: 670, lines: 116 }
  const known = { version: '3.4', patch: '3.4.23', ...counts }
  expect(checkedText(known)).toBe(
    'etcd 3.4 is modelled as 3.4.23. Compared with a real 3.4.23: 1,811 API calls with 670 watch events in 36 exchanges, and 116 lines of etcdctl.',
  )
  expect(checkedText({ ...known, lines: 0 })).toMatch(/in 36 exchanges\.$/)
  expect(checkedText({ ...known, exchanges: 0, lines: 0 })).toBe(
    'etcd 3.4 is modelled as 3.4.23. It was read from its source, and not recorded yet.',
  )
})
