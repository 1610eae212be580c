// The page inside another page: `?embed`, with `&play` to start by itself and `&theme=light` or
// `dark`. Its clock stops while the page is off the screen.

import type { Bridge } from './bridge/bridge'
import { createRest, type RequestFrame } from './bridge/rest'
import type { Commands } from './commands/commands'
import type { PrefsStore } from './store/prefs'
import type { RunStore } from './store/run'

export interface EmbeddedParts {
  run: RunStore
  prefs: PrefsStore
  commands: Pick<Commands, 'play'>
  bridge: Pick<Bridge, 'hide'>
  /** Reduced motion: nothing plays by itself. */
  calm: { matches: boolean }
  requestFrame: RequestFrame
  /** From now on the page requests its frames with that function. */
  rest(requestFrame: RequestFrame): void
  /** The part after the `?` of the address. */
  search?: string
  /** Reports whether the page is on the screen: at once, and after every change. */
  watchSight?(changed: (seen: boolean) => void): void
}

export function beEmbedded({
  run,
  prefs,
  commands,
  bridge,
  calm,
  requestFrame,
  rest,
  search = location.search,
  watchSight = watchPage,
}: EmbeddedParts): void {
  const fields = new URLSearchParams(search)
  const theme = fields.get('theme')
  if (theme === 'light' || theme === 'dark') prefs.setState({ theme })
  const isRunning = (): boolean => run.getState().playing || run.getState().answering
  const resting = createRest(requestFrame, isRunning)
  rest(resting.requestFrame)
  let isSeen = false
  let plays = fields.has('play') && !calm.matches
  function playOnce(): void {
    const { ready, story } = run.getState()
    if (!plays || !isSeen || !ready) return
    plays = false
    // An open question or goal at the start is not skipped.
    if (story?.ask?.state !== 'open' && story?.goal?.state !== 'open') commands.play()
  }
  run.subscribe(playOnce)
  watchSight((seen) => {
    isSeen = seen
    // The run does not catch up later.
    if (!seen) bridge.hide()
    resting.see(seen)
    playOnce()
  })
}

/**
 * This also works in a frame, whatever page contains it: the browser measures against the outermost
 * window.
 */
function watchPage(changed: (seen: boolean) => void): void {
  new IntersectionObserver((entries) => changed(entries.at(-1)?.isIntersecting === true)).observe(
    document.body,
  )
}
