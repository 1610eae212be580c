// The lines of HTML that show a run in another page.

/** The height of the frame in pixels: enough for the columns of the stage, if it is wide enough. */
const HEIGHT = 560

/** `address` is that of the page, `hash` selects the run, and screen readers read `title`. */
export function embedLines(address: string, hash: string, title: string): string {
  const source = `${address}?embed${hash}`
  return `<iframe src="${escaped(source)}" title="${escaped(`Leasescope: ${title}`)}" loading="lazy"
  style="width: 100%; height: ${HEIGHT}px; border: 0"></iframe>
`
}

function escaped(text: string): string {
  return text.replace(/[&"<>]/g, (char) => `&#${char.charCodeAt(0)};`)
}
