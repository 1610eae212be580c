import { expect, test } from 'vitest'
import { beEmbedded } from './embedded'
import { createPrefsStore } from './store/prefs'
import { createRunStore, type RunState } from './store/run'

function embedded(search: string, calm = false) {
  const run = createRunStore()
  const prefs = createPrefsStore()
  const did: string[] = []
  let see = (_seen: boolean): void => {}
  beEmbedded({
    run,
    prefs,
    commands: { play: () => void did.push('play') },
    bridge: { hide: () => void did.push('hide') },
    calm: { matches: calm },
    requestFrame: () => {},
    rest: () => {},
    search,
    watchSight: (changed) => {
      see = changed
    },
  })
  const state = (change: Partial<RunState>) => run.setState(change)
  return { prefs, did, state, see: (seen: boolean) => see(seen) }
}

test.each([
  ['?embed', 'system'],
  ['?embed&theme=dark', 'dark'],
  ['?theme=light&embed', 'light'],
  ['?embed&theme=pink', 'system'],
])('%s has the theme %s', (search, theme) => {
  expect(embedded(search).prefs.getState().theme).toBe(theme)
})

test('with &play the page plays by itself once, when the run is ready and visible', () => {
  const { did, state, see } = embedded('?embed&play')
  see(false)
  state({ ready: true })
  expect(did).toEqual(['hide'])
  see(true)
  see(false)
  see(true)
  state({ now: 5 })
  expect(did).toEqual(['hide', 'play', 'hide'])
})

test.each<[string, string, boolean, object | null]>([
  ['without &play', '?embed', false, null],
  ['with reduced motion', '?embed&play', true, null],
  ['while a question waits', '?embed&play', false, { ask: { state: 'open' }, goal: null }],
  ['while a goal waits', '?embed&play', false, { ask: null, goal: { state: 'open' } }],
])('the page does not play by itself %s', (_, search, calm, story) => {
  const { did, state, see } = embedded(search, calm)
  see(true)
  state({ ready: true, story: story as RunState['story'] })
  state({ now: 5 })
  expect(did).toEqual([])
})
