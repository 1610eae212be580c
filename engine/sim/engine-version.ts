/**
 * This engine's version: the first two numbers of package.json's. Another one may play a recording
 * differently.
 */
export const ENGINE_VERSION = '0.2'

/** Recordings that name no engine were made before they did. */
const UNNAMED = '0.1'

/**
 * The version (`0.1`) of the engine that made a recording, where it is not this one; null where it
 * is. `engine` is what the recording says, undefined for nothing; a third number changes no run.
 */
export function foreignEngine(engine: string | undefined): string | null {
  const [major, minor] = (engine ?? UNNAMED).split('.')
  const version = `${major}.${minor}`
  return version === ENGINE_VERSION ? null : version
}
