/** The note on a run that another engine made; `version` is that engine's, as in `0.1`. */
export function madeWithText(version: string): string {
  return `Made with ${version}; it may play differently.`
}
