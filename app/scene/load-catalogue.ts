import { part } from '../bridge/parts'

/**
 * The catalogue: the texts of all stories, which the first paint does not wait for. Rejects with a
 * PartError where it does not arrive.
 */
export const loadCatalogue = part(() => import('./catalogue'))
