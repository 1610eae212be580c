import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Host } from '../../engine/worker/host'
import { opening } from '../scene/opening'
import { LONGEST_PACKED, packed, unpacked } from './codec'

const link = async (): Promise<{ text: string; payload: string }> => {
  const host = new Host(() => 0)
  host.receive({ type: 'open', recording: opening, at: 1500 })
  const shared = host.receive({ type: 'share', form: 'link', view: { tab: 'keys' } })
  if (shared?.type !== 'shared') throw new Error('not shared')
  return { text: shared.text, payload: await packed(shared.text) }
}

/** The result of opening a link: the run's own text again, or the reason why not. */
async function opened(payload: string): Promise<{ text: string } | { reason: string }> {
  const result = await unpacked(payload)
  if (!result.ok) return { reason: result.reason }
  const host = new Host(() => 0)
  host.receive({ type: 'open', recording: opening, at: 0 })
  const answer = host.receive({ type: 'open-shared', text: result.text, form: 'json' })
  if (answer?.type === 'refused') return { reason: answer.message }
  return { text: result.text }
}

test('any text comes back unchanged', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 2000 }),
      async (text) => {
        expect(await unpacked(await packed(text))).toEqual({ ok: true, text })
      },
    ),
    { numRuns: 60 },
  )
})

test('a link that was cut off anywhere is refused, with a place', async () => {
  const { payload } = await link()
  for (let length = 0; length < payload.length; length++) {
    const result = await opened(payload.slice(0, length))
    expect(result, `${length} characters`).toHaveProperty(
      'reason',
      expect.stringMatching(/(link|character|check|commands|whole)/),
    )
  }
})

test('a link with one changed character is refused, or is the same run', async () => {
  const { text, payload } = await link()
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  await fc.assert(
    fc.asyncProperty(fc.nat(payload.length - 1), fc.nat(63), async (at, letter) => {
      const result = await opened(payload.slice(0, at) + letters[letter] + payload.slice(at + 1))
      if ('text' in result) expect(result.text).toBe(text)
      else expect(result.reason).toMatch(/\w+.*: /s)
    }),
    { numRuns: 300 },
  )
})

test('anything else is refused with a reason, and nothing is thrown', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.string({ maxLength: 300 }), fc.base64String({ maxLength: 300 })),
      async (payload) => {
        expect(await opened(payload)).toHaveProperty('reason', expect.stringMatching(/\S/))
      },
    ),
    { numRuns: 200 },
  )
})

test('inflating stops when the text becomes larger than any run', async () => {
  const bomb = await packed(' '.repeat(20_000_000))
  expect(bomb.length).toBeLessThan(LONGEST_PACKED)
  expect(await unpacked(bomb)).toEqual({
    ok: false,
    reason: expect.stringMatching(/inflates to more than \d+ bytes/),
  })
  expect(await unpacked('A'.repeat(LONGEST_PACKED + 1))).toEqual({
    ok: false,
    reason: expect.stringMatching(/at most \d+ characters/),
  })
})
