import { expect, test } from 'vitest'
import type { StoryView } from '../../engine/worker/protocol'
import { createRunStore } from '../store/run'
import { createUiStore } from '../store/ui'
import { followStops } from './shown'

function page() {
  const [run, ui] = [createRunStore(), createUiStore()]
  const opened: (string | null)[] = []
  followStops(run, ui, { show: (panel) => opened.push(panel), whyNow: () => opened.push('why now') })
  const story: StoryView = {
    stops: 3,
    reached: null,
    at: null,
    here: false,
    say: null,
    show: null,
    ask: null,
    goal: null,
    passed: false,
    over: false,
  }
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
