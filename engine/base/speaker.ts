import type { ClientId } from './trace'

/**
 * The name under which a client is shown. A process of a terminal (`t1#3`, `b@t1#3`) has the
 * terminal's name, or the one that the line's `name:` gives.
 */
export function speakerOf(client: ClientId): string {
  return client.split(/[@#]/, 1)[0]!
}
