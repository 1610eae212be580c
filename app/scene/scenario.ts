/** A scenario of the catalogue, as its menu and its caption show it. */
export interface Scenario {
  name: string
  title: string
  sentence: string
  members: number
  /** Its clients run programs: the lock lab shows it best. */
  lab: boolean
  /** The whole text, for the worker. */
  file: string
}

/** What the menu and the caption say of the scene with which the page begins. */
export const openingWords = {
  title: 'The opening',
  sentence: 'A key that lives only while its lease does: stop the heartbeat, and save it.',
}
