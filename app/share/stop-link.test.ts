import { expect, test } from 'vitest'
import { readScenario } from '../scene/scenario'
import { STORY_AT_START } from '../scene/test-story'
import { emptyRun } from '../store/run'
import { createUiStore, type LockForm } from '../store/ui'
import { shortAddress, whyNoCode } from './stop-link'

const scenario = readScenario(
  'leader-crash',
  '# The leader crashes\nsvc session ttl=10 key=/svc/a value=up\nuntil 9',
)
const ui = { ...createUiStore().getState(), scenario }
const story = { ...STORY_AT_START, stops: 3, reached: 2 }

test('a story that runs as recorded has a short address with its stop', () => {
  expect(shortAddress(ui, emptyRun)).toBe('#scenario/leader-crash')
  expect(shortAddress(ui, { ...emptyRun, story })).toBe('#scenario/leader-crash/3')
  expect(
    shortAddress({ ...ui, lesson: { name: 'cluster', step: 1 } }, { ...emptyRun, story }),
  ).toBe('#lesson/cluster/2/3')
})

test('a changed run, or one that is not a story, has none', () => {
  const branch = { id: 1 } as unknown as (typeof emptyRun)['branches'][number]
  expect(shortAddress({ ...ui, scenario: null }, emptyRun)).toBeNull()
  expect(shortAddress({ ...ui, numbers: 1 }, emptyRun)).toBeNull()
  expect(shortAddress({ ...ui, foreign: 'link' }, emptyRun)).toBeNull()
  const form: LockForm = {
    tab: 'lock',
    story: true,
    lock: null,
    tried: null,
    needs: null,
    figured: null,
    opened: null,
  }
  const opened = {} as unknown as NonNullable<LockForm['opened']>
  expect(shortAddress({ ...ui, form }, emptyRun)).toBe('#scenario/leader-crash')
  expect(shortAddress({ ...ui, form: { ...form, opened } }, emptyRun)).toBeNull()
  expect(shortAddress(ui, { ...emptyRun, undo: 'crash m1' })).toBeNull()
  expect(shortAddress(ui, { ...emptyRun, branches: [branch, branch] })).toBeNull()
})

test('an address that phones cannot open has no code, and the reason is shown', () => {
  for (const host of [
    'localhost:4173',
    '127.0.0.1',
    '127.1.2.3:80',
    '[::1]:8080',
    '0.0.0.0',
    'a.localhost',
  ])
    expect(whyNoCode(`http://${host}/#lesson/cluster/2`), host).toMatch(/only this computer/)
  expect(whyNoCode('file:///index.html#lesson/cluster/2')).toMatch(/a file on this computer/)
  expect(whyNoCode('https://example.org/leasescope/#lesson/cluster/2/3')).toBeNull()
  expect(whyNoCode('http://192.168.0.7:4173/#lesson/cluster/2')).toBeNull()
  const link = `https://example.org/#${'x'.repeat(279)}`
  expect(link).toHaveLength(300)
  expect(whyNoCode(link)).toBeNull()
  expect(whyNoCode(`${link}x`)).toBe(
    'The link of this run has 301 characters, a QR code at most 300. Copy the link with Share instead.',
  )
})
