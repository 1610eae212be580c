// The lines of HTML by which another page shows a run.

/** Pixels of the frame. Its width is that of its place. */
const HEIGHT = 480

/** `address` is that of the page, `hash` says which run, `title` is read out by screen readers. */
export function embedLines(address: string, hash: string, title: string): string {
  const source = `${address}?embed${hash}`
  return `<iframe src="${escaped(source)}" title="${escaped(`Leasescope: ${title}`)}" loading="lazy"
  style="width: 100%; height: ${HEIGHT}px; border: 0"></iframe>
`
}

function escaped(text: string): string {
  return text.replace(/[&"<>]/g, (char) => `&#${char.charCodeAt(0)};`)
}
