import type { SpacetimeMessage, SpacetimeView } from '../../../engine/worker/protocol'
import { clockText } from '../../draw/figures'
import { useApp } from '../parts/app-context'

/**
 * The same events as a list, for readers who do not see the picture or prefer text. In a shown
 * list, each entry goes to its event.
 */
export function SpacetimeTwin({ view, shown }: { view: SpacetimeView; shown: boolean }) {
  const { commands } = useApp()
  const sent = new Set(view.messages.map(({ event }) => event))
  const rows = [
    ...view.messages.map((message) => ({
      at: message.sent,
      event: message.event,
      text: `${message.text} ${fateOf(message)}`,
    })),
    ...view.notes
      .filter(({ event }) => !sent.has(event))
      .map(({ at, event, text }) => ({ at, event, text })),
  ].sort((a, b) => a.at - b.at || a.event - b.event)
  return (
    <ol
      className={shown ? 'spacetime-twin' : 'spacetime-twin sr-only'}
      aria-label="Events of the diagram"
    >
      {view.cut && <li>Earlier events are left out.</li>}
      {rows.map(({ at, event, text }) => (
        <li key={`${event} ${text}`} data-event={event}>
          {shown ? (
            <button type="button" onClick={() => commands.seekEvent(event)}>
              <time>{clockText(at)}</time> {text}
            </button>
          ) : (
            `${clockText(at)} ${text}`
          )}
        </li>
      ))}
    </ol>
  )
}

function fateOf({ received, lost, due }: SpacetimeMessage): string {
  if (lost !== null) return `(lost at ${clockText(lost)})`
  if (received !== null) return `(arrives at ${clockText(received)})`
  return due === null ? '(in flight)' : `(in flight, due at ${clockText(due)})`
}
