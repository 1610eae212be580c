import type { ClientId } from './trace'

/**
 * The display name of a client. A process of a terminal (`t1#3`, `b@t1#3`) has the terminal's name,
 * or the name before `:` on its line.
 */
export function speakerOf(client: ClientId): string {
  return client.split(/[@#]/, 1)[0]!
}
