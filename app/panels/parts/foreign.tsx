import { visible } from '../../../engine/text/visible'

/**
 * A key, a value or a name among other words: what hides in it is an escape, and it does not
 * reorder the words around it.
 */
export function Foreign({ text }: { text: string }) {
  return <bdi>{visible(text)}</bdi>
}
