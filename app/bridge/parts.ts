// The parts of the page that load on demand. A part that did not arrive is tried again on request.
// All parts are fetched when the page is idle: a lost network or a newer deployment then removes
// nothing.

const waiting: (() => Promise<unknown>)[] = []

/** The import of a part failed: its file did not arrive. `cause` is the browser's error. */
export class PartError extends Error {}

/** A loader that can be called again after a failure. It rejects with a PartError. */
export function part<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | null = null
  const get = (): Promise<T> => {
    loaded ??= load().catch((error: unknown) => {
      loaded = null
      throw new PartError(error instanceof Error ? error.message : String(error), { cause: error })
    })
    return loaded
  }
  waiting.push(get)
  return get
}

/**
 * Fetches every part, one after the other; also parts that register meanwhile. Failures are ignored
 * until the part is needed.
 */
export async function prefetchParts(): Promise<void> {
  for (let get = waiting.shift(); get; get = waiting.shift()) await get().catch(() => {})
}

/**
 * Whether the server has another version of the page than the running one; false if it does not
 * answer.
 */
export async function isOutdated(
  document: Document,
  fetchText: (url: string) => Promise<string>,
): Promise<boolean> {
  const entry = document
    .querySelector<HTMLScriptElement>('script[type="module"][src]')
    ?.getAttribute('src')
  if (!entry) return false
  try {
    const page = await fetchText(document.baseURI.replace(/#.*$/s, ''))
    return !page.includes(entry)
  } catch {
    return false
  }
}
