import { type KeyboardEvent, useEffect, useRef } from 'react'
import type { MoveCard, MoveGroup } from '../../../engine/worker/protocol'
import { clockText } from '../../draw/figures'
import { useApp, useRun, useUi } from '../parts/app-context'

/** The reader is the scheduler: every move that may come next is a card, and nothing moves but what is chosen. */
export default function Moves() {
  const { commands } = useApp()
  const machinery = useUi((state) => state.machinery)
  const view = useRun((state) => state.moves)
  const playing = useRun((state) => state.playing)
  const several = useRun((state) => state.members.length > 1)
  const list = useRef<HTMLUListElement>(null)
  const chosen = useRef<number | null>(null)
  const undo = useRun((state) => state.undo)
  useEffect(() => {
    commands.pause()
    commands.look({ moves: machinery })
    return () => commands.look({ moves: undefined })
  }, [commands, machinery])
  // The card that was chosen is gone: the focus goes to the one in its place.
  useEffect(() => {
    if (view === null || chosen.current === null) return
    const buttons = cardsOf(list.current)
    const place = Math.min(chosen.current, buttons.length - 1)
    chosen.current = null
    buttons[place]?.focus()
  }, [view])
  if (view === null) return <p className="empty">Nothing may happen next.</p>
  const choose = (card: MoveCard, place: number) => {
    chosen.current = place
    commands.choose(card, machinery)
  }
  return (
    <div className="moves">
      <div className="lab-options">
        <p className="moves-head">
          <b>You are the scheduler.</b> Nothing moves but what you choose{playing && ' – but now the run is playing'}.
        </p>
        {playing && (
          <button type="button" className="button small" onClick={() => commands.pause()}>
            Pause, and choose
          </button>
        )}
        <button type="button" className="button small" disabled={undo === null} title={undo ?? undefined} onClick={() => commands.undo()}>
          Undo the last choice
        </button>
        <button type="button" className="button small" onClick={() => commands.letMachineryRun(machinery)}>
          Let the machinery run
        </button>
        {several && (
          <label className="check">
            <input
              type="checkbox"
              checked={machinery === 'ticks'}
              onChange={(event) => commands.setMachinery(event.target.checked ? 'ticks' : 'members')}
            />
            Choose between members too
          </label>
        )}
      </div>
      <ul ref={list} className="move-groups" aria-label="What may happen next" onKeyDown={(event) => walk(event, list.current)}>
        {view.groups.map(({ name, cards, more }, i) => (
          <li key={name} className="move-group">
            <h4 className="column-title" id={`moves-${name}`}>
              {groupWords[name]} <span className="count">{cards.length + more}</span>
            </h4>
            <ul className="move-cards" aria-labelledby={`moves-${name}`}>
              {cards.map((card, place) => (
                <li key={card.id ?? `${card.kind} ${card.lease} ${card.at}`}>
                  <Card
                    card={card}
                    next={card.id !== null && card.id === view.next}
                    onChoose={() => choose(card, place + view.groups.slice(0, i).reduce((sum, group) => sum + group.cards.length, 0))}
                  />
                </li>
              ))}
            </ul>
            {more > 0 && <p className="muted">and {more} more, later than these</p>}
          </li>
        ))}
      </ul>
      {view.groups.length === 0 && <p className="empty">Nobody has anything to do but the machinery.</p>}
      <Faults />
      <p className="muted moves-note">
        {view.machinery === 0
          ? 'No machinery is due.'
          : `${view.machinery} ${view.machinery === 1 ? 'move' : 'moves'} of machinery (${machinery === 'ticks' ? 'ticks and heartbeats' : several ? 'ticks, and what members say to each other' : 'ticks, and passes that find no lease'}) ${view.machinery === 1 ? 'is' : 'are'} folded away: what is due before the move you choose is taken first, and nothing else is.`}
      </p>
    </div>
  )
}

const groupWords: Record<MoveGroup['name'], string> = {
  clients: 'What clients do next',
  messages: 'On the way between clients and whom they ask',
  leases: 'Leases that run out',
  peers: 'On the way between members',
}

const glyphs: Record<MoveCard['kind'], string> = {
  line: '▶',
  request: '→',
  reply: '⇠',
  peer: '⇄',
  timer: '◷',
  expiry: '◆',
  wait: '⋯',
}
const words: Record<MoveCard['kind'], string> = {
  line: 'next line',
  request: 'request arrives',
  reply: 'reply arrives',
  peer: 'message between members',
  timer: 'its time has come',
  expiry: 'a lease runs out',
  wait: 'time passes',
}

/** What may go wrong, whenever one likes. */
function Faults() {
  const { commands } = useApp()
  const clients = useRun((state) => state.clients)
  const faults = clients.flatMap(({ id, state, script }) => {
    if (script === null) return []
    const pause = state === 'paused' ? (['resume-client', 'goes on'] as const) : (['pause-client', 'is paused'] as const)
    const crash = state === 'down' ? (['restart-client', 'starts again'] as const) : (['crash-client', 'crashes'] as const)
    return (state === 'down' ? [crash] : [pause, crash]).map(([type, text]) => ({ id, type, text }))
  })
  if (faults.length === 0) return null
  return (
    <>
      <h4 className="column-title" id="moves-faults">
        What may go wrong, whenever you like
      </h4>
      <ul className="move-cards move-faults" aria-labelledby="moves-faults" onKeyDown={(event) => walk(event, event.currentTarget)}>
        {faults.map(({ id, type, text }) => (
          <li key={`${id} ${type}`}>
            <button type="button" className="move-card" data-kind="fault" onClick={() => commands.fault({ type, client: id })}>
              <span>
                <span aria-hidden="true">✕</span> <b>{id}</b> {text}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}

function Card({ card, next, onChoose }: { card: MoveCard; next: boolean; onChoose(): void }) {
  const now = useRun((state) => state.now)
  const late = card.at < now
  return (
    <button type="button" className="move-card" data-kind={card.kind} onClick={onChoose}>
      <span className="move-kind">
        <span aria-hidden="true">{glyphs[card.kind]}</span> {words[card.kind]}
      </span>
      <b className="move-who">
        {card.who}
        {card.whom !== null && ` → ${card.whom}`}
      </b>
      <span className="move-text">{card.text}</span>
      <span className="move-at">
        <span className="figure">{late ? `due since ${clockText(card.at)} s` : `at ${clockText(card.at)} s`}</span>
        {next && ' · playing takes this'}
        {card.lost && ' · ✕ will be lost'}
      </span>
    </button>
  )
}

function cardsOf(list: HTMLElement | null): HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>('.move-card') ?? [])]
}

/** Arrows walk from card to card; Tab does too. */
function walk(event: KeyboardEvent, list: HTMLElement | null): void {
  const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
  if (by === undefined) return
  event.preventDefault()
  const cards = cardsOf(list)
  const at = cards.findIndex((card) => card.matches(':focus'))
  cards[(at + by + cards.length) % cards.length]?.focus()
}
