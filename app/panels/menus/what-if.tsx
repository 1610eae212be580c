import { useApp } from '../parts/app-context'
import { Icon } from '../parts/icon'
import { PHONE, useMedia } from '../parts/media'
import { MenuBody, type MenuGroup } from '../parts/menu-body'
import { usePopover } from '../parts/popover'
import { whatIfClients } from './client-entries'
import { groupOf } from './items'
import { whatIfLoad } from './load-entries'
import { whatIfMembers } from './member-entries'
import { whatIfNetwork } from './network-entries'
import { useWorld } from './use-world'
import './menus.css'

/** Everything that can go wrong or be changed, each with its console word. It stands at the stage; on a phone, in the sheet's bar. */
export function WhatIf({ inBar = false }: { inBar?: boolean }) {
  const phone = useMedia(PHONE)
  const { trigger, box, open, close } = usePopover('end')
  if (phone !== inBar) return null
  return (
    <>
      <button type="button" className={inBar ? 'rail-what-if' : 'what-if'} aria-haspopup="menu" data-what-if {...trigger}>
        {inBar && <Icon name="compare" />}
        What if…
        {!inBar && <Icon name={open ? 'chevron-up' : 'chevron'} small />}
      </button>
      <div className="popover what-if-menu" {...box}>
        {open && <WhatIfBody close={close} />}
      </div>
    </>
  )
}

function WhatIfBody({ close }: { close(): void }) {
  return <MenuBody name="What if…" columns={useColumns()} close={close} />
}

function useColumns(): MenuGroup[][] {
  const { commands } = useApp()
  const world = useWorld()
  const clients = whatIfClients(world)
  return [
    [groupOf(whatIfMembers(world), commands, 'Members'), ...(clients ? [groupOf(clients.entries, commands, clients.name)] : [])],
    [groupOf(whatIfNetwork(world), commands, 'Network'), groupOf(whatIfLoad(world), commands, 'Load and lessons')],
  ]
}
