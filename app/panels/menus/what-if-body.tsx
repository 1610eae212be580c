import { useApp } from '../parts/app-context'
import { MenuBody, type MenuGroup } from '../parts/menu-body'
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
  const { commands } = useApp()
  const world = useWorld()
  const clients = whatIfClients(world)
  return [
    [groupOf(whatIfMembers(world), commands, 'Members'), ...(clients ? [groupOf(clients.entries, commands, clients.name)] : [])],
    [groupOf(whatIfNetwork(world), commands, 'Network'), groupOf(whatIfLoad(world), commands, 'Load and lessons')],
  ]
}
