import { useEffect, useLayoutEffect, useRef } from 'react'
import type { MemberView } from '../../../engine/worker/protocol'
import { useApp } from '../parts/app-context'
import { MenuBody, type MenuGroup } from '../parts/menu-body'
import { placeBeside } from '../parts/popover'
import { clientEntries } from './client-entries'
import type { Entry, World } from './entry'
import { groupOf } from './items'
import type { Asked } from './listen'
import { memberEntries } from './member-entries'
import { linkEntries, messageEntries, messageName } from './network-entries'
import { OwnLeases } from './own-leases'
import { useWorld } from './use-world'
import './menus.css'

/** One menu of the stage, at the pointer or below its element. */
export default function ContextMenu({ asked, onClosed }: { asked: Asked; onClosed(): void }) {
  const { commands } = useApp()
  const world = useWorld()
  const box = useRef<HTMLDivElement>(null)
  const { title, entries, member } = contents(asked, world)
  const groups = entries
    .filter((group) => group.length > 0)
    .map((group, i): MenuGroup => groupOf(group, commands, i === 0 ? title : undefined))
  const latest = useRef(onClosed)
  latest.current = onClosed
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    element.showPopover()
    const place = () => placeBeside(asked.at, element, 'start')
    place()
    const resized = new ResizeObserver(place)
    resized.observe(element)
    const leave = (event: Event) => {
      if (!(event.target instanceof Node && element.contains(event.target))) latest.current()
    }
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      event.preventDefault()
      latest.current()
      focusAgain(asked)
    }
    document.addEventListener('pointerdown', leave, true)
    document.addEventListener('scroll', leave, true)
    document.addEventListener('keydown', onKeyDown, true)
    return () => {
      resized.disconnect()
      document.removeEventListener('pointerdown', leave, true)
      document.removeEventListener('scroll', leave, true)
      document.removeEventListener('keydown', onKeyDown, true)
    }
  }, [asked])
  const gone = groups.length === 0
  useEffect(() => {
    if (gone) latest.current()
  }, [gone])
  function close(): void {
    onClosed()
    focusAgain(asked)
  }
  const own: MenuGroup[] =
    member === null
      ? []
      : [
          {
            items: [
              {
                word: 'Its leases…',
                icon: 'hex',
                line: '',
                step: () => <OwnLeases member={member} />,
              },
            ],
          },
        ]
  return (
    // Not `auto`: if a button press opens a menu, its release would close the menu again.
    <div ref={box} className="popover" popover="manual">
      <MenuBody name={title} columns={[[...groups, ...own]]} close={close} />
    </div>
  )
}

/** Back to the card, or to the stage if the card has disappeared. */
function focusAgain({ element }: Asked): void {
  const target =
    element.isConnected && (element.tabIndex >= 0 || element instanceof SVGElement)
      ? element
      : document.getElementById('stage')
  target?.focus({ preventScroll: true })
}

function contents(
  { kind, names }: Asked,
  world: World,
): { title: string; entries: Entry[][]; member: MemberView | null } {
  const [name = '', other = ''] = names
  switch (kind) {
    case 'member': {
      const member = world.members.find((each) => each.name === name) ?? null
      const shown =
        member !== null && member.role !== 'down' && !member.status.startsWith('unstarted')
      return {
        title: titleOf(name, member),
        entries: memberEntries(name, world),
        member: shown ? member : null,
      }
    }
    case 'client':
      return { title: name, entries: clientEntries(name, world), member: null }
    case 'link':
      return {
        title: `Link ${name} – ${other}`,
        entries: linkEntries(name, other, world),
        member: null,
      }
    case 'message': {
      const message = world.messages.find(({ id }) => id === Number(name))
      return {
        title: message ? messageName(message) : 'Message',
        entries: messageEntries(Number(name), world),
        member: null,
      }
    }
  }
}

function titleOf(name: string, member: MemberView | null): string {
  return member === null || member.role === 'down'
    ? name
    : `${name}, ${member.role} of term ${member.term}`
}
