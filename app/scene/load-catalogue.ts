import { part } from '../bridge/parts'

/**
 * The catalogue: the texts of all stories. The first paint does not wait for it. Rejects with a
 * PartError if it does not load.
 */
export const loadCatalogue = part(() => import('./catalogue'))
