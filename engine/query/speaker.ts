import type { ClientId } from '../base/trace'

/** By whose name a client is shown: a terminal's process (`t1#3`, `b@t1#3`) speaks as the terminal does, or as whom the line's `name:` named. */
export function speakerOf(client: ClientId): string {
  return client.split(/[@#]/, 1)[0]!
}
