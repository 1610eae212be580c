import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react'
import { loadCatalogue } from '../../scene/load-catalogue'
import { type Scenario, shelves } from '../../scene/scenario'
import { useApp, usePrefs } from '../parts/app-context'
import { Icon } from '../parts/icon'
import { onceShown } from '../parts/popover'

/** Sizes of a cluster of one's own. */
const SIZES = [1, 3, 5, 7]

/** Every story by shelf, as a menu. `current`: the name of the open story; null for a run of one's own. */
export default function Stories({ current, close }: { current: string | null; close(): void }) {
  const { commands } = useApp()
  const seen = usePrefs((state) => state.seen)
  const { stories, failed, retry } = useCatalogue()
  const menu = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (stories.length > 0 || failed) return onceShown(menu.current, () => focusItem(menu.current, currentOf))
  }, [stories, failed])
  function leave(open: () => void): void {
    close()
    open()
    // Where Space plays and the arrows step.
    document.getElementById('stage')?.focus({ preventScroll: true })
  }
  return (
    <div ref={menu} className="menu" role="menu" tabIndex={-1} aria-label="Stories" onKeyDown={(event) => onKeyDown(event, close)}>
      {failed && (
        <button type="button" role="menuitem" onClick={retry}>
          The stories did not load. Try again
        </button>
      )}
      {shelves.map(({ name, word, about }) => {
        const here = stories.filter(({ shelf }) => shelf === name)
        return (
          here.length > 0 && (
            // biome-ignore lint/a11y/useSemanticElements: a part of a menu is no fieldset
            <div key={name} role="group" aria-labelledby={`shelf-${name}`}>
              <h3 id={`shelf-${name}`} role="presentation" title={about}>
                {word}
              </h3>
              {here.map((story) => (
                <button
                  key={story.name}
                  type="button"
                  role="menuitem"
                  // A list that scrolls has one stop at least.
                  tabIndex={story.name === (current ?? stories[0]?.name) ? 0 : -1}
                  title={story.sentence}
                  aria-current={current === story.name ? 'true' : undefined}
                  onClick={() => leave(() => commands.openStory(story))}
                >
                  <span className="story-question">{story.title}</span>
                  {seen.includes(story.name) && (
                    <span className="story-seen">
                      <Icon name="check" small />
                      seen
                    </span>
                  )}
                </button>
              ))}
            </div>
          )
        )
      })}
      {/* biome-ignore lint/a11y/useSemanticElements: a part of a menu is no fieldset */}
      <div role="group" aria-labelledby="shelf-own">
        <h3 id="shelf-own" role="presentation" title="Runs without a story: nothing stops the clock">
          My run
        </h3>
        {SIZES.map((members) => (
          <button key={members} type="button" role="menuitem" tabIndex={-1} onClick={() => leave(() => commands.openCluster(members))}>
            <span className="story-question">{members === 1 ? 'One member' : `${members} members`}</span>
          </button>
        ))}
      </div>
    </div>
  )
}

/** The texts come right after the first paint, which does not wait for them. `failed` until they are asked for again and come. */
function useCatalogue(): { stories: readonly Scenario[]; failed: boolean; retry(): void } {
  const [stories, setStories] = useState<readonly Scenario[]>([])
  const [failed, setFailed] = useState(false)
  const load = useCallback(() => {
    setFailed(false)
    loadCatalogue().then(
      ({ catalogue }) => setStories(catalogue),
      () => setFailed(true),
    )
  }, [])
  useEffect(load, [load])
  return { stories, failed, retry: load }
}

/** The open story's place, else the first. */
function currentOf(items: HTMLElement[]): number {
  return Math.max(
    0,
    items.findIndex((item) => item.ariaCurrent === 'true'),
  )
}

function focusItem(menu: HTMLElement | null, choose: (items: HTMLElement[]) => number): void {
  const items = [...(menu?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])]
  items.at(choose(items) % Math.max(1, items.length))?.focus()
}

const at = (items: HTMLElement[]) => items.findIndex((item) => item.matches(':focus'))

const moves = new Map<string, (items: HTMLElement[]) => number>([
  ['ArrowDown', (items) => at(items) + 1],
  ['ArrowUp', (items) => Math.max(0, at(items)) - 1],
  ['Home', () => 0],
  ['End', () => -1],
])

/** As in every menu: up and down around the end, Home and End, and a letter goes to the next title that begins with it. */
function onKeyDown(event: KeyboardEvent<HTMLDivElement>, close: () => void): void {
  const menu = event.currentTarget
  const letter = event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey && !event.altKey
  const move = letter ? (items: HTMLElement[]) => nextByLetter(items, at(items), event.key) : moves.get(event.key)
  if (event.key === 'Tab') close()
  if (!move) return
  event.preventDefault()
  focusItem(menu, move)
}

function nextByLetter(items: HTMLElement[], from: number, letter: string): number {
  const fits = (item: HTMLElement | undefined) => item?.textContent.toLowerCase().startsWith(letter.toLowerCase())
  const order = items.map((_, index) => (from + 1 + index) % items.length)
  return order.find((index) => fits(items[index])) ?? from
}
