import { type ReactNode, useEffect, useRef, useState } from 'react'
import { type Notice, withdraw } from '../../store/ui'
import { useApp, useUi } from '../parts/app-context'
import { Icon } from '../parts/icon'

/**
 * Milliseconds for which a message without buttons stays. The time stops while the pointer or the
 * focus is on it.
 */
const SHOWN_MS = 6000

/** Short messages, at the left above the transport. */
export function Toasts() {
  const { ui, commands } = useApp()
  const notice = useUi((state) => state.notice)
  const gesture = useUi((state) => state.gesture)
  const notices = useUi((state) => state.notices)
  const refused = useUi((state) => state.refused)
  return (
    <div className="toasts" role="status" aria-label="Messages">
      {notices.map((each) => (
        <NoticeToast key={keyOf(each)} notice={each} />
      ))}
      {refused !== null && (
        <Toast stays onDone={() => ui.setState({ refused: null })}>
          <Icon name="down" small />
          <span>Not taken: {refused.replace(/[.]?$/, '.')} The run goes on as before.</span>
        </Toast>
      )}
      {gesture !== null && (
        <Toast key={gesture} onDone={() => ui.setState({ gesture: null })}>
          <span className="sr-only">The same on the console: </span>
          <code className="toast-line" title={gesture}>
            {gesture.split('\n', 1)[0]}
          </code>
          <button type="button" onClick={() => void commands.copyText(gesture, 'Line')}>
            Copy
          </button>
        </Toast>
      )}
      {notice.text !== '' && (
        <Toast key={notice.count} onDone={() => ui.setState({ notice: { ...notice, text: '' } })}>
          <span>{notice.text}</span>
        </Toast>
      )}
    </div>
  )
}

/** Messages that wait for the reader. */
const STAYING: Notice['kind'][] = [
  'elsewhere',
  'failed',
  'crashed',
  'newer',
  'other',
  'short',
  'unopened',
  'removed',
  'blocked',
]
/** Messages about another run that can be opened. */
const OPENING: Partial<Record<Notice['kind'], string>> = {
  earlier: 'Open it',
  dropped: 'Open it',
  other: 'Open it',
  unopened: 'Try it again',
}

/**
 * Two notices offer the run before this one. Where one takes the place of the other, the button
 * stays, and with it the focus: a press of Enter reaches it.
 */
const keyOf = ({ kind }: Notice): string => (kind === 'dropped' ? 'earlier' : kind)

/** Notices about the run that this browser keeps. */
function NoticeToast({ notice: { kind, text, id = null } }: { notice: Notice }) {
  const { ui, sharing, keeping, commands, takeNewerVersion } = useApp()
  const done = () => withdraw(ui, kind)
  return (
    <Toast stays={STAYING.includes(kind)} onDone={done}>
      <span>{text}</span>
      {OPENING[kind] && (kind === 'earlier' || kind === 'dropped' || id !== null) && (
        <button
          type="button"
          onClick={() => {
            done()
            void keeping.then((keeper) => keeper?.openEarlier(id))
          }}
        >
          {OPENING[kind]}
        </button>
      )}
      {kind === 'short' && (
        <button
          type="button"
          onClick={() => {
            done()
            commands.play()
          }}
        >
          Play on
        </button>
      )}
      {kind === 'removed' && (
        <button type="button" onClick={() => void keeping.then((keeper) => keeper?.bringBack())}>
          Bring back
        </button>
      )}
      {kind === 'restored' && (
        <button type="button" onClick={() => sharing.startOver()}>
          Start over
        </button>
      )}
      {kind === 'newer' && (
        <button type="button" onClick={takeNewerVersion}>
          Reload
        </button>
      )}
      {kind === 'elsewhere' && (
        <button type="button" onClick={() => void keeping.then((keeper) => keeper?.takeOver())}>
          Keep this one instead
        </button>
      )}
    </Toast>
  )
}

/** A message that disappears after some time, or `stays` until the reader closes it. */
function Toast({
  stays = false,
  onDone,
  children,
}: {
  stays?: boolean
  onDone(): void
  children: ReactNode
}) {
  const [held, setHeld] = useState(false)
  const latest = useRef(onDone)
  latest.current = onDone
  useEffect(() => {
    if (stays || held) return
    const timer = setTimeout(() => latest.current(), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [stays, held])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only waits while a reader reads it
    <div
      className="toast"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      {children}
      <button type="button" className="icon-button" aria-label="Close the message" onClick={onDone}>
        <Icon name="close" small />
      </button>
    </div>
  )
}
