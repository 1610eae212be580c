import { expect, test } from 'vitest'
import { keysLeft } from './keys'

const here = { gone: null }
const struck = { gone: { at: 0, lease: 'L1' } } as never

test('only living keys are counted among the keys without a tag, while the lease lives', () => {
  // Two living keys, and a key that was deleted a moment ago. The tag of the deleted key is not
  // shown.
  expect(keysLeft({ state: 'live', keyCount: 2 }, [here, here, struck], [here])).toBe(1)
  expect(keysLeft({ state: 'live', keyCount: 2 }, [struck, here, here], [struck])).toBe(2)
  // The lease has more keys than the rows that were sent.
  expect(keysLeft({ state: 'live', keyCount: 300 }, [here, here], [here, here])).toBe(298)
  expect(keysLeft({ state: 'gone', keyCount: 0 }, [struck, struck], [struck])).toBe(1)
})
