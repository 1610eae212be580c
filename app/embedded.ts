// The page inside of another one: `?embed`, with `&play` to begin by itself and `&theme=light` or
// `dark`. Off the screen its clock stands.

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
  /** Motion is to be reduced: nothing plays by itself. */
  calm: { matches: boolean }
  requestFrame: RequestFrame
  /** The page's frames come from that function from now on. */
  rest(requestFrame: RequestFrame): void
  /** What stands behind the `?` of the address. */
  search?: string
  /** Says whether the page is on the screen, at once and whenever that changes. */
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
    // A question or a goal that waits there is not skipped.
    if (story?.ask?.state !== 'open' && story?.goal?.state !== 'open') commands.play()
  }
  run.subscribe(playOnce)
  watchSight((seen) => {
    isSeen = seen
    // Nothing is caught up later.
    if (!seen) bridge.hide()
    resting.see(seen)
    playOnce()
  })
}

/** Of a frame too, whatever page it is in: the browser reckons with the outermost window. */
function watchPage(changed: (seen: boolean) => void): void {
  new IntersectionObserver((entries) => changed(entries.at(-1)?.isIntersecting === true)).observe(
    document.body,
  )
}
