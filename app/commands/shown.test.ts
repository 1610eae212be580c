import { expect, test } from 'vitest'
import type { StoryView } from '../../engine/worker/protocol'
import { OPEN_QUESTION, STORY_AT_START } from '../scene/test-story'
import { createRunStore } from '../store/run'
import { createUiStore, type UiState } from '../store/ui'
import { followStops, panelForRoom } from './shown'

const story: StoryView = { ...STORY_AT_START, stops: 3 }

function page() {
  const [run, ui] = [createRunStore(), createUiStore()]
  const opened: (string | null)[] = []
  const show = (panel: UiState['panel']) => {
    opened.push(panel)
    ui.setState({ panel })
  }
  followStops(run, ui, { show, whyNow: () => opened.push('why now') })
  return {
    ui,
    opened,
    reach: (reached: number | null, show: StoryView['show'], run_ = 1) =>
      run.setState({ opened: run_, story: { ...story, reached, show } }),
  }
}

test('a stop that is reached opens its panel, once; one without leaves the drawer as it is', () => {
  const { opened, reach } = page()
  reach(null, null)
  reach(0, { panel: 'storage' })
  reach(0, { panel: 'storage' })
  expect(opened).toEqual(['storage'])
  reach(1, { rows: ['leases'] })
  reach(2, { panel: 'why' })
  reach(0, { panel: 'storage' })
  expect(opened).toEqual(['storage', 'why now', 'storage'])
})

test('a run that came with its panel keeps it until the next stop', () => {
  const { ui, opened, reach } = page()
  ui.setState({ brought: true })
  reach(0, { panel: 'storage' })
  expect(opened).toEqual([])
  reach(1, { panel: 'log' })
  ui.setState({ brought: false })
  reach(1, { panel: 'log' }, 2)
  expect(opened).toEqual(['log', 'log'])
})

test('an embedded page opens a panel only where its stop cannot do without it, and closes it with the next stop', () => {
  const { ui, opened, reach } = page()
  ui.setState({ embedded: true })
  reach(0, { panel: 'storage' })
  expect(opened).toEqual([])
  reach(1, { panel: 'inside' })
  reach(2, { panel: 'growth' })
  reach(3, { rows: ['leases'] })
  reach(4, null)
  expect(opened).toEqual(['inside', 'growth', null])
})

test('for a room the inside takes the place of the timeline, until a stop without it or a question about a time', () => {
  const ask = OPEN_QUESTION
  const of = (show: StoryView['show'], change: Partial<StoryView> = {}) =>
    panelForRoom({ ...story, show, ...change })
  expect(panelForRoom(null)).toBeNull()
  expect(of(null)).toBeNull()
  expect(of({ panel: 'inside', rows: ['leases'] })).toBe('inside')
  expect(of({ panel: 'growth' })).toBe('growth')
  expect(of({ panel: 'storage' })).toBeNull()
  expect(of({ panel: 'inside' }, { ask })).toBeNull()
  expect(of({ panel: 'inside' }, { ask: { ...ask, state: 'decided' } })).toBe('inside')
  expect(of({ panel: 'inside' }, { ask: { ...ask, kind: 'how-much' } })).toBe('inside')
})
