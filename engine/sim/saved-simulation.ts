import type { SavedSchedule } from '../clock/schedule'
import type { SavedLinks } from '../network/links'
import type { SavedClients } from './clients'
import type { Config } from './command'
import type { SavedRoutes } from './context'
import type { Due } from './moves'
import type { SavedResource } from './resource'
import type { SavedSections } from './sections'
import type { SavedServers } from './servers'

/** The state of a run as plain data: the result of `save()` and the input of `load()`. */
export interface SavedSimulation extends SavedServers, SavedClients {
  config: Config
  seed: number
  now: number
  steps: number
  stepsAtNow: number
  nextEvent: number
  nextMessage: number
  /** Messages of connections that wait for the end of a cut. */
  held?: Due[]
  schedule: SavedSchedule<Due>
  /** The member that each call under way was made to. */
  routes: SavedRoutes
  links: SavedLinks
  resource: SavedResource
  sections: SavedSections
}
