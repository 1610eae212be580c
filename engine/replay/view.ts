// The part of the page that a shared run carries, so that the reader sees the same panel and the
// same timeline.

export const PANELS = [
  'why',
  'log',
  'keys',
  'console',
  'moves',
  'program',
  'storage',
  'inside',
  'growth',
] as const
export const TIMELINES = ['rows', 'space-time'] as const
export const SPACINGS = ['true', 'event'] as const
/** Links of earlier versions name a tab or a pane of the lock lab. They are still read. */
export const TABS = ['leases', 'keys', 'log', 'console'] as const
export const LAB_PANES = ['diagram', 'moves', 'program', 'storage'] as const

export interface View {
  /** The open panel of the drawer; absent: the drawer is closed. */
  panel?: (typeof PANELS)[number]
  /** The view of the timeline; absent: rows. */
  timeline?: (typeof TIMELINES)[number]
  /** How the timeline is spaced. */
  spacing?: (typeof SPACINGS)[number]
  /**
   * The name of the catalogue story that the run is, for its title. A page without that story shows
   * a run with stops.
   */
  story?: string
  /** The branch that is compared with the current one. */
  compare?: number
  tab?: (typeof TABS)[number]
  lab?: (typeof LAB_PANES)[number]
}
