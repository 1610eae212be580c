// The lines of HTML by which another page shows a run.

/** Pixels of the frame: from here on the stage has its columns, where the place is wide enough. */
const HEIGHT = 560

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
