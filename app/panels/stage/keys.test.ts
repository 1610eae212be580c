import { expect, test } from 'vitest'
import { keysLeft } from './keys'

const here = { gone: null }
const struck = { gone: { at: 0, lease: 'L1' } } as never

test('of the keys that have no tag only living ones are counted, while the lease lives', () => {
  // Two keys, and one that was deleted a moment ago: its tag is not shown.
  expect(keysLeft({ state: 'live', keyCount: 2 }, [here, here, struck], [here])).toBe(1)
  expect(keysLeft({ state: 'live', keyCount: 2 }, [struck, here, here], [struck])).toBe(2)
  // More keys than rows were sent.
  expect(keysLeft({ state: 'live', keyCount: 300 }, [here, here], [here, here])).toBe(298)
  expect(keysLeft({ state: 'gone', keyCount: 0 }, [struck, struck], [struck])).toBe(1)
})
