// The etcd releases that a run can model.

/**
 * The patch version of each modelled release, from which the answers were recorded. The status,
 * `etcdctl version` and the page show it. `member/versions.ts` says how each release behaves.
 */
export const PATCH_VERSIONS = {
  '3.4': '3.4.23',
  '3.5': '3.5.35',
  '3.6': '3.6.16',
  '3.7': '3.7.3',
} as const

/** A modelled release. */
export type EtcdVersion = keyof typeof PATCH_VERSIONS

/** Every modelled release, oldest first. */
export const ETCD_VERSIONS = Object.keys(PATCH_VERSIONS) as EtcdVersion[]

/**
 * The release named by a text. `name` is the option or field for the error message. Throws for a
 * release that is not modelled.
 */
export function readEtcdVersion(text: string, name: string): EtcdVersion {
  const found = ETCD_VERSIONS.find((version) => version === text)
  if (found === undefined)
    throw new Error(
      `${name} takes ${ETCD_VERSIONS.slice(0, -1).join(', ')} or ${ETCD_VERSIONS.at(-1)}, not ${text}`,
    )
  return found
}
