import { visible } from '../../../engine/text/visible'

/**
 * A key, a value or a name among other words. Hidden characters appear as escapes, and the text
 * does not reorder the words around it.
 */
export function Foreign({ text }: { text: string }) {
  return <bdi>{visible(text)}</bdi>
}
