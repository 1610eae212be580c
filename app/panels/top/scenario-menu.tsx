import { type KeyboardEvent, type ToggleEvent, useEffect, useRef, useState } from 'react'
import { openingWords, type Scenario } from '../../scene/scenario'
import { useApp, useUi } from '../parts/app-context'

/** A button and the menu that it opens: the opening, and every scenario of the catalogue. The browser closes it on Escape and on a click elsewhere. */
export function ScenarioMenu() {
  const { commands } = useApp()
  const current = useUi((state) => state.scenario?.name ?? null)
  const scenarios = useCatalogue()
  const button = useRef<HTMLButtonElement>(null)
  const menu = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState(false)

  function onToggle(event: ToggleEvent<HTMLDivElement>): void {
    const opened = event.newState === 'open'
    setOpen(opened)
    if (opened) focusItem(menu.current, (items) => items.findIndex((item) => item.ariaCurrent === 'true'))
  }
  function choose(scenario: Scenario | null): void {
    menu.current?.hidePopover()
    if (scenario) commands.openScenario(scenario)
    else {
      commands.showLab(false)
      commands.openOpening()
    }
    // Where Space plays and the arrows step.
    document.getElementById('stage')?.focus({ preventScroll: true })
  }
  return (
    <>
      <button
        ref={button}
        type="button"
        className="button small"
        popoverTarget="scenarios"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls="scenarios"
      >
        Scenarios
      </button>
      <div
        ref={menu}
        id="scenarios"
        className="scenarios"
        popover="auto"
        role="menu"
        tabIndex={-1}
        aria-label="Scenarios"
        onBeforeToggle={(event) => {
          if (event.newState === 'open') placeBelow(button.current, menu.current)
        }}
        onToggle={onToggle}
        onKeyDown={onKeyDown}
      >
        <Item name="opening" words={openingWords} current={current === null} onChoose={() => choose(null)} />
        {groupsOf(scenarios).map(({ name, word, scenarios }) => (
          // biome-ignore lint/a11y/useSemanticElements: a part of a menu is no fieldset
          <div key={name} role="group" aria-labelledby={`scenarios-${name}`}>
            <p id={`scenarios-${name}`} className="scenarios-head">
              {word}
            </p>
            {scenarios.map((scenario) => (
              <Item
                key={scenario.name}
                name={scenario.name}
                words={scenario}
                current={current === scenario.name}
                onChoose={() => choose(scenario)}
              />
            ))}
          </div>
        ))}
      </div>
    </>
  )
}

interface ItemProps {
  name: string
  words: { title: string; sentence: string }
  /** It is what the page shows. */
  current: boolean
  onChoose(): void
}

function Item({ name, words, current, onChoose }: ItemProps) {
  return (
    <button
      type="button"
      role="menuitem"
      className="scenario-item"
      tabIndex={current ? 0 : -1}
      aria-labelledby={`scenario-${name}`}
      aria-describedby={`scenario-${name}-sentence`}
      aria-current={current ? 'true' : undefined}
      onClick={onChoose}
    >
      <b id={`scenario-${name}`}>{words.title}</b>
      <span id={`scenario-${name}-sentence`}>{words.sentence}</span>
    </button>
  )
}

/** The texts come right after the first paint, which does not wait for them. */
function useCatalogue(): readonly Scenario[] {
  const [scenarios, setScenarios] = useState<readonly Scenario[]>([])
  useEffect(() => {
    void import('../../scene/catalogue').then(({ catalogue }) => setScenarios(catalogue))
  }, [])
  return scenarios
}

interface Group {
  name: string
  word: string
  scenarios: Scenario[]
}

function groupsOf(scenarios: readonly Scenario[]): Group[] {
  const plain = scenarios.filter(({ lab }) => !lab)
  const sizes = [...new Set(plain.map(({ members }) => members))]
  const groups = sizes.map((members) => ({
    name: String(members),
    word: members === 1 ? 'One member' : `${members} members`,
    scenarios: plain.filter((scenario) => scenario.members === members),
  }))
  const ofTheLab = scenarios.filter(({ lab }) => lab)
  return ofTheLab.length === 0 ? groups : [...groups, { name: 'lab', word: 'Lock lab', scenarios: ofTheLab }]
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

/** As in every menu: up and down around the end, Home and End, a letter goes to the next title that begins with it. */
function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
  const menu = event.currentTarget
  const letter = event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey && !event.altKey
  const move = letter ? (items: HTMLElement[]) => nextByLetter(items, at(items), event.key) : moves.get(event.key)
  if (event.key === 'Tab') menu.hidePopover()
  if (!move) return
  event.preventDefault()
  focusItem(menu, move)
}

function nextByLetter(items: HTMLElement[], from: number, letter: string): number {
  const fits = (item: HTMLElement | undefined) => item?.textContent.toLowerCase().startsWith(letter.toLowerCase())
  const order = items.map((_, index) => (from + 1 + index) % items.length)
  return order.find((index) => fits(items[index])) ?? from
}

const WIDTH = 480
const MARGIN = 8

/** Under its button, right edges in line as far as the page is wide enough; the browser would put it in the middle of the page. */
function placeBelow(button: HTMLElement | null, menu: HTMLElement | null): void {
  if (!button || !menu) return
  const { bottom, right } = button.getBoundingClientRect()
  menu.style.setProperty('--scenarios-top', `${Math.round(bottom + 4)}px`)
  const page = document.documentElement.clientWidth
  const width = Math.min(WIDTH, page - 2 * MARGIN)
  menu.style.setProperty('--scenarios-width', `${width}px`)
  menu.style.setProperty('--scenarios-right', `${Math.max(MARGIN, Math.min(page - right, page - width - MARGIN))}px`)
}
