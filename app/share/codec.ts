// The form of a text in a link: deflated by the browser and spelled in characters that an address
// may contain. Input has limits before and during inflation, because a few thousand characters can
// inflate to gigabytes.

/** The maximum of characters of a link, and of its inflated text. */
export const LONGEST_PACKED = 200_000
export const LONGEST_TEXT = 8 * 1024 * 1024

export type Unpacked = { ok: true; text: string } | { ok: false; reason: string }

export async function packed(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'))
  return base64url(new Uint8Array(await new Response(stream).arrayBuffer()))
}

/** The text, or the place and the reason of a failure. */
export async function unpacked(payload: string): Promise<Unpacked> {
  if (payload === '') return refuse('the link ends after #r1.: it holds no run')
  if (payload.length > LONGEST_PACKED)
    return refuse(`the link: at most ${LONGEST_PACKED} characters (got ${payload.length})`)
  const strange = /[^\w-]/.exec(payload)
  if (strange)
    return refuse(
      `character ${strange.index + 1} of the link: expected a letter, a digit, - or _ (got ${JSON.stringify(strange[0])})`,
    )
  const bytes = fromBase64url(payload)
  if (bytes === null)
    return refuse(
      `character ${payload.length} of the link (the last one): the link was cut off or changed`,
    )
  const reader = new Blob([bytes])
    .stream()
    .pipeThrough(new DecompressionStream('deflate-raw'))
    .getReader()
  const parts: Uint8Array<ArrayBuffer>[] = []
  let size = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      size += value.length
      if (size > LONGEST_TEXT) {
        await reader.cancel()
        return refuse(`the link inflates to more than ${LONGEST_TEXT} bytes`)
      }
      parts.push(value)
    }
  } catch {
    return refuse(
      `the link, ${size} bytes into its run: the link was cut off or changed there or later`,
    )
  }
  try {
    return {
      ok: true,
      text: new TextDecoder('utf-8', { fatal: true }).decode(await new Blob(parts).arrayBuffer()),
    }
  } catch {
    return refuse('the link does not hold text: it was changed')
  }
}

export function base64url(bytes: Uint8Array): string {
  let binary = ''
  for (let from = 0; from < bytes.length; from += 8192)
    binary += String.fromCharCode(...bytes.subarray(from, from + 8192))
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** Null for an impossible length, or for a last character with extra bits. */
function fromBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.length % 4 === 1) return null
  const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) =>
    char.charCodeAt(0),
  )
  return base64url(bytes) === text ? bytes : null
}

function refuse(reason: string): Unpacked {
  return { ok: false, reason }
}
