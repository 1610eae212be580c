import fc from 'fast-check'
import { expect, test } from 'vitest'
import { embedLines } from './embed-lines'

test('two lines show a run in another page', () => {
  expect(embedLines('https://example.org/lease/', '#r1?seed=1&at=2.5', 'Too late')).toBe(
    `<iframe src="https://example.org/lease/?embed#r1?seed=1&#38;at=2.5" title="Leasescope: Too late" loading="lazy"
  style="width: 100%; height: 560px; border: 0"></iframe>
`,
  )
})

test('no title and no address can end its attribute, and both come back unchanged', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (hash, title) => {
      const [, source = '', words = ''] =
        /^<iframe src="([^"<>]*)" title="([^"<>]*)" loading/.exec(embedLines('a', hash, title)) ??
        []
      const text = (value: string) =>
        value.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
      expect([text(source), text(words)]).toEqual([`a?embed${hash}`, `Leasescope: ${title}`])
    }),
  )
})
