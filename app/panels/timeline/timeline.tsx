/** One row for each lease: its history left of now, what remains right of it. */
export function Timeline() {
  return <section className="timeline" aria-label="Timeline" />
}
