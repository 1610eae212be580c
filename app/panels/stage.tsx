import { useLayoutEffect, useRef, useState } from 'react'
import type { Link, Rect } from '../draw/message-path'
import { linkBetween } from '../draw/message-path'
import { useRun } from './app-context'
import { ClientCard } from './client-card'
import { Flights } from './flights'
import { Holdings } from './holdings'
import { MemberCard } from './member-card'

/** The world: clients, members, what the members hold, and what is on its way between them. */
export function Stage() {
  const clients = useRun((state) => state.clients)
  const members = useRun((state) => state.members)
  const shape = [...clients.map(({ id }) => id), ...members.map(({ name }) => name)].join(' ')
  const { ref, links, size } = useLinks(shape)
  // A terminal that has said nothing yet would only be clutter.
  const shown = clients.filter((client) => client.kind === 'program' || client.sessions.length > 0 || client.program.length > 0)
  return (
    <section className="stage panel" id="stage" aria-labelledby="stage-title" tabIndex={-1}>
      <h2 id="stage-title" className="sr-only">
        Stage
      </h2>
      <div className="stage-grid" ref={ref} data-crowded={shown.length > 3 || members.length > 3 || undefined}>
        <div className="stage-column stage-clients">
          <h3 className="column-title">Clients: what they believe</h3>
          {shown.map((client) => (
            <ClientCard key={client.id} client={client} />
          ))}
        </div>
        <div className="stage-column stage-members">
          <h3 className="column-title">Members: what is true</h3>
          {members.map((member) => (
            <MemberCard key={member.id} member={member} />
          ))}
        </div>
        <div className="stage-column stage-holdings">
          <h3 className="column-title">Leases and their keys</h3>
          <Holdings />
        </div>
        <Flights links={links} width={size.width} height={size.height} />
      </div>
    </section>
  )
}

/** Measures where the cards stand, and again whenever one of them changes its size. A link's name is `client member`. */
function useLinks(shape: string) {
  const ref = useRef<HTMLDivElement>(null)
  const [measured, setMeasured] = useState<{ links: Map<string, Link>; size: { width: number; height: number } }>({
    links: new Map(),
    size: { width: 0, height: 0 },
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: other cards are there after a change of shape
  useLayoutEffect(() => {
    const stage = ref.current
    if (!stage) return
    const measure = () => setMeasured(measureLinks(stage))
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(stage)
    for (const card of stage.querySelectorAll('[data-end]')) observer.observe(card)
    return () => observer.disconnect()
  }, [shape])
  return { ref, ...measured }
}

function measureLinks(stage: HTMLElement) {
  const origin = stage.getBoundingClientRect()
  const rectOf = (element: Element): Rect => {
    const { x, y, width, height } = element.getBoundingClientRect()
    return { x: x - origin.x + stage.scrollLeft, y: y - origin.y + stage.scrollTop, width, height }
  }
  const links = new Map<string, Link>()
  for (const client of stage.querySelectorAll('[data-end="client"]')) {
    for (const member of stage.querySelectorAll('[data-end="member"]')) {
      links.set(`${client.getAttribute('data-id')} ${member.getAttribute('data-id')}`, linkBetween(rectOf(client), rectOf(member)))
    }
  }
  return { links, size: { width: stage.scrollWidth, height: stage.scrollHeight } }
}
