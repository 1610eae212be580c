import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createCommands } from './commands/commands'
import { createClock } from './link/clock'
import { createLink } from './link/link'
import { openWorker } from './link/open-worker'
import { App } from './panels/app'
import { AppContext } from './panels/app-context'
import { CALM } from './panels/media'
import { createDirector } from './scene/director'
import { createPrefsStore } from './store/prefs'
import { createRunStore, isNews, receiveFrame } from './store/run'
import { createUiStore } from './store/ui'
import './styles/tokens.css'
import './styles/base.css'
import './styles/layout.css'
import './styles/controls.css'
import './styles/story.css'
import './styles/stage.css'
import './styles/cluster.css'
import './styles/invariants.css'
import './styles/lists.css'
import './styles/transport.css'
import './styles/history.css'
import './styles/tape.css'
import './styles/console.css'
import './styles/media.css'

const run = createRunStore()
const ui = createUiStore()
const prefs = createPrefsStore(() => localStorage)
const calm = matchMedia(CALM)

// Made here, outside of all components: a double mount starts nothing twice.
const port = openWorker((message) => run.setState({ stopped: { message, recording: null }, playing: false }))
const link = createLink(port, {
  frame(frame) {
    const before = run.getState()
    run.setState(receiveFrame(before, frame), true)
    clock.set(frame.now, frame.playing)
    return isNews(before, frame)
  },
  stopped: (stopped) => run.setState({ stopped, playing: false }),
  exported: (recording) => void commands.deliverRecording(JSON.stringify(recording)),
  session: () => {},
  refused: (message) => commands.refuse(message),
  busy: () => clock.wake(),
})
const clock = createClock({ requestFrame: (callback) => requestAnimationFrame(callback), isCalm: () => calm.matches }, (wallTime) => {
  link.tick(wallTime)
  return link.isBusy()
})
const commands = createCommands({ run, ui, prefs, send: link.send, isCalm: () => calm.matches, copy })
const director = createDirector(run, ui, commands)

document.addEventListener('visibilitychange', () => {
  if (document.hidden) link.hide()
})
document.documentElement.dataset.theme = prefs.getState().theme
commands.startOver()

const root = document.getElementById('root')
if (!root) throw new Error('no #root to draw in')
createRoot(root).render(
  <StrictMode>
    <AppContext value={{ run, ui, prefs, commands, director, clock }}>
      <App />
    </AppContext>
  </StrictMode>,
)

/** False where the browser does not allow it. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
