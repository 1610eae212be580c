import { type KeyboardEvent, type ReactNode, useId, useLayoutEffect, useRef, useState } from 'react'
import { Icon, type IconName } from './icon'
import { onceShown } from './popover'
import './menu.css'

export interface MenuItem {
  word: string
  /** The console line that does the same. */
  line?: string
  /** The effect of the choice, in a sentence. */
  note?: string
  icon?: IconName
  /** The reason why the item is off. Absent or null: the item can be chosen. */
  off?: string | null
  /** The item is one of several choices. True: the choice is in force now. */
  checked?: boolean
  /** The item is an independent switch. */
  toggle?: boolean
  onChoose?(): void
  /** The second step of the choice. The step replaces the menu until `done`. */
  step?(done: () => void): ReactNode
}

export interface MenuGroup {
  /** Absent: a line separates the group from the group before. */
  name?: string
  items: readonly MenuItem[]
}

/**
 * A menu. Arrows, Home and End move in the menu, and a letter goes to the next word with that first
 * letter. Enter or Space chooses.
 */
export function MenuBody({
  name,
  columns,
  close,
}: {
  name: string
  columns: readonly (readonly MenuGroup[])[]
  close(): void
}) {
  const menu = useRef<HTMLDivElement>(null)
  const [step, setStep] = useState<{ word: string; render: NonNullable<MenuItem['step']> } | null>(
    null,
  )
  useLayoutEffect(() => {
    if (step === null)
      return onceShown(menu.current, () => itemsOf(menu.current)[0]?.focus({ preventScroll: true }))
  }, [step])
  if (step !== null)
    return (
      <NextStep word={step.word} onBack={() => setStep(null)}>
        {step.render(close)}
      </NextStep>
    )
  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    const all = itemsOf(menu.current)
    const at = all.findIndex((item) => item.matches(':focus'))
    const to =
      { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key] ??
      letterPlace(event, all, at)
    if (event.key === 'Tab') close()
    else if (to !== null) {
      event.preventDefault()
      all[(to + all.length) % all.length]?.focus()
    } else if (event.key.startsWith('Arrow')) event.preventDefault()
  }
  const choose = ({ word, onChoose, step: render }: MenuItem) => {
    if (render) return setStep({ word, render })
    close()
    onChoose?.()
  }
  return (
    <div
      ref={menu}
      className="menu"
      role="menu"
      aria-label={name}
      tabIndex={-1}
      data-columns={columns.length}
      onKeyDown={onKeyDown}
    >
      {columns.map((groups, column) => (
        // Columns and groups have no identity except their place.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <div key={column} role="presentation">
          {groups.map((group, index) => (
            <Group
              key={group.name ?? `group ${index}`}
              group={group}
              first={index === 0}
              onChoose={choose}
            />
          ))}
        </div>
      ))}
    </div>
  )
}

function Group({
  group: { name, items },
  first,
  onChoose,
}: {
  group: MenuGroup
  first: boolean
  onChoose(item: MenuItem): void
}) {
  const id = useId()
  if (items.length === 0) return null
  return (
    <>
      {name === undefined && !first && <hr />}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is not for a part of a menu */}
      <div role="group" aria-labelledby={name === undefined ? undefined : id}>
        {name !== undefined && (
          <h3 id={id} role="presentation">
            {name}
          </h3>
        )}
        {items.map((item) => (
          <Item key={item.word} item={item} onChoose={onChoose} />
        ))}
      </div>
    </>
  )
}

function Item({ item, onChoose }: { item: MenuItem; onChoose(item: MenuItem): void }) {
  const id = useId()
  const { word, line, note, icon, off = null, checked, toggle } = item
  const said = off ?? note
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: an item with aria-checked has the role of a radio or a checkbox
    <button
      type="button"
      role={checked === undefined ? 'menuitem' : toggle ? 'menuitemcheckbox' : 'menuitemradio'}
      aria-checked={checked}
      tabIndex={-1}
      // Not `disabled`: the arrow keys still reach the item, and a screen reader can read the
      // reason.
      aria-disabled={off === null ? undefined : true}
      aria-describedby={said === undefined ? undefined : id}
      title={off ?? (line && line.length > MOST_SHOWN ? line : undefined)}
      onClick={() => off === null && onChoose(item)}
    >
      {checked !== undefined && (
        <span className="menu-mark">{checked && <Icon name="check" small />}</span>
      )}
      {icon && <Icon name={icon} />}
      <span className="menu-word">{word}</span>
      {line && <code aria-hidden="true">{line}</code>}
      {said !== undefined && (
        // The note describes the item. A screen reader reads the note after the word, not as part
        // of the word.
        <span className={off === null ? 'menu-note' : 'sr-only'} id={id} aria-hidden="true">
          {said}
        </span>
      )}
    </button>
  )
}

/** A menu cuts off longer console lines. The title has the whole line. */
const MOST_SHOWN = 30

/** The second step of a choice, in the menu's place. The back button leads to the menu again. */
function NextStep({
  word,
  onBack,
  children,
}: {
  word: string
  onBack(): void
  children: ReactNode
}) {
  const box = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    box.current
      ?.querySelector<HTMLElement>('.menu-step-body :is(select, input, button)')
      ?.focus({ preventScroll: true })
  }, [])
  return (
    // biome-ignore lint/a11y/useSemanticElements: the step contains a form
    <div ref={box} className="menu-step" role="group" aria-label={word}>
      <header>
        <button
          type="button"
          className="icon-button"
          aria-label="Back to the menu"
          onClick={onBack}
        >
          <Icon name="chevron" small />
        </button>
        <h3>{word.replace(/…$/, '')}</h3>
      </header>
      <div className="menu-step-body">{children}</div>
    </div>
  )
}

function itemsOf(menu: HTMLElement | null): HTMLElement[] {
  return [...(menu?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])]
}

function letterPlace(
  { key, ctrlKey, metaKey, altKey }: KeyboardEvent,
  items: readonly HTMLElement[],
  from: number,
): number | null {
  if (key.length !== 1 || key === ' ' || ctrlKey || metaKey || altKey) return null
  const order = items.map((_, index) => (from + 1 + index) % items.length)
  const word = (index: number) =>
    items[index]?.querySelector('.menu-word')?.textContent.toLowerCase() ?? ''
  return order.find((index) => word(index).startsWith(key.toLowerCase())) ?? null
}
