/**
 * The six beats of the opening, in order. Each is a story of the catalogue, and each leads to the
 * next.
 */
export const BEATS: readonly string[] = [
  'beat-1-key-dies',
  'beat-2-key-saved',
  'beat-3-leader-dies',
  'beat-4-two-and-a-lock',
  'beat-5-paused-holder',
  'beat-6-fence',
]

/** The number of a story among the beats, counted from 1; null for another story. */
export function beatOf(name: string | undefined): { number: number; of: number } | null {
  const at = name === undefined ? -1 : BEATS.indexOf(name)
  return at < 0 ? null : { number: at + 1, of: BEATS.length }
}
