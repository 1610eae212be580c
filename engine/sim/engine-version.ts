/**
 * This engine's version: the first two numbers of the version in package.json. Another engine may
 * play a recording differently.
 */
export const ENGINE_VERSION = '0.2'

/** The version of recordings that name no engine: they are older than the field. */
const UNNAMED = '0.1'

/**
 * The version (`0.1`) of the engine that made a recording; null for this engine. `engine` is the
 * field of the recording, undefined where it is absent. A third number changes no run.
 */
export function foreignEngine(engine: string | undefined): string | null {
  const [major, minor] = (engine ?? UNNAMED).split('.')
  const version = `${major}.${minor}`
  return version === ENGINE_VERSION ? null : version
}
