import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { LESSONS, nextToDo, passedOf } from '../../scene/lessons'
import { found, minutesOf, type ShelfOfStories, shelved } from '../../scene/library'
import type { Scenario } from '../../scene/scenario'
import { useApp, usePrefs, useUi } from '../parts/app-context'
import { Icon } from '../parts/icon'
import { Dialog } from './dialog'
import './library.css'
import { MiniatureFigure } from './miniature'
import { useCatalogue } from './use-catalogue'

/** Sizes for a cluster of the reader's own. */
const SIZES = [1, 3, 5, 7]

/**
 * Every story as a card: its question, a picture of its run, its duration, its version, and whether
 * the reader has seen it.
 */
export default function Library({ onClose }: { onClose(): void }) {
  const seen = usePrefs((state) => state.seen)
  const { stories, failed, retry } = useCatalogue()
  const [words, setWords] = useState('')
  const shelves = useMemo(() => shelved(found(stories, words)), [stories, words])
  const count = stories.filter(({ name }) => seen.includes(name)).length
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  return (
    <Dialog title="Library" className="library" onClose={onClose}>
      <SearchKey field={field} />
      <div className="library-find">
        <label>
          <Icon name="search" small />
          <input
            ref={field}
            type="search"
            value={words}
            placeholder="Search questions, words, versions"
            aria-label="Search"
            onChange={({ target }) => setWords(target.value)}
            onKeyDown={(event) => event.key === 'ArrowDown' && focusCard(event)}
          />
        </label>
        <p aria-live="polite">
          {words.trim() === ''
            ? `${count} of ${stories.length} stories seen`
            : `${countOf(shelves)} found`}
        </p>
      </div>
      <ShelfList shelves={shelves} seen={seen} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the arrows go from card to card */}
      <div className="library-shelves" onKeyDown={moveAmongCards}>
        {failed && (
          <button type="button" className="pick" onClick={retry}>
            The stories did not load. Try again
          </button>
        )}
        {words.trim() === '' && <Lessons stories={stories} onOpened={onClose} />}
        {shelves.map((shelf) => (
          <section
            key={shelf.name}
            id={`shelf-${shelf.name}`}
            aria-labelledby={`shelf-${shelf.name}-name`}
          >
            <h3 id={`shelf-${shelf.name}-name`}>
              {shelf.word} <small>{shelf.about}</small>
            </h3>
            <div className="library-cards">
              {shelf.stories.map((story, at) => (
                <Card
                  key={story.name}
                  first={at === 0}
                  story={story}
                  seen={seen.includes(story.name)}
                  onOpened={onClose}
                />
              ))}
            </div>
          </section>
        ))}
        {words.trim() === '' && <OwnRuns onOpened={onClose} />}
        {stories.length > 0 && shelves.length === 0 && (
          <p>No story has these words. Try fewer words.</p>
        )}
      </div>
    </Dialog>
  )
}

/** `/` moves to the search, as on other large pages. */
function SearchKey({ field }: { field: RefObject<HTMLInputElement | null> }) {
  useEffect(() => {
    function onKeyDown(event: globalThis.KeyboardEvent): void {
      if (event.key !== '/' || event.target instanceof HTMLInputElement) return
      event.preventDefault()
      field.current?.focus()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [field])
  return null
}

function countOf(shelves: readonly ShelfOfStories[]): string {
  const count = shelves.reduce((sum, { stories }) => sum + stories.length, 0)
  return count === 1 ? '1 story' : `${count} stories`
}

/** The shelves by name: a click scrolls to one. */
function ShelfList({
  shelves,
  seen,
}: {
  shelves: readonly ShelfOfStories[]
  seen: readonly string[]
}) {
  const passed = usePrefs((state) => state.passed)
  const show = (name: string) =>
    document.getElementById(`shelf-${name}`)?.scrollIntoView({ block: 'start' })
  return (
    <nav className="library-list" aria-label="Shelves">
      <button type="button" onClick={() => show('lessons')}>
        Lessons
        <span>
          {LESSONS.filter((lesson) => passedOf(lesson, passed) === lesson.steps.length).length} of{' '}
          {LESSONS.length}
        </span>
      </button>
      {shelves.map(({ name, word, stories }) => (
        <button key={name} type="button" onClick={() => show(name)}>
          {word}
          <span>
            {stories.filter((story) => seen.includes(story.name)).length} of {stories.length}
          </span>
        </button>
      ))}
      <button type="button" onClick={() => show('own')}>
        My run
      </button>
    </nav>
  )
}

function Card({
  story,
  first,
  seen,
  onOpened,
}: {
  story: Scenario
  first: boolean
  seen: boolean
  onOpened(): void
}) {
  const { commands } = useApp()
  const current = useUi((state) => state.scenario?.name === story.name && state.lesson === null)
  const miniature = useUi((state) => state.pictures[story.name])
  return (
    <StoryCard
      story={story}
      first={first}
      title={story.title}
      seen={seen}
      current={current}
      onChoose={() => {
        onOpened()
        commands.openStory(story)
      }}
    >
      {miniature && (
        <span>
          <Icon name="clock" small />
          {minutesOf(miniature.end, story)} min
        </span>
      )}
      <span>etcd {story.etcd}</span>
      {seen && <Seen word="seen" />}
    </StoryCard>
  )
}

function Seen({ word }: { word: string }) {
  return (
    <span className="library-seen">
      <Icon name="check" small />
      {word}
    </span>
  )
}

interface StoryCardProps {
  story: Scenario
  /** A shelf is one Tab stop, its first card; the arrows move to the others. */
  first: boolean
  title: string
  about?: string
  /** Its picture hides nothing. */
  seen: boolean
  current?: boolean
  onChoose(): void
  /** The foot of the card. */
  children: ReactNode
}

/**
 * The name of a story and the picture of its run. The page requests the picture when the card comes
 * into view.
 */
function StoryCard({
  story,
  first,
  title,
  about,
  seen,
  current = false,
  onChoose,
  children,
}: StoryCardProps) {
  const { commands } = useApp()
  const miniature = useUi((state) => state.pictures[story.name])
  const card = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    const { current: element } = card
    if (miniature !== undefined || element === null) return
    const seer = new IntersectionObserver(
      ([entry]) => entry?.isIntersecting && commands.picture(story),
      { rootMargin: '200px' },
    )
    seer.observe(element)
    return () => seer.disconnect()
  }, [commands, story, miniature])
  return (
    <button
      ref={card}
      type="button"
      tabIndex={first ? 0 : -1}
      className={about === undefined ? 'library-card' : 'library-card library-lesson'}
      aria-current={current ? 'true' : undefined}
      title={about ?? story.sentence}
      onClick={() => {
        onChoose()
        // Where Space plays and the arrows step.
        document.getElementById('stage')?.focus({ preventScroll: true })
      }}
    >
      <span className="library-picture">
        {miniature && <MiniatureFigure miniature={miniature} members={story.members} seen={seen} />}
      </span>
      <span className="library-question">
        {title}
        {about && <small>{about}</small>}
      </span>
      <span className="library-facts">{children}</span>
    </button>
  )
}

/** Each lesson as a card: the reader's progress, and the picture of the next step. */
function Lessons({ stories, onOpened }: { stories: readonly Scenario[]; onOpened(): void }) {
  const { commands } = useApp()
  const passed = usePrefs((state) => state.passed)
  if (stories.length === 0) return null
  return (
    <section id="shelf-lessons" aria-labelledby="shelf-lessons-name">
      <h3 id="shelf-lessons-name">
        Lessons <small>Each step asks something, and the run marks the answer</small>
        <ResetProgress />
      </h3>
      <div className="library-cards">
        {LESSONS.map((lesson, at) => {
          const step = nextToDo(lesson, passed)
          const story = stories.find(({ name }) => name === lesson.steps[step])
          const count = passedOf(lesson, passed)
          return (
            story && (
              <StoryCard
                key={lesson.name}
                story={story}
                first={at === 0}
                title={`${at + 1} ${lesson.title}`}
                about={lesson.about}
                seen={passed.includes(story.name)}
                onChoose={() => {
                  onOpened()
                  void commands.openStep({ name: lesson.name, step })
                }}
              >
                <span>
                  {count} of {lesson.steps.length} steps passed
                </span>
                {count === lesson.steps.length && <Seen word="done" />}
              </StoryCard>
            )
          )
        })}
      </div>
    </section>
  )
}

/** Forgets the passed and seen stories on this device, after a confirmation. */
function ResetProgress() {
  const { commands } = useApp()
  const passed = usePrefs((state) => state.passed.length)
  const seen = usePrefs((state) => state.seen.length)
  const [asks, setAsks] = useState(false)
  const keep = useRef<HTMLButtonElement>(null)
  const reset = useRef<HTMLButtonElement>(null)
  const asked = useRef(false)
  // The pressed button has disappeared: its replacement takes the focus.
  useEffect(() => {
    if (asks) keep.current?.focus()
    else if (asked.current) reset.current?.focus()
    asked.current = asks
  }, [asks])
  if (!asks)
    return (
      <button ref={reset} type="button" className="quiet" onClick={() => setAsks(true)}>
        Reset progress…
      </button>
    )
  const forget = () => {
    setAsks(false)
    commands.resetProgress()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a question with two buttons is no fieldset
    <span className="library-reset" role="group" aria-label="Reset progress">
      Forget {counted(passed, 'passed step')} and {counted(seen, 'seen story', 'seen stories')}?
      <button type="button" className="quiet" onClick={forget}>
        Forget
      </button>
      <button ref={keep} type="button" className="quiet" onClick={() => setAsks(false)}>
        Keep
      </button>
    </span>
  )
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

/** Runs without a story: nothing stops the clock. */
function OwnRuns({ onOpened }: { onOpened(): void }) {
  const { commands } = useApp()
  return (
    <section id="shelf-own" aria-labelledby="shelf-own-name">
      <h3 id="shelf-own-name">
        My run <small>Nothing is asked, and nothing stops the clock</small>
      </h3>
      <div className="library-sizes">
        {SIZES.map((members) => (
          <button
            key={members}
            type="button"
            className="pick"
            onClick={() => {
              onOpened()
              commands.openCluster(members)
            }}
          >
            {members === 1 ? 'One member' : `${members} members`}
          </button>
        ))}
      </div>
    </section>
  )
}

function cardsOf(element: Element): HTMLElement[] {
  return [...(element.closest('dialog')?.querySelectorAll<HTMLElement>('.library-card') ?? [])]
}

function focusCard(event: KeyboardEvent<HTMLInputElement>): void {
  event.preventDefault()
  cardsOf(event.currentTarget)[0]?.focus()
}

/** Left and right move to the neighbour, up and down to the card in that direction. */
function moveAmongCards(event: KeyboardEvent<HTMLDivElement>): void {
  const cards = cardsOf(event.currentTarget)
  const at = cards.findIndex((card) => card.matches(':focus'))
  const from = cards[at]
  if (from === undefined) return
  const next = {
    ArrowRight: cards[at + 1],
    ArrowLeft: cards[at - 1],
    Home: cards[0],
    End: cards.at(-1),
  }[event.key]
  const target =
    next ??
    (event.key === 'ArrowDown' || event.key === 'ArrowUp'
      ? below(cards, from, event.key === 'ArrowDown')
      : undefined)
  if (target === undefined) return
  event.preventDefault()
  target.focus()
}

/** The nearest card of the next row down, or up. */
function below(
  cards: readonly HTMLElement[],
  from: HTMLElement,
  down: boolean,
): HTMLElement | undefined {
  const box = from.getBoundingClientRect()
  const distance = (card: HTMLElement): number => {
    const { top, left } = card.getBoundingClientRect()
    const away = down ? top - box.top : box.top - top
    return away > 4 ? away * 10 + Math.abs(left - box.left) : Number.POSITIVE_INFINITY
  }
  const [nearest] = [...cards].sort((a, b) => distance(a) - distance(b))
  return nearest !== undefined && distance(nearest) < Number.POSITIVE_INFINITY ? nearest : undefined
}
