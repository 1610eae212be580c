import { useApp, useUi } from '../parts/app-context'
import { MenuBody, type MenuGroup, type MenuItem } from '../parts/menu-body'
import { whatIfClients } from './client-entries'
import { groupOf } from './items'
import { whatIfLoad } from './load-entries'
import { whatIfMembers } from './member-entries'
import { whatIfNetwork } from './network-entries'
import { useWorld } from './use-world'

/** The entries, made from the run as it is now. */
export default function WhatIfBody({ close }: { close(): void }) {
  return <MenuBody name="What if…" columns={useColumns()} close={close} />
}

function useColumns(): MenuGroup[][] {
  const { commands, ui } = useApp()
  const world = useWorld()
  const clients = whatIfClients(world)
  const heartbeats = useUi((state) => state.heartbeats)
  const drawn: MenuItem = {
    word: 'Draw heartbeats as messages',
    checked: heartbeats,
    toggle: true,
    onChoose: () => ui.setState({ heartbeats: !heartbeats }),
  }
  return [
    [
      groupOf(whatIfMembers(world), commands, 'Members'),
      ...(clients ? [groupOf(clients.entries, commands, clients.name)] : []),
    ],
    [
      groupOf(whatIfNetwork(world), commands, 'Network'),
      ...(world.members.length > 1 ? [{ items: [drawn] }] : []),
      groupOf(whatIfLoad(world), commands, 'Load and lessons'),
    ],
  ]
}
