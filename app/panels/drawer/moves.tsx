import { type KeyboardEvent, useEffect, useRef } from 'react'
import { visible } from '../../../engine/text/visible'
import type { MoveCard, MoveGroup } from '../../../engine/worker/protocol'
import { clockText } from '../../draw/figures'
import { useApp, useRun, useUi } from '../parts/app-context'
import { Foreign } from '../parts/foreign'
import { Icon, type IconName } from '../parts/icon'
import { PanelHead } from './panel-head'
import './moves.css'

/**
 * The reader is the scheduler. Every possible next move is a card, and the run only makes the
 * chosen moves.
 */
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
    commands.changeInterest({ moves: machinery })
    return () => commands.changeInterest({ moves: undefined })
  }, [commands, machinery])
  // The chosen card has disappeared, so the focus goes to the card in its place.
  useEffect(() => {
    if (view === null || chosen.current === null) return
    const buttons = cardsOf(list.current)
    const place = Math.min(chosen.current, buttons.length - 1)
    chosen.current = null
    buttons[place]?.focus()
  }, [view])
  const choose = (card: MoveCard, place: number) => {
    chosen.current = place
    commands.choose(card, machinery)
  }
  return (
    <>
      <PanelHead title="Moves" />
      <p className="muted small">
        {playing
          ? 'The run plays. Pause it to choose what happens next.'
          : 'You choose what happens next. Nothing else moves.'}
      </p>
      <p className="moves-acts">
        {playing && (
          <button type="button" onClick={() => commands.pause()}>
            Pause
          </button>
        )}
        <button
          type="button"
          disabled={undo === null}
          title={undo ?? undefined}
          onClick={() => commands.undo()}
        >
          Undo the last choice
        </button>
        <button type="button" onClick={() => commands.letMachineryRun(machinery)}>
          Run internal timers
        </button>
      </p>
      {several && (
        <label className="check">
          <input
            type="checkbox"
            checked={machinery === 'ticks'}
            onChange={(event) => commands.setMachinery(event.target.checked ? 'ticks' : 'members')}
          />
          Choose messages between members too
        </label>
      )}
      <ul
        ref={list}
        aria-label="What may happen next"
        onKeyDown={(event) => walk(event, list.current)}
      >
        {view?.groups.map(({ name, cards, more }, i) => (
          <li key={name}>
            <h3 id={`moves-${name}`}>
              {groupWords[name]} <span className="muted">{cards.length + more}</span>
            </h3>
            <ul className="move-cards" aria-labelledby={`moves-${name}`}>
              {cards.map((card, place) => (
                <li key={card.id ?? `${card.kind} ${card.lease} ${card.at}`}>
                  <Card
                    card={card}
                    next={card.id !== null && card.id === view.next}
                    onChoose={() =>
                      choose(
                        card,
                        place +
                          view.groups
                            .slice(0, i)
                            .reduce((sum, group) => sum + group.cards.length, 0),
                      )
                    }
                  />
                </li>
              ))}
            </ul>
            {more > 0 && <p className="muted small">and {more} later ones</p>}
          </li>
        ))}
      </ul>
      {(view === null || view.groups.length === 0) && (
        <p className="empty">Only internal timers are due.</p>
      )}
      <Faults />
      {view !== null && view.machinery > 0 && (
        <p className="muted small moves-note">
          {view.machinery === 1 ? 'One internal move is' : `${view.machinery} internal moves are`}{' '}
          not listed. Those that are due before your choice run first.
        </p>
      )}
    </>
  )
}

const groupWords: Record<MoveGroup['name'], string> = {
  clients: 'Next lines of clients',
  messages: 'Messages of clients',
  leases: 'Leases that expire',
  peers: 'Messages between members',
}

const icons: Record<MoveCard['kind'], IconName> = {
  line: 'program',
  request: 'move',
  reply: 'undo',
  peer: 'branch',
  timer: 'clock',
  expiry: 'hex',
  wait: 'clock',
}
const words: Record<MoveCard['kind'], string> = {
  line: 'next line',
  request: 'request arrives',
  reply: 'reply arrives',
  peer: 'message between members',
  timer: 'timer fires',
  expiry: 'lease expires',
  wait: 'time passes',
}

/** Faults that the reader can cause at any time. */
function Faults() {
  const { commands } = useApp()
  const clients = useRun((state) => state.clients)
  const faults = clients.flatMap(({ id, state, program }) => {
    if (program === null) return []
    const pause =
      state === 'paused'
        ? (['resume-client', 'goes on'] as const)
        : (['pause-client', 'freezes'] as const)
    const crash =
      state === 'down'
        ? (['restart-client', 'starts again'] as const)
        : (['crash-client', 'crashes'] as const)
    return (state === 'down' ? [crash] : [pause, crash]).map(([type, text]) => ({ id, type, text }))
  })
  if (faults.length === 0) return null
  return (
    <>
      <h3 id="moves-faults">Faults, at any time</h3>
      <ul
        className="move-cards"
        aria-labelledby="moves-faults"
        onKeyDown={(event) => walk(event, event.currentTarget)}
      >
        {faults.map(({ id, type, text }) => (
          <li key={`${id} ${type}`}>
            <button
              type="button"
              className="move-card"
              onClick={() => commands.fault({ type, client: id })}
            >
              <Icon
                name={type === 'pause-client' ? 'pause' : type === 'crash-client' ? 'down' : 'play'}
                small
              />
              <span>
                <b>{visible(id)}</b> {text}
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
    <button type="button" className="move-card" onClick={onChoose}>
      <Icon name={icons[card.kind]} small />
      <span>
        <b>
          <Foreign text={card.who} />
          {card.whom !== null && ' → '}
          {card.whom !== null && <Foreign text={card.whom} />}
        </b>{' '}
        {card.text}
        <span className="muted small">
          {words[card.kind]},{' '}
          {late ? `due since ${clockText(card.at)} s` : `at ${clockText(card.at)} s`}
          {next && ', play takes this'}
          {card.lost && <span className="bad">, will be lost</span>}
        </span>
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
