// What of the page goes along with a run that is handed on: what one looks at is part of what one wants to show.

export const TABS = ['leases', 'keys', 'log', 'console'] as const
export const LAB_PANES = ['diagram', 'moves', 'program', 'storage'] as const
export const SPACINGS = ['true', 'event'] as const

export interface View {
  /** The panel that is shown where there is room for one. */
  tab?: (typeof TABS)[number]
  /** The lock lab is open, with that pane. */
  lab?: (typeof LAB_PANES)[number]
  /** How the tape is spaced. */
  spacing?: (typeof SPACINGS)[number]
  /** The branch that is compared with the one that one stands on. */
  compare?: number
}
